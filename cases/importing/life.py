"""One row's life: received, worked on and ended at its recorded moments, every timer in between firing in its turn."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from cases import reports, targets
from cases.importing.mapping import Mapping, RecordedTask
from cases.importing.rows import Recorded, filled
from cases.models import Area, Case
from cases.reports import NewReport
from cases.working_time import Measure
from engine import clock, instances, messages, tasks
from engine.base import session
from engine.errors import Invalid, Problem
from engine.models import InstanceStatus, TaskState, Timer, UserTask

BY = "import"


class Stuck(Invalid):
    """The process does not wait for what the record says was done."""


def live(said: Recorded, mapping: Mapping, areas: dict[str, Area], until: datetime) -> Case:
    """Take a row in and let it live until `until` (its timers fire up to then).

    Raises: InvalidReport, Stuck.
    """
    with clock.at(said.moments["received"]):
        case = reports.submit(_new_report(said, mapping, areas), by=BY).case
    for task in said.outcome.tasks:
        pass_time(case, said.moments[task.at])
        _do(case, task, said)
    if said.outcome.message:
        moment = said.moments[said.outcome.at]
        pass_time(case, moment)
        with clock.at(moment):
            messages.deliver(said.outcome.message, case.tracking_code, {}, by=BY)
    pass_time(case, until)
    return case


def _new_report(said: Recorded, mapping: Mapping, areas: dict[str, Area]) -> NewReport:
    area = areas.get(said.area_name.casefold()) if said.area_name else None
    return NewReport(
        text=said.text,
        category=said.category,
        latitude=said.latitude,
        longitude=said.longitude,
        address=said.address,
        channel=mapping.channel,
        external_id=said.external_id,
        received_at=said.moments["received"],
        area=area.code if area else None,
        variables={**mapping.variables, **_agreed(said)},
        contact_name=said.contact["contact_name"],
        contact_email=said.contact["contact_email"],
        contact_phone=said.contact["contact_phone"],
    )


def _agreed(said: Recorded) -> dict[str, object]:
    """What was promised in the earlier system, as times by the clock that take the place of the city's own."""
    received = said.moments["received"]
    agreed: dict[str, object] = {}
    for kind, due_at in said.promised.items():
        hours = (due_at - received) / timedelta(hours=1) if due_at else None
        agreed |= {f"{kind}_amount": hours, f"{kind}_measure": Measure.HOURS.value if due_at else None}
    return {targets.AGREED: agreed} if agreed else {}


def _do(case: Case, task: RecordedTask, said: Recorded) -> None:
    moment = said.moments[task.at]
    query = select(UserTask.id).where(
        UserTask.instance_id == case.instance_id,
        UserTask.element_id == task.element,
        UserTask.state == TaskState.OPEN,
    )
    task_id = session().scalar(query.limit(1))
    if task_id is None:
        raise Stuck([Problem(task.element, "not_awaited", message=f"the process does not wait for {task.element}")])
    with clock.at(moment):
        assignee = session().get_one(UserTask, task_id).assignee
        tasks.complete(task_id, _answers(task.answers, said.cells), by=assignee or BY)


def _answers(answers: Any, cells: dict[str, Any]) -> dict[str, Any]:
    return {name: filled(value, cells) if isinstance(value, str) else value for name, value in answers.items()}


def pass_time(case: Case, until: datetime) -> None:
    """Fire the case's timers one after the other, each at its own moment."""
    while case.instance_id is not None:
        query = select(Timer.due_at).where(Timer.instance_id == case.instance_id, Timer.due_at <= until)
        due_at = session().scalar(query.order_by(Timer.due_at).limit(1))
        if due_at is None:
            return
        with clock.at(due_at):
            instance = instances.advance(case.instance_id, instances.nothing, by="clock")
        if instance.status == InstanceStatus.ENDED:
            return
