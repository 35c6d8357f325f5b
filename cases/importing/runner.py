"""Taking in a whole file: batches of rows, each row its own savepoint, refused rows written down with line and reason."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Self

from sqlalchemy import select

from cases.importing.life import live
from cases.importing.mapping import Mapping
from cases.importing.rows import Row, filled, recorded
from cases.models import Area, Report
from engine.base import session, transaction
from engine.errors import CasewayError, Invalid

BATCH = 50


@dataclass
class Outcome:
    """How an import went."""

    taken: int = 0
    known: int = 0
    refused: int = 0

    def __iadd__(self, other: Outcome) -> Self:
        self.taken += other.taken
        self.known += other.known
        self.refused += other.refused
        return self

    @property
    def seen(self) -> int:
        return self.taken + self.known + self.refused


@dataclass(frozen=True)
class Refusal:
    """A row that did not go in."""

    line: int
    reason: str


def import_rows(
    rows: Iterable[Row], mapping: Mapping, *, until: datetime, refused: Path, progress: Callable[[int], None]
) -> Outcome:
    """Take rows in, living each until `until`; `progress` is told how many rows were done.

    Refused rows are appended to the file `refused` (line, reason). One transaction a batch: after a crash the batch is
    done again, and rows that are already there are left alone.
    """
    total = Outcome()
    iterator = iter(rows)
    while batch := list(islice(iterator, BATCH)):
        with transaction():
            outcome, refusals = import_batch(batch, mapping, until)
        _write_down(refused, refusals)
        total += outcome
        progress(len(batch))
    return total


def import_batch(batch: list[Row], mapping: Mapping, until: datetime) -> tuple[Outcome, list[Refusal]]:
    """Take one batch in within the caller's transaction."""
    outcome, refusals = Outcome(), []
    areas = {area.name_vi.casefold(): area for area in session().scalars(select(Area))}
    known = _known(batch, mapping)
    for row in batch:
        if _external_id(row, mapping) in known:
            outcome.known += 1
            continue
        reason = _take(row, mapping, areas, until)
        if reason is None:
            outcome.taken += 1
            known.add(_external_id(row, mapping))
        else:
            outcome.refused += 1
            refusals.append(Refusal(row.line, reason))
    return outcome, refusals


def _take(row: Row, mapping: Mapping, areas: dict[str, Area], until: datetime) -> str | None:
    """Take one row in; the reason when it is refused, and then nothing of it is stored."""
    if row.cells is None:
        return row.problem
    try:
        said = recorded(row.cells, mapping)
        with session().begin_nested():
            live(said, mapping, areas, until)
    except Invalid as error:
        return "; ".join(str(problem) for problem in error.problems)
    except CasewayError as error:
        return error.message
    finally:
        session().expunge_all()
    return None


def _external_id(row: Row, mapping: Mapping) -> str:
    if row.cells is None:
        return ""
    written = mapping.fields["external_id"]
    return filled(written, row.cells) if "{" in written else str(row.cells.get(written) or "").strip()


def _known(batch: list[Row], mapping: Mapping) -> set[str]:
    ids = {_external_id(row, mapping) for row in batch} - {""}
    return set(session().scalars(select(Report.external_id).where(Report.external_id.in_(ids)))) - {None}  # type: ignore[return-value]  # without None


def begin_refused(path: Path) -> None:
    """Begin the file of refused rows anew: what was refused before is tried again."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerow(["line", "reason"])


def _write_down(path: Path, refusals: list[Refusal]) -> None:
    if not refusals:
        return
    if not path.exists():
        begin_refused(path)
    with path.open("a", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows((refusal.line, refusal.reason) for refusal in refusals)


def every(rows: Iterable[Row], part: int, parts: int) -> Iterator[Row]:
    """One part of the rows, for several processes side by side."""
    return islice(iter(rows), part, None, parts)
