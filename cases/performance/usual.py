"""How long cases like this one usually take: by category and area, over the last 90 days, open ones counted too.

A worker reckons all of it anew every hour; whoever asks reads a row. A case that ends without a result (refused, merged,
withdrawn, cancelled) says only that it had none until then.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from sqlalchemy import delete, func, insert, or_, select, text

from cases import city
from cases.models import Case, KpiUsual, Setting
from cases.performance import survival
from cases.performance.survival import Curve
from engine import clock, jobs, registry
from engine.base import session, transaction
from engine.models import Job, JobState

TOPIC = "reckon_usual_times"
WINDOW = timedelta(days=90)
EVERY = timedelta(hours=1)
#: With fewer results nothing is said.
FEWEST = 10
#: Shares that are told: half, and nine of ten.
HALF, MOST = 0.5, 0.9
_SETTING = "usual_times"
_LOCK = 7_660_002
_ENDED = func.coalesce(Case.resolved_at, Case.closed_at)

Ids = npt.NDArray[np.int64]


class Kind(NamedTuple):
    """Of what: a category in an area; area 0 is the whole city."""

    category_id: int
    area_id: int


@dataclass(frozen=True)
class Usual:
    """Within how many minutes half and nine of ten have a result; None for longer than was ever seen."""

    half: float | None
    most: float | None
    results: int
    is_of_area: bool


def of(category_id: int, area_id: int | None) -> Usual | None:
    """How long such cases take: in the area if enough had a result there, else in the whole city; None with too few."""
    query = select(KpiUsual).where(
        KpiUsual.category_id == category_id, KpiUsual.area_id.in_({area_id or 0, 0}), KpiUsual.results >= FEWEST
    )
    row = session().scalar(query.order_by(KpiUsual.area_id.desc()).limit(1))
    if row is None:
        return None
    curve = survival.unpack(row.curve, row.results)
    return Usual(curve.within(HALF), curve.within(MOST), row.results, bool(row.area_id))


def curves() -> Mapping[Kind, Curve]:
    """Everything that is known from enough results."""
    rows = session().scalars(select(KpiUsual).where(KpiUsual.results >= FEWEST))
    return {Kind(row.category_id, row.area_id): survival.unpack(row.curve, row.results) for row in rows}


def reckoned_at() -> datetime | None:
    """When it was reckoned last."""
    return session().scalar(select(Setting.changed_at).where(Setting.key == _SETTING))


@registry.periodic
def ask_for_it() -> None:
    """Have a worker reckon, once an hour."""
    with transaction():
        last = reckoned_at()
        if session().get(Setting, city.KEY) is None or (last is not None and clock.now() < last + EVERY):
            return
        waits = select(Job.id).where(Job.topic == TOPIC, Job.state.in_((JobState.WAITING, JobState.RUNNING)))
        if session().scalar(waits.limit(1)) is None:
            jobs.add(TOPIC, {})


@registry.handler(TOPIC)
def reckon() -> None:
    """Look at every case that was open in the window, and keep what it says of its category and area."""
    session().execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    now = clock.now()
    rows = [{**kind._asdict(), "results": curve.results, "curve": curve.pack()} for kind, curve in _curves(now)]
    session().execute(delete(KpiUsual))
    if rows:
        session().execute(insert(KpiUsual), rows)
    kept = session().get(Setting, _SETTING) or Setting(key=_SETTING, value={})
    kept.changed_at = now
    session().add(kept)
    session().flush()


def _curves(now: datetime) -> Iterator[tuple[Kind, Curve]]:
    categories, areas, begins, ends, has_result = _seen(now)
    for category_id in np.unique(categories):
        of_category = categories == category_id
        for area_id in (0, *np.unique(areas[of_category & (areas > 0)])):
            chosen = of_category & (areas == area_id) if area_id else of_category
            curve = survival.estimate(begins[chosen], ends[chosen], has_result[chosen])
            if curve is not None:
                yield Kind(int(category_id), int(area_id)), curve


def _seen(now: datetime) -> tuple[Ids, Ids, survival.Minutes, survival.Minutes, survival.Flags]:
    """Category, area, the ages in minutes between which each case was seen, and whether it had a result then."""
    begin = now - WINDOW
    columns = (Case.category_id, Case.area_id, Case.opened_at, _ENDED, Case.resolved_at)
    query = select(*columns).where(or_(begin <= _ENDED, _ENDED.is_(None)), Case.opened_at <= now)
    rows: list[Any] = list(session().execute(query))
    minute = timedelta(minutes=1)
    return (
        np.array([category for category, *_ in rows], np.int64),
        np.array([area or 0 for _, area, *_ in rows], np.int64),
        np.array([max((begin - opened) / minute, 0.0) for _, _, opened, *_ in rows], np.float64),
        np.array(
            [((min(ended, now) if ended else now) - opened) / minute for *_, opened, ended, _ in rows], np.float64
        ),
        np.array([resolved is not None and resolved <= now for *_, resolved in rows], np.bool_),
    )
