"""Keeping the sums right: cases that changed are looked at again, what they contributed is taken away and added anew.

A case is marked in the transaction that changes it; the clock folds what is marked, a bounded number at a time. One fold runs
at a time, whoever starts it; each is one transaction, so the sums always are those of whole cases.
"""

from __future__ import annotations

import struct
import time
from collections import Counter
from collections.abc import Callable, Iterable
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, insert, select, text
from sqlalchemy.dialects.postgresql import insert as upsert

from cases import city
from cases.models import Case, KpiCase, KpiDirty
from cases.performance import cells, facts
from cases.performance.contributions import contributions, nearest
from cases.performance.facts import CaseFacts
from cases.performance.measures import Dimensions, Part
from engine import registry
from engine.base import session, transaction

#: Marks folded in one transaction.
BATCH = 500
#: Seconds one look of the clock may spend here.
PATIENCE = 1.0
FOLD_LOCK = 0x0CA5EF01
_PART = struct.Struct("<iBHi")


def fold(most: int = BATCH, *, wait: bool = False) -> int:
    """Fold up to `most` marks, in the caller's transaction; how many. While somebody else folds, none, or `wait`."""
    if wait:
        session().execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": FOLD_LOCK})
    elif not session().scalar(text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": FOLD_LOCK}):
        return 0
    marked = select(KpiDirty.id, KpiDirty.case_id).order_by(KpiDirty.id).limit(most).with_for_update(skip_locked=True)
    rows = session().execute(marked).all()
    if rows:
        _fold(sorted({row.case_id for row in rows}))
        session().execute(delete(KpiDirty).where(KpiDirty.id.in_([row.id for row in rows])))
    return len(rows)


def refresh(progress: Callable[[int], None] = lambda _: None, *, wait: bool = False) -> int:
    """Fold until nothing is marked, a transaction for each batch; how many marks there were. See `fold` for `wait`."""
    total = 0
    while done := _fold_batch(wait=wait):
        total += done
        progress(done)
    return total


@registry.periodic
def _fold_for_a_while() -> None:
    """What the clock does at each look: go on until nothing is marked, or others have to have their turn."""
    end = time.monotonic() + PATIENCE
    while _fold_batch() >= BATCH and time.monotonic() < end:
        pass


def _fold_batch(*, wait: bool = False) -> int:
    with transaction():
        return fold(wait=wait)


def mark_all(*, anew: bool = False) -> int:
    """Mark every case; `anew` forgets all sums first. How many are marked now."""
    if anew:
        session().execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": FOLD_LOCK})
        session().execute(text("TRUNCATE kpi_cell, kpi_spread, kpi_case, kpi_dirty"))
    every = select(Case.id).union(select(KpiCase.case_id)).subquery()
    session().execute(insert(KpiDirty).from_select(["case_id"], select(every.c[0]).order_by(every.c[0])))
    return session().scalar(select(func.count()).select_from(KpiDirty)) or 0


# ------------------------------------------------------------------------------------------------------------- cases


def _fold(case_ids: list[int]) -> None:
    zone = ZoneInfo(city.settings().time_zone)
    changes: cells.Changes = Counter()
    known = {
        row.case_id: row for row in session().execute(select(*KpiCase.__table__.c).where(KpiCase.case_id.in_(case_ids)))
    }
    for row in known.values():
        dimensions = Dimensions(row.unit_id, row.area_id, row.category_id, row.channel, row.official)
        cells.change(changes, dimensions, unpacked(row.parts), -1)
    found = facts.of(case_ids)
    parts = {one.case_id: contributions(one, city.calendar, zone) for one in found}
    for one in found:
        cells.change(changes, one.dimensions, parts[one.case_id], 1)
    cells.apply(changes)
    _keep(found, parts)
    gone = known.keys() - parts.keys()
    if gone:
        session().execute(delete(KpiCase).where(KpiCase.case_id.in_(gone)))


def _keep(found: list[CaseFacts], parts: dict[int, list[Part]]) -> None:
    rows = [
        {"case_id": one.case_id, "parts": packed(parts[one.case_id])}
        | one.dimensions._asdict()
        | nearest(one)._asdict()
        for one in found
    ]
    if rows:
        statement = upsert(KpiCase).values(rows)
        changed = {name: statement.excluded[name] for name in rows[0] if name != "case_id"}
        session().execute(statement.on_conflict_do_update(index_elements=["case_id"], set_=changed))


def packed(parts: Iterable[Part]) -> bytes:
    """Parts as they are stored."""
    return b"".join(_PART.pack(*part) for part in parts)


def unpacked(stored: bytes) -> list[Part]:
    """The parts of a case."""
    return [Part(*fields) for fields in _PART.iter_unpack(stored)]
