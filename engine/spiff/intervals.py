"""ISO 8601 durations and repeating intervals on the calendar people live by.

Years, months, weeks and days are counted on the calendar of the city's time zone: a day later is the same time of day,
also across a change of the clocks; a month after 31 January is the last of February. Hours, minutes and seconds are exact.
Repetitions are counted from their first moment, so that they never drift.
Source: ISO 8601-1:2019, 3.1.1.8 and 5.5 (nominal durations), 5.6 (repeating intervals).
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from engine.feel import time_zone

_DURATION = re.compile(
    r"P(?=[\dT])(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?"
    r"(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:[.,]\d+)?)S)?)?",
    re.ASCII,
)
_CYCLE = re.compile(r"R(-1|\d*)/([^/]+)(?:/([^/]+))?", re.ASCII)
#: Longest text read, and the most of one unit; nobody waits a million years.
_LONGEST, _MOST = 64, 1_000_000
ENDLESS = -1


@dataclass(frozen=True)
class Duration:
    """So many months and days on the calendar, then so many seconds by the stopwatch."""

    months: int
    days: int
    seconds: float

    @staticmethod
    def parse(text: str) -> Duration:
        """Raises: ValueError."""
        match = _DURATION.fullmatch(text.strip()) if len(text) <= _LONGEST else None
        if match is None:
            raise ValueError(text)
        years, months, weeks, days, hours, minutes, seconds = (
            float((part or "0").replace(",", ".")) for part in match.groups()
        )
        if max(years, months, weeks, days) > _MOST:
            raise ValueError(text)
        return Duration(int(years * 12 + months), int(weeks * 7 + days), hours * 3600 + minutes * 60 + seconds)

    @property
    def is_nothing(self) -> bool:
        """Whether it takes no time at all."""
        return not (self.months or self.days or self.seconds)

    def after(self, moment: datetime, times: int = 1) -> datetime:
        """The moment so many times this duration after another (before it, for negative numbers); in UTC.

        Raises: OverflowError, ValueError beyond the year 9999.
        """
        if self.months or self.days:
            local = _months_later(moment.astimezone(time_zone()), self.months * times)
            moment = local.replace(fold=0) + timedelta(days=self.days * times)
        return moment.astimezone(UTC) + timedelta(seconds=self.seconds * times)


@dataclass(frozen=True)
class Cycle:
    """A repeating interval on its way: `left` repetitions (endless: -1), the next one is number `number` after `start`."""

    left: int
    start: datetime
    every: Duration
    written: str
    number: int

    @staticmethod
    def parse(text: str, now: datetime) -> Cycle:
        """R, R3, R/P1D, R3/<moment>/P1D, R3/P1D/<moment>; without a moment the first is one duration from `now`.

        Raises: ValueError.
        """
        match = _CYCLE.fullmatch(text.strip()) if len(text) <= 2 * _LONGEST else None
        if match is None:
            raise ValueError(text)
        left = int(match[1] or ENDLESS)
        first, second = match[2], match[3]
        written = second if second and second.startswith("P") else first
        every = Duration.parse(written)
        if every.is_nothing or (first.startswith("P") and second and second.startswith("P")):
            raise ValueError(text)
        if second is None:
            return Cycle(left, now, every, written, 1)
        if written is second:
            return Cycle(left, parse_moment(first), every, written, 0)
        end = parse_moment(second)
        count = left if left != ENDLESS else 1
        return Cycle(count, every.after(end, -count), every, written, 1)

    @property
    def next(self) -> datetime:
        """The moment of the next repetition."""
        return self.every.after(self.start, self.number)

    def step(self) -> Cycle:
        """As it is after one repetition."""
        left = self.left if self.left == ENDLESS else self.left - 1
        return Cycle(left, self.start, self.every, self.written, self.number + 1)

    def past(self, now: datetime) -> Cycle:
        """As it is after all repetitions up to and including `now`: those missed count as one that has happened."""
        cycle = self
        skipped = max(self._about(now) - self.number, 0)
        if skipped:
            left = self.left if self.left == ENDLESS else max(self.left - skipped, 1)
            cycle = Cycle(left, self.start, self.every, self.written, self.number + skipped)
        while cycle.left and cycle.next <= now:
            cycle = cycle.step()
        return cycle

    def _about(self, now: datetime) -> int:
        """A number whose repetition is surely not after `now`, found without counting; seconds would take long."""
        longest = self.every.months * 31 * 86400 + self.every.days * 90000 + self.every.seconds
        return int((now - self.start).total_seconds() / longest) - 1

    def dump(self) -> dict[str, int | str]:
        """As JSON."""
        return {
            "cycles": self.left, "next": self.next.isoformat() if self.left else "",
            "start": self.start.isoformat(), "every": self.written, "number": self.number,
        }  # fmt: skip

    @staticmethod
    def load(stored: dict[str, int | str]) -> Cycle:
        """From JSON; also as it was stored before repetitions were counted on the calendar."""
        if "duration" in stored:
            seconds = float(stored["duration"])
            moment = datetime.fromisoformat(str(stored["next"]))
            return Cycle(int(stored["cycles"]), moment, Duration(0, 0, seconds), f"PT{seconds:.3f}S", 0)
        written = str(stored["every"])
        start = datetime.fromisoformat(str(stored["start"]))
        return Cycle(int(stored["cycles"]), start, Duration.parse(written), written, int(stored["number"]))


def parse_moment(text: str) -> datetime:
    """A date or a date and time; without a zone it is UTC.

    Raises: ValueError.
    """
    moment = datetime.fromisoformat(text.strip())
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)


def _months_later(local: datetime, months: int) -> datetime:
    """The same day and time of day, or the last day of a month that is too short."""
    year, month = divmod(local.year * 12 + local.month - 1 + months, 12)
    return local.replace(year=year, month=month + 1, day=min(local.day, monthrange(year, month + 1)[1]))
