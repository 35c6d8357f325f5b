"""The figures made again at a terminal."""

from __future__ import annotations

import json
from contextlib import nullcontext
from datetime import timedelta

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import select, text

import cli
from cases.models import KpiCase, KpiCell
from engine import clock
from engine.base import session
from engine.models import Definition
from tests import town as cast
from tests.cases.conftest import town  # a fixture

__all__ = ["town"]


@pytest.fixture(autouse=True)
def _here(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    class Here:
        def app_context(self) -> nullcontext[None]:
            return nullcontext()

    monkeypatch.setattr(cli, "application", Here)


def ask(*words: str) -> Result:
    return CliRunner().invoke(cli.main, ["performance", *words], catch_exceptions=False)


def test_every_case_is_looked_at_and_wrong_sums_stay_until_they_are_made_anew(town: Definition) -> None:
    for _ in range(2):
        cast.report()
    cast.counted()
    session().execute(text("UPDATE kpi_cell SET counts[1] = 77"))
    session().commit()

    said = ask("rebuild")
    assert (said.exit_code, said.output.splitlines()[-1]) == (0, "2 cases looked at")
    assert 77 in {counts[0] for counts in session().scalars(select(KpiCell.counts))}

    assert ask("rebuild", "--anew").exit_code == 0
    assert {counts[0] for counts in session().scalars(select(KpiCell.counts))} == {0, 2}
    assert len(session().scalars(select(KpiCase.case_id)).all()) == 2


def test_an_unknown_word_is_refused() -> None:
    assert ask("rebuild", "--now").exit_code == 2


def test_the_figures_of_a_period_are_printed_as_a_table_and_with_everything_as_json(town: Definition) -> None:
    cast.report()
    cast.counted()
    session().commit()

    shown = ask("show", "--period", "2026-12", "--by", "category")
    assert shown.exit_code == 0
    assert "the whole city" in shown.output
    assert "category pothole" in shown.output
    (area,) = (
        line for line in ask("show", "--period", "2026-12", "--by", "area").output.splitlines() if "area" in line
    )
    assert area.split()[-1] == "0.02"  # one report of the 63,000 people of Diên Hồng

    told = json.loads(ask("show", "--from", "2026-11-01", "--to", "2026-11-30", "--format", "json").output)
    assert told["totals"]["received"] == {"n": 1, "value": 1}
    assert told["by_category"]["pothole"]["open_now"]["n"] == 1
    assert told["totals"]["on_time_share"] == {"n": 0, "value": None}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--period", "2026-13"], "--period: not a period"),
        (["--from", "2026-11-30", "--to", "2026-11-01"], "--to: before from"),
        (["--period", "2026", "--to", "2026-11-01"], "either --period"),
        (["--unit", "moon", "--category", "sun"], "--unit: unknown; --category: unknown"),
        (["--from", "yesterday"], "yesterday"),
    ],
)
def test_what_cannot_be_asked_is_told_with_its_option(town: Definition, words: list[str], said: str) -> None:
    refused = ask("show", *words)

    assert refused.exit_code == 2
    assert said in refused.output


def test_how_long_cases_usually_take_is_printed_once_enough_had_a_result(town: Definition) -> None:
    assert "No category has had 10 results yet." in ask("usual").output
    for _ in range(10):
        case = cast.report().case
        case.resolved_at = case.opened_at + timedelta(hours=30)
    session().commit()

    with clock.at(clock.now() + timedelta(days=3)):
        said = ask("usual", "--anew").output

    assert ["pothole", "anywhere", "29.9", "hours", "29.9", "hours", "10"] in [
        line.split() for line in said.splitlines()
    ]
