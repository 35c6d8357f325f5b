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
from cases.targets import Limit
from cases.working_time import Calendar
from engine.base import session

FILE = Path(__file__).with_name("stories.toml")
#: How far back a beginning is looked for.
LONGEST_PAST = timedelta(days=90)
#: Paths that end before the case is handed to an official, so that shares are of the time to accept.
ACCEPTING = ("new", "assigned", "refused", "merged", "withdrawn")
#: The share of that time in which a report is turned away.
DECIDED = 0.7
TINY = timedelta(minutes=1)
#: Beginnings are tried this far apart, so many before and after the first guess.
STRIDE = timedelta(minutes=23)
AROUND = 120
#: A report at night must fit this much better than one by day.
NIGHT_PENALTY = 0.05
#: What is to be in time must not be late, nor the other way round.
LATE_PENALTY = 10.0


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
    urgency: str = targets.Urgency.NORMAL
    body: str = ""


def read() -> tuple[list[Reporter], list[Story]]:
    """The reporters and the stories of the file."""
    written: dict[str, Any] = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return [Reporter(**one) for one in written["reporters"]], [Story(**one) for one in written["stories"]]


@dataclass(frozen=True)
class Pace:
    """One promise of one case on its calendar; `used` is the share of its time that has passed at the story's end."""

    calendar: Calendar
    opened_at: datetime
    allowance: timedelta
    used: float

    def at(self, share: float) -> datetime:
        """The moment at which this share of the time has passed."""
        return self.after(self.opened_at, share)

    def after(self, moment: datetime, share: float) -> datetime:
        """This share of the time after a moment."""
        return wt.add_working_hours(self.calendar, moment, self.allowance * share)


def paces(story: Story, now: datetime) -> tuple[Pace, Pace]:
    """Of acceptance and of the result, begun so that by the story's end as much as it says has been used."""
    promise = targets.promise_for(story.category, area=story.area, urgency=story.urgency)
    calendar = city.calendar(promise.calendar)
    accepting, resolving = (_Terms(calendar, limit) for limit in (promise.accept, promise.resolve) if limit)
    end = _last_working_moment(calendar, now - timedelta(days=story.days)) if story.days else now
    terms = accepting if story.path in ACCEPTING else resolving
    opened_at = terms.begun(story.used or story.pace or DECIDED, end)
    return accepting.pace(opened_at, end), resolving.pace(opened_at, end)


@dataclass(frozen=True)
class _Terms:
    """What is promised."""

    calendar: Calendar
    limit: Limit

    def pace(self, opened_at: datetime, end: datetime) -> Pace:
        due = wt.due(self.calendar, opened_at, Decimal(str(self.limit.amount)), self.limit.measure)
        allowance = wt.working_time_between(self.calendar, opened_at, due)
        return Pace(
            self.calendar, opened_at, allowance, wt.working_time_between(self.calendar, opened_at, end) / allowance
        )

    def begun(self, share: float, end: datetime) -> datetime:
        """When to begin so that at `end` about this share of the time has passed: near enough first, by day if possible.

        Halving comes near; as due days come in steps, the best moment may be some days away.
        """
        early, late = end - LONGEST_PAST, end
        while late - early > STRIDE:
            middle = early + (late - early) / 2
            early, late = (middle, late) if self.pace(middle, end).used > share else (early, middle)
        around = [late + number * STRIDE for number in range(-AROUND, AROUND + 1)]
        return min((one for one in around if one < end), key=lambda one: self._oddness(one, share, end))

    def _oddness(self, opened_at: datetime, share: float, end: datetime) -> float:
        is_night = not 6 <= opened_at.astimezone(self.calendar.time_zone).hour < 22
        used = self.pace(opened_at, end).used
        is_other_side = (used < 1) != (share < 1)
        return abs(used - share) / share + is_night * NIGHT_PENALTY + is_other_side * LATE_PENALTY


def place(area: str, rng: Random) -> tuple[float, float]:
    """Some point of an area: latitude, longitude."""
    polygon = shape(session().scalars(select(Area.polygon).where(Area.code == area)).one())
    west, south, east, north = polygon.bounds
    while True:
        latitude, longitude = rng.uniform(south, north), rng.uniform(west, east)
        if polygon.contains(Point(longitude, latitude)):
            return round(latitude, 5), round(longitude, 5)


def _last_working_moment(calendar: Calendar, moment: datetime) -> datetime:
    """The moment itself in working hours, else some time before closing."""
    while not wt.working_time_between(calendar, moment - TINY, moment):
        moment -= timedelta(minutes=47)
    return moment
