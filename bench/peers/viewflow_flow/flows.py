"""Start, script, task, gateway, task, end."""

from viewflow import this
from viewflow.workflow import flow, lock
from viewflow.workflow.flow import views

TEXT = "Deep pothole next to the school crossing, about half a metre wide. " * 4
PLACE = {"category": "pothole", "address": "12 Main St", "lat": 40.7128, "lon": -74.0060}


class Case(flow.Flow):
    """The flow."""

    lock_impl = lock.SelectForUpdateLock()

    start = flow.StartHandle(this.begin).Next(this.intake)
    intake = flow.Function(this.do_intake).Next(this.assign)
    assign = flow.View(views.UpdateProcessView.as_view(fields=[])).Next(this.is_valid)
    is_valid = flow.If(lambda activation: activation.process.data["valid"] == "yes").Then(this.fix).Else(this.end)
    fix = flow.View(views.UpdateProcessView.as_view(fields=[])).Next(this.end)
    end = flow.End()

    def begin(self, activation):
        """Nothing is known yet."""
        activation.process.data = {}
        return activation.process

    def do_intake(self, activation):
        """What the script of the diagram does."""
        activation.process.data = {**PLACE, "text": TEXT, "priority": 2}
        activation.process.save()
