"""What waits and what was done: jobs, incidents, timers, the log of operators, figures."""

from __future__ import annotations

from marshmallow import Schema, fields

from api import fields as take
from api.shapes.design import IncidentShape
from api.shapes.names import maybe_text, moment
from api.shapes.operations import LARGEST_ID, Page, WhyTaken, following


class JobsQuery(take.Taken):
    """Which jobs."""

    state = take.one_of("In this state", ("waiting", "running", "held", "done", "failed", "cancelled"))
    topic = take.text("For this handler", most=200)
    instance = take.whole("Of this instance", least=1, most=LARGEST_ID)
    after = take.text("`next` of the page before", most=100)
    limit = take.whole("Rows at most", least=1, most=200, default=50)


class JobShape(Schema):
    """One piece of background work."""

    id = fields.UUID()
    instance_id = fields.Integer(allow_none=True)
    element_id = maybe_text()
    topic = fields.String()
    state = fields.String()
    attempts = fields.Integer()
    run_after = moment(can_miss=False)
    last_error = maybe_text()
    created_at = moment(can_miss=False)
    ended_at = moment()


class Jobs(Schema):
    """Jobs, the newest first."""

    jobs = fields.List(fields.Nested(JobShape))
    next = following()


class SkipTaken(WhyTaken):
    """What a failed job is taken to have given."""

    result = take.answers("Values by name, as the handler would have returned them")


class Retried(Schema):
    """How many were tried again."""

    count = fields.Integer()


class TimersQuery(take.Taken):
    """Which timers."""

    instance = take.whole("Of this instance", least=1, most=LARGEST_ID)
    after = take.text("`next` of the page before", most=100)
    limit = take.whole("Rows at most", least=1, most=200, default=50)


class TimerShape(Schema):
    """An event that waits for a moment."""

    id = fields.Integer()
    instance_id = fields.Integer()
    element_id = fields.String()
    due_at = moment(can_miss=False)
    queued_at = moment()
    is_held = fields.Boolean()


class Timers(Schema):
    """Timers, the soonest first."""

    timers = fields.List(fields.Nested(TimerShape))
    next = following()


class LogQuery(Page):
    """Which acts of operators."""

    instance = take.whole("On this instance", least=1, most=LARGEST_ID)
    kind = take.text("Of this kind", most=100)
    by = take.text("By this person", most=100)


class OperationShape(Schema):
    """One act of an operator."""

    id = fields.Integer()
    at = moment(can_miss=False)
    by = fields.String()
    kind = fields.String()
    instance_id = fields.Integer(allow_none=True)
    definition_id = fields.Integer(allow_none=True)
    reason = fields.String()
    particulars = fields.Dict(keys=fields.String())


class Log(Schema):
    """What operators did, the newest first."""

    operations = fields.List(fields.Nested(OperationShape))
    next = following()


class IncidentsAfter(Page):
    """Which incidents."""

    is_open = take.flag("Only those nobody has resolved", default=True)
    cause = take.text("With this cause", most=200)
    instance = take.whole("Of this instance", least=1, most=LARGEST_ID)


class IncidentPage(Schema):
    """Incidents, the newest first."""

    incidents = fields.List(fields.Nested(IncidentShape))
    next = following()


class Metrics(Schema):
    """The figures an alarm is set on."""

    instances_running = fields.Integer()
    instances_suspended = fields.Integer()
    instances_ended = fields.Integer()
    tasks_open = fields.Integer()
    timers_waiting = fields.Integer()
    timers_held = fields.Integer()
    timers_due = fields.Integer()
    jobs_waiting = fields.Integer()
    jobs_due = fields.Integer()
    jobs_running = fields.Integer()
    jobs_held = fields.Integer()
    jobs_failed = fields.Integer()
    incidents_open = fields.Integer()
    seconds_behind = fields.Float(metadata={"description": "How long the oldest due job or timer has been waiting"})
    is_queue_reachable = fields.Boolean()


class MessageTaken(take.Taken):
    """A message from another program."""

    name = take.text("Name of the message in the diagram", most=200, required=True)
    correlation_key = take.text(
        "What finds who waits for it: a business key, or what the diagram names instead", most=200
    )
    variables = take.answers("Values by name; they become process variables")
    message_id = take.text("What tells it from all others; the same again changes nothing", most=200)
    keep_for_s = take.whole("Seconds to keep it if nobody waits for it yet", least=0, most=30 * 86400, default=0)


class MessageReceipt(Schema):
    """What became of a message."""

    result = fields.String(metadata={"description": "taken, started, kept or duplicate"})
    business_keys = fields.List(fields.String(), metadata={"description": "Of the instances that took it"})
