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
class Found:
    """Some cases, each with its promise that is due next, and the cursor of the page after."""

    rows: list[tuple[Case, Deadline | None]]
    next: str | None


def cases(
    person: Person,
    *,
    text: str,
    status: str | None,
    unit: str | None,
    category: str | None,
    after: str | None,
    limit: int,
) -> Found:
    """A page of the cases this person may see, the newest first. Raises: Invalid (`unit`, `category` unknown), InvalidCursor."""
    query = _named(select(Case).outerjoin(Area, Area.id == Case.area_id).where(visible_to(person), *matches(text)))
    query = query.where(*_like(status, unit, category))
    if after:
        query = query.where(NEWEST.after(after))
    found = list(session().scalars(NEWEST.apply(query).limit(limit + 1)))
    shown = found[:limit]
    deadlines = nearest_deadlines(case.id for case in shown)
    cursor = write_cursor(shown[-1].opened_at, shown[-1].id) if len(found) > limit else None
    return Found([(case, deadlines.get(case.id)) for case in shown], cursor)


def visible_to(person: Person) -> Condition:
    """The cases (outer-joined with their areas) for which `access.may_see_case` says yes."""
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


def _like(status: str | None, unit: str | None, category: str | None) -> list[Condition]:
    conditions = [Case.status == status] if status else []
    if unit:
        conditions.append(Case.unit_id == _known("unit", select(Unit.id).where(Unit.code == unit)))
    if category:
        conditions.append(Case.category_id == _known("category", select(Category.id).where(Category.code == category)))
    return conditions


def _known(where: str, query: Select[int]) -> int:
    found = session().scalar(query)
    if found is None:
        raise Invalid([Problem(where, "unknown")])
    return found


def _named(query: Select[Case]) -> Select[Case]:
    return query.options(selectinload(Case.category), selectinload(Case.area), selectinload(Case.unit))
