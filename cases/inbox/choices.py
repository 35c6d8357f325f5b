"""What a person may choose from in a task's form, and to whom a task may be given."""

from __future__ import annotations

from collections.abc import Callable, Collection

from sqlalchemy import or_, select

from cases.models import Attachment, Case, Membership, Person, Role, Unit
from engine import clock
from engine.base import session
from engine.models import UserTask

Choice = tuple[str, str]


def choices(task: UserTask, person: Person, *, keys: Collection[str] | None = None) -> dict[str, list[Choice]]:
    """By `valuesKey` (all, or these): (value, label) in the person's language; a photo's label is its caption or kind."""
    return {key: offer(task, person) for key, offer in _OFFERS.items() if keys is None or key in keys}


def _units(_task: UserTask, person: Person) -> list[Choice]:
    return [(unit.code, unit_name(unit, person.locale)) for unit in handling_units()]


def _officials(task: UserTask, _person: Person) -> list[Choice]:
    return [(official.username, official.full_name) for official in candidates(task)]


def _photos(task: UserTask, _person: Person) -> list[Choice]:
    case = case_of(task)
    return [(str(photo.id), photo.caption or photo.kind) for photo in photos(case)] if case else []


_OFFERS: dict[str, Callable[[UserTask, Person], list[Choice]]] = {
    "units": _units,
    "officials": _officials,
    "photos_available": _photos,
}


def candidates(task: UserTask) -> list[Person]:
    """The officials a leader may assign the case to: of its unit or the parts of it; if there are none, the leaders."""
    case = case_of(task)
    unit = case.unit if case else None
    found = [] if unit is None else _people(Membership.role == Role.OFFICIAL, Membership.unit_id.in_(_branch(unit)))
    return found or delegates(task)


def delegates(task: UserTask) -> list[Person]:
    """Everybody in the task's candidate groups."""
    pairs = [group.partition(":") for group in task.candidate_groups]
    members = [(Membership.role == role) & (Unit.code == code) for role, _, code in pairs]
    return _people(or_(*members)) if members else []


def handling_units() -> list[Unit]:
    """The units a case may be given to: those with a leader who takes it on, the intake desk's left out."""
    led = select(Membership.unit_id).join(Person).where(Membership.role == Role.LEADER, Person.is_active)
    received = select(Membership.unit_id).where(Membership.role == Role.INTAKE)
    is_valid = or_(Unit.valid_to.is_(None), Unit.valid_to > clock.now().date())
    query = select(Unit).where(Unit.id.in_(led), Unit.id.not_in(received), is_valid)
    return list(session().scalars(query.order_by(Unit.id)))


def photos(case: Case) -> list[Attachment]:
    """The photos of a case, the oldest first."""
    return list(session().scalars(select(Attachment).where(Attachment.case_id == case.id).order_by(Attachment.id)))


def case_of(task: UserTask) -> Case | None:
    """The case a task belongs to; None when its process runs for something else, such as the figures of a week."""
    return session().scalar(select(Case).where(Case.instance_id == task.instance_id))


def unit_name(unit: Unit, locale: str) -> str:
    """The unit's name in this language."""
    return unit.name_en if locale == "en" else unit.name_vi


def _people(*conditions: object) -> list[Person]:
    query = select(Person).join(Membership).join(Unit).where(Person.is_active, *conditions)  # type: ignore[arg-type]  # conditions on these tables
    return list(session().scalars(query.distinct().order_by(Person.sort_key, Person.id)))


def _branch(unit: Unit) -> Collection[int]:
    """The unit and all parts below it."""
    below = select(Unit.id).where(Unit.id == unit.id).cte(recursive=True)
    below = below.union(select(Unit.id).join(below, Unit.parent_id == below.c.id))
    return list(session().scalars(select(below.c.id)))
