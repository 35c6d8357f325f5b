"""Working time between many pairs of moments at once, for figures of thousands of steps; the same arithmetic, in columns."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt

from cases.working_time.calendar import Calendar

Instants = npt.NDArray[np.int64]


def worked_between(calendar: Calendar, begins: Instants, ends: Instants) -> Instants:
    """Working microseconds from each begin to its end, both in microseconds since 1970; nothing where it ends before.

    Raises: BeyondCalendars.
    """
    if calendar.continuous:
        return _not_negative(ends - begins)
    if not len(begins):
        return np.zeros(0, np.int64)
    openings, endings, before = _sheets(
        calendar, int(min(begins.min(), ends.min())), int(max(begins.max(), ends.max()))
    )
    return _not_negative(_worked(openings, endings, before, ends) - _worked(openings, endings, before, begins))


def _not_negative(spans: Instants) -> Instants:
    return np.maximum(spans, 0).astype(np.int64)


def _worked(openings: Instants, endings: Instants, before: Instants, instants: Instants) -> Instants:
    """Working microseconds from the first opening to each instant."""
    index = np.searchsorted(openings, instants, side="right") - 1
    known = np.maximum(index, 0)
    worked = before[known] + np.minimum(instants, endings[known]) - openings[known]
    return np.where(index < 0, 0, worked)


def _sheets(calendar: Calendar, first: int, last: int) -> tuple[Instants, Instants, Instants]:
    """Openings, endings and what was worked before each, of every year that is touched."""
    years = range(_year(calendar, first), _year(calendar, last) + 1)
    sheets = [calendar.sheet(year) for year in years]
    openings = np.array([one for sheet in sheets for one in sheet.openings], np.int64)
    endings = np.array([one for sheet in sheets for one in sheet.endings], np.int64)
    return openings, endings, np.concatenate(([0], np.cumsum(endings - openings)[:-1])).astype(np.int64)


def _year(calendar: Calendar, instant: int) -> int:
    return datetime.fromtimestamp(instant / 1_000_000, UTC).astimezone(calendar.time_zone).year
