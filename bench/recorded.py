"""Whether the figures of imported reports are right: counted again from the file itself, to the case.

    python -m bench.recorded FILE.csv.gz --mapping FILE.toml [--months]

Nothing of the city, the engine or the figures is imported: the file is read here once more with nothing but the mapping's names
of columns, and the figures are asked from `caseway performance show`. For the whole file and, with --months, for each calendar
month, both on-time shares must have the same numerator and denominator for the city, each unit and each category. Prints what
was compared and every difference; ends with 1 if there is one.

The figures must be those of a city that has only taken in this file (environment as of the import), with reporting months
that do not matter here, for days are asked.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

ROOT = Path(__file__).parent.parent
LAST_SECOND = timedelta(hours=23, minutes=59, seconds=59)
#: What is compared: of all due by the day they were due, of those resolved by the day of the result.
SHARES = ("on_time_share", "on_time_closed_share")

#: (share, dimension, code) → on time, all.
Counted = dict[tuple[str, str, str], tuple[int, int]]


def main() -> int:
    """Compare; 1 when something differs."""
    asked = _arguments()
    mapping = tomllib.loads(asked.mapping.read_text(encoding="utf-8"))
    facts = list(_facts(asked.file, mapping, asked))
    differences = compared = 0
    for first, last in _periods(facts, monthly=asked.months):
        counted, told = _counted(facts, first, last), _told(first, last, asked.above.split(","))
        compared += len(counted.keys() | told.keys())
        for key in sorted(counted.keys() | told.keys()):
            ours, theirs = told.get(key, (0, 0)), counted.get(key, (0, 0))
            if ours != theirs:
                differences += 1
                print(f"{first} to {last}, {' '.join(key)}: figures say {ours}, the file {theirs}")
        if not asked.months:
            print("\n".join(f"{' '.join(key)}: {kept} of {n}" for key, (kept, n) in sorted(counted.items())))
    print(f"{compared} shares compared over {len(facts)} promises of the file, {differences} differ")
    return min(differences, 1)


@dataclass(frozen=True)
class Fact:
    """What one row says of its promise: when it was due, when it had a result if it has one, whose it was."""

    due: datetime
    ended: datetime | None
    unit: str
    category: str


def _facts(file: Path, mapping: dict[str, Any], asked: argparse.Namespace) -> Iterator[Fact]:
    """Rows with a promise that was made in time and neither withdrawn nor refused."""
    zone = ZoneInfo(mapping["source"]["time_zone"])
    resolved, still_open = asked.resolved.split(","), asked.open.split(",")
    for row in _rows(file):
        status = row[mapping["status"]["column"]]
        received = _moment(row, mapping, "received", zone)
        due = _moment(row, mapping, mapping["promises"]["resolve"], zone)
        if due is None or received is None or due <= received or status not in (*resolved, *still_open):
            continue
        ended = max(_moment(row, mapping, "ended", zone) or received, received) if status in resolved else None
        unit, category = (mapping[name]["codes"][row[mapping[name]["column"]]] for name in ("unit", "category"))
        yield Fact(due, ended, unit, category)


def _moment(row: dict[str, str], mapping: dict[str, Any], name: str, zone: ZoneInfo) -> datetime | None:
    columns = mapping["moments"][name]
    written = next((row[column] for column in ([columns] if isinstance(columns, str) else columns) if row[column]), "")
    if not written:
        return None
    if name in mapping["source"].get("end_of_day", ()):
        return datetime.fromisoformat(written[:10]).replace(tzinfo=zone) + LAST_SECOND
    return datetime.fromisoformat(written).replace(tzinfo=zone)


def _counted(facts: list[Fact], first: date, last: date) -> Counted:
    kept: Counter[tuple[str, str, str]] = Counter()
    n: Counter[tuple[str, str, str]] = Counter()
    now = datetime.now(UTC)
    for fact in facts:
        on_time = fact.ended is not None and fact.ended <= fact.due
        by_due = (fact.ended is not None or fact.due < now) and first <= fact.due.date() <= last
        by_result = fact.ended is not None and first <= fact.ended.date() <= last
        for share, belongs in zip(SHARES, (by_due, by_result), strict=True):
            for key in ((share, "city", ""), (share, "unit", fact.unit), (share, "category", fact.category)):
                n[key] += belongs
                kept[key] += belongs and on_time
    return {key: (kept[key], n[key]) for key in n if n[key]}


def _told(first: date, last: date, above: list[str]) -> Counted:
    command = [
        sys.executable,
        "-m",
        "cli",
        "performance",
        "show",
        "--format",
        "json",
        "--from",
        str(first),
        "--to",
        str(last),
    ]
    told = json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout)  # noqa: S603  # our own program
    found: Counted = {}
    for dimension, lines in (
        ("city", {"": told["totals"]}),
        ("unit", told["by_unit"]),
        ("category", told["by_category"]),
    ):
        for code, values in lines.items():
            for share in SHARES:
                n, value = values[share]["n"], values[share]["value"]
                if n and code not in above:
                    found[share, dimension, code] = round(n * value), n
    return found


def _periods(facts: list[Fact], *, monthly: bool) -> Iterator[tuple[date, date]]:
    days = [moment.date() for fact in facts for moment in (fact.due, fact.ended) if moment is not None]
    if not monthly:
        yield min(days), max(days)
        return
    first = min(days).replace(day=1)
    while first <= max(days):
        following = (first + timedelta(days=31)).replace(day=1)
        yield first, following - timedelta(days=1)
        first = following


def _rows(path: Path) -> Iterator[dict[str, str]]:
    opener: Any = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Count the on-time shares of imported reports again, from the file.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--mapping", type=Path, required=True)
    parser.add_argument("--resolved", default="Closed", help="Statuses with a result, commas between.")
    parser.add_argument("--open", default="Open,Pending", help="Statuses still to be resolved, commas between.")
    parser.add_argument(
        "--above", default="service-centre", help="Units whose figures are those of the units below them together."
    )
    parser.add_argument("--months", action="store_true", help="Each calendar month instead of all days together.")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
