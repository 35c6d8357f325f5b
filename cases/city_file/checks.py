"""What must be true between the entries of a city file: every code known and used once, every border sound.

Each check notes what it finds and goes on, so that a whole file is mended in one go.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, time
from itertools import combinations
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import holidays
import shapely
import shapely.geometry
from shapely.geometry.base import BaseGeometry

from cases.city_file.entries import CalendarEntry, City, CityFile, Closure
from cases.city_file.tables import Notes
from cases.working_time import Intervals
from cases.working_time.calendar import MIDNIGHT

_LATEST_REPORT_DAY = 28
_HARMLESS_OVERLAP = 1e-9  # square degrees, about ten square metres: rounding, not a quarrel


def check(city_file: CityFile, polygons: Mapping[str, object], notes: Notes, borders: str) -> None:
    """Note everything in a city file that does not go together."""
    _check_city(city_file, notes)
    _check_calendars(city_file, notes)
    _check_days(city_file, notes)
    _check_units(city_file, notes)
    _check_areas(city_file, notes)
    _check_borders(city_file, polygons, notes, borders)
    _check_categories(city_file, notes)
    _check_people(city_file, notes)


def _check_city(city_file: CityFile, notes: Notes) -> None:
    city = city_file.city
    south, west, north, east = city.bounding_box
    latitude, longitude = city.map_centre
    if not _is_time_zone(city.time_zone):
        notes.add("city.time_zone", "unknown_time_zone", "there is no time zone “{value}”", value=city.time_zone)
    if not _has_holidays(city.country, city.subdivision):
        notes.add("city.country", "unknown_country", "no public holidays are known for “{value}”", value=city.country)
    if city.report_day > _LATEST_REPORT_DAY:
        message = "should be a day every month has, 1 to {largest}"
        notes.add("city.report_day", "bad_day", message, largest=_LATEST_REPORT_DAY)
    if city.on_time_goal > 100:
        notes.add("city.on_time_goal", "bad_goal", "should be a share in percent, 1 to 100")
    if not _has_box(city):
        notes.add("city.bounding_box", "bad_box", "should be south, west, north, east in degrees")
    elif not (south <= latitude <= north and west <= longitude <= east):
        notes.add("city.map_centre", "outside_box", "lies outside the bounding box")
    _check_known("city.intake_unit", city.intake_unit, _unit_codes(city_file), notes)


def _check_calendars(city_file: CityFile, notes: Notes) -> None:
    _check_once("calendars", "code", [calendar.code for calendar in city_file.calendars], notes)
    for index, calendar in enumerate(city_file.calendars):
        _check_changes(index, calendar, notes)
    for index, calendar in enumerate(city_file.calendars):
        if not calendar.continuous and not any(calendar.weekly):
            notes.add(f"calendars[{index}].hours", "never_open", "has no hours on any day")
        if calendar.continuous and any(calendar.weekly):
            notes.add(f"calendars[{index}].hours", "always_open", "a continuous calendar has no hours of its own")


def _check_changes(index: int, calendar: CalendarEntry, notes: Notes) -> None:
    """Hours that change: each from a later day on than the one before, and never for good shut."""
    for number, change in enumerate(calendar.changes):
        place = f"calendars[{index}].changes[{number}]"
        if number and change.first <= calendar.changes[number - 1].first:
            notes.add(f"{place}.first", "out_of_order", "should be later than the change before")
        if calendar.continuous:
            notes.add(f"{place}.hours", "always_open", "a continuous calendar has no hours of its own")
        elif not any(change.weekly):
            notes.add(f"{place}.hours", "never_open", "has no hours on any day")


def _check_days(city_file: CityFile, notes: Notes) -> None:
    for index, day_off in enumerate(city_file.days_off):
        if day_off.last < day_off.first:
            notes.add(f"days_off[{index}].last", "ends_before_it_begins", "lies before the first day")
    _check_apart(city_file, notes)
    _check_once("working_days", "on", [working_day.on for working_day in city_file.working_days], notes)
    for index, working_day in enumerate(city_file.working_days):
        if working_day.hours == ():
            notes.add(f"working_days[{index}].hours", "never_open", "a working day without hours")
    _check_closures(city_file, notes)


def _check_apart(city_file: CityFile, notes: Notes) -> None:
    """Days off that overlap say one thing twice, perhaps with two names."""
    for (_, first), (index, second) in combinations(enumerate(city_file.days_off), 2):
        if first.first <= second.last and second.first <= first.last:
            message = "overlaps the days off from {first} to {last}"
            notes.add(f"days_off[{index}]", "overlapping_days", message, first=f"{first.first}", last=f"{first.last}")


def _check_closures(city_file: CityFile, notes: Notes) -> None:
    known = {calendar.code: calendar for calendar in city_file.calendars}
    for index, closure in enumerate(city_file.closures):
        for code in closure.calendars:
            _check_known(f"closures[{index}].calendars", code, known, notes)
            if code in known and known[code].continuous:
                message = "“{value}” is open around the clock and has no hours to close"
                notes.add(f"closures[{index}].calendars", "always_open", message, value=code)
        if closure.hours == ():
            notes.add(
                f"closures[{index}].hours", "never_open", "a closure without hours; leave them out for a whole day"
            )
    for (_, first), (index, second) in combinations(enumerate(city_file.closures), 2):
        if first.on == second.on and _same_calendars(first, second) and _overlap(first.hours, second.hours):
            message = "overlaps another closure of {first}"
            notes.add(f"closures[{index}].on", "overlapping_days", message, first=f"{first.on}")


def _same_calendars(first: Closure, second: Closure) -> bool:
    return not first.calendars or not second.calendars or bool(set(first.calendars) & set(second.calendars))


def _overlap(first: Intervals | None, second: Intervals | None) -> bool:
    if not first or not second:
        return True
    return any(a < (d if d != MIDNIGHT else time.max) and c < (b if b != MIDNIGHT else time.max)
               for a, b in first for c, d in second)  # fmt: skip


def _check_units(city_file: CityFile, notes: Notes) -> None:
    _check_once("units", "code", [unit.code for unit in city_file.units], notes)
    above: set[str] = set()
    for index, unit in enumerate(city_file.units):
        if unit.parent is not None and unit.parent not in above:
            message = "“{value}” is not a unit that stands above this one in the file"
            notes.add(f"units[{index}].parent", "unknown_parent", message, value=unit.parent)
        above.add(unit.code)


def _check_areas(city_file: CityFile, notes: Notes) -> None:
    _check_once("areas", "code", [area.code for area in city_file.areas], notes)
    owner: dict[str, str] = {}
    for index, area in enumerate(city_file.areas):
        _check_known(f"areas[{index}].unit", area.unit, _unit_codes(city_file), notes)
        for alias in area.aliases:
            first = owner.setdefault(alias.casefold(), area.code)
            if first != area.code:
                message = "“{value}” is already an older name of {first}"
                notes.add(f"areas[{index}].aliases", "ambiguous_alias", message, value=alias, first=first)


def _check_borders(city_file: CityFile, polygons: Mapping[str, object], notes: Notes, borders: str) -> None:
    codes = [area.code for area in city_file.areas]
    for code in polygons:
        if code not in codes:
            notes.add(f"areas ({borders})", "border_without_area", "“{value}” is not an area", value=code)
    shapes: dict[str, BaseGeometry] = {}
    for index, area in enumerate(city_file.areas):
        shape = _shape(area.polygon)
        if shape is None or not shape.is_valid or shape.is_empty:
            message = "has no sound polygon in {file}"
            notes.add(f"areas[{index}].code", "no_border", message, value=area.code, file=borders)
            continue
        shapes[area.code] = shape
        if _has_box(city_file.city) and not _box(city_file.city).covers(shape):
            notes.add(f"areas[{index}].code", "outside_box", "reaches outside the bounding box", value=area.code)
    _check_overlaps(shapes, notes)


def _check_overlaps(shapes: Mapping[str, BaseGeometry], notes: Notes) -> None:
    for first, second in combinations(shapes, 2):
        if shapes[first].intersection(shapes[second]).area > _HARMLESS_OVERLAP:
            message = "{first} and {second} claim the same ground"
            notes.add("areas", "overlapping_areas", message, first=first, second=second)


def _check_categories(city_file: CityFile, notes: Notes) -> None:
    _check_once("fields", "code", [field.code for field in city_file.fields], notes)
    _check_once("categories", "code", [category.code for category in city_file.categories], notes)
    fields = {field.code for field in city_file.fields}
    for index, category in enumerate(city_file.categories):
        _check_known(f"categories[{index}].field", category.field, fields, notes)


def _check_people(city_file: CityFile, notes: Notes) -> None:
    _check_once("people", "username", [person.username for person in city_file.people], notes)
    _check_once("people", "email", [person.email.casefold() for person in city_file.people], notes)
    units = _unit_codes(city_file)
    for index, person in enumerate(city_file.people):
        for nested, membership in enumerate(person.memberships):
            _check_known(f"people[{index}].memberships[{nested}].unit", membership.unit, units, notes)


def _check_once(table: str, key: str, values: Iterable[str | date], notes: Notes) -> None:
    seen: set[str | date] = set()
    for index, value in enumerate(values):
        if value in seen:
            notes.add(f"{table}[{index}].{key}", "duplicate", "“{value}” is there twice", value=str(value))
        seen.add(value)


def _check_known(path: str, value: str, known: Collection[str], notes: Notes) -> None:
    if value not in known:
        notes.add(path, "unknown_code", "there is no “{value}”", value=value)


def _unit_codes(city_file: CityFile) -> set[str]:
    return {unit.code for unit in city_file.units}


def _is_time_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return False
    return True


def _has_holidays(country: str, subdivision: str | None) -> bool:
    try:
        holidays.country_holidays(country, subdiv=subdivision)
    except NotImplementedError:  # how the library says that it knows no such country or subdivision
        return False
    return True


def _shape(polygon: Mapping[str, object]) -> BaseGeometry | None:
    if polygon.get("type") not in {"Polygon", "MultiPolygon"}:
        return None
    try:
        return shapely.geometry.shape(dict(polygon))
    except (shapely.errors.ShapelyError, ValueError, TypeError, KeyError, IndexError, AttributeError):
        return None


def _has_box(city: City) -> bool:
    south, west, north, east = city.bounding_box
    return -90 <= south < north <= 90 and -180 <= west < east <= 180


def _box(city: City) -> BaseGeometry:
    south, west, north, east = city.bounding_box
    return shapely.box(west, south, east, north)
