"""Figures for leaders: tiles, tables, the cases behind them, and the same as a file."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import datetime, timedelta

import pytest
from flask_babel import force_locale
from hypothesis import given
from hypothesis import strategies as st

from cases.performance import Share
from engine import clock
from engine.base import transaction
from tests import town as cast
from tests.web.staff.conftest import DeskOf
from tests.web.staff.desk import Desk, Page
from web.pages.staff.insight_blocks import lower_bound
from web.pages.staff.insight_csv import safe
from web.pages.staff.insight_lines import change, hours, number, percent

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


def test_areas_stand_beside_each_other_by_their_inhabitants(desk: DeskOf) -> None:
    with transaction():
        cast.resolved()
    cast.counted()

    page = desk(cast.SUPERVISOR).get("/insight?period=7")
    narrowed = desk(cast.SUPERVISOR).get("/insight?period=7&unit=dien-hong")

    assert "Received per 1,000 inhabitants" in page.text
    assert "Diên Hồng Ward – – 1 0.02 1 0 0 " in page.text  # one of 63,000
    assert "By ward and commune" not in narrowed.text


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
    (area,) = (dict(zip(found[0], line, strict=True)) for line in found if line[:2] == ["Area", "dien-hong"])
    assert (area["Inhabitants"], area["Received per 1,000 inhabitants"]) == ("63000", "0.032")
    assert (total["Inhabitants"], total["Received per 1,000 inhabitants"]) == ("339000", "0.006")


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
    with desk(cast.SUPERVISOR).client.application.test_request_context("/en"):
        assert [percent(share) for share in (Share(), Share(4, 0.75), Share(8, 0.75))] == ["–", "n = 4", "75 %"]
        assert [hours(amount) for amount in (None, 9.5, 47.9, 72)] == ["–", "9.5 h", "47.9 h", "3 d"]


def test_long_numbers_are_written_out_in_groups(desk: DeskOf) -> None:
    said = []
    with desk(cast.SUPERVISOR).client.application.test_request_context("/"):
        for locale in ("vi", "en"):
            with force_locale(locale):
                said.append([number(one) for one in (999, 1_284_110, 38.25)])
    assert said == [["999", "1.284.110", "38,25"], ["999", "1,284,110", "38.25"]]


# -------------------------------------------------------------------------------------------------------- asking for it


@pytest.fixture
def busy(desk: DeskOf, frozen_clock: datetime) -> Desk:
    """A supervisor three weeks later: one case resolved, one open and late, one of another category in another ward."""
    with transaction():
        cast.resolved()
        cast.accepted()
        cast.report(category="street-light", at=(14.03, 108.07))
    cast.counted()
    return desk(cast.SUPERVISOR)


def number_of(page: Page, term: str) -> int:
    """The number of a tile."""
    return int(page.text.split(f" {term} ", 1)[1].split(" ", 1)[0])


@pytest.mark.parametrize(
    ("asked", "days", "before"),
    [
        ("period=1", "27/11/2026", "26/11/2026"),
        ("period=7", "21/11/2026 – 27/11/2026", "14/11/2026 – 20/11/2026"),
        ("period=month", "21/11/2026 – 27/11/2026", "21/10/2026 – 27/10/2026"),
        ("period=quarter", "21/09/2026 – 27/11/2026", "21/06/2026 – 27/08/2026"),
        ("period=year", "21/12/2025 – 27/11/2026", "21/12/2024 – 27/11/2025"),
        ("from=2026-11-02&to=2026-11-08", "02/11/2026 – 08/11/2026", "26/10/2026 – 01/11/2026"),
        ("period=nonsense", "29/10/2026 – 27/11/2026", "29/09/2026 – 28/10/2026"),
    ],
)
def test_periods_stand_beside_those_before(
    desk: DeskOf, frozen_clock: datetime, asked: str, days: str, before: str
) -> None:
    with clock.at(frozen_clock + timedelta(days=4)):
        page = desk(cast.SUPERVISOR).get(f"/insight?{asked}")
    assert f"{days} compared with {before}" in page.text


@pytest.mark.parametrize("asked", ["from=yesterday", "from=2026-11-08&to=2026-11-02", "to=9999-01-01"])
def test_a_period_that_is_none_is_refused(desk: DeskOf, asked: str) -> None:
    assert desk(cast.SUPERVISOR).get(f"/insight?{asked}").status == 422


def test_what_rose_or_fell_is_told_in_points(desk: DeskOf) -> None:
    with desk(cast.SUPERVISOR).client.application.test_request_context("/en"):
        told = [change(Share(20, now), Share(n, 0.8)) for now, n in ((0.9, 20), (0.75, 20), (0.8, 20), (0.9, 4))]
    assert [one and one["text"] for one in told] == ["up 10 points", "down 5 points", "unchanged", None]


@pytest.mark.parametrize(("tile", "count"), [("Overdue now", 2), ("Due soon", 0), ("Reports received", 3)])
def test_the_number_of_a_tile_is_the_number_of_cases_behind_it(
    busy: Desk, frozen_clock: datetime, tile: str, count: int
) -> None:
    with clock.at(frozen_clock + timedelta(days=20)):
        page = busy.get("/insight?period=90")
        assert number_of(page, tile) == count
        link = next(
            href
            for href in page.links("/work/search")
            if {"Overdue now": "overdue", "Due soon": "soon"}.get(tile, "from=") in href
        )
        assert busy.get(link).source.count('class="case"') == count


def test_units_are_ordered_by_what_one_clicks_on(busy: Desk, frozen_clock: datetime) -> None:
    with clock.at(frozen_clock + timedelta(days=20)):
        page = busy.get("/insight?period=90&sort=received")
    assert 'aria-sort="descending"' in page.source
    cells = [int(one) for one in re.findall(r'</td><td class="r">(\d+)</td><td class="r">\d+</td>', page.source)]
    units = cells[: page.source.count("&amp;unit=") // 2]
    assert units == sorted(units, reverse=True)


def test_a_block_that_cannot_be_made_leaves_the_others(busy: Desk) -> None:
    page = busy.get("/insight?period=90&unit=dien-hong&area=dien-hong&category=pothole&channel=web")
    assert page.status == 200
    assert "Reports received 2" in page.text
    assert "This is not added up for this choice." not in page.text


def test_charts_have_their_numbers_as_tables(busy: Desk, frozen_clock: datetime) -> None:
    with clock.at(frozen_clock + timedelta(days=20)):
        page = busy.get("/insight?period=30")
    assert page.source.count("Show as a table") >= 3
    assert "3 came in and 0 were closed." in page.text
    assert "In 5 working days about 2 would be overdue: 2 now" in page.text


def test_the_matrix_opens_the_cases_of_a_cell(busy: Desk) -> None:
    page = busy.get("/insight?period=7")
    link = next(href for href in page.links("/work/search") if "area=dien-hong" in href and "category=pothole" in href)
    assert busy.get(link).source.count('class="case"') == 2


# ------------------------------------------------------------------------------------------------------- files, reports


def test_the_workbook_says_the_same(busy: Desk, frozen_clock: datetime) -> None:
    with clock.at(frozen_clock + timedelta(days=4)):
        answer = busy.client.get("/insight/performance.xlsx?period=7")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as book:
        texts = book.read("xl/sharedStrings.xml").decode()
        sheets = re.findall(r'<sheet name="([^"]+)"', book.read("xl/workbook.xml").decode())
        figures = book.read("xl/worksheets/sheet1.xml").decode()
    assert sheets == ["Figures", "By unit", "By category", "By area", "By week"]
    assert {"On time, of all due", "dien-hong-infrastructure"} <= set(re.findall(r"<t[^>]*>([^<]*)</t>", texts))
    assert '<c r="B2"' in figures
    assert "<f>" not in figures
    assert "spreadsheetml" in answer.headers["Content-Type"]


def test_the_official_indicators_are_told_by_unit(busy: Desk, frozen_clock: datetime) -> None:
    with clock.at(frozen_clock + timedelta(days=4)):
        page = busy.get("/insight/decision-766.csv?period=7")
    found = lines(page.source)
    total = dict(zip(found[0], found[1], strict=True))
    assert (total["Resolved with a target"], total["Of these on time"], total["On-time share"]) == ("1", "1", "1.0")
    assert "Unit" in {row[0] for row in found[2:]}


@pytest.mark.parametrize("locale", ["vi", "en"])
def test_the_report_is_made_for_paper(desk: DeskOf, locale: str) -> None:
    with transaction():
        cast.resolved()
    cast.counted()
    page = desk(cast.SUPERVISOR, locale).get("/insight/report?period=month&unit=dien-hong")
    assert page.heading == {"vi": "Báo cáo hiệu quả", "en": "Report on performance"}[locale]
    assert {"vi": "UBND phường Diên Hồng", "en": "Diên Hồng Ward People's Committee"}[locale] in page.text
    assert page.links("/insight?") == [page.links("/insight?")[0]]  # only the way back


def test_officials_see_none_of_it(desk: DeskOf) -> None:
    for path in ("/insight", "/insight/report", "/insight/performance.xlsx", "/insight/decision-766.csv"):
        assert desk(cast.OFFICIAL).get(path).status == 403


# -------------------------------------------------------------------------------------------------------------- ranking


@given(st.integers(1, 5000), st.floats(0, 1))
def test_the_lower_bound_is_below_the_share_and_nears_it(n: int, p: float) -> None:
    kept = round(n * p)
    bound = lower_bound(Share(n, kept / n))
    assert 0 <= bound <= kept / n + 1e-9
    assert bound <= lower_bound(Share(n * 10, kept / n)) + 1e-9


def test_the_lower_bound_is_that_of_the_textbook() -> None:
    assert lower_bound(Share(10, 0.9)) == pytest.approx(0.5958, abs=1e-4)
    assert lower_bound(Share()) == 0


def test_nobody_is_ranked_unless_asked_for(busy: Desk) -> None:
    assert "Ranking" not in busy.get("/insight").text
    assert "No unit has 10 promises in this period." in busy.get("/insight?ranking=1").text
