"""What each step of a process costs: how often it was reached, how long it waited and was worked on, how often late."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cases.process_view.reading import Steps
from cases.working_time import Calendar
from cases.working_time.columns import worked_between
from engine.models import TaskState

Minutes = npt.NDArray[np.float64]
_MINUTE = 60_000_000


@dataclass(frozen=True)
class Step:
    """One step. Times are minutes; a quantile is None where nothing was measured.

    Waiting is from when the task came until somebody claimed it, or, unclaimed, until it was done; working from there to
    its end. Tasks that are still open count with what has passed so far in `total_waiting` only, not in the quantiles.
    """

    element_id: str
    visits: int
    cases: int
    open_now: int
    again: int  # visits after the first one of the same case
    late: int  # ended after it was due, or open and past due
    with_due: int
    waiting: Mapping[float, float | None]
    working: Mapping[float, float | None]
    both: Mapping[float, float | None]
    measured: int
    total_waiting: float


#: The quantiles that are reckoned.
QUANTILES = (0.5, 0.9)


@dataclass(frozen=True)
class _Measured:
    """What is known of each task, in columns."""

    rows: Steps
    places: npt.NDArray[np.int64]
    waited: Minutes
    worked: Minutes
    is_done: npt.NDArray[np.bool_]
    is_open: npt.NDArray[np.bool_]
    is_late: npt.NDArray[np.bool_]
    is_again: npt.NDArray[np.bool_]


def steps(rows: Steps, calendar: Calendar | None) -> list[Step]:
    """Every step that was reached, in working time of a calendar or, without one, in clock time; the costliest first."""
    if not len(rows):
        return []
    names, places = np.unique(np.array(rows.elements), return_inverse=True)
    measured = _measured(rows, places, calendar)
    found = [_step(str(name), places == number, measured) for number, name in enumerate(names)]
    return sorted(found, key=lambda step: -step.total_waiting)


def _measured(rows: Steps, places: npt.NDArray[np.int64], calendar: Calendar | None) -> _Measured:
    is_done, is_open = (
        np.array([one == state for one in rows.states]) for state in (TaskState.COMPLETED, TaskState.OPEN)
    )
    until = np.where(rows.ended >= 0, rows.ended, rows.now)
    taken = np.where(rows.claimed >= 0, np.minimum(rows.claimed, until), until)
    return _Measured(
        rows,
        places,
        waited=minutes(calendar, rows.created, taken),
        worked=minutes(calendar, taken, until),
        is_done=is_done,
        is_open=is_open,
        is_late=(rows.due >= 0) & (until > rows.due) & (is_done | is_open),
        is_again=_again(rows, places),
    )


def _step(name: str, here: npt.NDArray[np.bool_], of: _Measured) -> Step:
    done = here & of.is_done
    return Step(
        element_id=name,
        visits=int(here.sum()),
        cases=len(np.unique(of.rows.instances[here])),
        open_now=int((here & of.is_open).sum()),
        again=int((here & of.is_again).sum()),
        late=int((here & of.is_late).sum()),
        with_due=int((here & (of.rows.due >= 0) & (of.is_done | of.is_open)).sum()),
        waiting=quantiles(of.waited[done]),
        working=quantiles(of.worked[done]),
        both=quantiles(of.waited[done] + of.worked[done]),
        measured=int(done.sum()),
        total_waiting=float(of.waited[here].sum()),
    )


def minutes(calendar: Calendar | None, begins: npt.NDArray[np.int64], ends: npt.NDArray[np.int64]) -> Minutes:
    """Between moments in microseconds: in working time of a calendar or, without one, by the clock."""
    spent = np.maximum(ends - begins, 0) if calendar is None else worked_between(calendar, begins, ends)
    return np.asarray(spent / _MINUTE, np.float64)


def _again(rows: Steps, places: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Visits of a step its case had been at before."""
    seen: set[tuple[int, int]] = set()
    again = np.zeros(len(rows), np.bool_)
    for number, key in enumerate(zip(rows.instances.tolist(), places.tolist(), strict=True)):
        again[number] = key in seen
        seen.add(key)
    return again


def quantiles(spent: Minutes) -> dict[float, float | None]:
    """Each of `QUANTILES` of these minutes; None when there are none."""
    if not len(spent):
        return dict.fromkeys(QUANTILES)
    return {share: float(np.quantile(spent, share)) for share in QUANTILES}
