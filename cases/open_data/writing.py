"""Writing the files of a night, whole or not at all; the clock asks for it once a day, a worker does it."""

from __future__ import annotations

import csv
import hashlib
import io
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path
from typing import IO, Any
from zoneinfo import ZoneInfo

import orjson
from sqlalchemy import func, select, text

from cases import city, performance
from cases.models import Event, OpenDataRoot, Setting
from cases.open_data import roots, schema
from cases.open_data.rows import COLUMNS, Row, every
from cases.open_data.tree import Tree, leaf
from engine import clock, jobs, registry
from engine.base import session, transaction
from engine.models import Job, JobState

TOPIC = "write_open_data"
FILES = ("cases.csv", "cases.jsonl", "cases.geojson", "schema.json", "dataset.json")
#: From this hour of the city on the files of the day before are made.
HOUR = 1
#: Files of so many days are kept; their roots for ever.
KEPT = timedelta(days=31)
_LOCK = 7_660_001

_folder: list[Path] = []


def configure(place: Path) -> None:
    """Say where the files are; the composition root does."""
    _folder[:] = [place]


def folder() -> Path:
    """Where the files are."""
    return _folder[0]


def latest() -> OpenDataRoot | None:
    """The newest day whose files are there."""
    found = session().scalars(select(OpenDataRoot).order_by(OpenDataRoot.day.desc()).limit(KEPT.days))
    return next((one for one in found if (folder() / one.day.isoformat() / FILES[-1]).exists()), None)


@registry.periodic
def ask_for_it() -> None:
    """Have a worker write the files of yesterday, once."""
    if not _folder:
        return
    with transaction():
        if session().get(Setting, city.KEY) is None:
            return
        local = clock.now().astimezone(ZoneInfo(city.settings().time_zone))
        if local.hour < HOUR or roots.of_day(local.date() - timedelta(days=1)):
            return
        waits = select(Job.id).where(Job.topic == TOPIC, Job.state.in_((JobState.WAITING, JobState.RUNNING)))
        if session().scalar(waits.limit(1)) is None:
            jobs.add(TOPIC, {})


@registry.handler(TOPIC, time_limit=timedelta(hours=2))
def write_open_data() -> None:
    """Write the files of yesterday."""
    write()


def write(progress: Callable[[int], None] = lambda _number: None) -> OpenDataRoot:
    """The files as things stand, as those of yesterday; what was published of that day before stays as it is."""
    session().execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    day = city.today() - timedelta(days=1)
    known = roots.of_day(day)
    if known is not None:
        return known
    folder().mkdir(parents=True, exist_ok=True)
    place = Path(tempfile.mkdtemp(prefix=".making-", dir=folder()))
    try:
        made = _write(place, day, progress)
        shutil.rmtree(folder() / day.isoformat(), ignore_errors=True)
        place.rename(folder() / day.isoformat())
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        raise
    _tidy(day)
    return made


def _write(place: Path, day: date, progress: Callable[[int], None]) -> OpenDataRoot:
    while performance.fold(wait=True):
        pass
    before, as_of, tree = _happened(), clock.now(), Tree()
    with ExitStack() as open_files:
        table, lines, shapes = (open_files.enter_context((place / name).open("wb")) for name in FILES[:3])
        table.write(_csv(COLUMNS))
        shapes.write(b'{"type":"FeatureCollection","features":[\n')
        for number, row in enumerate(every()):
            tree.add(leaf(row.values()))
            table.write(_csv(_flat(row)))
            lines.write(orjson.dumps(dict(zip(COLUMNS, row.values(), strict=True))) + b"\n")
            shapes.write((b",\n" if number else b"") + orjson.dumps(_feature(row)))
            progress(1)
        shapes.write(b"\n]}\n")
    (place / FILES[3]).write_bytes(orjson.dumps(schema.table(), option=orjson.OPT_INDENT_2))
    files = {name: _described(place / name) for name in FILES[:4]}
    made = roots.publish(day, tree.root(), tree.count, as_of, files)
    ever: dict[str, Any] = {"from_on": date(2000, 1, 1), "to_on": as_of.date() + timedelta(days=1)}
    whole, units = performance.summary(**ever, by=(), most_overdue=0).totals, performance.of_units(**ever)
    told = schema.dataset(made, whole, units, is_steady=_happened() == before)
    (place / FILES[4]).write_bytes(orjson.dumps(told, option=orjson.OPT_INDENT_2))
    for name in FILES:
        with (place / name).open("rb") as written:
            os.fsync(written.fileno())
    place.chmod(0o755)
    return made


def _happened() -> int:
    """The last thing that happened to any case."""
    return session().scalar(select(func.max(Event.id))) or 0


def _csv(values: Any) -> bytes:
    written = io.StringIO()
    csv.writer(written, lineterminator="\r\n").writerow(values)
    return written.getvalue().encode()


def _flat(row: Row) -> Iterator[Any]:
    for value in row.values():
        yield ("true" if value else "false") if isinstance(value, bool) else "" if value is None else value


def _feature(row: Row) -> dict[str, Any]:
    known = dict(zip(COLUMNS, row.values(), strict=True))
    latitude, longitude = known["latitude"], known["longitude"]
    place = None if latitude is None or longitude is None else {"type": "Point", "coordinates": [longitude, latitude]}
    return {"type": "Feature", "geometry": place, "properties": known}


def _described(path: Path) -> dict[str, Any]:
    hashed = hashlib.sha256()
    with path.open("rb") as written:
        _feed(hashed, written)
    return {"sha256": hashed.hexdigest(), "bytes": path.stat().st_size}


def _feed(hashed: Any, written: IO[bytes]) -> None:
    while block := written.read(1 << 20):
        hashed.update(block)


def _tidy(day: date) -> None:
    """Old files go, and what an interrupted night left behind."""
    for place in folder().iterdir():
        is_old = place.name < (day - KEPT).isoformat() and not place.name.startswith(".")
        if place.is_dir() and is_old:
            shutil.rmtree(place, ignore_errors=True)
