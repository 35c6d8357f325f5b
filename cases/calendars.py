"""The calendars of a city: its office hours with the public holidays of its country and its own exceptions.

Public holidays, lunar ones and days in lieu included, come from the `holidays` package; the city file adds days off
and days worked instead, and its word wins. Working time itself is counted in `cases.working_time`.
"""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import holidays

from cases.city_file import CalendarEntry, City, CityFile, DayOff
from cases.working_time import Calendar, Intervals
from cases.working_time.calendar import length

YEARS = range(2000, 2100)

WHOLE_DAY: Intervals = ((time(0), time(0)),)

_LANGUAGES = {"vi": "vi", "en": "en_US"}
_ONE_DAY = timedelta(days=1)


def build_all(city_file: CityFile) -> dict[str, Calendar]:
    """Every calendar of a city, by code."""
    return {entry.code: build(entry, city_file) for entry in city_file.calendars}


def build(entry: CalendarEntry, city_file: CityFile, *, years: range = YEARS) -> Calendar:
    """One calendar, with public holidays for `years`; in other years only the weekly hours and the city's own days.

    A calendar without public holidays keeps its weekly hours all year, whatever the city takes off.
    """
    time_zone = ZoneInfo(city_file.city.time_zone)
    changes = tuple((change.first, change.weekly) for change in entry.changes)
    own: dict[str, Any] = {"changes": changes, "closures": _closures(entry, city_file)}
    if entry.continuous or not entry.public_holidays:
        return Calendar(entry.code, time_zone, entry.weekly, continuous=entry.continuous, **own)
    return Calendar(
        entry.code,
        time_zone,
        entry.weekly,
        _days_off(city_file, years),
        _working_days(entry, city_file, years),
        known=(date(years.start, 1, 1), date(years.stop - 1, 12, 31)),
        decided_until=city_file.city.days_decided_until,
        **own,
    )


def day_names(city_file: CityFile, locale: str, *, years: range = YEARS) -> dict[date, str]:
    """Why a day is off, or worked although it should be, in the words of `locale` ("vi" or "en")."""
    in_vietnamese = locale.startswith("vi")
    names = dict(_public(city_file.city, years, locale))
    for day_off in city_file.days_off:
        names.update(dict.fromkeys(_each(day_off), day_off.name_vi if in_vietnamese else day_off.name_en))
    for working_day in city_file.working_days:
        name = working_day.name_vi if in_vietnamese else working_day.name_en
        names[working_day.on] = name
        if working_day.instead_of:
            names.setdefault(working_day.instead_of, name)
    for closure in city_file.closures:
        names[closure.on] = closure.name_vi if in_vietnamese else closure.name_en
    return names


def _closures(entry: CalendarEntry, city_file: CityFile) -> dict[date, Intervals]:
    """The hours closed by day: of closures that name this calendar, or none while it keeps public holidays."""
    closed: dict[date, Intervals] = {}
    for one in city_file.closures:
        if not entry.continuous and (entry.code in one.calendars or (not one.calendars and entry.public_holidays)):
            closed[one.on] = tuple(sorted((*closed.get(one.on, ()), *(one.hours or WHOLE_DAY))))
    return closed


def _days_off(city_file: CityFile, years: range) -> frozenset[date]:
    swapped = {working_day.instead_of for working_day in city_file.working_days if working_day.instead_of}
    return frozenset(_public(city_file.city, years)) | _own_days_off(city_file) | swapped


def _working_days(entry: CalendarEntry, city_file: CityFile, years: range) -> dict[date, Intervals]:
    full = max(entry.weekly, key=length)
    swapped = _public(city_file.city, years).weekend_workdays - _own_days_off(city_file)
    own = {working_day.on: working_day.hours or full for working_day in city_file.working_days}
    return dict.fromkeys(swapped, full) | own


def _own_days_off(city_file: CityFile) -> set[date]:
    return {day for day_off in city_file.days_off for day in _each(day_off)}


def _public(city: City, years: range, locale: str | None = None) -> holidays.HolidayBase:
    language = _LANGUAGES.get((locale or "")[:2])
    return holidays.country_holidays(city.country, subdiv=city.subdivision, years=years, language=language)


def _each(day_off: DayOff) -> list[date]:
    return [day_off.first + offset * _ONE_DAY for offset in range((day_off.last - day_off.first).days + 1)]
