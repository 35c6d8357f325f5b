"""Days the city has decided on since its file was loaded: off, worked instead, or closed for some hours.

They are kept as one list, anew with every change, and laid over the city file. Which list is in force is said in
`cases.redating`, for a change of days moves deadlines.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, time, timedelta
from enum import StrEnum
from typing import Any

from cases.city_file import CityFile, Closure, DayOff, WorkingDay
from cases.working_time import Intervals
from cases.working_time.calendar import in_order
from engine.errors import Invalid, Problem

#: Longer than any break of a year.
LONGEST = 60
LONGEST_NAME = 200
#: Days whose public holidays are known.
EARLIEST, LATEST = date(2000, 1, 1), date(2099, 10, 31)


class DayKind(StrEnum):
    OFF = "off"
    WORKED = "worked"
    CLOSED = "closed"


@dataclass(frozen=True)
class OwnDay:
    """One decision. Only days off have a `last` day; `hours` are those worked or closed, none means the whole day."""

    kind: str
    first: date
    last: date
    name_vi: str
    name_en: str
    hours: Intervals = ()
    calendars: tuple[str, ...] = ()

    def written(self) -> dict[str, Any]:
        """As JSON."""
        hours = [[f"{opening:%H:%M}", f"{closing:%H:%M}"] for opening, closing in self.hours]
        dates = {"first": self.first.isoformat(), "last": self.last.isoformat()}
        return asdict(self) | dates | {"hours": hours, "calendars": list(self.calendars)}

    @classmethod
    def read(cls, value: Mapping[str, Any]) -> OwnDay:
        """From JSON as it was written."""
        hours = tuple((time.fromisoformat(opening), time.fromisoformat(closing)) for opening, closing in value["hours"])
        first, last = date.fromisoformat(value["first"]), date.fromisoformat(value["last"])
        known = {name: value[name] for name in ("kind", "name_vi", "name_en")}
        return cls(first=first, last=last, hours=hours, calendars=tuple(value["calendars"]), **known)


def laid_over(city_file: CityFile, days: Iterable[OwnDay]) -> CityFile:
    """The city file with these days added."""
    days = list(days)
    return replace(
        city_file,
        days_off=(*city_file.days_off, *(_day_off(one) for one in days if one.kind == DayKind.OFF)),
        working_days=(
            *(one for one in city_file.working_days if one.on not in _on(days, DayKind.WORKED)),
            *(_working_day(one) for one in days if one.kind == DayKind.WORKED),
        ),
        closures=(*city_file.closures, *(_closure(one) for one in days if one.kind == DayKind.CLOSED)),
    )


def check(day: OwnDay, others: Sequence[OwnDay], city_file: CityFile) -> None:
    """Raises: Invalid with everything that is wrong with a day, also beside those there are."""
    problems = [*_in_dates(day), *_in_names(day), *_in_hours(day), *_in_calendars(day, city_file)]
    taken = [(one.first, one.last) for one in others if one.kind == day.kind]
    if day.kind == DayKind.OFF:
        taken += [(one.first, one.last) for one in city_file.days_off]
    if any(first <= day.last and day.first <= last for first, last in taken) and day.kind != DayKind.CLOSED:
        problems.append(Problem("first", "overlapping_days"))
    if problems:
        raise Invalid(problems)


def _in_dates(day: OwnDay) -> list[Problem]:
    if day.kind not in set(DayKind):
        return [Problem("kind", "unknown")]
    if not EARLIEST <= day.first <= LATEST:
        return [Problem("first", "not_a_day")]
    if day.last < day.first:
        return [Problem("last", "before_first")]
    if day.last - day.first >= timedelta(days=LONGEST):
        return [Problem("last", "too_long_break", {"max": LONGEST})]
    if day.kind != DayKind.OFF and day.last != day.first:
        return [Problem("last", "single_day")]
    return []


def _in_names(day: OwnDay) -> list[Problem]:
    names = {"name_vi": day.name_vi, "name_en": day.name_en}
    missing = [Problem(where, "required") for where, name in names.items() if not name.strip()]
    long = [where for where, name in names.items() if len(name) > LONGEST_NAME]
    return [*missing, *(Problem(where, "too_long", {"max": LONGEST_NAME}) for where in long)]


def _in_hours(day: OwnDay) -> list[Problem]:
    if day.hours and (day.kind == DayKind.OFF or not in_order(day.hours)):
        return [Problem("hours", "bad_hours")]
    return []


def _in_calendars(day: OwnDay, city_file: CityFile) -> list[Problem]:
    with_hours = {entry.code for entry in city_file.calendars if not entry.continuous}
    if day.calendars and (day.kind != DayKind.CLOSED or not with_hours.issuperset(day.calendars)):
        return [Problem("calendars", "unknown")]
    return []


def _on(days: Iterable[OwnDay], kind: DayKind) -> set[date]:
    return {one.first for one in days if one.kind == kind}


def _day_off(day: OwnDay) -> DayOff:
    return DayOff(day.first, day.last, day.name_vi, day.name_en)


def _working_day(day: OwnDay) -> WorkingDay:
    return WorkingDay(day.first, day.name_vi, day.name_en, hours=day.hours or None)


def _closure(day: OwnDay) -> Closure:
    return Closure(day.first, day.name_vi, day.name_en, day.hours or None, day.calendars)
