"""What a person sees: one query for each view, with the case and its nearest promise beside each task."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVarTuple

from sqlalchemy import Select, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import selectinload

from cases.inbox.conditions import VIEWS, in_view, matches
from cases.inbox.paging import Order, write_cursor
from cases.models import Case, Deadline, Person
from engine.base import session
from engine.models import Instance, UserTask

__all__ = ["VIEWS", "Page", "TaskRow", "counts", "nearest_deadlines", "tasks"]

Columns = TypeVarTuple("Columns")

#: Rows on a page at most.
LONGEST_PAGE = 200
#: Views are counted up to here; who has more has enough.
COUNTED_TO = 1000


@dataclass(frozen=True)
class TaskRow:
    """One row. `deadline` is the open promise of the case due next; in `waiting` the task is the one that asked.

    There is no case when the process runs for something else.
    """

    task: UserTask
    case: Case | None
    deadline: Deadline | None


@dataclass(frozen=True)
class Page:
    """Some rows and the cursor of the next page, None on the last one."""

    rows: list[TaskRow]
    next: str | None


def tasks(person: Person, view: str, *, limit: int = 50, after: str | None = None, text: str = "") -> Page:
    """The rows of a view (one of `VIEWS`): due first, those without a due moment last; in `done` the latest first.

    `text` looks for words in title, address and tracking code (of a process without a case, in its name and key), without
    accents.
    Raises: KeyError for an unknown view, InvalidCursor.
    """
    order = _order(view)
    query = order.apply(_joined(select(UserTask, Case)).where(in_view(person, view), *matches(text)))
    if after:
        query = query.where(order.after(after))
    limit = max(1, min(limit, LONGEST_PAGE))
    names = (selectinload(Case.category), selectinload(Case.area), selectinload(Case.unit))
    process = selectinload(UserTask.instance).load_only(Instance.business_key).joinedload(Instance.definition)
    found: Sequence[Any] = session().execute(query.options(*names, process).limit(limit + 1)).all()
    deadlines = nearest_deadlines(case.id for _, case in found[:limit] if case)
    rows = [TaskRow(task, case, deadlines.get(case.id) if case else None) for task, case in found[:limit]]
    return Page(rows, _cursor(view, rows[-1].task) if len(found) > limit else None)


def counts(person: Person) -> dict[str, int]:
    """How many rows each view has, in one query; nothing is counted beyond `COUNTED_TO`."""
    columns = [
        select(func.count())
        .select_from(_joined(select(UserTask.id)).where(in_view(person, view)).limit(COUNTED_TO).subquery())
        .scalar_subquery()
        .label(view)
        for view in VIEWS
    ]
    return dict(session().execute(select(*columns)).mappings().one())


def nearest_deadlines(case_ids: Iterable[int]) -> dict[int, Deadline]:
    """The open promise of each case that is due next, with its pauses."""
    query = (
        select(Deadline)
        .ext(distinct_on(Deadline.case_id))
        .where(Deadline.case_id.in_(set(case_ids)), Deadline.met_at.is_(None), Deadline.ended_at.is_(None))
        .order_by(Deadline.case_id, Deadline.due_at, Deadline.id)
        .options(selectinload(Deadline.pauses))
    )
    return {deadline.case_id: deadline for deadline in session().scalars(query)}


def _joined(query: Select[*Columns]) -> Select[*Columns]:
    return query.outerjoin_from(UserTask, Case, Case.instance_id == UserTask.instance_id)


def _order(view: str) -> Order:
    done = view == "done"
    return Order(UserTask.ended_at if done else UserTask.due_at, UserTask.id, newest_first=done)


def _cursor(view: str, task: UserTask) -> str:
    return write_cursor(task.ended_at if view == "done" else task.due_at, task.id)
