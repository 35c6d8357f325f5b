"""Taking values out of a TOML table: wrong ones are noted with their place and reading goes on.

It knows types and patterns, not what a city is.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime, time
from typing import TypeVar

from cases.working_time import Interval, Intervals
from cases.working_time.calendar import in_order
from engine.errors import Problem

CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
USERNAME = re.compile(r"[a-z0-9]+([.-][a-z0-9]+)*")
EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
PREFIX = re.compile(r"[A-Z]{2,4}")
LOCALE = re.compile(r"[a-z]{2}(_[A-Z]{2})?")
COUNTRY = re.compile(r"[A-Z]{2}")

_HOURS = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-(?:([01]\d|2[0-3]):([0-5]\d)|24:00)")
_Kind = TypeVar("_Kind")

_MESSAGES = {
    "missing": "is missing",
    "wrong_kind": "should be {expected}",
    "bad_form": "“{value}” is not well formed",
    "not_allowed": "“{value}” is not one of {allowed}",
    "unknown_key": "is not a known entry",
    "too_small": "{value} is below {minimum}",
    "bad_hours": "“{value}” is not a list of hours like 07:00-11:30 in their order",
}


class Notes:
    """The problems found so far in one file; only the first at each place, for later ones often follow from it."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []

    def add(self, path: str, code: str, message: str, **params: str | int) -> None:
        """Note a problem at a path of the file, such as `units[3].code`."""
        where = f"{self.file}: {path}" if path else self.file
        if path not in ("", "areas") and any(problem.where == where for problem in self.problems):
            return
        self.problems.append(Problem(where, code, params, message.format_map(params)))


class Table:
    """One table of the file. Each getter returns a stand-in of the right type when the value has to be mended."""

    def __init__(self, values: Mapping[str, object], path: str, notes: Notes) -> None:
        self._values = values
        self._path = path
        self._notes = notes
        self._asked: set[str] = set()

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def text(self, key: str, form: re.Pattern[str] | None = None, *, default: str | None = None) -> str:
        """A non-empty text, matching the whole of `form`."""
        value = self._value(key, str, "a text", default)
        if value and form and not form.fullmatch(value):
            self._note(key, "bad_form", value=value)
        if value == "" and default is None and key in self._values:
            self._note(key, "missing")
        return value or ""

    def optional_text(self, key: str, form: re.Pattern[str] | None = None) -> str | None:
        """A text, or None if it is not given."""
        self._asked.add(key)
        return self.text(key, form) if key in self._values else None

    def choice(self, key: str, allowed: Collection[str]) -> str:
        """One of the allowed texts."""
        value = self.text(key)
        if value and value not in allowed:
            self._note(key, "not_allowed", value=value, allowed=", ".join(allowed))
        return value

    def flag(self, key: str, *, default: bool) -> bool:
        """True or false."""
        value = self._value(key, bool, "true or false", default)
        return default if value is None else value

    def whole(self, key: str, *, minimum: int) -> int:
        """A whole number of at least `minimum`."""
        value = self._value(key, int, "a whole number")
        if value is not None and value < minimum:
            self._note(key, "too_small", value=value, minimum=minimum)
        return value or 0

    def numbers(self, key: str, count: int) -> tuple[float, ...]:
        """Exactly `count` numbers."""
        value = self._value(key, list, f"{count} numbers") or []
        numbers = tuple(float(each) for each in value if isinstance(each, int | float))
        if key in self._values and (len(numbers) != count or len(value) != count):
            self._note(key, "wrong_kind", expected=f"{count} numbers")
        return numbers if len(numbers) == count else (0.0,) * count

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; empty if not given."""
        value = self._value(key, list, "a list of texts", []) or []
        if not all(isinstance(each, str) and each for each in value):
            self._note(key, "wrong_kind", expected="a list of texts")
        return tuple(each for each in value if isinstance(each, str))

    def day(self, key: str) -> date:
        """A local date."""
        value = self._value(key, date, "a date")
        if isinstance(value, datetime):
            self._note(key, "wrong_kind", expected="a date")
        return value or date.min

    def optional_day(self, key: str) -> date | None:
        """A date, or None if it is not given."""
        self._asked.add(key)
        return self.day(key) if key in self._values else None

    def hours(self, key: str) -> Intervals:
        """Office hours of a day, such as `["07:00-11:30", "13:30-17:00"]`; empty if not given."""
        texts = self.texts(key)
        intervals = tuple(filter(None, map(_interval, texts)))
        if len(intervals) != len(texts) or not in_order(intervals):
            self._note(key, "bad_hours", value=", ".join(texts))
        return intervals

    def table(self, key: str) -> Table:
        """A table inside this one; empty if not given."""
        value = self._value(key, dict, "a table", {})
        return Table(value or {}, self._at(key), self._notes)

    def tables(self, key: str) -> Iterator[Table]:
        """The tables of a list, in order; none if not given."""
        for index, value in enumerate(self._value(key, list, "a list of tables", []) or []):
            if isinstance(value, dict):
                yield Table(value, f"{self._at(key)}[{index}]", self._notes)
            else:
                self._notes.add(f"{self._at(key)}[{index}]", "wrong_kind", _MESSAGES["wrong_kind"], expected="a table")

    def finish(self) -> None:
        """Note every entry nobody asked for: a misspelt key must not be ignored."""
        for key in self._values:
            if key not in self._asked:
                self._note(key, "unknown_key")

    def _value(self, key: str, kind: type[_Kind], expected: str, default: _Kind | None = None) -> _Kind | None:
        self._asked.add(key)
        if key not in self._values:
            if default is None:
                self._note(key, "missing")
            return default
        value = self._values[key]
        # bool is an int in Python, not in a city file
        if isinstance(value, kind) and (kind is bool or not isinstance(value, bool)):
            return value
        self._note(key, "wrong_kind", expected=expected)
        return default

    def _note(self, key: str, code: str, **params: str | int) -> None:
        self._notes.add(self._at(key), code, _MESSAGES[code], **params)

    def _at(self, key: str) -> str:
        return f"{self._path}.{key}" if self._path else key


def _interval(text: str) -> Interval | None:
    match = _HOURS.fullmatch(text)
    if match is None:
        return None
    opening = time(int(match[1]), int(match[2]))
    closing = time(int(match[3]), int(match[4])) if match[3] else time(0)
    return opening, closing
