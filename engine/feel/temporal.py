"""Dates, times and durations as text: what FEEL reads and what it writes.

Years run from 1 to 9999 and seconds have six decimals, as in the database and in JSON; anything beyond is null.
Source: DMN 1.4, 10.3.2.3.4 to 10.3.2.3.8; XML Schema part 2, 3.2.6 to 3.2.9.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from engine.feel.values import YearMonthDuration

#: The farthest offset from UTC that a text may name.
MAX_OFFSET = timedelta(hours=14)

_DATE = r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)"
_TIME = r"(?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)(?:\.(?P<fraction>\d+))?"
_ZONE = r"(?P<zone>Z|[+-]\d\d:\d\d(?::\d\d)?|@[A-Za-z0-9_+\-/]+)?"
_DATE_ONLY = re.compile(_DATE, re.ASCII)
_TIME_ONLY = re.compile(f"T?{_TIME}{_ZONE}", re.ASCII)
_DATE_TIME = re.compile(f"{_DATE}T{_TIME}{_ZONE}", re.ASCII)
_YEARS_MONTHS = re.compile(r"(?P<sign>-)?P(?=\d)(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?", re.ASCII)
_DAYS_TIME = re.compile(
    r"(?P<sign>-)?P(?=.)(?:(?P<days>\d+)D)?"
    r"(?:T(?=.)(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+)(?:\.(?P<fraction>\d*))?S)?)?",
    re.ASCII,
)

Temporal = date | time | datetime | timedelta | YearMonthDuration


def read_date(text: str) -> date | None:
    """A date from `2026-11-20`."""
    found = _DATE_ONLY.fullmatch(text)
    return _date(found) if found else None


def read_time(text: str) -> time | None:
    """A time from `10:30:00`, with `Z`, an offset or `@Area/City` behind it or nothing."""
    found = _TIME_ONLY.fullmatch(text)
    return _time(found) if found else None


def read_date_time(text: str) -> datetime | None:
    """A date and time from `2026-11-20T10:30:00`, with a zone or without; a date alone is its midnight."""
    found = _DATE_TIME.fullmatch(text)
    if not found:
        midnight = read_date(text)
        return datetime.combine(midnight, time()) if midnight else None
    day, hour = _date(found), _time(found)
    return datetime.combine(day, hour) if day is not None and hour is not None else None


def read_duration(text: str) -> timedelta | YearMonthDuration | None:
    """A duration from `P1Y2M` or `P1DT2H3M4.5S`, with a minus before it or not."""
    if found := _YEARS_MONTHS.fullmatch(text):
        return _years_and_months(found)
    if found := _DAYS_TIME.fullmatch(text):
        return _days_and_time(found)
    return None


def read_literal(text: str) -> Temporal | None:
    """The date, time, date and time or duration that the text of an `@"..."` literal stands for."""
    if _DATE_ONLY.fullmatch(text):
        return read_date(text)
    if _DATE_TIME.fullmatch(text):
        return read_date_time(text)
    return read_duration(text) if text.lstrip("-").startswith("P") else read_time(text)


def write(value: Temporal) -> str:
    """The text that reads back as the same value."""
    if isinstance(value, datetime):
        return f"{value.date().isoformat()}T{_write_time(value.timetz())}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return _write_time(value)
    return write_duration(value)


def write_duration(value: timedelta | YearMonthDuration) -> str:
    """The duration in its shortest form: `P1Y2M`, `-PT1H30M`, `PT0S`, `P0M`."""
    if isinstance(value, YearMonthDuration):
        years, months = divmod(abs(value.total), 12)
        text = (f"{years}Y" if years else "") + (f"{months}M" if months else "")
        return f"{'-' if value.total < 0 else ''}P{text or '0M'}"
    sign, value = ("-", -value) if value < timedelta(0) else ("", value)
    minutes, seconds = divmod(value.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    moving = f"{seconds}{_fraction(value.microseconds)}" if seconds or value.microseconds else ""
    clock = "".join(f"{amount}{unit}" for amount, unit in ((hours, "H"), (minutes, "M"), (moving, "S")) if amount)
    text = (f"{value.days}D" if value.days else "") + (f"T{clock}" if clock else "")
    return f"{sign}P{text or 'T0S'}"


def zone_name(zone: tzinfo | None) -> str | None:
    """The name of a named zone, nothing for an offset."""
    return zone.key if isinstance(zone, ZoneInfo) else None


def offset_of(moment: time | datetime) -> timedelta | None:
    """The offset from UTC; for a time in a named zone, the one that zone has in January 1970."""
    if isinstance(moment, time) and isinstance(moment.tzinfo, ZoneInfo):
        return datetime.combine(date(1970, 1, 1), moment).utcoffset()
    return moment.utcoffset()


def fixed_zone(offset: timedelta) -> timezone | None:
    """A zone with this offset from UTC, null where there is none so far off."""
    if abs(offset) > MAX_OFFSET or offset.microseconds:
        return None
    return timezone(offset) if offset else UTC


@lru_cache(maxsize=1)
def _zone_names() -> frozenset[str]:
    return frozenset(available_timezones())


def _zone(text: str | None) -> tzinfo | None:
    """The zone behind a time. Raises: ValueError when there is no such zone."""
    if not text:
        return None
    if text == "Z":
        return UTC
    if text.startswith("@"):
        if text[1:] not in _zone_names():
            raise ValueError(text)
        return ZoneInfo(text[1:])
    hours, minutes, seconds = (int(part) for part in (text[1:] + ":00").split(":")[:3])
    if minutes > 59 or seconds > 59:
        raise ValueError(text)
    offset = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    zone = fixed_zone(-offset if text[0] == "-" else offset)
    if zone is None:
        raise ValueError(text)
    return zone


def _date(found: re.Match[str]) -> date | None:
    try:
        return date(int(found["year"]), int(found["month"]), int(found["day"]))
    except ValueError:
        return None


def _time(found: re.Match[str]) -> time | None:
    clock = int(found["hour"]), int(found["minute"]), int(found["second"]), _microseconds(found["fraction"])
    try:
        return time(*clock, tzinfo=_zone(found["zone"]))
    except ValueError:
        return None


def _years_and_months(found: re.Match[str]) -> YearMonthDuration | None:
    months = 12 * _int(found["years"]) + _int(found["months"])
    try:
        return YearMonthDuration(-months if found["sign"] else months)
    except OverflowError:
        return None


def _days_and_time(found: re.Match[str]) -> timedelta | None:
    parts = {unit: _int(found[unit]) for unit in ("days", "hours", "minutes", "seconds")}
    try:
        length = timedelta(**parts, microseconds=_microseconds(found["fraction"]))
        return -length if found["sign"] else length
    except OverflowError:
        return None


def _int(digits: str | None) -> int:
    return int(digits[:18]) if digits else 0


def _microseconds(digits: str | None) -> int:
    return int(digits[:6].ljust(6, "0")) if digits else 0


def _fraction(microseconds: int) -> str:
    return f".{microseconds:06d}".rstrip("0") if microseconds else ""


def _write_time(value: time) -> str:
    clock = f"{value.hour:02d}:{value.minute:02d}:{value.second:02d}{_fraction(value.microsecond)}"
    if isinstance(value.tzinfo, ZoneInfo):
        return f"{clock}@{value.tzinfo.key}"
    offset = value.utcoffset()
    return clock if offset is None else clock + _write_offset(offset)


def _write_offset(offset: timedelta) -> str:
    if not offset:
        return "Z"
    minutes, seconds = divmod(int(abs(offset).total_seconds()), 60)
    text = f"{'-' if offset < timedelta(0) else '+'}{minutes // 60:02d}:{minutes % 60:02d}"
    return f"{text}:{seconds:02d}" if seconds else text
