"""Reading a city file and its borders into values, table by table. Which values go together is asked in `checks`."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from cases.city_file import entries, tables
from cases.city_file.checks import check
from cases.city_file.tables import Notes, Table
from cases.working_time import Intervals
from engine.errors import Invalid

Polygons = dict[str, dict[str, object]]

_WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_EMERGENCY_NUMBERS = ("113", "114", "115")
_Entry = TypeVar("_Entry")


def read(path: Path) -> entries.CityFile:
    """The city of a TOML file and of the GeoJSON file it names. Raises: Invalid with every problem of both files."""
    notes = Notes(path.name)
    root = Table(_load(path, notes), "", notes)
    city_table = root.table("city")
    borders = path.with_name(city_table.text("areas_file", default="areas.geojson"))
    polygons = _polygons(borders)
    city_file = _city_file(root, city_table, polygons)
    root.finish()
    check(city_file, polygons, notes, borders.name)
    if notes.problems:
        raise Invalid(notes.problems)
    return city_file


def _load(path: Path, notes: Notes) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        notes.add("", "file_missing", "there is no such file")
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        notes.add("", "not_toml", "{reason}", reason=str(error))
    raise Invalid(notes.problems)


def _polygons(path: Path) -> Polygons:
    notes = Notes(path.name)
    try:
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        return {feature["properties"]["code"]: dict(feature["geometry"]) for feature in features}
    except FileNotFoundError:
        notes.add("", "file_missing", "there is no such file")
    except (ValueError, KeyError, TypeError):
        notes.add("", "not_geojson", "is not a GeoJSON feature collection whose features carry a code and a geometry")
    raise Invalid(notes.problems)


def _city_file(root: Table, city: Table, polygons: Polygons) -> entries.CityFile:
    return entries.CityFile(
        city=_finished(city, _city),
        calendars=_list(root, "calendars", _calendar),
        days_off=_list(root, "days_off", _day_off),
        working_days=_list(root, "working_days", _working_day),
        closures=_list(root, "closures", _closure),
        units=_list(root, "units", _unit),
        areas=_list(root, "areas", lambda table: _area(table, polygons)),
        fields=_list(root, "fields", _field),
        categories=_list(root, "categories", _category),
        people=_list(root, "people", _person),
    )


def _list(root: Table, key: str, of: Callable[[Table], _Entry]) -> tuple[_Entry, ...]:
    return tuple(_finished(table, of) for table in root.tables(key))


def _finished(table: Table, of: Callable[[Table], _Entry]) -> _Entry:
    entry = of(table)
    table.finish()
    return entry


def _city(table: Table) -> entries.City:
    latitude, longitude = table.numbers("map_centre", 2)
    south, west, north, east = table.numbers("bounding_box", 4)
    return entries.City(
        name_vi=table.text("name_vi"),
        name_en=table.text("name_en"),
        prefix=table.text("prefix", tables.PREFIX),
        time_zone=table.text("time_zone"),
        locale=table.text("locale", tables.LOCALE),
        country=table.text("country", tables.COUNTRY),
        intake_unit=table.text("intake_unit", tables.CODE),
        map_centre=(latitude, longitude),
        bounding_box=(south, west, north, east),
        subdivision=table.optional_text("subdivision"),
        notice_vi=table.text("notice_vi", default=""),
        notice_en=table.text("notice_en", default=""),
        report_day=table.whole("report_day", minimum=1) if "report_day" in table else 1,
        on_time_goal=table.whole("on_time_goal", minimum=1) if "on_time_goal" in table else 90,
        days_decided_until=table.optional_day("days_decided_until"),
        inhabitants_as_of=table.optional_day("inhabitants_as_of"),
    )


def _calendar(table: Table) -> entries.CalendarEntry:
    return entries.CalendarEntry(
        code=table.text("code", tables.CODE),
        name_vi=table.text("name_vi"),
        name_en=table.text("name_en"),
        weekly=_week(table),
        continuous=table.flag("continuous", default=False),
        public_holidays=table.flag("public_holidays", default=True),
        changes=_list(table, "changes", lambda change: entries.HoursChange(change.day("first"), _week(change))),
    )


def _week(table: Table) -> tuple[Intervals, ...]:
    hours = table.table("hours")
    week = tuple(hours.hours(day) for day in _WEEK)
    hours.finish()
    return week


def _day_off(table: Table) -> entries.DayOff:
    first = table.day("first")
    return entries.DayOff(
        first=first,
        last=table.optional_day("last") or first,
        name_vi=table.text("name_vi"),
        name_en=table.text("name_en"),
        is_expected=table.flag("is_expected", default=False),
    )


def _working_day(table: Table) -> entries.WorkingDay:
    return entries.WorkingDay(
        on=table.day("on"),
        name_vi=table.text("name_vi"),
        name_en=table.text("name_en"),
        instead_of=table.optional_day("instead_of"),
        hours=table.hours("hours") if "hours" in table else None,
    )


def _closure(table: Table) -> entries.Closure:
    return entries.Closure(
        on=table.day("on"),
        name_vi=table.text("name_vi"),
        name_en=table.text("name_en"),
        hours=table.hours("hours") if "hours" in table else None,
        calendars=table.texts("calendars"),
    )


def _unit(table: Table) -> entries.UnitEntry:
    return entries.UnitEntry(
        code=table.text("code", tables.CODE),
        name_vi=table.text("name_vi"),
        name_en=table.text("name_en"),
        kind=table.choice("kind", entries.UNIT_KINDS),
        parent=table.optional_text("parent", tables.CODE),
        email=table.optional_text("email", tables.EMAIL),
    )


def _area(table: Table, polygons: Polygons) -> entries.AreaEntry:
    code = table.text("code", tables.CODE)
    return entries.AreaEntry(
        code=code,
        name_vi=table.text("name_vi"),
        name_en=table.text("name_en"),
        unit=table.text("unit", tables.CODE),
        polygon=polygons.get(code, {}),
        aliases=table.texts("aliases"),
        inhabitants=table.whole("inhabitants", minimum=1) if "inhabitants" in table else None,
    )


def _field(table: Table) -> entries.FieldEntry:
    return entries.FieldEntry(table.text("code", tables.CODE), table.text("name_vi"), table.text("name_en"))


def _category(table: Table) -> entries.CategoryEntry:
    return entries.CategoryEntry(
        code=table.text("code", tables.CODE),
        field=table.text("field", tables.CODE),
        name_vi=table.text("name_vi"),
        name_en=table.text("name_en"),
        duplicate_radius_m=table.whole("duplicate_radius_m", minimum=0),
        is_sensitive=table.flag("is_sensitive", default=False),
        keywords=table.texts("keywords"),
        danger=table.choice("danger", _EMERGENCY_NUMBERS) if "danger" in table else None,
        process_key=table.text("process_key", default="report_case"),
    )


def _person(table: Table) -> entries.PersonEntry:
    return entries.PersonEntry(
        username=table.text("username", tables.USERNAME),
        full_name=table.text("full_name"),
        email=table.text("email", tables.EMAIL),
        locale=table.text("locale", tables.LOCALE, default="vi"),
        memberships=_list(table, "memberships", _membership),
    )


def _membership(table: Table) -> entries.MembershipEntry:
    return entries.MembershipEntry(table.text("unit", tables.CODE), table.choice("role", entries.ROLES))
