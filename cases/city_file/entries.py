"""What a city file says, as frozen values. Codes refer to codes; nothing here is a database row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from cases.working_time import Intervals

UNIT_KINDS = ("province", "centre", "ward", "commune", "room", "operator")
ROLES = ("intake", "supervisor", "leader", "head", "official", "designer", "administrator", "auditor")


@dataclass(frozen=True)
class City:
    """The place itself. `map_centre` is (latitude, longitude), `bounding_box` is (south, west, north, east).

    Reporting months begin on `report_day`: 21 means from the 21st to the 20th. `days_decided_until` is the last day for
    which the yearly decisions on days off and swapped days have been taken. `on_time_goal` is the share of promises, in
    percent, the city wants to keep. The numbers of inhabitants of its areas are those of `inhabitants_as_of`.
    """

    name_vi: str
    name_en: str
    prefix: str
    time_zone: str
    locale: str
    country: str
    intake_unit: str
    map_centre: tuple[float, float]
    bounding_box: tuple[float, float, float, float]
    subdivision: str | None = None
    notice_vi: str = ""
    notice_en: str = ""
    report_day: int = 1
    days_decided_until: date | None = None
    on_time_goal: int = 90
    inhabitants_as_of: date | None = None


@dataclass(frozen=True)
class HoursChange:
    """Other weekly hours from a day on."""

    first: date
    weekly: tuple[Intervals, ...]


@dataclass(frozen=True)
class CalendarEntry:
    """One kind of office hours; `weekly` starts on Monday."""

    code: str
    name_vi: str
    name_en: str
    weekly: tuple[Intervals, ...]
    continuous: bool = False
    public_holidays: bool = True
    changes: tuple[HoursChange, ...] = ()


@dataclass(frozen=True)
class DayOff:
    """Days off beyond the public holidays of the country, from `first` to `last` inclusive."""

    first: date
    last: date
    name_vi: str
    name_en: str
    is_expected: bool = False


@dataclass(frozen=True)
class WorkingDay:
    """A day worked although it would be off, usually in exchange for another; `hours` None means a full weekday's."""

    on: date
    name_vi: str
    name_en: str
    instead_of: date | None = None
    hours: Intervals | None = None


@dataclass(frozen=True)
class Closure:
    """Hours of a day on which nobody works, whatever the day; `hours` None is the whole of it.

    `calendars` are those it holds for; none means every one that keeps public holidays.
    """

    on: date
    name_vi: str
    name_en: str
    hours: Intervals | None = None
    calendars: tuple[str, ...] = ()


@dataclass(frozen=True)
class UnitEntry:
    """An organisation that handles cases, or a room of one."""

    code: str
    name_vi: str
    name_en: str
    kind: str
    parent: str | None = None
    email: str | None = None


@dataclass(frozen=True)
class AreaEntry:
    """A place on the map, the unit responsible for it, and the older names people still use. GeoJSON in lon/lat."""

    code: str
    name_vi: str
    name_en: str
    unit: str
    polygon: Mapping[str, object] = field(hash=False)
    aliases: tuple[str, ...] = ()
    inhabitants: int | None = None


@dataclass(frozen=True)
class FieldEntry:
    """A field of city life that groups categories."""

    code: str
    name_vi: str
    name_en: str


@dataclass(frozen=True)
class CategoryEntry:
    """A kind of report. `danger` is the emergency number to show first; a radius of 0 never looks for duplicates."""

    code: str
    field: str
    name_vi: str
    name_en: str
    duplicate_radius_m: int
    is_sensitive: bool
    keywords: tuple[str, ...]
    danger: str | None = None
    process_key: str = "report_case"


@dataclass(frozen=True)
class MembershipEntry:
    """A role in a unit."""

    unit: str
    role: str


@dataclass(frozen=True)
class PersonEntry:
    """Somebody who works with the system from the first day. Never a password."""

    username: str
    full_name: str
    email: str
    locale: str
    memberships: tuple[MembershipEntry, ...]


@dataclass(frozen=True)
class CityFile:
    """A whole city file. Units stand after their parents; the rest keeps the order of the file."""

    city: City
    calendars: tuple[CalendarEntry, ...]
    days_off: tuple[DayOff, ...]
    working_days: tuple[WorkingDay, ...]
    units: tuple[UnitEntry, ...]
    areas: tuple[AreaEntry, ...]
    fields: tuple[FieldEntry, ...]
    categories: tuple[CategoryEntry, ...]
    people: tuple[PersonEntry, ...]
    closures: tuple[Closure, ...] = ()
