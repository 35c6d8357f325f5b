"""Adding and measuring working time. Pure: a calendar and moments in, UTC moments out."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from cases.working_time.calendar import Calendar, from_instant, to_instant

Amount = Decimal | float | timedelta

_MICROSECOND = timedelta(microseconds=1)
_MICROSECONDS_PER_HOUR = 3_600_000_000
_MICROSECONDS_PER_MINUTE = 60_000_000
_ONE_DAY = timedelta(days=1)


class Measure(StrEnum):
    """In what a limit is counted."""

    WORKING_MINUTES = "working_minutes"
    WORKING_HOURS = "working_hours"
    WORKING_DAYS = "working_days"
    HOURS = "hours"


def due(calendar: Calendar, start: datetime, amount: Amount, measure: Measure | str) -> datetime:
    """When a limit ends that begins at `start`. Raises: ValueError for a negative amount or a part of a day."""
    match Measure(measure):
        case Measure.WORKING_MINUTES:
            return add_working_minutes(calendar, start, amount)
        case Measure.WORKING_HOURS:
            return add_working_hours(calendar, start, amount)
        case Measure.WORKING_DAYS:
            return add_working_days(calendar, start, _whole(amount))
        case Measure.HOURS:
            return add_hours(start, amount)


def start_for(calendar: Calendar, end: datetime, amount: Amount, measure: Measure | str) -> datetime:
    """When a limit has to begin to be over at `end`. Raises: ValueError for a negative amount or a part of a day."""
    match Measure(measure):
        case Measure.WORKING_MINUTES:
            return subtract_working_minutes(calendar, end, amount)
        case Measure.WORKING_HOURS:
            return subtract_working_hours(calendar, end, amount)
        case Measure.WORKING_DAYS:
            return subtract_working_days(calendar, end, _whole(amount))
        case Measure.HOURS:
            return from_instant(to_instant(end) - _microseconds(amount))


def add_hours(start: datetime, hours: Amount) -> datetime:
    """The moment so many clock hours later."""
    return from_instant(to_instant(start) + _microseconds(hours))


def add_working_minutes(calendar: Calendar, start: datetime, minutes: Amount) -> datetime:
    """The moment by which the office was open for so many minutes: while it is open, or just as it closes."""
    return add_working_hours(calendar, start, _of_minutes(minutes))


def add_working_hours(calendar: Calendar, start: datetime, hours: Amount) -> datetime:
    """The moment by which the office was open for so many hours: while it is open, or just as it closes."""
    amount, begin = _microseconds(hours), to_instant(start)
    if calendar.continuous:
        return from_instant(begin + amount)
    year = calendar.local_day(start).year
    sheet = calendar.sheet(year)
    worked = sheet.worked_until(begin) + amount
    while worked > sheet.total:
        worked -= sheet.total
        year += 1
        sheet = calendar.sheet(year)
    if amount or (worked and sheet.earliest(worked) == begin):
        return from_instant(sheet.earliest(worked))
    return next_opening(calendar, start)


def add_working_days(calendar: Calendar, start: datetime, days: int) -> datetime:
    """The end of office hours of the `days`-th working day after the day of receipt; 0 means that day itself."""
    if days < 0:
        raise ValueError(f"a limit cannot be negative: {days}")
    begin = to_instant(start)
    if calendar.continuous:
        return from_instant(begin) + days * _ONE_DAY
    year = calendar.local_day(start).year
    closings = calendar.sheet(year).closings
    index = bisect_right(closings, begin) + days
    while index >= len(closings):
        index -= len(closings)
        year += 1
        closings = calendar.sheet(year).closings
    return from_instant(closings[index])


def subtract_working_minutes(calendar: Calendar, end: datetime, minutes: Amount) -> datetime:
    """The moment after which the office is open for so many minutes until `end`."""
    return subtract_working_hours(calendar, end, _of_minutes(minutes))


def subtract_working_hours(calendar: Calendar, end: datetime, hours: Amount) -> datetime:
    """The moment after which the office is open for so many hours until `end`: while it is open, or just as it opens."""
    amount, finish = _microseconds(hours), to_instant(end)
    if calendar.continuous or amount:
        return _working_time_before(calendar, end, amount)
    return from_instant(finish) if next_opening(calendar, end) == end else _last_ending(calendar, end)


def subtract_working_days(calendar: Calendar, end: datetime, days: int) -> datetime:
    """The beginning of office hours of the `days`-th working day before the one of `end`; 0 means that day itself.

    The mirror of adding: what ends before opening or on a day off ends with the working day before. A limit of so many
    days that begins then, or later on the same working day, ends with the working day of `end`.
    """
    if days < 0:
        raise ValueError(f"a limit cannot be negative: {days}")
    finish = to_instant(end)
    if calendar.continuous:
        return from_instant(finish) - days * _ONE_DAY
    year = calendar.local_day(end).year
    beginnings = calendar.sheet(year).beginnings
    index = bisect_left(beginnings, finish) - 1 - days
    while index < 0:
        year -= 1
        beginnings = calendar.sheet(year).beginnings
        index += len(beginnings)
    return from_instant(beginnings[index])


def working_days_between(calendar: Calendar, start: datetime, end: datetime) -> int:
    """The longest limit in working days that begins at `start` and is over by `end`; negative when `end` is earlier."""
    if end < start:
        return -working_days_between(calendar, end, start)
    if calendar.continuous:
        return (to_instant(end) - to_instant(start)) // (_ONE_DAY // _MICROSECOND)
    first, last = calendar.local_day(start).year, calendar.local_day(end).year
    closed = bisect_right(calendar.sheet(last).closings, to_instant(end))
    closed += sum(len(calendar.sheet(year).closings) for year in range(first, last))
    return max(0, closed - bisect_right(calendar.sheet(first).closings, to_instant(start)) - 1)


def working_time_between(calendar: Calendar, start: datetime, end: datetime) -> timedelta:
    """How long the office was open from `start` to `end`; negative when `end` is the earlier one."""
    begin, finish = to_instant(start), to_instant(end)
    if calendar.continuous:
        return timedelta(microseconds=finish - begin)
    first, last = calendar.local_day(start).year, calendar.local_day(end).year
    worked = calendar.sheet(last).worked_until(finish) - calendar.sheet(first).worked_until(begin)
    between = sum(calendar.sheet(year).total for year in range(min(first, last), max(first, last)))
    return timedelta(microseconds=worked + (between if first <= last else -between))


def next_opening(calendar: Calendar, at: datetime) -> datetime:
    """The moment itself if the office is open then, else when it opens next. Closing time counts as closed."""
    instant = to_instant(at)
    if calendar.continuous:
        return from_instant(instant)
    year = calendar.local_day(at).year
    while (opening := calendar.sheet(year).next_working(instant)) is None:
        year += 1
    return from_instant(opening)


def extend(
    calendar: Calendar, due: datetime, pauses: Iterable[tuple[datetime, datetime]], *, whole_days: bool = False
) -> datetime:
    """The due moment pushed by the working time that was paused; overlapping pauses count once.

    A pause that begins when the deadline is already over does not bring it back. With `whole_days` (limits counted in
    working days) the pushed deadline lasts to the end of office hours of its day. Raises: ValueError for a pause that
    ends before it begins.
    """
    extended = due.astimezone(UTC)
    for begin, end in _merged(pauses):
        paused = working_time_between(calendar, begin, end)
        if paused and begin < extended:
            extended = add_working_hours(calendar, extended, paused)
    if whole_days and extended != due:
        return _end_of_office_hours(calendar, extended)
    return extended


def due_soon_at(
    calendar: Calendar,
    start: datetime,
    due: datetime,
    *,
    share: Decimal = Decimal("0.2"),
    at_least: timedelta = timedelta(hours=4),
) -> datetime:
    """From when a deadline is due soon: while `share` of its working time, or `at_least` so much, is left.

    Never more than half of it, so that a short limit is not due soon from its first minute.
    """
    allowance = working_time_between(calendar, start, due) // _MICROSECOND
    left = min(max(int(allowance * share), at_least // _MICROSECOND), allowance // 2)
    return max(start.astimezone(UTC), _working_time_before(calendar, due, max(left, 0)))


def _working_time_before(calendar: Calendar, end: datetime, left: int) -> datetime:
    finish = to_instant(end)
    if calendar.continuous:
        return from_instant(finish - left)
    year = calendar.local_day(end).year
    worked = calendar.sheet(year).worked_until(finish) - left
    while worked < 0:
        year -= 1
        worked += calendar.sheet(year).total
    return from_instant(min(calendar.sheet(year).latest(worked), finish))


def _last_ending(calendar: Calendar, at: datetime) -> datetime:
    year = calendar.local_day(at).year
    while (ending := calendar.sheet(year).last_ending(to_instant(at))) is None:
        year -= 1
    return from_instant(ending)


def _end_of_office_hours(calendar: Calendar, at: datetime) -> datetime:
    if calendar.continuous:
        return at
    closings = calendar.sheet(calendar.local_day(at - _MICROSECOND).year).closings
    return from_instant(closings[bisect_left(closings, to_instant(at))])


def _merged(pauses: Iterable[tuple[datetime, datetime]]) -> Iterator[tuple[datetime, datetime]]:
    covered: datetime | None = None
    for begin, end in sorted(pauses):
        if end < begin:
            raise ValueError(f"a pause ends before it begins: {begin.isoformat()} to {end.isoformat()}")
        fresh = begin if covered is None else max(begin, covered)
        if fresh < end:
            yield fresh, end
            covered = end


def _microseconds(hours: Amount) -> int:
    amount = hours // _MICROSECOND if isinstance(hours, timedelta) else round(hours * _MICROSECONDS_PER_HOUR)
    if amount < 0:
        raise ValueError(f"a limit cannot be negative: {hours}")
    return amount


def _of_minutes(minutes: Amount) -> timedelta:
    return (
        minutes if isinstance(minutes, timedelta) else timedelta(microseconds=round(minutes * _MICROSECONDS_PER_MINUTE))
    )


def _whole(days: Amount) -> int:
    whole = days // _ONE_DAY if isinstance(days, timedelta) else int(days)
    if whole != (days / _ONE_DAY if isinstance(days, timedelta) else days):
        raise ValueError(f"working days are counted whole: {days}")
    return whole
