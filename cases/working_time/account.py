"""The account of a result: from when it counts, which days did not count, which did, and what is not known about it.

Pure. It gives days and codes; days have names in `cases.calendars`, sentences are made in `words`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from cases.working_time.arithmetic import next_opening, working_days_between, working_time_between
from cases.working_time.calendar import Calendar, Intervals
from cases.working_time.explanation import SkipReason, reason_of

_ONE_DAY = timedelta(days=1)
_MICROSECOND = timedelta(microseconds=1)


class DoubtKind(StrEnum):
    """Why a result may turn out otherwise."""

    UNKNOWN_BEFORE = "holidays-unknown-before"
    UNKNOWN_AFTER = "holidays-unknown-after"
    UNDECIDED_AFTER = "swapped-days-undecided-after"


@dataclass(frozen=True)
class Doubt:
    """Something not known of the days before or after a day."""

    kind: DoubtKind
    day: date


@dataclass(frozen=True)
class DaysOff:
    """A run of days that did not count, all for the same reason; both ends belong to it."""

    first: date
    last: date
    reason: SkipReason

    @property
    def days(self) -> Iterator[date]:
        """Each of them."""
        return (self.first + number * _ONE_DAY for number in range((self.last - self.first).days + 1))


@dataclass(frozen=True)
class Account:
    """What lies between two moments (UTC, the earlier one first), day by day in the calendar's zone."""

    calendar: Calendar
    start: datetime
    end: datetime
    counts_from: datetime
    time: timedelta
    days: int
    days_off: tuple[DaysOff, ...]
    closures: tuple[tuple[date, Intervals], ...]
    worked_instead: tuple[date, ...]
    clock_changes: tuple[date, ...]
    doubts: tuple[Doubt, ...]


def account(calendar: Calendar, one: datetime, other: datetime) -> Account:
    """Account for the time between two moments, given in either order. Raises: BeyondCalendars."""
    start, end = sorted((one.astimezone(UTC), other.astimezone(UTC)))
    span = list(_days(calendar, start, end))
    return Account(
        calendar=calendar,
        start=start,
        end=end,
        counts_from=next_opening(calendar, start),
        time=working_time_between(calendar, start, end),
        days=working_days_between(calendar, start, end),
        days_off=tuple(_runs(calendar, span)),
        closures=tuple((day, hours) for day in span if (hours := _closed_part(calendar, day))),
        worked_instead=tuple(day for day in span if calendar.hours_on(day) and day in calendar.working_days),
        clock_changes=tuple(day for day in span if _changes_clocks(calendar, day)),
        doubts=tuple(_doubts(calendar, span)),
    )


def _days(calendar: Calendar, start: datetime, end: datetime) -> Iterator[date]:
    """The local days from that of `start` to that of `end`; an end at midnight belongs to the day before."""
    day, last = calendar.local_day(start), calendar.local_day(max(start, end - _MICROSECOND))
    while day <= last:
        yield day
        day += _ONE_DAY


def _runs(calendar: Calendar, span: list[date]) -> Iterator[DaysOff]:
    run: DaysOff | None = None
    for day in span:
        if calendar.is_working_day(day):
            continue
        reason = reason_of(calendar, day)
        if run and run.reason == reason and run.last + _ONE_DAY == day:
            run = DaysOff(run.first, day, reason)
            continue
        if run:
            yield run
        run = DaysOff(day, day, reason)
    if run:
        yield run


def _closed_part(calendar: Calendar, day: date) -> Intervals:
    return calendar.closures.get(day, ()) if calendar.hours_on(day) != calendar.planned_on(day) else ()


def _changes_clocks(calendar: Calendar, day: date) -> bool:
    return calendar.midnight(day + _ONE_DAY) - calendar.midnight(day) != _ONE_DAY // _MICROSECOND


def _doubts(calendar: Calendar, span: list[date]) -> Iterator[Doubt]:
    if calendar.continuous or calendar.known is None:
        return
    first, last = calendar.known
    if span[0] < first:
        yield Doubt(DoubtKind.UNKNOWN_BEFORE, first)
    if span[-1] > last:
        yield Doubt(DoubtKind.UNKNOWN_AFTER, last)
    if calendar.decided_until and span[-1] > calendar.decided_until:
        yield Doubt(DoubtKind.UNDECIDED_AFTER, calendar.decided_until)
