"""The city file: everything that makes an installation this city and no other, written by hand in TOML.

Calendars, units, areas, categories and the first people stand there; the borders of the areas stand beside it in
GeoJSON. This room reads and checks the files and hands out frozen values; it writes nothing and knows no database.
"""

from __future__ import annotations

from cases.city_file.entries import (
    ROLES,
    UNIT_KINDS,
    AreaEntry,
    CalendarEntry,
    CategoryEntry,
    City,
    CityFile,
    Closure,
    DayOff,
    FieldEntry,
    HoursChange,
    MembershipEntry,
    PersonEntry,
    UnitEntry,
    WorkingDay,
)
from cases.city_file.reading import read

__all__ = [
    "ROLES",
    "UNIT_KINDS",
    "AreaEntry",
    "CalendarEntry",
    "CategoryEntry",
    "City",
    "CityFile",
    "Closure",
    "DayOff",
    "FieldEntry",
    "HoursChange",
    "MembershipEntry",
    "PersonEntry",
    "UnitEntry",
    "WorkingDay",
    "read",
]
