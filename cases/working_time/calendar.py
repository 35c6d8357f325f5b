"""When an office is open: the `Calendar` value and the sheets computed from it, one per year.

A sheet turns a year of office hours into sorted instants (microseconds since 1970, UTC) with running totals, so that
every question about working time becomes a binary search. It must not know what the time is used for.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from itertools import accumulate, chain, pairwise
from operator import itemgetter
from zoneinfo import ZoneInfo

Interval = tuple[time, time]
Intervals = tuple[Interval, ...]
Span = tuple[int, int]
Change = tuple[date, tuple[Intervals, ...]]

CLOSED_ALL_WEEK: tuple[Intervals, ...] = ((),) * 7
MIDNIGHT = time(0)

#: The years in which working time is counted: further on, a limit is a slip of the pen.
FIRST_YEAR, LAST_YEAR = 1900, 2199

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_ONE_DAY = timedelta(days=1)


class BeyondCalendars(ValueError):
    """Working time is not counted in that year."""


def to_instant(at: datetime) -> int:
    """Microseconds since 1970 UTC. Raises: ValueError for a moment without time zone."""
    if at.tzinfo is None:
        raise ValueError(f"{at.isoformat()} has no time zone")
    return (at - _EPOCH) // _MICROSECOND


def from_instant(instant: int) -> datetime:
    """The aware UTC moment of an instant."""
    return _EPOCH + timedelta(microseconds=instant)


@dataclass(frozen=True)
class Calendar:
    """The office hours of one kind of work: weekly hours, days off and days worked instead, in a time zone.

    `weekly` starts on Monday; a closing time of 00:00 means the end of the day. `changes` are other weekly hours, each
    from a day on. `working_days` wins over `days_off`, which wins over weekly hours; during `closures` nobody works
    whatever the day. Raises: ValueError if it would never open or its hours are out of order.

    `known` are the first and the last day whose public holidays are known, `decided_until` is the last day for which
    the yearly decisions on swapped days have been taken: beyond them hours still count, and explanations say so.
    """

    code: str
    time_zone: ZoneInfo
    weekly: tuple[Intervals, ...] = CLOSED_ALL_WEEK
    days_off: frozenset[date] = frozenset()
    working_days: Mapping[date, Intervals] = field(default_factory=dict, hash=False)
    continuous: bool = False
    changes: tuple[Change, ...] = ()
    closures: Mapping[date, Intervals] = field(default_factory=dict, hash=False)
    known: tuple[date, date] | None = None
    decided_until: date | None = None
    _sheets: dict[int, Sheet] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        weeks = (self.weekly, *(week for _, week in self.changes))
        for week in weeks:
            if len(week) != 7:
                raise ValueError(f"calendar {self.code}: a week has seven days, not {len(week)}")
        if not self.continuous and not all(map(any, weeks)):
            raise ValueError(f"calendar {self.code}: never opens")
        if any(earlier >= later for (earlier, _), (later, _) in pairwise(self.changes)):
            raise ValueError(f"calendar {self.code}: changes out of order")
        for hours in (*chain.from_iterable(weeks), *self.working_days.values(), *self.closures.values()):
            if not in_order(hours):
                raise ValueError(f"calendar {self.code}: hours out of order: {hours}")

    def hours_on(self, day: date) -> Intervals:
        """The office hours of a local day; empty when closed (always empty for a continuous calendar)."""
        closed = self.closures.get(day)
        return without(self.planned_on(day), closed) if closed else self.planned_on(day)

    def planned_on(self, day: date) -> Intervals:
        """The office hours of a local day, were there no closures."""
        hours = self.working_days.get(day)
        if hours is not None:
            return hours
        return () if day in self.days_off else self.weekly_on(day)[day.weekday()]

    def weekly_on(self, day: date) -> tuple[Intervals, ...]:
        """The weekly hours in force on a local day."""
        index = bisect_right(self.changes, day, key=itemgetter(0))
        return self.changes[index - 1][1] if index else self.weekly

    def is_working_day(self, day: date) -> bool:
        """Whether any work is done on this local day."""
        return self.continuous or bool(self.hours_on(day))

    @cached_property
    def day_length(self) -> timedelta:
        """The working time of the fullest day of the first week: what people mean by "one working day"."""
        return _ONE_DAY if self.continuous else max(map(length, self.weekly))

    def local_day(self, at: datetime) -> date:
        """The day it is in this calendar's time zone."""
        return at.astimezone(self.time_zone).date()

    def midnight(self, day: date) -> int:
        """The instant at which a local day begins."""
        return to_instant(datetime.combine(day, MIDNIGHT, self.time_zone))

    def spans_on(self, day: date) -> list[Span]:
        """The office hours of a local day as instants, in order, without overlap even where clocks change."""
        return self.spans_of(day, self.hours_on(day))

    def spans_of(self, day: date, hours: Intervals) -> list[Span]:
        """Hours of a local day as instants."""
        spans: list[Span] = []
        for opening, closing in hours:
            begin = to_instant(datetime.combine(day, opening, self.time_zone))
            end = to_instant(datetime.combine(_closing_day(day, closing), closing, self.time_zone))
            begin = max(begin, spans[-1][1]) if spans else begin
            if begin < end:
                spans.append((begin, end))
        return spans

    def sheet(self, year: int) -> Sheet:
        """The computed office hours of a local year. Raises: BeyondCalendars."""
        sheet = self._sheets.get(year)
        if sheet is None:
            if not FIRST_YEAR <= year <= LAST_YEAR:
                raise BeyondCalendars(f"calendar {self.code}: working time is counted from {FIRST_YEAR} to {LAST_YEAR}")
            sheet = self._sheets[year] = Sheet.of(self.spans_on(day) for day in _days_of(year))
        return sheet


