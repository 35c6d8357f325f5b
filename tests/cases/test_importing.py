"""Recorded reports live through the real process at their recorded moments; bad rows stay out, with line and reason."""

from __future__ import annotations

import gzip
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from cases import importing
from cases.importing import Mapping, Outcome
from cases.models import Case, Deadline, Report
from engine.base import session
from engine.errors import Invalid
from tests import town

LATER = datetime(2027, 6, 1, tzinfo=UTC)
MAPPING = """
[source]
time_zone = "Asia/Ho_Chi_Minh"
[fields]
external_id = "id"
text = "{kind}: {words}"
latitude = "lat"
longitude = "lon"
[moments]
received = "created"
ended = "closed"
[category]
column = "kind"
codes = { "Lamp" = "street-light" }
[status]
column = "status"
[variables]
feedback_days = 0
[tasks.intake_check]
at = "received"
answers = { decision = "accept" }
[tasks.assign]
at = "received"
answers = { assignment = "assign", official = "official.lighting-team" }
[tasks.resolve]
at = "ended"
answers = { outcome = "done", result_text = "{words} fixed" }
[tasks.approve]
at = "ended"
answers = { approval = "approve" }
[tasks.publication_check]
at = "ended"
answers = { publish = "private" }
[outcomes.Closed]
tasks = ["intake_check", "assign", "resolve", "approve", "publication_check"]
[outcomes.Cancelled]
tasks = ["intake_check"]
message = "case_cancelled"
[outcomes.Open]
"""
HEADER = "id,created,closed,kind,status,words,lat,lon\n"
CLOSED = "1,2026-11-23T08:00:00,2026-11-23T15:00:00,Lamp,Closed,dark at night in alley 12,13.983,108.003\n"
LATE = "2,2026-11-23T08:00:00,2026-12-20T15:00:00,Lamp,Closed,dark for weeks,13.983,108.003\n"
CANCELLED = "3,2026-11-23T08:00:00,2026-11-23T09:00:00,Lamp,Cancelled,never mind this one,13.983,108.003\n"
OPEN = "4,2026-11-23T08:00:00,,Lamp,Open,still dark out there,13.983,108.003\n"


@pytest.fixture
def mapping(app: Flask, tmp_path: Path) -> Mapping:
    town.found()
    path = tmp_path / "mapping.toml"
    path.write_text(MAPPING, encoding="utf-8")
    return importing.read(path)


def taken_in(mapping: Mapping, directory: Path, *lines: str, name: str = "rows.csv") -> Outcome:
    file = directory / name
    written = "".join(lines).encode()
    file.write_bytes(gzip.compress(written) if name.endswith(".gz") else written)
    rows = importing.rows_of(file)
    return importing.import_rows(rows, mapping, until=LATER, refused=directory / "refused.csv", progress=lambda _: None)


def cases_by_status() -> dict[str, int]:
    counted = session().execute(select(Case.status, func.count()).group_by(Case.status))
    return {status: number for status, number in counted}  # noqa: C416  # rows are no pairs to a type checker


def test_each_row_ends_where_its_record_says(mapping: Mapping, tmp_path: Path) -> None:
    outcome = taken_in(mapping, tmp_path, HEADER, CLOSED, LATE, CANCELLED, OPEN)

    assert (outcome.taken, outcome.refused) == (4, 0)
    assert cases_by_status() == {"closed": 2, "cancelled": 1, "submitted": 1}


def test_a_case_carries_the_recorded_moments(mapping: Mapping, tmp_path: Path) -> None:
    taken_in(mapping, tmp_path, HEADER, CLOSED)

    case = session().scalars(select(Case)).one()
    assert case.opened_at == datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
    assert case.closed_at == datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def test_timers_fire_between_the_recorded_moments(mapping: Mapping, tmp_path: Path) -> None:
    taken_in(mapping, tmp_path, HEADER, LATE)

    deadline = session().scalars(select(Deadline).where(Deadline.kind == "resolve")).one()
    assert deadline.breached_at == deadline.due_at
    assert deadline.met_at == datetime(2026, 12, 20, 8, 0, tzinfo=UTC)


