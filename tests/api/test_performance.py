"""Figures through the API."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests import town as cast
from tests.api.conftest import Program
from tests.conftest import Client

Issue = Callable[[str], Program]


def test_a_period_is_counted_both_days_included(program_of: Issue) -> None:
    cast.report()
    cast.accepted()
    cast.counted()

    figures = program_of(cast.SUPERVISOR).get("/api/performance?from=2026-11-23&to=2026-11-23").json

    assert (figures["from"], figures["to"]) == ("2026-11-23", "2026-11-23")
    assert (figures["totals"]["received"], figures["totals"]["open"]) == (2, 2)
    assert figures["totals"]["on_time_share"] == {"n": 0, "share": None}
    assert "dien-hong-infrastructure" in {row["unit"]["code"] for row in figures["by_unit"]}


def test_the_period_is_the_last_thirty_days_unless_said(program_of: Issue) -> None:
    figures = program_of(cast.SUPERVISOR).get("/api/performance").json

    assert (figures["from"], figures["to"]) == ("2026-10-24", "2026-11-23")


@pytest.mark.parametrize(
    ("query", "field", "code"),
    [
        ("from=yesterday", "from", "not_a_day"),
        ("from=0001-01-01", "from", "not_a_day"),
        ("from=2026-02-30", "from", "not_a_day"),
        ("from=2026-11-23&to=2026-11-22", "to", "before_from"),
        ("unit=dragons", "unit", "unknown"),
        ("category=dragons", "category", "unknown"),
        ("area=dragons", "area", "unknown"),
        ("by=dragon", "by", "unknown"),
        ("by=unit,unit", "by", "unknown"),
        ("by=official", "by", "unknown"),
        ("period=2026-13", "period", "not_a_period"),
        ("period=2026-Q5", "period", "not_a_period"),
        ("period=0999", "period", "not_a_period"),
        ("period=2026-11&from=2026-11-01", "period", "cannot_combine"),
        ("official=vice.dien-hong", "official", "unknown_field"),
    ],
)
def test_a_period_that_is_none_is_refused(program_of: Issue, query: str, field: str, code: str) -> None:
    answer = program_of(cast.SUPERVISOR).get(f"/api/performance?{query}")

    assert [(error["field"], error["code"]) for error in answer.json["errors"]] == [(field, code)]


def test_every_figure_comes_by_its_code_with_what_it_rests_on(program_of: Issue, client: Client) -> None:
    cast.resolved()
    cast.report()
    cast.counted()

    found = program_of(cast.SUPERVISOR).get("/api/performance?from=2026-11-23&to=2026-11-30").json
    values = found["totals"]["values"]
    told = Program(client).get("/api/public/performance/definitions").json["figures"]

    assert sorted(values) == sorted(one["code"] for one in told)
    assert values["received"] == {"n": 2, "value": 2.0, "parts": []}
    assert values["on_time_closed_share"] == {"n": 1, "value": 1.0, "parts": []}
    assert values["open_age"]["parts"] == [2, 0, 0, 0, 0]
    assert values["no_target"]["n"] == 0
    assert all(one[f"{what}_{language}"] for one in told for what in ("name", "formula") for language in ("vi", "en"))


def test_a_reporting_month_begins_on_the_citys_day_and_stands_beside_the_one_before(program_of: Issue) -> None:
    cast.report()
    cast.counted()
    program = program_of(cast.SUPERVISOR)

    december = program.get("/api/performance?period=2026-12&compare=true&by=channel").json
    january = program.get("/api/performance?period=2027-01&compare=true&by=unit").json

    assert (december["from"], december["to"]) == ("2026-11-21", "2026-12-20")
    assert (december["before"]["from"], december["before"]["to"]) == ("2026-10-21", "2026-11-20")
    assert [(row["channel"], row["figures"]["received"]) for row in december["by_channel"]] == [("web", 1)]
    assert january["before"]["totals"]["received"] == 1
    assert january["totals"]["values"]["carried_over"]["n"] == 1
    assert january["totals"]["received"] == 0


def test_without_comparing_there_is_no_period_before(program_of: Issue) -> None:
    assert program_of(cast.SUPERVISOR).get("/api/performance").json["before"] is None


def test_areas_and_channels_narrow_down_and_are_listed(program_of: Issue) -> None:
    cast.report()
    cast.counted()
    program = program_of(cast.SUPERVISOR)

    found = program.get("/api/performance?by=area,category&area=dien-hong&category=pothole").json
    assert [(row["area"]["code"], row["figures"]["received"]) for row in found["by_area"]] == [("dien-hong", 1)]
    assert found["by_unit"] == []
    assert program.get("/api/performance?channel=phone").json["totals"]["received"] == 0
    every = "/api/performance?unit=gia-lai&area=dien-hong&category=pothole&channel=web&by=unit,area,category,channel"
    assert program.get(every).json["totals"]["received"] == 1


def test_officials_see_their_own_figures_and_no_others(program_of: Issue) -> None:
    cast.resolved()
    cast.report()
    cast.counted()

    assert program_of(cast.OFFICIAL).get("/api/performance").status_code == 403
    own = program_of(cast.OFFICIAL).get("/api/performance/own").json
    assert (own["totals"]["received"], own["totals"]["values"]["resolved"]["n"]) == (1, 1)
    assert program_of(cast.INTAKE).get("/api/performance/own").json["totals"]["received"] == 0


@pytest.mark.parametrize("query", ["from=2026-11-23&to=2026-11-22", "official=vice.dien-hong", "from=x"])
def test_own_figures_of_a_period_that_is_none_or_of_somebody_else_are_refused(program_of: Issue, query: str) -> None:
    assert program_of(cast.OFFICIAL).get(f"/api/performance/own?{query}").status_code == 422