@dataclass(frozen=True, slots=True)
class Sheet:
    """The office hours of one year as sorted lists; `before` and `after` are running totals.

    `openings` and `endings` are of every interval, `beginnings` and `closings` of every working day.
    """

    openings: list[int]
    endings: list[int]
    before: list[int]
    after: list[int]
    closings: list[int]
    beginnings: list[int]

    @classmethod
    def of(cls, days: Iterable[list[Span]]) -> Sheet:
        """Add up a year, given the spans of each of its days."""
        worked = [spans for spans in days if spans]
        flat = [span for spans in worked for span in spans]
        totals = list(accumulate((end - begin for begin, end in flat), initial=0))
        openings, endings = [begin for begin, _ in flat], [end for _, end in flat]
        closings, beginnings = [spans[-1][1] for spans in worked], [spans[0][0] for spans in worked]
        return cls(openings, endings, totals[:-1], totals[1:], closings, beginnings)

    @property
    def total(self) -> int:
        """Working microseconds in the year."""
        return self.after[-1] if self.after else 0

    def worked_until(self, instant: int) -> int:
        """Working microseconds from the start of the year to an instant."""
        index = bisect_right(self.openings, instant) - 1
        if index < 0:
            return 0
        return self.before[index] + min(instant, self.endings[index]) - self.openings[index]

    def earliest(self, worked: int) -> int:
        """The first instant by which so much was worked (0 < worked <= total): an end rather than an opening."""
        index = bisect_left(self.after, worked)
        return self.openings[index] + worked - self.before[index]

    def latest(self, worked: int) -> int:
        """The last instant until which no more was worked (0 <= worked < total): an opening rather than an end."""
        index = bisect_right(self.before, worked) - 1
        return self.openings[index] + worked - self.before[index]

    def next_working(self, instant: int) -> int | None:
        """The instant itself if the office is open then, else the next opening; None if there is none this year."""
        index = bisect_right(self.endings, instant)
        return max(instant, self.openings[index]) if index < len(self.openings) else None

    def last_ending(self, instant: int) -> int | None:
        """The last moment at which the office closed, `instant` included; None if there is none this year."""
        index = bisect_right(self.endings, instant) - 1
        return self.endings[index] if index >= 0 else None


def in_order(hours: Intervals) -> bool:
    """Whether intervals open before they close and do not touch each other backwards."""
    whole = all(opening < closing or closing == MIDNIGHT for opening, closing in hours)
    return whole and all(MIDNIGHT < earlier[1] <= later[0] for earlier, later in pairwise(hours))


def without(hours: Intervals, closed: Intervals) -> Intervals:
    """What is left of hours when nobody works during `closed`."""
    left = [(_since_midnight(opening), _since_midnight(closing, MIDNIGHT)) for opening, closing in hours]
    for opening, closing in closed:
        begin, end = _since_midnight(opening), _since_midnight(closing, MIDNIGHT)
        left = [piece for first, last in left for piece in ((first, min(last, begin)), (max(first, end), last))]
        left = [(first, last) for first, last in left if first < last]
    return tuple((_at(first), _at(last)) for first, last in left)


def length(hours: Intervals) -> timedelta:
    """How long intervals are together, by the wall clock."""
    return sum(
        (_since_midnight(closing, MIDNIGHT) - _since_midnight(opening) for opening, closing in hours), timedelta()
    )


def _since_midnight(moment: time, whole_day: time | None = None) -> timedelta:
    if moment == whole_day:
        return _ONE_DAY
    return datetime.combine(date.min, moment) - datetime.combine(date.min, MIDNIGHT)


def _at(since_midnight: timedelta) -> time:
    return (datetime.combine(date.min, MIDNIGHT) + since_midnight).time()


def _closing_day(day: date, closing: time) -> date:
    return day + _ONE_DAY if closing == MIDNIGHT else day


def _days_of(year: int) -> Iterator[date]:
    day = date(year, 1, 1)
    while day.year == year:
        yield day
        day += _ONE_DAY