def test_a_second_import_takes_nothing_in_twice(mapping: Mapping, tmp_path: Path) -> None:
    taken_in(mapping, tmp_path, HEADER, CLOSED)

    again = taken_in(mapping, tmp_path, HEADER, CLOSED, OPEN)

    assert (again.known, again.taken) == (1, 1)
    assert session().scalar(select(func.count()).select_from(Report)) == 2


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("9,yesterday,,Lamp,Open,dark in the alley,13.98,108\n", "received: yesterday"),
        ("9,2026-11-23T08:00:00,,Spaceship,Open,dark in the alley,13.98,108\n", "no category for 'Spaceship'"),
        ("9,2026-11-23T08:00:00,,Lamp,Asleep,dark in the alley,13.98,108\n", "no outcome for 'Asleep'"),
        ("9,2026-11-23T08:00:00,2026-11-22T08:00:00,Lamp,Closed,dark in the alley,13.98,108\n", "is before"),
        ("9,2026-11-23T08:00:00,,Lamp,Closed,dark in the alley,13.98,108\n", "ended: "),
        ("9,2026-11-23T08:00:00,,Lamp,Open,dark in the alley,north,108\n", "latitude: north"),
        ("9,2026-11-23T08:00:00,,Lamp,Open,dark in the alley,48.1,11.5\n", "out_of_area"),
        ("9,2026-11-23T08:00:00,,Lamp\n", "number of cells"),
        (",2026-11-23T08:00:00,,Lamp,Open,dark in the alley,13.98,108\n", "external_id"),
    ],
)
def test_a_bad_row_is_refused_with_line_and_reason_while_good_ones_go_in(
    mapping: Mapping, tmp_path: Path, line: str, reason: str
) -> None:
    outcome = taken_in(mapping, tmp_path, HEADER, CLOSED, line, OPEN)

    refused = (tmp_path / "refused.csv").read_text(encoding="utf-8").splitlines()
    assert (outcome.taken, outcome.refused) == (2, 1)
    assert refused[1].startswith("3,")
    assert reason.replace("_", " ") in refused[1].replace("_", " ")


def test_compressed_json_lines_are_read_too(mapping: Mapping, tmp_path: Path) -> None:
    line = '{"id": "7", "created": "2026-11-23T08:00:00+07:00", "kind": "Lamp", "status": "Open", "words": "dark for days", "lat": 13.983, "lon": "108.003"}\n'

    outcome = taken_in(mapping, tmp_path, line, "{broken\n", "[1]\n", name="rows.jsonl.gz")

    assert (outcome.taken, outcome.refused) == (1, 2)


def test_everything_wrong_with_a_mapping_is_told_together(tmp_path: Path) -> None:
    path = tmp_path / "mapping.toml"
    path.write_text(
        '[source]\ntime_zone = "Mars/Base"\n[fields]\nshoe_size = "x"\n[moments]\n[category]\n[outcomes.a]\ntasks = ["b"]\n'
    )

    with pytest.raises(Invalid) as told:
        importing.read(path)

    assert {p.where for p in told.value.problems} == {
        "fields.shoe_size", "fields.external_id", "fields.text", "moments.received", "category.column",
        "source.time_zone", "outcomes.a.tasks",
    }  # fmt: skip


def test_the_first_filled_column_of_several_is_the_moment(mapping: Mapping, tmp_path: Path) -> None:
    columns = {**mapping.moments, "ended": ("closed", "changed")}
    header, row = (
        HEADER.replace("closed", "closed,changed"),
        CLOSED.replace("T15:00:00,", "T15:00:00,x,").replace("2026-11-23T15:00:00,x", ",2026-11-24T10:00:00"),
    )
    outcome = taken_in(replace(mapping, moments=columns), tmp_path, header, row)

    assert outcome.taken == 1
    assert session().scalars(select(Case.closed_at)).one() == datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


def test_a_moment_before_the_reception_counts_as_the_reception_where_the_mapping_says_so(
    mapping: Mapping, tmp_path: Path
) -> None:
    early = CLOSED.replace("2026-11-23T15:00:00", "2026-11-23T00:00:00")

    outcome = taken_in(replace(mapping, early_is_received=True), tmp_path, HEADER, early)

    assert outcome.taken == 1
    case = session().scalars(select(Case)).one()
    assert case.closed_at == case.opened_at
