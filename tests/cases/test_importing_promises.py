"""What an earlier system had promised, and who was to keep it, comes along with a recorded report."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from cases import city, importing, performance, redating
from cases.importing import Mapping, Outcome
from cases.models import Case, Deadline
from engine import clock
from engine.base import session
from engine.errors import Invalid
from tests import town
from tests.cases.test_importing import HEADER, LATER, MAPPING

AGREED = (
    MAPPING.replace('time_zone = "Asia/Ho_Chi_Minh"\n', 'time_zone = "Asia/Ho_Chi_Minh"\nend_of_day = ["due"]\n')
    .replace('ended = "closed"\n', 'ended = "closed"\ndue = "promised"\n[promises]\nresolve = "due"\n')
    .replace('decision = "accept" }', 'decision = "accept", unit = "{@unit}" }')
    .replace("[status]", '[unit]\ncolumn = "agency"\ncodes = { "LT" = "lighting-team", "IN" = "dien-hong-infrastructure" }\n[status]')
)  # fmt: skip
COLUMNS = HEADER.replace("\n", ",promised,agency\n")


def row(number: int, closed: str, promised: str, agency: str = "LT") -> str:
    status = "Closed" if closed else "Open"
    return f"{number},2026-11-20T08:00:00,{closed},Lamp,{status},dark at night,13.983,108.003,{promised},{agency}\n"


@pytest.fixture
def agreed(app: Flask, tmp_path: Path) -> Mapping:
    town.found()
    return read(AGREED, tmp_path)


def read(written: str, directory: Path) -> Mapping:
    path = directory / "mapping.toml"
    path.write_text(written, encoding="utf-8")
    return importing.read(path)


def taken_in(mapping: Mapping, directory: Path, *lines: str) -> Outcome:
    file = directory / "rows.csv"
    file.write_text(COLUMNS + "".join(lines), encoding="utf-8")
    return importing.import_rows(
        importing.rows_of(file), mapping, until=LATER, refused=directory / "refused.csv", progress=lambda _: None
    )


def promises() -> dict[str, datetime]:
    query = select(Case, Deadline).join(Deadline, Deadline.case_id == Case.id).where(Deadline.kind == "resolve")
    return {case.reports[0].external_id or "": deadline.due_at for case, deadline in session().execute(query)}


def test_the_recorded_day_is_the_promise_to_its_last_second(agreed: Mapping, tmp_path: Path) -> None:
    taken_in(agreed, tmp_path, row(1, "2026-11-27T16:00:00", "2026-11-27T00:00:00"))

    assert promises() == {"1": datetime(2026, 11, 27, 16, 59, 59, tzinfo=UTC)}


def test_without_a_recorded_promise_the_city_had_none(agreed: Mapping, tmp_path: Path) -> None:
    taken_in(agreed, tmp_path, row(1, "2026-11-27T16:00:00", ""))

    assert promises() == {}


def test_the_other_promises_are_those_of_the_city(agreed: Mapping, tmp_path: Path) -> None:
    taken_in(agreed, tmp_path, row(1, "2026-11-27T16:00:00", "2026-11-27"))

    assert set(session().scalars(select(Deadline.kind))) == {"accept", "resolve", "answer"}


def test_a_promise_that_was_due_by_the_reception_is_refused_or_none_as_the_mapping_says(
    agreed: Mapping, tmp_path: Path
) -> None:
    early = row(1, "2026-11-27T16:00:00", "2026-11-19")

    assert taken_in(agreed, tmp_path, early).refused == 1
    assert "due" in (tmp_path / "refused.csv").read_text(encoding="utf-8")

    none = read(AGREED.replace("[fields]", 'early_promises = "none"\n[fields]', 1), tmp_path)
    assert taken_in(none, tmp_path, early).taken == 1
    assert promises() == {}


def test_the_recorded_agency_handles_the_case_and_answers_for_its_promise(agreed: Mapping, tmp_path: Path) -> None:
    taken_in(
        agreed, tmp_path,
        row(1, "2026-11-27T16:00:00", "2026-11-27"),
        row(2, "2026-11-28T16:00:00", "2026-11-27", "IN"),
        row(3, "2026-11-26T16:00:00", "2026-11-27", "IN"),
    )  # fmt: skip
    performance.mark_all()
    performance.refresh(wait=True)

    found = performance.summary(
        from_on=datetime(2026, 11, 1, tzinfo=UTC).date(), to_on=datetime(2026, 12, 31, tzinfo=UTC).date()
    )

    shares = {line.of.code: line.figures.values["on_time_closed_share"] for line in found.by_unit}
    assert (shares["lighting-team"].n, shares["lighting-team"].value) == (1, 1.0)
    assert (shares["dien-hong-infrastructure"].n, shares["dien-hong-infrastructure"].value) == (2, 0.5)


def test_an_agency_nobody_knows_is_refused_with_its_name(agreed: Mapping, tmp_path: Path) -> None:
    outcome = taken_in(agreed, tmp_path, row(1, "", "", "XYZ"))

    assert outcome.refused == 1
    assert "no unit for 'XYZ'" in (tmp_path / "refused.csv").read_text(encoding="utf-8")


def test_what_was_agreed_elsewhere_is_moved_by_no_table_of_the_city(agreed: Mapping, tmp_path: Path) -> None:
    pending = AGREED.replace("[outcomes.Open]\n", '[outcomes.Open]\ntasks = ["intake_check", "assign"]\n')
    taken_in(read(pending, tmp_path), tmp_path, row(1, "", "2026-12-31"))
    before = promises()

    with clock.at(datetime(2026, 11, 24, 3, 0, tzinfo=UTC)):
        city.forget()
        change = redating.plan("targets", "The table counts anew", by="admin")

    assert [move for move in redating.moves(change) if move.kind == "resolve"] == []
    assert promises() == before


def test_what_is_wrong_with_promises_and_agencies_of_a_mapping_is_told_together(tmp_path: Path) -> None:
    wrong = (
        AGREED.replace('resolve = "due"', 'resolve = "dew"\nrepair = "due"')
        .replace('end_of_day = ["due"]', 'end_of_day = ["dusk"]')
        .replace('column = "agency"\n', "")
    )

    with pytest.raises(Invalid) as told:
        read(wrong, tmp_path)

    assert {problem.where for problem in told.value.problems} == {
        "promises.resolve", "promises.repair", "source.end_of_day", "unit.column",
    }  # fmt: skip


def test_a_section_that_is_none_is_told(tmp_path: Path) -> None:
    with pytest.raises(Invalid) as told:
        read(
            AGREED.replace('[status]\ncolumn = "status"\n', "").replace("[source]", 'status = "x"\n[source]', 1),
            tmp_path,
        )

    assert {problem.where for problem in told.value.problems} == {"status"}
