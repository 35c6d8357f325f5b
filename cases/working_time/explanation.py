"""Saying how a deadline came about: what was skipped on the way, and how much is left for the badge.

Pure. It gives codes and numbers; the words are made at the doors.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import chain, pairwise

from cases.working_time.arithmetic import working_time_between
from cases.working_time.calendar import Calendar, Span, from_instant, to_instant

_ONE_DAY = timedelta(days=1)
_ONE_HOUR = timedelta(hours=1)
_ONE_MINUTE = timedelta(minutes=1)


class SkipReason(StrEnum):
    """Why time did not count."""

    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    CLOSURE = "closure"
    OUTSIDE_HOURS = "outside-hours"


@dataclass(frozen=True)
class Skipped:
    """A stretch of time that did not count, in UTC."""

    start: datetime
    end: datetime
    reason: SkipReason


class RemainingUnit(StrEnum):
    """In what the badge counts."""

    MINUTES = "minutes"
    HOURS = "hours"
    WORKING_HOURS = "working_hours"
    DAYS = "days"
    WORKING_DAYS = "working_days"


@dataclass(frozen=True)
class Remaining:
    """What is left of a deadline: exactly (`time`, negative when overdue) and rounded down for people."""

    time: timedelta
    is_overdue: bool
    amount: int
    unit: RemainingUnit


def remaining(calendar: Calendar, due: datetime, *, at: datetime) -> Remaining:
    """How much working time is left until `due`, or has passed since.

    Minutes below one hour, hours below one working day, then days. An amount of 0 is less than a minute of working
    time: a deadline missed at closing time stays at 0 until the office opens.
    """
    left = working_time_between(calendar, at, due)
    amount, unit = _rounded(abs(left), calendar)
    return Remaining(left, is_overdue=at > due, amount=amount, unit=unit)


def explain(calendar: Calendar, start: datetime, end: datetime) -> list[Skipped]:
    """What between `start` and `end` did not count, in order; with the working time it adds up to the whole span."""
    skipped: list[Skipped] = []
    for begin, finish, reason in _gaps(calendar, start, end):
        last = skipped[-1] if skipped else None
        if last and last.reason == reason and last.end == from_instant(begin):
            skipped[-1] = Skipped(last.start, from_instant(finish), reason)
        else:
            skipped.append(Skipped(from_instant(begin), from_instant(finish), reason))
    return skipped


def _gaps(calendar: Calendar, start: datetime, end: datetime) -> Iterator[tuple[int, int, SkipReason]]:
    if calendar.continuous:
        return
    first, last = to_instant(start), to_instant(end)
    day = calendar.local_day(start)
    while calendar.midnight(day) < last:
        for begin, finish, reason in _gaps_on(calendar, day):
            if max(begin, first) < min(finish, last):
                yield max(begin, first), min(finish, last), reason
        day += _ONE_DAY


def _gaps_on(calendar: Calendar, day: date) -> Iterator[tuple[int, int, SkipReason]]:
    """The whole local day but the hours worked, in order; planned hours nobody works are a closure."""
    planned = calendar.spans_of(day, calendar.planned_on(day))
    reason = SkipReason.OUTSIDE_HOURS if planned else reason_of(calendar, day)
    worked = calendar.spans_on(day)
    edges = sorted({calendar.midnight(day), calendar.midnight(day + _ONE_DAY), *chain(*planned), *chain(*worked)})
    for begin, finish in pairwise(edges):
        if _covers(worked, begin):
            continue
        yield begin, finish, SkipReason.CLOSURE if _covers(planned, begin) else reason


def _covers(spans: list[Span], instant: int) -> bool:
    return any(begin <= instant < end for begin, end in spans)


def reason_of(calendar: Calendar, day: date) -> SkipReason:
    """Why nobody works on a day, or only part of it."""
    if calendar.hours_on(day):
        return SkipReason.OUTSIDE_HOURS
    if calendar.planned_on(day):
        return SkipReason.CLOSURE
    return SkipReason.HOLIDAY if day in calendar.days_off else SkipReason.WEEKEND


def _rounded(time: timedelta, calendar: Calendar) -> tuple[int, RemainingUnit]:
    if time < _ONE_HOUR:
        return time // _ONE_MINUTE, RemainingUnit.MINUTES
    if time < calendar.day_length:
        return time // _ONE_HOUR, RemainingUnit.HOURS if calendar.continuous else RemainingUnit.WORKING_HOURS
    return time // calendar.day_length, RemainingUnit.DAYS if calendar.continuous else RemainingUnit.WORKING_DAYS
