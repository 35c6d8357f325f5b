"""The loaded city: the city file as rows, and the few things every process keeps in memory of it.

Rows are brought up to date by code; what a file no longer names is closed, never deleted, for history refers to it.
People of the file are only ever added: afterwards the administrator looks after them.
"""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from cases import calendars
from cases.city_file import AreaEntry, CalendarEntry, CategoryEntry, City, CityFile, UnitEntry
from cases.city_file import kept as city_file_kept
from cases.models import Area, Category, Membership, Person, Redating, RedatingState, Setting, Unit
from cases.own_days import OwnDay, laid_over
from cases.working_time import Calendar
from engine import clock
from engine.base import session
from engine.errors import NotFound

KEY = "city"
_QUALITIES = {"\u0306": "{", "\u0302": "|", "\u031b": "}"}  # breve, circumflex, horn: letters of their own, after z
_TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}

#: Seconds after which a process looks whether another one has changed the city.
LOOK_AFTER_S = 1.0
_IN_FORCE = Redating.state.in_((RedatingState.RUNNING, RedatingState.DONE)) & (Redating.source == "days")
_OWN_DAYS = select(Redating.days).where(_IN_FORCE).order_by(Redating.id.desc()).limit(1)
_VERSION = select(
    select(Setting.changed_at).where(Setting.key == KEY).scalar_subquery(),
    select(func.max(Redating.id)).where(_IN_FORCE).scalar_subquery(),
)

_kept: CityFile | None = None
_look_at, _seen = 0.0, ()
_calendars: dict[str, Calendar] = {}
_on_forget: list[Callable[[], None]] = []


class CityNotLoaded(NotFound):
    """No city has been loaded yet; load one with `caseway seed`."""


def load(city_file: CityFile) -> None:
    """Bring units, areas, categories, people and calendars of the database up to the city file."""
    units = _load_units(city_file.units)
    _load_areas(city_file.areas, units)
    _load_categories(city_file)
    _load_people(city_file, units)
    kept = session().get(Setting, KEY) or Setting(key=KEY)
    kept.value, kept.changed_at = city_file_kept.written(city_file), clock.now()
    session().add(kept)
    session().flush()
    forget()


def settings() -> City:
    """The city itself. Raises: CityNotLoaded."""
    return kept_file().city


def today() -> date:
    """Today in the city."""
    return clock.now().astimezone(ZoneInfo(settings().time_zone)).date()


def calendar(code: str) -> Calendar:
    """One of the city's calendars. Raises: KeyError."""
    _keep_up()
    if code not in _calendars:
        city_file = kept_file()
        entry = next((entry for entry in city_file.calendars if entry.code == code), None)
        if entry is None:
            raise KeyError(code)
        _calendars[code] = calendars.build(entry, city_file)
    return _calendars[code]


def first_calendar() -> Calendar:
    """The calendar the city file names first: that of the city itself. Raises: CityNotLoaded."""
    return calendar(kept_file().calendars[0].code)


def calendar_codes() -> list[str]:
    """The codes of the city's calendars, in its order. Raises: CityNotLoaded."""
    return [entry.code for entry in kept_file().calendars]


def calendar_entry(code: str) -> CalendarEntry:
    """What the city file says about a calendar. Raises: KeyError."""
    for entry in kept_file().calendars:
        if entry.code == code:
            return entry
    raise KeyError(code)


def day_names(locale: str) -> dict[date, str]:
    """Why a day is off or worked, in the words of `locale`, two years either way."""
    year = clock.now().year
    return calendars.day_names(kept_file(), locale, years=range(year - 2, year + 3))


def forget() -> None:
    """Drop what this process keeps in memory; it is read again when next asked for."""
    global _kept  # noqa: PLW0603  # one city per process
    _kept = None
    _calendars.clear()
    for also in _on_forget:
        also()


def on_forget(act: Callable[[], None]) -> Callable[[], None]:
    """Have `act` called whenever the city is forgotten: other rooms keep things made of it."""
    _on_forget.append(act)
    return act


def sort_key(full_name: str) -> str:
    """A Vietnamese name in Vietnamese order: given name first, letters before tones."""
    words = full_name.casefold().replace("đ", "d\u0306").split()
    letters: list[str] = []
    tones: list[str] = []
    for mark in unicodedata.normalize("NFD", " ".join(words[-1:] + words[:-1])):
        if mark in _TONES:
            tones[-1:] = [_TONES[mark]]
        elif mark in _QUALITIES:
            letters.append(_QUALITIES[mark])
        elif not unicodedata.combining(mark):
            letters.append(mark)
            tones.append("0")
    return f"{''.join(letters)}\t{''.join(tones)}"


