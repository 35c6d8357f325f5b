"""Who is asked when a promise is broken: the leaders above whoever holds the case, one level after the other.

When the next level is asked, how often somebody is reminded and what an answer leads to is drawn in the diagram. Here is
who the leader of whom is, and what is written down of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import literal, select

from cases import city, deadlines, history
from cases.models import Case, Deadline, Membership, Person, Role, Unit
from cases.models.deadlines import DeadlineKind
from engine import clock
from engine.base import session
from engine.errors import NotFound

#: Units above each other; a longer line is a circle in the data.
_DEEPEST = 20


class DeadlineNotFound(NotFound):
    """The case was never promised anything of this kind."""


@dataclass(frozen=True)
class Level:
    """One level of leaders: the first is 1; `group` is a candidate group of tasks, `role:unit code`."""

    number: int
    group: str
    is_top: bool


def levels(unit: str) -> list[str]:
    """The groups to ask, one after the other, when `unit` is late: its leaders, its head, then the heads above.

    A unit above without a head is asked as all its leaders; the intake unit's supervisors come before its leaders. A
    level with nobody in it, or with the same people as one before, is left out. Never empty.
    """
    desk = city.settings().intake_unit
    found: dict[frozenset[int], str] = {}
    for number, (code, people) in enumerate(_line(unit).items()):
        for role in _asked(people, is_holder=number == 0, is_desk=code == desk):
            if people.get(role):
                found.setdefault(frozenset(people[role]), f"{role}:{code}")
    return list(found.values()) or [f"{Role.SUPERVISOR}:{desk}"]


def escalate(case: Case, kind: str, *, after: int, by: str) -> Level:
    """Bring a broken promise before the level after the one asked last (0: nobody was); at the top the top again."""
    groups = levels(_holder(case, kind))
    number = min(after + 1, len(groups))
    level = Level(number, groups[number - 1], is_top=number == len(groups))
    history.record(case, "case_escalated", by=by, kind=kind, level=number, group=level.group)
    return level


def remind(case: Case, kind: str, group: str, *, by: str) -> None:
    """Say that a level has not answered yet."""
    history.record(case, "leader_reminded", by=by, kind=kind, group=group)


def direct(case: Case, kind: str, *, by: str) -> None:
    """Say that a leader has directed what is to be done. The words stay with the task."""
    history.record(case, "direction_given", by=by, kind=kind)


def working_days_from_now(case: Case, kind: str, days: Decimal) -> datetime:
    """The working time of so many days from now, on the calendar of the promise. Raises: DeadlineNotFound."""
    return deadlines.working_days_on(_promise(case, kind), days, at=clock.now())


def promised_until(case: Case, kind: str) -> datetime:
    """When the promise meant was, or is, due. Raises: DeadlineNotFound."""
    return _promise(case, kind).due_at


def _promise(case: Case, kind: str) -> Deadline:
    if (promise := deadlines.latest(case, kind)) is None:
        raise DeadlineNotFound(kind)
    return promise


def _holder(case: Case, kind: str) -> str:
    """Before a unit has taken the case on it lies with the intake desk."""
    is_at_desk = kind == DeadlineKind.ACCEPT and case.accepted_at is None
    return city.settings().intake_unit if is_at_desk or case.unit is None else case.unit.code


def _asked(people: dict[str, set[int]], *, is_holder: bool, is_desk: bool) -> Iterator[Role]:
    if is_desk:
        yield Role.SUPERVISOR
    if is_holder or not people.get(Role.HEAD):
        yield Role.LEADER
    yield Role.HEAD


def _line(unit: str) -> dict[str, dict[str, set[int]]]:
    """Unit and everything above it, nearest first: code → role → ids of the people."""
    above = select(Unit.id, Unit.code, Unit.parent_id, literal(0).label("height")).where(Unit.code == unit)
    line = above.cte(recursive=True)
    higher = select(Unit.id, Unit.code, Unit.parent_id, line.c.height + 1).join(line, Unit.id == line.c.parent_id)
    line = line.union_all(higher.where(line.c.height < _DEEPEST))
    active = select(Membership.unit_id, Membership.role, Person.id).join(Membership.person).where(Person.is_active)
    people = active.subquery()
    query = select(line.c.code, people.c.role, people.c.id).outerjoin(people, people.c.unit_id == line.c.id)
    found: dict[str, dict[str, set[int]]] = {}
    for code, role, person_id in session().execute(query.order_by(line.c.height)):
        of_unit = found.setdefault(code, {})
        if person_id is not None:
            of_unit.setdefault(role, set()).add(person_id)
    return found
