"""Rows of a CSV or JSON Lines file, gzip or not, with their line numbers; and what a row says by a mapping."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any, TextIO

from cases.importing.mapping import Mapping, RecordedOutcome
from engine.errors import Invalid, Problem

MAX_CELL = 131_072
END_OF_DAY = time(23, 59, 59)


@dataclass(frozen=True)
class Row:
    """One row as read: `cells` is None when the line itself could not be read, and `problem` says why."""

    line: int
    cells: dict[str, Any] | None
    problem: str = ""


@dataclass(frozen=True)
class Recorded:
    """What a row says."""

    external_id: str
    text: str
    category: str
    area_name: str | None
    latitude: float | None
    longitude: float | None
    address: str | None
    contact: dict[str, str | None]
    moments: dict[str, datetime]
    promised: dict[str, datetime | None]
    outcome: RecordedOutcome
    cells: dict[str, Any]


def rows_of(path: Path) -> Iterator[Row]:
    """Every row of a file; `.csv`, `.jsonl`, each also with `.gz`. Each row can name its own line as column `line`.

    Raises: Invalid for a file that is neither.
    """
    name = path.name.removesuffix(".gz")
    if not name.endswith((".csv", ".jsonl", ".ndjson")):
        raise Invalid(
            [Problem(path.name, "unknown_format", message="a .csv or .jsonl file is needed, perhaps with .gz")]
        )
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8", newline="", errors="replace") as file:
        yield from _csv_rows(file) if name.endswith(".csv") else _json_rows(file)


def _csv_rows(file: TextIO) -> Iterator[Row]:
    csv.field_size_limit(MAX_CELL)
    reader = csv.DictReader(file)
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Row(reader.line_num, None, str(error))
            continue
        surplus = cells.pop(None, None)
        if surplus is not None or None in cells.values():
            yield Row(reader.line_num, None, "the number of cells differs from the header")
        else:
            yield Row(reader.line_num, {"line": reader.line_num, **cells})


def _json_rows(file: TextIO) -> Iterator[Row]:
    for line, text in enumerate(file, start=1):
        if not text.strip():
            continue
        try:
            cells = json.loads(text)
        except ValueError as error:
            yield Row(line, None, str(error))
            continue
        if isinstance(cells, dict):
            yield Row(line, {"line": line, **cells})
        else:
            yield Row(line, None, "a JSON object is needed")


def recorded(cells: dict[str, Any], mapping: Mapping) -> Recorded:
    """What a row says.

    Raises: Invalid with every problem of the row.
    """
    problems: list[Problem] = []
    reading = _Reading(cells, mapping, problems)
    said = reading.read()
    if problems:
        raise Invalid(problems)
    return said


class _Reading:
    """Reads one row, collecting what is wrong with it."""

    def __init__(self, cells: dict[str, Any], mapping: Mapping, problems: list[Problem]) -> None:
        self.cells, self.mapping, self.problems = cells, mapping, problems

    def read(self) -> Recorded:
        status = self._cell(self.mapping.status_column) if self.mapping.status_column else ""
        outcome = self.mapping.outcome(status)
        if outcome is None:
            self._wrong(self.mapping.status_column or "status", "unknown", f"no outcome for {status!r}")
        moments = {name: moment for name in self.mapping.moments if (moment := self._moment(name)) is not None}
        promised = {kind: self._promise(moments, name) for kind, name in self.mapping.promises.items()}
        self._need_moments(outcome or RecordedOutcome(), moments)
        names = ("contact_name", "contact_email", "contact_phone")
        return Recorded(
            external_id=self._text("external_id") or self._wrong("external_id", "required"),
            text=self._text("text") or self._wrong("text", "required"),
            category=self._category(),
            area_name=self._area_name(),
            latitude=self._number("latitude"),
            longitude=self._number("longitude"),
            address=self._text("address") or None,
            contact={name: self._text(name) or None for name in names},
            moments=moments,
            promised=promised,
            outcome=outcome or RecordedOutcome(),
            cells={**self.cells, "@unit": self._unit()},
        )

    def _wrong(self, where: str, code: str, message: str = "") -> str:
        self.problems.append(Problem(where, code, message=message))
        return ""

    def _cell(self, column: str) -> str:
        value = self.cells.get(column)
        return "" if value is None else str(value).strip()

    def _text(self, field: str) -> str:
        written = self.mapping.fields.get(field)
        if written is None:
            return ""
        return filled(written, self.cells) if "{" in written else self._cell(written)

    def _number(self, field: str) -> float | None:
        text = self._text(field)
        if not text:
            return None
        try:
            return float(text)
        except ValueError:
            self._wrong(field, "not_a_number", text[:40])
            return None

    def _category(self) -> str:
        written = self._cell(self.mapping.category_column)
        code = self.mapping.categories.get(written) or self.mapping.default_category
        return code or self._wrong(self.mapping.category_column, "unknown", f"no category for {written!r}")

    def _unit(self) -> str:
        if self.mapping.unit_column is None:
            return ""
        written = self._cell(self.mapping.unit_column)
        code = self.mapping.units.get(written) or self.mapping.default_unit
        return code or self._wrong(self.mapping.unit_column, "unknown", f"no unit for {written!r}")

    def _area_name(self) -> str | None:
        name = self._cell(self.mapping.area_column) if self.mapping.area_column else ""
        if name in self.mapping.area_names:
            return self.mapping.area_names[name]
        for ending in self.mapping.area_endings:
            name = name.removesuffix(ending)
        return name or None

    def _moment(self, name: str) -> datetime | None:
        cells = (self._cell(column) for column in self.mapping.moments[name])
        text = next((cell for cell in cells if cell), "")
        if not text:
            if name == "received":
                self._wrong(name, "required")
            return None
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            self._wrong(name, "not_a_moment", text[:40])
            return None
        if name in self.mapping.end_of_day:
            moment = datetime.combine(moment, END_OF_DAY, tzinfo=moment.tzinfo)
        return (moment if moment.tzinfo else moment.replace(tzinfo=self.mapping.time_zone)).astimezone(UTC)

    def _promise(self, moments: dict[str, datetime], name: str) -> datetime | None:
        """When something was promised for; None when nothing was."""
        received, due_at = moments.get("received"), moments.get(name)
        if received is None or due_at is None or due_at > received:
            return due_at
        if not self.mapping.early_promise_is_none:
            self._wrong(name, "before_received", f"{due_at.isoformat()} is not after {received.isoformat()}")
        return None

    def _need_moments(self, outcome: RecordedOutcome, moments: dict[str, datetime]) -> None:
        """The record must not end before it begins; a moment an outcome needs must be there or is that of the last one."""
        received = moments.get("received")
        for name, moment in moments.items():
            if received is None or moment >= received or name in self.mapping.promises.values():
                continue
            if self.mapping.early_is_received:
                moments[name] = received
            else:
                self._wrong(name, "before_received", f"{moment.isoformat()} is before {received.isoformat()}")
        needed = {task.at for task in outcome.tasks} | ({outcome.at} if outcome.message else set())
        for name in sorted(needed - moments.keys()):
            if name != "received":
                self._wrong(name, "required", "the recorded status needs this moment")


def filled(template: str, cells: dict[str, Any]) -> str:
    """A text with every `{column}` replaced by its cell; columns that are missing leave nothing."""
    text = template
    for column, value in cells.items():
        text = text.replace("{" + column + "}", "" if value is None else str(value).strip())
    return text.strip(" :,;-")
