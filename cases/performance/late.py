"""Which promises are late now, the longest first."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import selectinload

from cases.models import Case, Deadline, DeadlinePause, KpiCase
from cases.performance.ranges import Scope
from engine import clock
from engine.base import session

#: Late promises listed at most.
LONGEST_LIST = 50


@dataclass(frozen=True)
class OverdueRow:
    """An open promise that is late now."""

    case: Case
    deadline: Deadline


def listed(scope: Scope, most: int) -> list[OverdueRow]:
    """The late promises of the cases that are late the longest."""
    now = clock.now()
    conditions = [getattr(KpiCase, name).in_(values) for name, values in scope.within.items()]
    longest = select(KpiCase.case_id).where(KpiCase.due_at <= now, *conditions)
    longest = longest.order_by(KpiCase.due_at, KpiCase.case_id).limit(most)
    query = (
        select(Case, Deadline)
        .join(Deadline, Deadline.case_id == Case.id)
        .where(Case.id.in_(list(session().scalars(longest))))
        .where(Deadline.met_at.is_(None), Deadline.ended_at.is_(None), Deadline.due_at <= now, ~_stands_still())
        .order_by(Deadline.due_at, Deadline.id)
        .options(
            selectinload(Case.category), selectinload(Case.area), selectinload(Case.unit), selectinload(Deadline.pauses)
        )
        .limit(most)
    )
    return [OverdueRow(case, deadline) for case, deadline in session().execute(query)]


def _stands_still() -> ColumnElement[bool]:
    pause = select(DeadlinePause.id).where(DeadlinePause.deadline_id == Deadline.id, DeadlinePause.ended_at.is_(None))
    return pause.exists()
