"""Figures for leaders: tiles, tables, the cases behind them, and the same as a file."""

from __future__ import annotations

import csv
import io
from datetime import datetime, timedelta

import pytest

from engine import clock
from engine.base import transaction
from tests import town as cast
from tests.web.staff.conftest import DeskOf
from web.pages.staff.insight import hours, percent
from web.pages.staff.insight_csv import safe

BOM = "\ufeff"


def lines(source: str) -> list[list[str]]:
    """The cells of a file."""
    return list(csv.reader(io.StringIO(source.removeprefix(BOM))))


def test_tiles_tell_numbers_with_what_they_rest_on(desk: DeskOf, frozen_clock: datetime) -> None:
    with transaction():
        cast.resolved()
        cast.report()
    cast.counted()
    with clock.at(frozen_clock + timedelta(days=4)):
        page = desk(cast.SUPERVISOR).get("/insight?period=7")

    assert page.heading == "Performance"
    assert "Reports received 2 0 closed" in page.text
    assert "On time n = 1 1 of 1 promises" in page.text


def test_tables_name_units_and_categories_that_can_be_opened(desk: DeskOf) -> None:
    with transaction():
        case = cast.resolved()
    cast.counted()
    assert case.unit is not None

    page = desk(cast.SUPERVISOR).get("/insight?period=7")

    assert f"/insight?period=7&unit={case.unit.code}" in page.links("/insight")
    assert "/insight?period=7&category=pothole" in page.links("/insight")
    assert case.unit.name_en in page.text


@pytest.mark.parametrize("asked", ["unit=gao", "category=street-light"])
def test_a_scope_leaves_the_others_out(desk: DeskOf, asked: str) -> None:
    with transaction():
        cast.resolved()
    cast.counted()

    assert "Reports received 0" in desk(cast.SUPERVISOR).get(f"/insight?period=7&{asked}").text


@pytest.mark.parametrize("asked", ["unit=nowhere", "category=nothing"])
def test_a_scope_that_does_not_exist_is_refused(desk: DeskOf, asked: str) -> None:
    assert desk(cast.SUPERVISOR).get(f"/insight?{asked}").status == 422


def test_what_is_late_is_listed_with_its_case(desk: DeskOf, frozen_clock: datetime) -> None:
    with transaction():
        case = cast.accepted()
    cast.counted()
    with clock.at(frozen_clock + timedelta(days=20)):
        page = desk(cast.SUPERVISOR).get("/insight")

    assert f"/work/c/{case.tracking_code}" in page.links("/work/c/")
    assert "Overdue now 1" in page.text


def test_a_leader_gets_no_names_of_cases_elsewhere(desk: DeskOf, frozen_clock: datetime) -> None:
    with transaction():
        case = cast.accepted()
    cast.counted()
    with clock.at(frozen_clock + timedelta(days=20)):
        page = desk("chair.gao").get("/insight")

    assert "Overdue now 1" in page.text
    assert case.tracking_code not in page.source
    assert case.title not in page.source


def test_the_file_opens_in_a_spreadsheet_and_says_the_same(desk: DeskOf, frozen_clock: datetime) -> None:
    with transaction():
        cast.resolved()
        cast.report()
    cast.counted()
    with clock.at(frozen_clock + timedelta(days=4)):
        page = desk(cast.SUPERVISOR).get("/insight/performance.csv?period=7")

    found = lines(page.source)
    total = dict(zip(found[0], found[1], strict=True))
    assert page.source.startswith(BOM)
    assert "attachment" in page.response.headers["Content-Disposition"]
    assert (total["Row"], total["Reports received"], total["On-time share"]) == ("Total", "2", "1.0")
    assert ["Category", "pothole", "Pothole, road damage"] in [line[:3] for line in found]


def test_the_file_of_a_unit_holds_that_unit_only(desk: DeskOf) -> None:
    with transaction():
        cast.resolved()
    cast.counted()
    page = desk(cast.SUPERVISOR).get("/insight/performance.csv?period=7&unit=gao")

    assert [line[0] for line in lines(page.source)[1:]] == ["Total"]


@pytest.mark.parametrize("name", ["=1+1", "+cmd", "-2", "@sum"])
def test_no_cell_is_run_as_a_formula(name: str) -> None:
    assert safe(name) == f"'{name}"


def test_plain_names_stay_as_they_are() -> None:
    assert safe("Ổ gà = hố") == "Ổ gà = hố"


def test_little_to_go_on_gives_no_share(desk: DeskOf) -> None:
    from cases.performance import Share

    with desk(cast.SUPERVISOR).client.application.test_request_context("/en"):
        assert [percent(share) for share in (Share(), Share(4, 0.75), Share(8, 0.75))] == ["–", "n = 4", "75 %"]
        assert [hours(amount) for amount in (None, 9.5, 47.9, 72)] == ["–", "9.5 h", "47.9 h", "3 d"]
