"""Checking a published file without the city: its root, its figures reckoned anew, and the links from day to day.

Uses nothing of the house on purpose: what is checked by the code that wrote it is not checked.
"""

from __future__ import annotations

import csv
import hashlib
import json
import urllib.request
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import click

WHOLE = ("promise", "reopened")
REAL = ("latitude", "longitude")
YES_NO = ("fell_away", "stands_still")
#: Bad rows told at most.
MOST = 20
#: Seconds to wait for an address.
PATIENCE_S = 30


class BadFile(Exception):
    """What cannot be read."""


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--dataset",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="dataset.json [the one beside FILE].",
)
@click.option("--roots", help="roots.json, a file or an address of the city; checks the links from day to day.")
def verify(file: Path, dataset: Path | None, roots: str | None) -> None:
    """Reckon the on-time shares of a published FILE anew (csv, jsonl or geojson), and check its root against what the city
    published. Ends with 0 when all is as it should be, with 1 when anything differs.
    """
    told_at = dataset or file.with_name("dataset.json")
    told = _json(told_at.read_text(encoding="utf-8"), str(told_at)) if told_at.exists() else None
    rows, wrong = _read(file)
    for line in wrong[:MOST]:
        click.echo(line, err=True)
    if len(wrong) > MOST:
        click.echo(f"… and {len(wrong) - MOST} more rows", err=True)
    differs = bool(wrong)
    root = _root(rows)
    click.echo(f"{len(rows)} rows, root {root}")
    as_of = datetime.fromisoformat(told["as_of"]) if told else max((_moment(row["closed_at"]) for row in rows if row["closed_at"]), default=None)  # fmt: skip
    found = _figures(rows, as_of)
    _show(found)
    if told is None:
        click.echo("No dataset.json: nothing to compare with.", err=True)
    else:
        differs |= _compare(told, len(rows), root, found)
    if roots:
        differs |= _check_links(_fetch(roots), told, root)
    click.echo("DIFFERS" if differs else "All is as published." if told else "Read without fault.")
    raise SystemExit(1 if differs else 0)


# ------------------------------------------------------------------------------------------------------------- reading


def _read(file: Path) -> tuple[list[dict[str, Any]], list[str]]:
    rows: list[dict[str, Any]] = []
    wrong: list[str] = []
    try:
        for number, raw in _raw(file):
            try:
                rows.append(_typed(raw))
            except (KeyError, TypeError, ValueError) as error:
                wrong.append(f"line {number}: {type(error).__name__}: {error}")
    except (UnicodeDecodeError, csv.Error, json.JSONDecodeError, KeyError, TypeError) as error:
        raise click.UsageError(f"{file} cannot be read: {error}") from error
    return rows, wrong


