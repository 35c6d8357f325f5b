"""Promises made to one case: made, met, broken, paused while the city waits for somebody, and shown.

A deadline is open until it is met or falls away. When timers ring is said in the diagram; here are the facts. The
arithmetic is `cases.working_time`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import select

from cases import city
from cases import working_time as wt
from cases.models import Case, Deadline, DeadlinePause
from cases.targets import NEVER, SOON_PERCENT, Limit
from cases.working_time import Calendar
from engine import clock
from engine.base import session

#: The shares of the time there is for a promise after which whoever has to act is reminded.
HALF, NEARLY = Decimal("0.5"), Decimal("0.8")


class DeadlineState(StrEnum):
    ONTIME = "ontime"
    SOON = "soon"
    OVERDUE = "overdue"
    PAUSED = "paused"
    MET = "met"
    LATE = "late"  # met after it was due
    ENDED = "ended"  # fell away: refused, merged, withdrawn, cancelled


@dataclass(frozen=True)
class DeadlineView:
    """A deadline as a badge shows it: `amount` of `unit` is what is left, or by how much it was or is missed."""

    kind: str
    state: DeadlineState
    amount: int
    unit: str
    due_at: datetime
    started_at: datetime
    calendar: str
    calendar_name: str
    extended_days: int = 0


def promise(
    case: Case,
    kind: str,
    limit: Limit,
    calendar: str,
    *,
    unit_id: int | None,
    at: datetime,
    soon_percent: float = SOON_PERCENT,
) -> Deadline:
    """Promise that something will be done within a limit on the calendar with this code, counted from `at`."""
    deadline = Deadline(
        case_id=case.id,
        kind=kind,
        unit_id=unit_id,
        calendar=calendar,
        amount=limit.amount,
        measure=limit.measure,
        soon_percent=soon_percent,
        extended_days=0,
        started_at=at,
        pauses=[],
    )
    deadline.remind_at, deadline.due_at = reckoned(deadline)
    session().add(deadline)
    return deadline


def reckoned(
    deadline: Deadline, calendar: Calendar | None = None, limit: Limit | None = None
) -> tuple[datetime, datetime]:
    """From when a promise is due soon and when it is due, reckoned from its beginning on the calendar as it is today.

    What has happened to it since is done again in its order: pauses that are over, and the extension. `calendar` and
    `limit` are other ones to reckon with.
    """
    calendar = calendar or city.calendar(deadline.calendar)
    limit = limit or Limit(deadline.amount, deadline.measure)
    due_at = wt.due(calendar, deadline.started_at, Decimal(str(limit.amount)), limit.measure)
    remind_at = due_soon_at(deadline, due_at, calendar)
    for at, pause in _happened(deadline):
        if pause is None:
            due_at = wt.add_working_hours(calendar, due_at, calendar.day_length * deadline.extended_days)
            remind_at = due_soon_at(deadline, due_at, calendar)
        else:
            remind_at = _moved(limit.measure, calendar, remind_at, (pause, at), whole_days=False)
            due_at = _moved(limit.measure, calendar, due_at, (pause, at), whole_days=True)
    return remind_at, due_at


def set_limit(deadline: Deadline, limit: Limit, calendar: str, *, soon_percent: float) -> None:
    """Promise another time, counted from the same beginning."""
    deadline.amount, deadline.measure = limit.amount, limit.measure
    deadline.calendar, deadline.soon_percent = calendar, soon_percent
    count_again(deadline)


def count_again(deadline: Deadline) -> None:
    """Let a promise be due when it is reckoned to be today; one that had passed and lies ahead again can pass once more."""
    deadline.remind_at, deadline.due_at = reckoned(deadline)
    if deadline.due_at > clock.now():
        deadline.breached_at = None


def due_soon_at(deadline: Deadline, due_at: datetime, calendar: Calendar | None = None) -> datetime:
    """From when a promise is due soon if it is due then."""
    left = 1 - Decimal(str(deadline.soon_percent)) / 100
    return wt.due_soon_at(calendar or city.calendar(deadline.calendar), deadline.started_at, due_at, share=left)


def _happened(deadline: Deadline) -> list[tuple[datetime, datetime | None]]:
    """The ends of pauses with their beginnings, and the extension with None, in the order they came."""
    told: list[tuple[datetime, datetime | None]] = [
        (one.ended_at, one.started_at) for one in deadline.pauses if one.ended_at is not None
    ]
    if deadline.extended_days and deadline.extended_at is not None:
        told.append((deadline.extended_at, None))
    return sorted(told, key=lambda one: one[0])


def open_ones(case: Case, kind: str | None = None) -> list[Deadline]:
    """The promises of a case that are neither met nor fallen away, nearest first."""
    query = select(Deadline).where(Deadline.case_id == case.id, Deadline.met_at.is_(None), Deadline.ended_at.is_(None))
    if kind is not None:
        query = query.where(Deadline.kind == kind)
    return list(session().scalars(query.order_by(Deadline.due_at, Deadline.id)))


def current(case: Case) -> Deadline | None:
    """The nearest open deadline."""
    return next(iter(open_ones(case)), None)


def latest(case: Case, kind: str) -> Deadline | None:
    """The promise of a kind made last, open or not."""
    query = select(Deadline).where(Deadline.case_id == case.id, Deadline.kind == kind)
    return session().scalar(query.order_by(Deadline.id.desc()).limit(1))


def meet(case: Case, kind: str, *, at: datetime) -> None:
    """What was promised is done, in time or not; a pause ends with it."""
    for deadline in open_ones(case, kind):
        _end_pause(deadline, at)
        deadline.met_at = at


def breach(case: Case, kind: str, *, at: datetime) -> list[Deadline]:
    """Write down which open deadlines have passed; those that were known already are not told again."""
    passed = [
        deadline
        for deadline in open_ones(case, kind)
        if deadline.due_at <= at and deadline.breached_at is None and not deadline.is_paused
    ]
    for deadline in passed:
        deadline.breached_at = at
    return passed


def pause(case: Case, reason: str, *, at: datetime) -> None:
    """Stop the clock of every open deadline."""
    for deadline in open_ones(case):
        if not deadline.is_paused:
            deadline.pauses.append(DeadlinePause(reason=reason, started_at=at))


def resume(case: Case, *, at: datetime) -> list[Deadline]:
    """Let the clock go on: due and reminder move by the working time that was paused; what is open now."""
    still_open = open_ones(case)
    for deadline in still_open:
        if deadline.is_paused:
            stood = deadline.pauses[-1].started_at, at
            _end_pause(deadline, at)
            calendar = city.calendar(deadline.calendar)
            deadline.remind_at = _moved(deadline.measure, calendar, deadline.remind_at, stood, whole_days=False)
            deadline.due_at = _moved(deadline.measure, calendar, deadline.due_at, stood, whole_days=True)
    return still_open


def hand_over(case: Case, unit_id: int) -> None:
    """What is still open is from now on the promise of another unit."""
    for deadline in open_ones(case):
        deadline.unit_id = unit_id


def end_all(case: Case, *, at: datetime) -> None:
    """What is still open falls away: nobody will be held to it."""
    for deadline in open_ones(case):
        _end_pause(deadline, at)
        deadline.ended_at = at


def variables(deadlines: Iterable[Deadline], *, kinds: Iterable[str] = ()) -> dict[str, str]:
    """What the diagram's timers wait for, as process variables: when each is due, and its two reminders.

    Of the `kinds` that nothing is promised for the dates never come.
    """
    never = {f"{kind}_{name}_at": NEVER for kind in kinds for name in ("half", "remind", "due")}
    return never | {
        f"{deadline.kind}_{name}_at": moment.isoformat()
        for deadline in deadlines
        for name, moment in (
            ("half", used_up(deadline, HALF)),
            ("remind", used_up(deadline, NEARLY)),
            ("due", deadline.due_at),
        )
    }


def used_up(deadline: Deadline, share: Decimal) -> datetime:
    """When this share of the time there is for a promise has passed; time that was paused is not counted."""
    calendar = city.calendar(deadline.calendar)
    pauses = [(one.started_at, one.ended_at) for one in deadline.pauses if one.ended_at is not None]

    def length(begin: datetime, end: datetime) -> timedelta:
        by_the_clock = deadline.measure == wt.Measure.HOURS
        return end - begin if by_the_clock else wt.working_time_between(calendar, begin, end)

    own = length(deadline.started_at, deadline.due_at) - sum((length(*pause) for pause in pauses), timedelta())
    part = timedelta(microseconds=int(share * (own // timedelta(microseconds=1))))
    by_the_clock = deadline.measure == wt.Measure.HOURS
    start = deadline.started_at
    moment = wt.add_hours(start, part) if by_the_clock else wt.add_working_hours(calendar, start, part)
    for pause in pauses:
        moment = _moved(deadline.measure, calendar, moment, pause, whole_days=False)
    return min(moment, deadline.due_at)


def working_days_on(deadline: Deadline, days: Decimal, *, at: datetime) -> datetime:
    """The working time of so many days after a moment, on the calendar of a promise: from ten o'clock to ten o'clock."""
    calendar = city.calendar(deadline.calendar)
    return wt.add_working_hours(calendar, at, float(days) * calendar.day_length)


def view(deadline: Deadline, *, at: datetime, locale: str = "vi") -> DeadlineView:
    """A deadline as it stands `at` that moment."""
    entry = city.calendar_entry(deadline.calendar)
    state, seen_at = _state(deadline, at)
    left = wt.remaining(city.calendar(deadline.calendar), deadline.due_at, at=seen_at)
    return DeadlineView(
        kind=deadline.kind,
        state=state,
        amount=left.amount,
        unit=left.unit.value,
        due_at=deadline.due_at,
        started_at=deadline.started_at,
        calendar=deadline.calendar,
        calendar_name=entry.name_vi if locale.startswith("vi") else entry.name_en,
        extended_days=deadline.extended_days,
    )


def _state(deadline: Deadline, at: datetime) -> tuple[DeadlineState, datetime]:
    """The state, and the moment from which the rest is counted: a clock that stands still shows what it showed."""
    if deadline.met_at is not None:
        return (DeadlineState.MET if deadline.met_at <= deadline.due_at else DeadlineState.LATE), deadline.met_at
    if deadline.ended_at is not None:
        return DeadlineState.ENDED, deadline.ended_at
    if deadline.is_paused:
        return DeadlineState.PAUSED, deadline.pauses[-1].started_at
    if at > deadline.due_at:
        return DeadlineState.OVERDUE, at
    return (DeadlineState.SOON if at >= deadline.remind_at else DeadlineState.ONTIME), at


def _end_pause(deadline: Deadline, at: datetime) -> None:
    if deadline.is_paused:
        deadline.pauses[-1].ended_at = at


def _moved(
    measure: str, calendar: Calendar, moment: datetime, stood: tuple[datetime, datetime], *, whole_days: bool
) -> datetime:
    began, ended = stood
    if measure == wt.Measure.HOURS:
        return moment + (ended - began) if began < moment else moment
    days = whole_days and measure == wt.Measure.WORKING_DAYS
    return wt.extend(calendar, moment, [stood], whole_days=days)
