"""How often a job is tried and how long it rests between attempts. Arithmetic only: knows no clock and no database.

Written in a diagram as `R5/PT10S` (five attempts in all, the first pause ten seconds, each pause twice the one before),
`R5/PT10S/PT2M` (no pause longer than two minutes), `R3/PT1M,PT30M` or `PT1M,PT30M` (the pauses one by one).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from random import SystemRandom

#: No job is tried more often, and none rests or runs longer than that at a time.
MOST_ATTEMPTS, LONGEST_PAUSE, LONGEST_RUN = 100, timedelta(days=30), timedelta(hours=12)
#: A growing pause is shortened by up to this share, so that what failed together does not come back together.
JITTER = 0.25
#: Growing pauses stop growing here unless something else is said.
CAP = timedelta(hours=1)

_DURATION = re.compile(
    r"P(?:(?P<weeks>\d{1,4})W)?(?:(?P<days>\d{1,4})D)?"
    r"(?:T(?=\d)(?:(?P<hours>\d{1,6})H)?(?:(?P<minutes>\d{1,6})M)?(?:(?P<seconds>\d{1,8})S)?)?",
    re.ASCII,
)
_TIMES = re.compile(r"R(\d{1,4})/(.+)", re.ASCII)
_random = SystemRandom()


class BadRetry(ValueError):
    """This says neither how often to try nor how long to rest."""


@dataclass(frozen=True)
class Retry:
    """How often a job is tried, and its pauses: listed one by one (the last one again), or growing by `factor`."""

    attempts: int
    pauses: tuple[timedelta, ...]
    factor: float = 1.0
    cap: timedelta = CAP

    def pause(self, attempts: int) -> timedelta | None:
        """How long to rest after so many attempts; None when they are used up. Growing pauses differ from call to call."""
        if attempts >= self.attempts or not self.pauses:
            return None
        if self.factor == 1.0:
            return self.pauses[min(attempts, len(self.pauses)) - 1]
        longest = self.pauses[0].total_seconds() * self.factor ** (attempts - 1)
        return timedelta(seconds=min(longest, self.cap.total_seconds()) * _random.uniform(1 - JITTER, 1))

    def __str__(self) -> str:
        """As `read` reads it; only what it can say is ever kept as text."""
        if self.factor != 1.0:
            return f"R{self.attempts}/{_written(self.pauses[0])}/{_written(self.cap)}"
        several = self.pauses * 2 if len(self.pauses) == 1 else self.pauses  # a single one would grow
        return f"R{self.attempts}/{','.join(map(_written, several))}"


#: Ten seconds, a minute and a bit, ten minutes and a bit.
DEFAULT = Retry(4, (timedelta(seconds=10),), factor=8.0)


def of(written: Retry | tuple[int, ...] | str) -> Retry:
    """A retry as handlers say it: a `Retry`, the pauses in seconds, or as in a diagram.

    Raises: BadRetry.
    """
    if isinstance(written, Retry):
        return written
    if isinstance(written, str):
        return read(written)
    return Retry(len(written) + 1, tuple(timedelta(seconds=pause) for pause in written))


def read(text: str, *, is_growing: bool = True) -> Retry:
    """A retry as diagrams say it; `is_growing` says whether a single pause grows (ours) or stays (Camunda's).

    Raises: BadRetry.
    """
    times = _TIMES.fullmatch(text.strip())
    rest = times[2] if times else text.strip()
    pauses, *cap = [tuple(_pause(one) for one in part.split(",")) for part in rest.split("/")]
    attempts = int(times[1]) if times else len(pauses) + 1
    if not 1 <= attempts <= MOST_ATTEMPTS or len(pauses) > MOST_ATTEMPTS or len(cap) > 1:
        raise BadRetry(text)
    grows = is_growing and len(pauses) == 1 and times is not None
    if not cap:
        return Retry(attempts, pauses, 2.0 if grows else 1.0, max(CAP, pauses[0]))
    if not grows or len(cap[0]) != 1 or cap[0][0] < pauses[0]:
        raise BadRetry(text)
    return Retry(attempts, pauses, 2.0, cap[0][0])


def duration(text: str) -> timedelta:
    """A duration in weeks, days, hours, minutes, seconds. Source: ISO 8601. Raises: BadRetry."""
    found = _DURATION.fullmatch(text.strip())
    parts = {name: int(number) for name, number in found.groupdict().items() if number} if found else {}
    if not parts:
        raise BadRetry(text)
    return timedelta(**parts)


def time_limit(text: str) -> timedelta:
    """How long an attempt may take: from a second to `LONGEST_RUN`. Raises: BadRetry."""
    limit = duration(text)
    if not timedelta(seconds=1) <= limit <= LONGEST_RUN:
        raise BadRetry(text)
    return limit


def _pause(text: str) -> timedelta:
    pause = duration(text)
    if not timedelta(seconds=1) <= pause <= LONGEST_PAUSE:
        raise BadRetry(text)
    return pause


def _written(pause: timedelta) -> str:
    return f"PT{int(pause.total_seconds())}S"