def _raw(file: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    ending = file.suffix.lower()
    with file.open(encoding="utf-8", newline="") as opened:
        if ending == ".csv":
            yield from enumerate(csv.DictReader(opened), 2)
        elif ending == ".jsonl":
            yield from ((number, json.loads(line)) for number, line in enumerate(opened, 1))
        elif ending == ".geojson":
            features = json.load(opened)["features"]
            yield from ((number, one["properties"]) for number, one in enumerate(features, 1))
        else:
            raise click.UsageError("Give a file that ends in .csv, .jsonl or .geojson.")


def _typed(raw: dict[str, Any]) -> dict[str, Any]:
    row: dict[str, Any] = dict(raw)
    for name in WHOLE:
        row[name] = int(row[name])
    for name in REAL:
        row[name] = None if row[name] in ("", None) else float(row[name])
    for name in YES_NO:
        if row[name] not in (True, False, "true", "false"):
            raise ValueError(f"{name} is neither true nor false: {row[name]!r}")
        row[name] = row[name] in (True, "true")
    for name in ("due_at", "met_at", "closed_at"):
        if row[name]:
            _moment(row[name])
    return row


def _moment(written: str) -> datetime:
    return datetime.fromisoformat(written)


def _json(text: str, name: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise click.UsageError(f"{name} is no JSON: {error}") from error


def _fetch(place: str) -> Any:
    if not place.startswith(("http://", "https://")):
        if not Path(place).exists():
            raise click.UsageError(f"There is no file {place}.")
        return _json(Path(place).read_text(encoding="utf-8"), place)
    try:
        with urllib.request.urlopen(place, timeout=PATIENCE_S) as answer:  # noqa: S310  # http and https only, see above
            return _json(answer.read().decode(), place)
    except OSError as error:
        raise click.UsageError(f"{place} cannot be fetched: {error}") from error


# ---------------------------------------------------------------------------------------------------------------- root


def _root(rows: list[dict[str, Any]]) -> str:
    """The Merkle tree of RFC 6962 over the rows, each as a JSON array without spaces."""
    level = [hashlib.sha256(b"\0" + _canonical(row)).digest() for row in rows]
    return _subtree(level).hex() if level else hashlib.sha256(b"").hexdigest()


def _subtree(leaves: list[bytes]) -> bytes:
    while len(leaves) > 1:
        paired = [
            hashlib.sha256(b"\1" + leaves[place] + leaves[place + 1]).digest() for place in range(0, len(leaves) - 1, 2)
        ]
        leaves = paired + leaves[len(paired) * 2 :]
    return leaves[0]


def _canonical(row: dict[str, Any]) -> bytes:
    return json.dumps(list(row.values()), ensure_ascii=False, separators=(",", ":")).encode()


# ------------------------------------------------------------------------------------------------------------- figures


def _figures(rows: list[dict[str, Any]], as_of: datetime | None) -> dict[str, dict[str, dict[str, int]]]:
    """On time in both formulas, for all and for each unit: how many of how many."""
    counted: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(("kept", "broken", "overdue"), 0))
    for row in rows:
        what = _judged(row, as_of)
        if what:
            for key in ("", row["unit"] or "-"):
                counted[key][what] += 1
    return {
        key: {
            "of_all_due": {"on_time": one["kept"], "n": sum(one.values())},
            "of_those_resolved": {"on_time": one["kept"], "n": one["kept"] + one["broken"]},
        }
        for key, one in sorted(counted.items())
    }


def _judged(row: dict[str, Any], as_of: datetime | None) -> str:
    """kept, broken, overdue, or nothing for a promise that is not judged."""
    if not row["due_at"] or row["fell_away"]:
        return ""
    due = _moment(row["due_at"])
    if row["met_at"]:
        return "kept" if _moment(row["met_at"]) <= due else "broken"
    is_open = not row["closed_at"] and not row["stands_still"]
    return "overdue" if is_open and as_of is not None and due <= as_of else ""


def _show(found: dict[str, dict[str, dict[str, int]]]) -> None:
    click.echo(f"{'UNIT':40}  {'ON TIME OF ALL DUE':>24}  {'ON TIME OF THOSE RESOLVED':>26}")
    for key, shares in found.items():
        cells = [f"{one['on_time']} of {one['n']}" for one in (shares["of_all_due"], shares["of_those_resolved"])]
        click.echo(f"{key or 'all':40}  {cells[0]:>24}  {cells[1]:>26}")


def _compare(told: dict[str, Any], rows: int, root: str, found: dict[str, Any]) -> bool:
    """Tell what is not as published; whether anything is."""
    differs = _differs("rows", told["rows"], rows) | _differs("root", told["root"], root)
    nothing = {name: {"on_time": 0, "n": 0} for name in ("of_all_due", "of_those_resolved")}
    published = {"": told["figures"]["all"], **{code or "-": one for code, one in told["figures"]["unit"].items()}}
    for key in sorted({*found, *published}):
        what = f"on time, {key or 'all'}"
        differs |= _differs(what, published.get(key, nothing), found.get(key, nothing))
    if differs and not told.get("steady", True):
        click.echo("Cases changed while this file was written; its figures may differ by that.", err=True)
    return differs


def _differs(what: str, published: Any, found: Any) -> bool:
    if published == found:
        return False
    click.echo(f"{what}: published {published}, found {found}", err=True)
    return True


def _check_links(links: list[dict[str, Any]], told: dict[str, Any] | None, root: str) -> bool:
    """Each day holds the one before; and the day of the file is among them, with its root."""
    differs = False
    for later, earlier in zip(links, [*links[1:], None], strict=True):
        made = hashlib.sha256(f"{later['previous']}\n{later['day']}\n{later['root']}".encode()).hexdigest()
        differs |= _differs(f"link of {later['day']}", later["link"], made)
        if earlier is not None:
            differs |= _differs(f"link from {later['day']} to the day before", later["previous"], earlier["link"])
    if told is not None:
        day = next((one for one in links if one["day"] == told["day"]), None)
        differs |= _differs(f"root of {told['day']}", day and day["root"], root)
    return differs
