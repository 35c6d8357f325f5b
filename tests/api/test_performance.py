"""Figures through the API."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests import town as cast
from tests.api.conftest import Program

Issue = Callable[[str], Program]


def test_a_period_is_counted_both_days_included(program_of: Issue) -> None:
    cast.report()
    cast.accepted()

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
    ],
)
def test_a_period_that_is_none_is_refused(program_of: Issue, query: str, field: str, code: str) -> None:
    answer = program_of(cast.SUPERVISOR).get(f"/api/performance?{query}")

    assert [(error["field"], error["code"]) for error in answer.json["errors"]] == [(field, code)]
