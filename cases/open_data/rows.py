"""The rows of the file: one for each promise to resolve, or one without promise for a case that has none.

Nothing anybody wrote, no photo, no official, no reporter. A case the public may not read has no category, area, place or
channel, and a name that leads nowhere; its promises count.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Select, exists, select

from cases import codes
from cases.models import Area, Case, Category, Deadline, DeadlinePause, Feedback, Report, Unit
from cases.models.deadlines import DeadlineKind
from engine.base import session

#: Rows read at once.
CHUNK = 2000
#: Decimals of a degree: about a hundred metres.
DECIMALS = 3


@dataclass(frozen=True)
class Row:
    """One promise, with the case it was made for. Moments are UTC, ISO 8601; what is empty is not known or not public."""

    id: str
    promise: int
    unit: str
    category: str
    area: str
    channel: str
    latitude: float | None
    longitude: float | None
    status: str
    outcome: str
    received_on: str
    accepted_at: str
    resolved_at: str
    closed_at: str
    reopened: int
    verdict: str
    due_at: str
    met_at: str
    fell_away: bool
    stands_still: bool

    def values(self) -> list[Any]:
        """The values in the order of `COLUMNS`."""
        return [getattr(self, name) for name in COLUMNS]


COLUMNS = tuple(one.name for one in fields(Row))


def every() -> Iterator[Row]:
    """Every row, by case and promise; read in chunks, so that any number of cases fits."""
    last = 0
    while True:
        found = session().execute(_cases(last)).all()
        if not found:
            return
        promises = _promises([row.id for row in found])
        for row in found:
            for number, promise in enumerate(promises.get(row.id, [None]), 1 if row.id in promises else 0):
                yield _row(row, number, promise)
        last = found[-1].id


def _row(case: Any, number: int, promise: Any) -> Row:
    is_public = not case.is_sensitive
    return Row(
        id=case.tracking_code if is_public else codes.opaque(case.tracking_code),
        promise=number,
        unit=case.unit or "",
        category=case.category if is_public else "",
        area=(case.area or "") if is_public else "",
        channel=(case.channel or "") if is_public else "",
        latitude=_rounded(case.latitude) if is_public else None,
        longitude=_rounded(case.longitude) if is_public else None,
        status=case.status,
        outcome=case.outcome or "",
        received_on=f"{case.opened_at.astimezone(UTC):%Y-%m-%d}",
        accepted_at=_written(case.accepted_at),
        resolved_at=_written(case.resolved_at),
        closed_at=_written(case.closed_at),
        reopened=case.reopened_count,
        verdict=case.verdict or "",
        due_at=_written(promise.due_at) if promise else "",
        met_at=_written(promise.met_at) if promise else "",
        fell_away=bool(promise and promise.ended_at),
        stands_still=bool(promise and promise.stands_still),
    )


def _cases(last: int) -> Select[Any]:
    channel = select(Report.channel).where(Report.case_id == Case.id).order_by(Report.id).limit(1).scalar_subquery()
    verdict = (
        select(Feedback.verdict)
        .where(Feedback.case_id == Case.id)
        .order_by(Feedback.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    columns = (
        Case.id, Case.tracking_code, Case.is_sensitive, Case.latitude, Case.longitude, Case.status, Case.outcome,
        Case.opened_at, Case.accepted_at, Case.resolved_at, Case.closed_at, Case.reopened_count,
        Unit.code.label("unit"), Category.code.label("category"), Area.code.label("area"), channel.label("channel"),
        verdict.label("verdict"),
    )  # fmt: skip
    query = select(*columns).join(Category, Category.id == Case.category_id)
    query = query.outerjoin(Unit, Unit.id == Case.unit_id).outerjoin(Area, Area.id == Case.area_id)
    return query.where(Case.id > last).order_by(Case.id).limit(CHUNK)


def _promises(case_ids: list[int]) -> dict[int, list[Any]]:
    stands = exists().where(DeadlinePause.deadline_id == Deadline.id, DeadlinePause.ended_at.is_(None))
    query = select(Deadline.case_id, Deadline.due_at, Deadline.met_at, Deadline.ended_at, stands.label("stands_still"))
    query = query.where(Deadline.kind == DeadlineKind.RESOLVE, Deadline.case_id.in_(case_ids))
    found: dict[int, list[Any]] = {}
    for row in session().execute(query.order_by(Deadline.case_id, Deadline.id)):
        found.setdefault(row.case_id, []).append(row)
    return found


def _rounded(degrees: float | None) -> float | None:
    return None if degrees is None else round(degrees, DECIMALS)


def _written(at: datetime | None) -> str:
    return at.astimezone(UTC).isoformat() if at else ""