def kept_file() -> CityFile:
    """The city file as it was loaded, with the days the city has decided on since. Raises: CityNotLoaded."""
    global _kept  # noqa: PLW0603  # one city per process
    _keep_up()
    if _kept is None:
        _kept = laid_over(loaded_file(), own_days())
    return _kept


def loaded_file() -> CityFile:
    """The city file as it was loaded. Raises: CityNotLoaded."""
    setting = session().get(Setting, KEY)
    if setting is None:
        raise CityNotLoaded
    return city_file_kept.read(setting.value)


def own_days() -> list[OwnDay]:
    """The days the city has decided on since its file was loaded."""
    return [OwnDay.read(one) for one in session().scalar(_OWN_DAYS) or ()]


def _keep_up() -> None:
    """Forget what another process has changed since; asked for at most once in `LOOK_AFTER_S`."""
    global _look_at, _seen  # noqa: PLW0603  # one city per process
    if time.monotonic() < _look_at:
        return
    _look_at = time.monotonic() + LOOK_AFTER_S
    with session().no_autoflush:
        now = tuple(session().execute(_VERSION).one())
    if _seen != now:
        forget()
        _seen = now


# ------------------------------------------------------------------------------------------------------------ rows


def _load_units(entries: Iterable[UnitEntry]) -> dict[str, Unit]:
    units = {unit.code: unit for unit in session().scalars(select(Unit))}
    named = set()
    for entry in entries:
        unit = units.setdefault(entry.code, Unit(code=entry.code))
        unit.name_vi, unit.name_en, unit.kind, unit.email = entry.name_vi, entry.name_en, entry.kind, entry.email
        unit.parent, unit.valid_to = units[entry.parent] if entry.parent else None, None
        session().add(unit)
        session().flush()  # parents stand before children, and the order of rows is the order of the file
        named.add(entry.code)
    for code in units.keys() - named:
        units[code].valid_to = units[code].valid_to or clock.now().date()
    return units


def _load_areas(entries: Iterable[AreaEntry], units: Mapping[str, Unit]) -> None:
    areas = {area.code: area for area in session().scalars(select(Area))}
    named = set()
    for entry in entries:
        area = areas.get(entry.code) or Area(code=entry.code)
        area.name_vi, area.name_en, area.unit_id = entry.name_vi, entry.name_en, units[entry.unit].id
        area.aliases, area.polygon, area.valid_to = list(entry.aliases), dict(entry.polygon), None
        area.inhabitants = entry.inhabitants
        session().add(area)
        named.add(entry.code)
    for code in areas.keys() - named:
        areas[code].valid_to = areas[code].valid_to or clock.now().date()


def _load_categories(city_file: CityFile) -> None:
    categories = {category.code: category for category in session().scalars(select(Category))}
    fields = {entry.code: entry for entry in city_file.fields}
    for category in categories.values():
        category.is_active = False
    for position, entry in enumerate(city_file.categories):
        category = categories.get(entry.code) or Category(code=entry.code)
        _describe(category, entry)
        category.field_vi, category.field_en = fields[entry.field].name_vi, fields[entry.field].name_en
        category.position, category.is_active = position, True
        session().add(category)


def _describe(category: Category, entry: CategoryEntry) -> None:
    category.field, category.name_vi, category.name_en = entry.field, entry.name_vi, entry.name_en
    category.process_key, category.duplicate_radius_m = entry.process_key, entry.duplicate_radius_m
    category.is_sensitive, category.keywords = entry.is_sensitive, list(entry.keywords)
    category.danger = [entry.danger] if entry.danger else []


def _load_people(city_file: CityFile, units: Mapping[str, Unit]) -> None:
    known = set(session().scalars(select(Person.username)))
    for entry in city_file.people:
        if entry.username in known:
            continue
        person = Person(
            username=entry.username,
            full_name=entry.full_name,
            sort_key=sort_key(entry.full_name),
            email=entry.email,
            locale=entry.locale,
            created_at=clock.now(),
        )
        person.memberships = [Membership(unit_id=units[m.unit].id, role=m.role) for m in entry.memberships]
        session().add(person)
