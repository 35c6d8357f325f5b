"""The parts of a city file that are kept as one value: everything that has no rows of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, time
from typing import Any

import orjson

from cases.city_file.entries import CalendarEntry, City, CityFile, Closure, DayOff, HoursChange, WorkingDay
from cases.working_time import Intervals

PARTS = ("city", "calendars", "days_off", "working_days", "closures")


def written(city_file: CityFile) -> dict[str, Any]:
    """As JSON."""
    value: dict[str, Any] = orjson.loads(orjson.dumps({name: getattr(city_file, name) for name in PARTS}))
    return value


def read(value: Mapping[str, Any]) -> CityFile:
    """From JSON, also as it was written when there was less to say."""
    return CityFile(
        city=_city(value["city"]),
        calendars=tuple(_calendar(entry) for entry in value["calendars"]),
        days_off=tuple(DayOff(**entry | _days(entry, "first", "last")) for entry in value["days_off"]),
        working_days=tuple(
            WorkingDay(**entry | _days(entry, "on", "instead_of") | {"hours": _maybe_hours(entry["hours"])})
            for entry in value["working_days"]
        ),
        closures=tuple(
            Closure(
                **entry
                | _days(entry, "on")
                | {"hours": _maybe_hours(entry["hours"]), "calendars": tuple(entry["calendars"])}
            )
            for entry in value.get("closures", ())
        ),
        units=(),
        areas=(),
        fields=(),
        categories=(),
        people=(),
    )


def _city(entry: Mapping[str, Any]) -> City:
    known = {"map_centre": tuple(entry["map_centre"]), "bounding_box": tuple(entry["bounding_box"])}
    return City(**{**entry, **known, **_days(entry, "days_decided_until", "inhabitants_as_of")})


def _calendar(entry: Mapping[str, Any]) -> CalendarEntry:
    changes = tuple(HoursChange(**_days(one, "first"), weekly=_week(one["weekly"])) for one in entry.get("changes", ()))
    return CalendarEntry(**{**entry, "weekly": _week(entry["weekly"]), "changes": changes})


def _week(days: Iterable[Iterable[tuple[str, str]]]) -> tuple[Intervals, ...]:
    return tuple(_hours(day) for day in days)


def _maybe_hours(day: Iterable[tuple[str, str]] | None) -> Intervals | None:
    return _hours(day) if day else None


def _hours(day: Iterable[tuple[str, str]]) -> Intervals:
    return tuple((time.fromisoformat(opening), time.fromisoformat(closing)) for opening, closing in day)


def _days(entry: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: date.fromisoformat(entry[name]) if entry.get(name) else None for name in names}
