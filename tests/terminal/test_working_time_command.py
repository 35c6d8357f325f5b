"""Working time counted at a terminal, with the calendars of a city file or of the loaded city."""

from __future__ import annotations

import json
from contextlib import nullcontext
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask

import cli
from cases import city
from engine.models import Definition
from settings import ROOT
from tests.cases.conftest import town  # a fixture

__all__ = ["town"]

PLEIKU = ("--city-file", str(ROOT / "cities/pleiku/city.toml"))
OFFICE = ("--calendar", "office", *PLEIKU)


@pytest.fixture(autouse=True)
def _here(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    class Here:
        def app_context(self) -> nullcontext[None]:
            return nullcontext()

    monkeypatch.setattr(cli, "application", Here)


def ask(*words: str) -> Result:
    return CliRunner().invoke(cli.main, ["working-time", *words], catch_exceptions=False)


def told(*words: str) -> dict[str, Any]:
    result = ask(*words, "--format", "json")
    assert result.exit_code == 0, result.output
    whole: dict[str, Any] = json.loads(result.output)
    return whole


def test_seven_working_days_jump_over_tet() -> None:
    said = ask("add", *OFFICE, "--from", "2025-01-22T09:00", "--working-days", "7")

    assert said.exit_code == 0
    assert said.output.splitlines() == [
        "2025-02-07T17:00:00+07:00",
        "  From 09:00, Wed 22/01/2025 to 17:00, Fri 07/02/2025.",
        "  Counted: 7 working days; 62 hours of office hours.",
        "  Not counted: 25/01/2025–02/02/2025, Lunar New Year break.",
    ]


def test_the_explanation_speaks_vietnamese() -> None:
    said = ask("between", *OFFICE, "--from", "2026-02-10T06:00", "--to", "2026-02-26T12:00", "--language", "vi")

    assert said.output.splitlines() == [
        "working_days: 6",
        "working_hours: 60.5",
        "  Từ 06:00, thứ Ba 10/02/2026 đến 12:00, thứ Năm 26/02/2026.",
        "  Đã tính: 6 ngày làm việc; 60 giờ 30 phút trong giờ làm việc.",
        "  Lúc bắt đầu là ngoài giờ làm việc nên tính từ 07:00, thứ Ba 10/02/2026.",
        "  Không tính: 14/02/2026–22/02/2026, Nghỉ Tết Bính Ngọ.",
    ]


def test_moments_with_an_offset_are_taken_by_their_offset() -> None:
    assert told("add", *OFFICE, "--from", "2026-11-25T02:00+00:00", "--working-minutes", "90")["moment"] == (
        "2026-11-25T10:30:00+07:00"
    )


def test_a_negative_limit_counts_back() -> None:
    found = told("add", *OFFICE, "--from", "2026-11-26T09:00", "--working-hours=-3")

    assert found["moment"] == "2026-11-25T16:00:00+07:00"
    assert (found["from"], found["to"]) == (found["moment"], "2026-11-26T09:00:00+07:00")


def test_between_is_negative_when_the_second_moment_is_the_earlier_one() -> None:
    forth = told("between", *OFFICE, "--from", "2026-11-27T09:00", "--to", "2026-12-01T17:00")
    back = told("between", *OFFICE, "--from", "2026-12-01T17:00", "--to", "2026-11-27T09:00")

    assert (forth["working_days"], forth["working_hours"]) == (2, 22.0)
    assert (back["working_days"], back["working_hours"]) == (-2, -22.0)
    assert forth["days_off"] == [{"first": "2026-11-28", "last": "2026-11-29", "reason": "weekend"}]
    assert forth["explanation"][-1] == "Not counted: 2 days the office is closed every week."


def test_the_loaded_city_is_asked_when_no_file_is_named(town: Definition) -> None:
    code = city.kept_file().calendars[0].code

    assert told("add", "--calendar", code, "--from", "2026-11-24T09:00", "--hours", "1")["calendar"] == code


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (["--from", "yesterday", "--hours", "1"], 2, "“yesterday” is no moment"),
        (["--from", "0001-01-01", "--hours", "1"], 2, "not between the years 1900 and 2199"),
        (["--from", "2026-01-01", "--hours", "many"], 2, "“many” is no number"),
        (["--from", "2026-01-01", "--hours", "1e9999999"], 2, "no number between -1,000,000 and 1,000,000"),
        (["--from", "2026-01-01", "--hours", "nan"], 2, "“nan” is no number"),
        (["--from", "2026-01-01", "--working-days", "7.5"], 2, "working days are counted whole"),
        (["--from", "2026-01-01", "--working-days", "999999"], 1, "counted from 1900 to 2199"),
        (["--from", "2026-01-01", "--working-days=-999999"], 1, "counted from 1900 to 2199"),
        (["--from", "2026-01-01"], 2, "Give one limit: --working-minutes"),
        (["--from", "2026-01-01", "--hours", "1", "--working-days", "1"], 2, "Give one limit"),
        (["--hours", "1"], 2, "Missing option '--from'"),
    ],
)
def test_what_cannot_be_counted_is_said_in_a_sentence(words: list[str], code: int, sentence: str) -> None:
    said = ask("add", *OFFICE, *words)

    assert said.exit_code == code
    assert sentence in said.output


def test_an_unknown_calendar_is_named_with_those_there_are() -> None:
    said = ask("add", "--calendar", "none", *PLEIKU, "--from", "2026-01-01", "--hours", "1")

    assert said.exit_code == 1
    assert "There is no calendar “none”. There are: office," in said.output
