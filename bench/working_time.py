"""How many limits in working time a second: the running totals of whole years beside a walk from day to day."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial

from bench.report import line
from cases import calendars, city_file
from cases.working_time import Calendar, add_working_days, add_working_hours
from cases.working_time.calendar import from_instant
from settings import ROOT

PLEIKU = ROOT / "cities" / "pleiku" / "city.toml"
CALENDAR = "office"
_BLOCK, _ROUNDS, _SEED = 400, 25, 1022
_DAY = timedelta(days=1)

Limit = tuple[datetime, int]
Way = Callable[[datetime, int], datetime]


def working_time() -> None:
    """Additions per second of up to 30 working days, and of up to 240 working hours."""
    file = city_file.read(PLEIKU)
    calendar = calendars.build(next(one for one in file.calendars if one.code == CALENDAR), file)
    chance = random.Random(_SEED)  # no secret: the same limits in every run
    first = datetime(2026, 1, 1, tzinfo=UTC)
    for bench, ours, walked, most in (
        ("working_days", add_working_days, _walk_days, 30),
        ("working_hours", add_working_hours, _walk_hours, 240),
    ):
        limits = [
            (first + timedelta(minutes=chance.randrange(525_600)), chance.randint(1, most)) for _ in range(_BLOCK)
        ]
        for start, amount in limits:
            if ours(calendar, start, amount) != walked(calendar, start, amount):
                raise AssertionError(f"{bench}: the two differ for {amount} from {start}")
        _compare(bench, partial(ours, calendar), partial(walked, calendar), limits)


def _compare(bench: str, ours: Way, walked: Way, limits: list[Limit]) -> None:
    rates: dict[Way, list[float]] = {ours: [], walked: []}
    for _ in range(_ROUNDS):
        for way, measured in rates.items():
            began = time.process_time()
            for start, amount in limits:
                way(start, amount)
            measured.append(len(limits) / (time.process_time() - began))
    line(
        f"{bench}_added",
        statistics.median(rates[ours]),
        statistics.median(rates[walked]),
        unit="per second of processor time",
        base_is="the same calendar, walked from day to day",
        n=_ROUNDS * _BLOCK,
    )


def _walk_days(calendar: Calendar, start: datetime, days: int) -> datetime:
    spans = _day_after_day(calendar, start)
    moment = start
    for _ in range(days + 1):
        moment = next(ending for ending in spans if ending > start)
    return moment


def _walk_hours(calendar: Calendar, start: datetime, hours: int) -> datetime:
    left, day = timedelta(hours=hours), calendar.local_day(start)
    while True:
        for begin, end in calendar.spans_on(day):
            opening, closing = max(from_instant(begin), start), from_instant(end)
            if closing > opening:
                if closing - opening >= left:
                    return opening + left
                left -= closing - opening
        day += _DAY


def _day_after_day(calendar: Calendar, start: datetime) -> Iterator[datetime]:
    """The end of office hours of every working day."""
    day = calendar.local_day(start)
    while True:
        if spans := calendar.spans_on(day):
            yield from_instant(spans[-1][1])
        day += _DAY
