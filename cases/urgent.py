"""Reports the intake desk has called urgent and nobody has in hand yet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from cases.models import Case
from cases.targets import Urgency
from engine import clock
from engine.base import session

#: What has waited longer is told by its deadline, not by the wall.
LATELY = timedelta(hours=4)


def waiting(limit: int) -> Sequence[Case]:
    """Urgent cases that were accepted lately and given to nobody, the oldest first."""
    query = select(Case).where(
        Case.urgency == Urgency.URGENT,
        Case.official.is_(None),
        Case.resolved_at.is_(None),
        Case.closed_at.is_(None),
        Case.opened_at > clock.now() - LATELY,
    )
    names = (selectinload(Case.category), selectinload(Case.area), selectinload(Case.unit))
    return session().scalars(query.options(*names).order_by(Case.opened_at, Case.id).limit(limit)).all()
