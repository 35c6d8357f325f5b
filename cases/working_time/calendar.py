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
from itertools import accumulate, pairwise
from zoneinfo import ZoneInfo

Interval = tuple[time, time]
Intervals = tuple[Interval, ...]
Span = tuple[int, int]

CLOSED_ALL_WEEK: tuple[Intervals, ...] = ((),) * 7
MIDNIGHT = time(0)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_ONE_DAY = timedelta(days=1)


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

    `weekly` starts on Monday; a closing time of 00:00 means the end of the day. `working_days` wins over `days_off`,
    which wins over `weekly`. Raises: ValueError if it would never open or its hours are out of order.
    """

    code: str
    time_zone: ZoneInfo
    weekly: tuple[Intervals, ...] = CLOSED_ALL_WEEK
    days_off: frozenset[date] = frozenset()
    working_days: Mapping[date, Intervals] = field(default_factory=dict, hash=False)
    continuous: bool = False
    _sheets: dict[int, Sheet] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if len(self.weekly) != 7:
            raise ValueError(f"calendar {self.code}: a week has seven days, not {len(self.weekly)}")
        if not self.continuous and not any(self.weekly):
            raise ValueError(f"calendar {self.code}: never opens")
        for hours in (*self.weekly, *self.working_days.values()):
            if not in_order(hours):
                raise ValueError(f"calendar {self.code}: hours out of order: {hours}")

    def hours_on(self, day: date) -> Intervals:
        """The office hours of a local day; empty when closed (always empty for a continuous calendar)."""
        hours = self.working_days.get(day)
        if hours is not None:
            return hours
        return () if day in self.days_off else self.weekly[day.weekday()]

    def is_working_day(self, day: date) -> bool:
        """Whether any work is done on this local day."""
        return self.continuous or bool(self.hours_on(day))

    @cached_property
    def day_length(self) -> timedelta:
        """The working time of the fullest day of the week: what people mean by "one working day"."""
        return _ONE_DAY if self.continuous else max(map(length, self.weekly))

    def local_day(self, at: datetime) -> date:
        """The day it is in this calendar's time zone."""
        return at.astimezone(self.time_zone).date()

    def midnight(self, day: date) -> int:
        """The instant at which a local day begins."""
        return to_instant(datetime.combine(day, MIDNIGHT, self.time_zone))

    def spans_on(self, day: date) -> list[Span]:
        """The office hours of a local day as instants, in order, without overlap even where clocks change."""
        spans: list[Span] = []
        for opening, closing in self.hours_on(day):
            begin = to_instant(datetime.combine(day, opening, self.time_zone))
            end = to_instant(datetime.combine(_closing_day(day, closing), closing, self.time_zone))
            begin = max(begin, spans[-1][1]) if spans else begin
            if begin < end:
                spans.append((begin, end))
        return spans

    def sheet(self, year: int) -> Sheet:
        """The computed office hours of a local year."""
        sheet = self._sheets.get(year)
        if sheet is None:
            sheet = self._sheets[year] = Sheet.of(self.spans_on(day) for day in _days_of(year))
        return sheet


@dataclass(frozen=True, slots=True)
class Sheet:
    """The office hours of one year as parallel sorted lists; `before` and `after` are running totals."""

    openings: list[int]
    endings: list[int]
    before: list[int]
    after: list[int]
    closings: list[int]

    @classmethod
    def of(cls, days: Iterable[list[Span]]) -> Sheet:
        """Add up a year, given the spans of each of its days."""
        worked = [spans for spans in days if spans]
        flat = [span for spans in worked for span in spans]
        totals = list(accumulate((end - begin for begin, end in flat), initial=0))
        openings, endings = [begin for begin, _ in flat], [end for _, end in flat]
        return cls(openings, endings, totals[:-1], totals[1:], [spans[-1][1] for spans in worked])

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


def in_order(hours: Intervals) -> bool:
    """Whether intervals open before they close and do not touch each other backwards."""
    whole = all(opening < closing or closing == MIDNIGHT for opening, closing in hours)
    return whole and all(MIDNIGHT < earlier[1] <= later[0] for earlier, later in pairwise(hours))


def length(hours: Intervals) -> timedelta:
    """How long intervals are together, by the wall clock."""
    return sum(
        (_since_midnight(closing, MIDNIGHT) - _since_midnight(opening) for opening, closing in hours), timedelta()
    )


def _since_midnight(moment: time, whole_day: time | None = None) -> timedelta:
    if moment == whole_day:
        return _ONE_DAY
    return datetime.combine(date.min, moment) - datetime.combine(date.min, MIDNIGHT)


def _closing_day(day: date, closing: time) -> date:
    return day + _ONE_DAY if closing == MIDNIGHT else day


def _days_of(year: int) -> Iterator[date]:
    day = date(year, 1, 1)
    while day.year == year:
        yield day
        day += _ONE_DAY
