"""The stories of the demo as values, and when each begins so that it stands where it should stand now."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

from shapely.geometry import Point, shape
from sqlalchemy import select

from cases import city, targets
from cases import working_time as wt
from cases.models import Area
from cases.working_time import Calendar
from engine.base import session

FILE = Path(__file__).with_name("stories.toml")
#: How far back a beginning is looked for.
LONGEST_PAST = timedelta(days=90)
#: Paths whose `used` is a share of the time to accept.
ACCEPTING = ("new", "assigned")
TINY = timedelta(minutes=1)


@dataclass(frozen=True)
class Reporter:
    """Somebody invented."""

    name: str
    email: str
    phone: str | None = None
    locale: str = "vi"


@dataclass(frozen=True, kw_only=True)
class Story:
    """One report and how far its case has come."""

    path: str
    category: str
    area: str
    address: str
    text: str
    by: int = 0
    used: float = 0.0
    days: float = 0.0
    pace: float = 0.0
    accept: float | None = None
    key: str = ""
    like: str = ""
    drawing: str = ""
    title: str = ""
    result: str = ""
    second_result: str = ""
    stars: int | None = None
    comment: str = ""
    second_comment: str = ""
    reason: str = ""
    message: str = ""
    answer: str = ""
    supporters: int = 0


def read() -> tuple[list[Reporter], list[Story]]:
    """The reporters and the stories of the file."""
    written: dict[str, Any] = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return [Reporter(**one) for one in written["reporters"]], [Story(**one) for one in written["stories"]]


@dataclass(frozen=True)
class Pace:
    """One promise of one case: its moments as shares of the time promised, on the calendar of the promise."""

    calendar: Calendar
    opened_at: datetime
    allowance: timedelta

    def at(self, share: float) -> datetime:
        """The moment at which this share of the working time has passed."""
        return wt.add_working_hours(self.calendar, self.opened_at, self.allowance * share)


def paces(story: Story, now: datetime) -> tuple[Pace, Pace]:
    """Of acceptance and of the result, begun so that by the story's end just what it says has been used."""
    promise = targets.promise_for(story.category)
    calendar = city.calendar(promise.calendar)
    accepting = calendar, promise.accept_amount, promise.accept_measure
    resolving = calendar, promise.resolve_amount, promise.resolve_measure
    end = _last_working_moment(calendar, now - timedelta(days=story.days)) if story.days else now
    share = story.pace if story.days else story.used
    opened_at = _begun(*(accepting if story.path in ACCEPTING else resolving), share=share, end=end)
    return _pace(*accepting, opened_at), _pace(*resolving, opened_at)


def place(area: str, rng: Random) -> tuple[float, float]:
    """Some point of an area: latitude, longitude."""
    polygon = shape(session().scalars(select(Area.polygon).where(Area.code == area)).one())
    west, south, east, north = polygon.bounds
    while True:
        latitude, longitude = rng.uniform(south, north), rng.uniform(west, east)
        if polygon.contains(Point(longitude, latitude)):
            return round(latitude, 5), round(longitude, 5)


def _pace(calendar: Calendar, amount: float, measure: str, opened_at: datetime) -> Pace:
    due = wt.due(calendar, opened_at, Decimal(str(amount)), measure)
    return Pace(calendar, opened_at, wt.working_time_between(calendar, opened_at, due))


def _begun(calendar: Calendar, amount: float, measure: str, *, share: float, end: datetime) -> datetime:
    """When to begin so that at `end` this share of the time has passed; found by halving, for due days come in steps."""
    early, late = end - LONGEST_PAST, end
    while late - early > TINY:
        middle = early + (late - early) / 2
        allowance = _pace(calendar, amount, measure, middle).allowance
        if wt.working_time_between(calendar, middle, end) > allowance * share:
            early = middle
        else:
            late = middle
    return late


def _last_working_moment(calendar: Calendar, moment: datetime) -> datetime:
    """The moment itself in working hours, else some time before closing."""
    while not wt.working_time_between(calendar, moment - TINY, moment):
        moment -= timedelta(minutes=47)
    return moment
