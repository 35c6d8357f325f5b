"""The moments at which somebody is written to, and to whom. The words of a moment are in `templates/<moment>.*`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, or_, select

from cases import city, reports, routing
from cases.models import Case, Membership, Person, Report, Role, Unit
from engine.base import session

Context = Mapping[str, object]


@dataclass(frozen=True)
class Recipient:
    """Somebody to write to. `case` is the one they know: for the reporter of a merged case not the one that goes on."""

    address: str
    locale: str
    name: str | None
    case: Case
    is_reporter: bool


Audience = Callable[[Case, Context], list[Recipient]]


def _reporter(case: Case, _context: Context) -> list[Recipient]:
    """Who reported this case and left an address."""
    return _written_to(case.reports)


def _reporters_all(case: Case, _context: Context) -> list[Recipient]:
    """Who reported this case or one that was merged into it."""
    return _written_to(reports.of(case))


def _official(case: Case, context: Context) -> list[Recipient]:
    """The person the case was given to."""
    return _people(case, Person.username == (context.get("official") or case.official or ""))


def _responsible(case: Case, context: Context) -> list[Recipient]:
    """Whose turn it is: the official once there is one, else the unit's leaders, before acceptance the intake desk."""
    if context.get("deadline_kind") == "answer":
        return _intake_desk(case)
    if context.get("deadline_kind") != "accept" and case.official:
        return _official(case, {})
    if case.accepted_at is None:
        return _intake_desk(case)
    return _leaders(case, context)


def _intake_desk(case: Case) -> list[Recipient]:
    """The desk's own mailbox, else everybody at the desk."""
    desk = routing.unit_by_code(city.settings().intake_unit)
    if desk.email:
        return [Recipient(desk.email, city.settings().locale, desk.name_vi, case, is_reporter=False)]
    return _members(case, f"{Role.INTAKE}:{desk.code}")


def _leaders(case: Case, _context: Context) -> list[Recipient]:
    """The leaders of the unit that handles the case."""
    return _people(case, Membership.role == Role.LEADER, Membership.unit_id == case.unit_id)


def _holder(case: Case, context: Context) -> list[Recipient]:
    """Whose turn it is, and the leaders of the unit that handles the case."""
    return [*_responsible(case, context), *(_leaders(case, context) if case.accepted_at else [])]


def _superiors(case: Case, context: Context) -> list[Recipient]:
    """The group the case was escalated to, else the supervisors."""
    group = context.get("escalation_group")
    return _members(case, str(group or f"{Role.SUPERVISOR}:{city.settings().intake_unit}"))


#: Moment → whom it concerns.
MOMENTS: dict[str, Audience] = {
    "report_acknowledged": _reporter,
    "question_asked": _reporter,
    "result_published": _reporters_all,
    "case_refused": _reporter,
    "case_merged": _reporter,
    "case_reopened": _reporters_all,
    "case_closed": _reporters_all,
    "deadline_reminder": _responsible,
    "deadline_escalated": _superiors,
    "extension_asked": _leaders,
    "extension_granted": _official,
    "extension_refused": _official,
    "deadline_moved": _reporters_all,
    "deadline_changed": _reporters_all,
    "waiting_began": _reporters_all,
    "leader_reminder": _superiors,
    "direction_given": _holder,
    "task_assigned": _official,
}


def recipients(moment: str, case: Case, context: Context) -> list[Recipient]:
    """Everybody a moment concerns who can be written to, each address once.

    Raises: KeyError for an unknown moment.
    """
    return list({one.address.lower(): one for one in reversed(MOMENTS[moment](case, context))}.values())[::-1]


def _written_to(said: Iterable[Report]) -> list[Recipient]:
    return [
        Recipient(report.contact_email, report.locale, report.contact_name, report.case, is_reporter=True)
        for report in said
        if report.contact_email
    ]


def _members(case: Case, group: str) -> list[Recipient]:
    """The people of `role:unit` groups, several separated by commas."""
    pairs = [one.strip().partition(":") for one in group.split(",")]
    return _people(case, or_(*((Membership.role == role) & (Unit.code == code) for role, _, code in pairs)))


def _people(case: Case, *conditions: ColumnElement[bool]) -> list[Recipient]:
    query = select(Person).join(Membership).join(Unit).where(Person.is_active, Person.email != "", *conditions)
    people: Iterable[Person] = session().scalars(query.distinct().order_by(Person.id))
    return [Recipient(person.email, person.locale, person.full_name, case, is_reporter=False) for person in people]
