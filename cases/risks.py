"""Which open cases are likely to miss their promise: the share of such cases, as old as this one, still open when it is due.

Learned by `cases.performance.usual`; a clock that stands still is taken to go on now. Reads only.
"""

from __future__ import annotations

import base64
import binascii
import math
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import select
from sqlalchemy.orm import aliased, selectinload

from cases import finding
from cases.finding import Wanted
from cases.inbox.paging import InvalidCursor
from cases.models import Area, Case, Deadline, DeadlinePause, Person
from cases.models.deadlines import DeadlineKind
from cases.performance import usual
from cases.performance.survival import Curve
from cases.performance.usual import Kind
from engine import clock
from engine.base import session
from engine.errors import Problem

#: Of how many open promises, those due next, the order is made.
MOST = 20_000
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class AtRisk:
    """An open case with its promise to resolve and the share of such cases that miss it; None where too little is known."""

    case: Case
    deadline: Deadline
    risk: float | None


@dataclass(frozen=True)
class Risks:
    """A page, the cursor of the one after, and whether there are more open promises than were looked at."""

    rows: list[AtRisk]
    next: str | None
    is_cut: bool = False


def page(person: Person, wanted: Wanted, *, after: str | None = None, limit: int = 50) -> Risks:
    """Open cases this person may see, those likeliest to miss their promise first; where nothing is known, those due first.

    Raises: Invalid as `finding.narrowed`, InvalidCursor.
    """
    begin = _read_cursor(after) if after else None
    found = session().execute(_promises(person, wanted).limit(MOST + 1)).all()
    ordered = sorted(_measured(found[:MOST]), key=_place)
    rest = [one for one in ordered if begin is None or _place(one)[:3] > begin]
    shown = _loaded(rest[:limit])
    cursor = _write_cursor(_place(rest[limit - 1])) if len(rest) > limit else None
    return Risks(shown, cursor, len(found) > MOST)


def of(case: Case, deadline: Deadline) -> float | None:
    """The share of cases like this one that miss such a promise; 1 when it has passed, None where too little is known."""
    paused_at = deadline.pauses[-1].started_at if deadline.is_paused else None
    row = (case.id, deadline.id, case.category_id, case.area_id, case.opened_at, deadline.due_at, paused_at)
    return _measured([row])[0].risk


# ------------------------------------------------------------------------------------------------------------ reckoning


@dataclass(frozen=True)
class _Measured:
    case_id: int
    deadline_id: int
    due_at: datetime
    risk: float | None


def _promises(person: Person, wanted: Wanted) -> Any:
    promise, pause = aliased(Deadline), aliased(DeadlinePause)  # what the case is narrowed by asks for its own
    columns = (Case.id, promise.id, Case.category_id, Case.area_id, Case.opened_at, promise.due_at, pause.started_at)
    query = select(*columns).select_from(Case).join(promise, promise.case_id == Case.id)
    query = query.outerjoin(pause, pause.ended_at.is_(None) & (pause.deadline_id == promise.id))
    query = query.outerjoin(Area, Area.id == Case.area_id).where(
        finding.visible_to(person), *finding.narrowed(wanted), Case.closed_at.is_(None),
        promise.kind == DeadlineKind.RESOLVE, promise.met_at.is_(None), promise.ended_at.is_(None),
    )  # fmt: skip
    return query.order_by(promise.due_at, promise.id)


def _measured(rows: Any) -> list[_Measured]:
    known, now = usual.curves(), clock.now()
    alike: dict[Kind, list[int]] = defaultdict(list)
    ages = np.zeros((len(rows), 2))
    for index, (_, _, category_id, area_id, opened_at, due_at, paused_at) in enumerate(rows):
        own = Kind(category_id, area_id or 0)
        alike[own if own in known else Kind(category_id, 0)].append(index)
        due = due_at + (now - paused_at) if paused_at else due_at
        ages[index] = (now - opened_at) / _MINUTE, (due - opened_at) / _MINUTE
    risks = np.where(ages[:, 1] <= ages[:, 0], 1.0, np.nan)
    for kind, indices in alike.items():
        if kind in known:
            risks[indices] = _risks(known[kind], ages[indices])
    return [
        _Measured(case_id, deadline_id, due_at, None if math.isnan(risk) else float(risk))
        for (case_id, deadline_id, _, _, _, due_at, _), risk in zip(rows, risks, strict=True)
    ]


def _risks(curve: Curve, ages: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """From what age it has now to what age it will have when due: of those open now, how many are open then; 1 when past."""
    until_now, when_due = curve.after(ages[:, 0]), curve.after(ages[:, 1])
    ahead = np.divide(when_due, until_now, out=np.full(len(ages), np.nan), where=until_now > 0)
    return np.where(ages[:, 1] <= ages[:, 0], 1.0, ahead)


# --------------------------------------------------------------------------------------------------------------- paging


def _place(one: _Measured) -> tuple[float, float, int]:
    """Where a promise stands in the order, as a cursor keeps it."""
    return (-round(one.risk, 6) if one.risk is not None else 1.0, one.due_at.timestamp(), one.deadline_id)


def _write_cursor(place: tuple[float, float, int]) -> str:
    return base64.urlsafe_b64encode("|".join(map(repr, place)).encode()).decode().rstrip("=")


def _read_cursor(cursor: str) -> tuple[float, float, int]:
    try:
        risk, due, key = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().split("|")
        return float(risk), float(due), int(key)
    except (ValueError, binascii.Error) as error:
        raise InvalidCursor([Problem("after", "unknown")]) from error


def _loaded(chosen: list[_Measured]) -> list[AtRisk]:
    names = (selectinload(Case.category), selectinload(Case.area), selectinload(Case.unit))
    cases = session().scalars(select(Case).where(Case.id.in_([one.case_id for one in chosen])).options(*names))
    deadlines = session().scalars(select(Deadline).where(Deadline.id.in_([one.deadline_id for one in chosen])))
    case_by, deadline_by = {one.id: one for one in cases}, {one.id: one for one in deadlines}
    return [AtRisk(case_by[one.case_id], deadline_by[one.deadline_id], one.risk) for one in chosen]
