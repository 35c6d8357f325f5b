"""Where a case stands in its process: what is done, what waits, what will happen by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

import words
from cases.cases import CaseNotFound
from cases.models import Case
from engine import definitions, trails
from engine.base import session
from engine.models import Incident, Instance, Job, JobState, Subscription, TaskState, Timer, UserTask
from engine.spiff import Element
from web.pages.staff import naming

#: Kinds of elements a token rests on while it waits; boundary events only listen.
RESTING = frozenset({"intermediateCatchEvent", "receiveTask", "serviceTask", "sendTask", "eventBasedGateway"})


@dataclass(frozen=True)
class Standing:
    """The same for the drawing (ids of elements) and for reading (steps, what will happen by itself)."""

    name: str
    version: int
    active: list[str]
    visited: list[str]
    incidents: list[str]
    steps: list[dict[str, object]]
    coming: list[dict[str, object]]
    ended: str


def of(case: Case) -> Standing:
    """Where the case stands."""
    instance = instance_of(case)
    definition = instance.definition
    elements = definitions.process(definition).elements
    tasks = _all(UserTask, instance, UserTask.created_at, UserTask.id)
    timers = _all(Timer, instance, Timer.due_at, Timer.id)
    active = _active(instance, tasks, timers, elements)
    return Standing(
        name=definition.name,
        version=definition.version,
        active=active,
        visited=[one for one in trails.visited(instance) if one not in active],
        incidents=_incidents(instance),
        steps=[_step(task) for task in tasks if task.state != TaskState.CANCELLED],
        coming=[_coming(timer.element_id, timer.due_at, elements) for timer in timers],
        ended=_name(elements, instance.outcome or "") if instance.ended_at else "",
    )


def instance_of(case: Case) -> Instance:
    """The run of a case.

    Raises: CaseNotFound when it has none (taken over from elsewhere).
    """
    found = session().get(Instance, case.instance_id) if case.instance_id else None
    if found is None:
        raise CaseNotFound(case.tracking_code)
    return found


def _all(kind: Any, instance: Instance, *order: Any) -> list[Any]:
    return list(session().scalars(select(kind).where(kind.instance_id == instance.id).order_by(*order)))


def _active(
    instance: Instance, tasks: Sequence[UserTask], timers: Sequence[Timer], elements: dict[str, Element]
) -> list[str]:
    jobs = select(Job.element_id).where(
        Job.instance_id == instance.id, Job.state.in_([JobState.WAITING, JobState.RUNNING, JobState.FAILED])
    )
    waiting = [
        *(task.element_id for task in tasks if task.state == TaskState.OPEN),
        *(str(one) for one in session().scalars(jobs) if one),
        *(timer.element_id for timer in timers if _rests_on(timer.element_id, elements)),
        *(
            one.element_id
            for one in _all(Subscription, instance, Subscription.id)
            if _rests_on(one.element_id, elements)
        ),
    ]
    return list(dict.fromkeys(waiting))


def _rests_on(element_id: str, elements: dict[str, Element]) -> bool:
    return element_id in elements and elements[element_id].kind in RESTING


def _incidents(instance: Instance) -> list[str]:
    query = select(Incident.element_id).where(Incident.instance_id == instance.id, Incident.resolved_at.is_(None))
    return [one for one in session().scalars(query) if one]


def _step(task: UserTask) -> dict[str, object]:
    is_open = task.state == TaskState.OPEN
    who = naming.person_name(task.assignee or task.ended_by)
    waits_for = who or ", ".join(naming.group(group) for group in task.candidate_groups)
    note = f"{waits_for} · {_due(task.due_at)}" if is_open and task.due_at else waits_for
    return {
        "element": task.element_id,
        "text": naming.step(task.element_id, task.name, task.name_en),
        "state": "now" if is_open else "done",
        "note": note if is_open else f"{words.short_moment(task.ended_at)} · {naming.person_name(task.ended_by)}",
    }


def _due(at: datetime) -> str:
    return _("due %(moment)s", moment=words.short_moment(at))


def _coming(element_id: str, at: datetime, elements: dict[str, Element]) -> dict[str, object]:
    return {"element": element_id, "text": _name(elements, element_id), "at": at}


def _name(elements: dict[str, Element], element_id: str) -> str:
    found = elements.get(element_id)
    return naming.step(element_id, found.name, found.name_en) if found else naming.step(element_id, element_id)
