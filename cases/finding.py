"""Finding cases: those a person may see, by what they are and by words; said in SQL as cases.access says it of one."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, false, or_, select, true
from sqlalchemy.orm import selectinload

from cases import access
from cases.inbox.conditions import matches
from cases.inbox.paging import Order, write_cursor
from cases.inbox.views import nearest_deadlines
from cases.models import Area, Case, Category, Deadline, Person, Role, Unit
from engine.base import session
from engine.errors import Invalid, Problem

Condition = ColumnElement[bool]

NEWEST = Order(Case.opened_at, Case.id, newest_first=True)


@dataclass(frozen=True)
class Wanted:
    """What is looked for: words of title, address or tracking code; a status; the codes of a unit and a category."""

    text: str = ""
    status: str | None = None
    unit: str | None = None
    category: str | None = None


@dataclass(frozen=True)
class Found:
    """Some cases, each with its promise that is due next, and the cursor of the page after."""

    rows: list[tuple[Case, Deadline | None]]
    next: str | None


def page(person: Person, wanted: Wanted, *, after: str | None = None, limit: int = 50) -> Found:
    """A page of the cases this person may see, the newest first. Raises: Invalid (`unit`, `category` unknown), InvalidCursor."""
    query = select(Case).outerjoin(Area, Area.id == Case.area_id).where(visible_to(person), *_like(wanted))
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


def _like(wanted: Wanted) -> list[Condition]:
    conditions = matches(wanted.text)
    if wanted.status:
        conditions.append(Case.status == wanted.status)
    if wanted.unit:
        conditions.append(Case.unit_id == _known("unit", select(Unit.id).where(Unit.code == wanted.unit)))
    if wanted.category:
        query = select(Category.id).where(Category.code == wanted.category)
        conditions.append(Case.category_id == _known("category", query))
    return conditions


def _known(where: str, query: Select[int]) -> int:
    found = session().scalar(query)
    if found is None:
        raise Invalid([Problem(where, "unknown")])
    return found
