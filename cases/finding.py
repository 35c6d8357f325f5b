"""Finding cases: those a person may see, by what they are and by words; said in SQL as cases.access says it of one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, exists, false, or_, select, true
from sqlalchemy.orm import selectinload

from cases import access, city
from cases.inbox.conditions import matches
from cases.inbox.paging import Order, write_cursor
from cases.inbox.views import nearest_deadlines
from cases.models import Area, Case, Category, Deadline, DeadlinePause, Person, Role, Unit
from cases.models.deadlines import DeadlineKind
from engine import clock
from engine.base import session
from engine.errors import Invalid, Problem

Condition = ColumnElement[bool]

#: How the promises of an open case may stand: any way, the nearest one passed or due soon, or nothing was promised.
PROMISES = ("open", "overdue", "soon", "none")

#: In which order cases are listed: when they came, or how likely they miss their promise (`cases.risks`).
ORDERS = ("newest", "risk")

NEWEST = Order(Case.opened_at, Case.id, newest_first=True)


@dataclass(frozen=True)
class Wanted:
    """What is looked for: words of title, address or tracking code; a status; the codes of a unit with everything below it,
    of a category and an area; how its promises stand (`PROMISES`); the first and last day on which it was received.
    """

    text: str = ""
    status: str | None = None
    unit: str | None = None
    category: str | None = None
    area: str | None = None
    promise: str | None = None
    received_from: date | None = None
    received_to: date | None = None


@dataclass(frozen=True)
class Found:
    """Some cases, each with its promise that is due next, and the cursor of the page after."""

    rows: list[tuple[Case, Deadline | None]]
    next: str | None


def page(person: Person, wanted: Wanted, *, after: str | None = None, limit: int = 50) -> Found:
    """A page of the cases this person may see, the newest first. Raises: Invalid (`unit`, `category` unknown), InvalidCursor."""
    query = select(Case).outerjoin(Area, Area.id == Case.area_id).where(visible_to(person), *narrowed(wanted))
    if after:
        query = query.where(NEWEST.after(after))
    names = (selectinload(Case.category), selectinload(Case.area), selectinload(Case.unit))
    found = list(session().scalars(NEWEST.apply(query).options(*names).limit(limit + 1)))
    shown = found[:limit]
    deadlines = nearest_deadlines(case.id for case in shown)
    cursor = write_cursor(shown[-1].opened_at, shown[-1].id) if len(found) > limit else None
    return Found([(case, deadlines.get(case.id)) for case in shown], cursor)


def visible_to(person: Person) -> Condition:
    """The cases (outer-joined with their areas) for which `access.may_see_case` says yes."""
    if not person.is_active:
        return false()
    if access.has_role(person, *access.CITY_WIDE):
        return true()
    own = [membership for membership in person.memberships if membership.role in access.HANDLING]
    over = {membership.unit_id for membership in own}
    over |= _below({membership.unit_id for membership in own if membership.role == Role.LEADER})
    above = {unit.id for membership in own for unit in access.lineage(membership.unit)}
    beside = or_(Area.unit_id.in_(over), Case.unit_id.in_(above)) if own else false()
    return or_(Case.official == person.username, Case.unit_id.in_(over), and_(Case.is_sensitive.is_(False), beside))


def _below(led: set[int]) -> set[int]:
    """The units below those a person leads."""
    branch = select(Unit.id).where(Unit.id.in_(led)).cte(recursive=True)
    branch = branch.union(select(Unit.id).join(branch, Unit.parent_id == branch.c.id))
    return set(session().scalars(select(branch.c.id)))


def narrowed(wanted: Wanted) -> list[Condition]:
    """What cases have to be like. Raises: Invalid (`unit`, `category`, `area`, `promise` unknown)."""
    conditions = matches(wanted.text)
    if wanted.status:
        conditions.append(Case.status == wanted.status)
    if wanted.unit:
        unit_id = _known("unit", select(Unit.id).where(Unit.code == wanted.unit))
        conditions.append(Case.unit_id.in_(_below({unit_id})))
    if wanted.category:
        query = select(Category.id).where(Category.code == wanted.category)
        conditions.append(Case.category_id == _known("category", query))
    if wanted.area:
        conditions.append(Case.area_id == _known("area", select(Area.id).where(Area.code == wanted.area)))
    if wanted.promise:
        conditions += _promised(wanted.promise)
    return [*conditions, *_received(wanted)]


def _promised(how: str) -> list[Condition]:
    """Raises: Invalid (`promise` unknown)."""
    if how not in PROMISES:
        raise Invalid([Problem("promise", "unknown")])
    now, stands = (
        clock.now(),
        exists().where(DeadlinePause.deadline_id == Deadline.id, DeadlinePause.ended_at.is_(None)),
    )
    made = exists().where(Deadline.case_id == Case.id)
    running = made.where(Deadline.met_at.is_(None), Deadline.ended_at.is_(None), ~stands)
    overdue = running.where(Deadline.due_at <= now)
    said: dict[str, list[Condition]] = {
        "open": [],
        "overdue": [overdue],
        "soon": [running.where(Deadline.remind_at <= now), ~overdue],
        "none": [~made.where(Deadline.kind == DeadlineKind.RESOLVE)],
    }
    return [Case.closed_at.is_(None), *said[how]]


def _received(wanted: Wanted) -> list[Condition]:
    zone = ZoneInfo(city.settings().time_zone)
    found: list[Condition] = []
    if wanted.received_from:
        found.append(Case.opened_at >= datetime.combine(wanted.received_from, time(), zone))
    if wanted.received_to:
        found.append(Case.opened_at < datetime.combine(wanted.received_to + timedelta(days=1), time(), zone))
    return found


def _known(where: str, query: Select[int]) -> int:
    found = session().scalar(query)
    if found is None:
        raise Invalid([Problem(where, "unknown")])
    return found
