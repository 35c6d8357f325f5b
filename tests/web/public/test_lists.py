"""The start page, the public list with its filters, and the pages about the city."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta

import pytest

from engine import clock
from engine.base import transaction
from tests import town
from tests.conftest import MONDAY_MORNING
from tests.town import DIEN_HONG, TEXT
from tests.web.public.visitor import Seen, Visitor, photo

HOI_PHU = (13.955, 108.017)


def codes(seen: Seen, section: str = "") -> list[str]:
    """The cases listed (in a section, if one is named), in their order."""
    within = f".//section[@aria-labelledby='{section}']" if section else "."
    links = seen.main.xpath(f"{within}//ul[@class='cases']//*[self::h2 or self::h3]/a/@href")
    return [str(link).rsplit("/", 1)[1] for link in links]


# -------------------------------------------------------------------------------------------------------- start page


def test_a_city_without_cases_has_no_figures_and_asks_for_the_first_report(visitor: Visitor) -> None:
    seen = visitor.open("/")

    assert seen.heading == "Report a problem where you live"
    assert "No figures yet" in seen.text
    assert "There are no reports yet. Be the first." in seen.text
    assert "0 %" not in seen.text


def test_the_figures_of_the_start_page_count_up_to_yesterday(visitor: Visitor) -> None:
    case = town.resolved()
    town.counted()
    with clock.at(MONDAY_MORNING + timedelta(days=7)):
        seen = visitor.open("/")

    figures = [" ".join(one.itertext()).split() for one in seen.main.xpath(".//dl[@class='figures']/div")]
    assert figures == [
        ["Handled", "1"],
        ["On", "time", "100", "%", "n", "=", "1"],
        ["Satisfied", "No", "figures", "yet"],
    ]
    assert case.tracking_code in seen.links(f"/c/{case.tracking_code}")[0]


def test_the_start_page_shows_the_newest_first_with_their_published_title(visitor: Visitor) -> None:
    with clock.at(MONDAY_MORNING - timedelta(hours=1)):
        old = town.resolved(photos=[photo()])
    new = town.report(category="street-light").case

    seen = visitor.open("/")

    assert codes(seen, "results") == [old.tracking_code]
    assert codes(seen, "newest") == [new.tracking_code, old.tracking_code]
    assert "Đã vá ổ gà trên đường Lê Lợi" in seen.text
    assert TEXT not in seen.source


def test_each_page_leads_to_the_same_page_in_the_other_language(visitor: Visitor) -> None:
    for path in ("/", "/cases?status=overdue", "/report", "/performance", "/accessibility", "/privacy"):
        seen = visitor.open(path)
        there = visitor.get(seen.tree.xpath("//header//a[@hreflang]/@href")[0])
        back = there.tree.xpath("//header//a[@hreflang]/@href")[0]
        assert seen.tree.get("lang") == "en"
        assert there.tree.get("lang") == "vi"
        assert back == f"/en{path}"


def test_the_search_box_finds_a_code_and_searches_everything_else(visitor: Visitor) -> None:
    code = town.report().tracking_code

    assert visitor.open("/").send("/search").address == "/en/cases"
    assert visitor.open(f"/search?q={code.lower()}").address == f"/en/c/{code}"
    assert visitor.open("/search?q=lê lợi").address == "/en/cases?q=l%C3%AA+l%E1%BB%A3i"


# -------------------------------------------------------------------------------------------------------------- list


@pytest.fixture
def three(visitor: Visitor) -> dict[str, str]:
    """A published pothole in Diên Hồng, a street light in Hội Phú, and something nobody may know of."""
    with transaction():
        return {
            "published": town.resolved().tracking_code,
            "light": town.report(category="street-light", at=HOI_PHU).tracking_code,
            "secret": town.report(category="public-disorder").tracking_code,
        }


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ("", ["light", "published"]),
        ("?category=street-light", ["light"]),
        ("?field=traffic", ["published"]),
        ("?area=dien-hong", ["published"]),
        ("?status=submitted", ["light"]),
        ("?status=resolved&area=dien-hong", ["published"]),
        ("?status=overdue", []),
        ("?q=duong le loi", ["published"]),
        ("?q=ĐƯỜNG Lê%25", []),
        ("?q=hoi phu den", ["light"]),
        ("?category=public-disorder", []),
        ("?q=15", []),
        ("?area=%00&status='&before=nobody", []),
    ],
)
def test_filters_find_what_is_public(visitor: Visitor, three: dict[str, str], asked: str, names: list[str]) -> None:
    seen = visitor.open(f"/cases{asked}")

    assert (seen.status, codes(seen)) == (200, [three[name] for name in names])
    assert three["secret"] not in seen.source


def test_a_late_case_is_found_among_the_overdue(visitor: Visitor, three: dict[str, str]) -> None:
    with clock.at(MONDAY_MORNING + timedelta(days=9)):
        assert codes(visitor.open("/cases?status=overdue")) == [three["light"]]


def test_when_nothing_matches_the_page_says_which_filter_to_drop(visitor: Visitor, three: dict[str, str]) -> None:
    seen = visitor.open("/cases?area=dien-hong&category=street-light")

    assert "No report matches these filters." in seen.text
    assert "Without “Street light out” you would find: 1" in seen.text
    assert "Without “Diên Hồng Ward” you would find: 1" in seen.text
    assert codes(visitor.get(seen.main.xpath(".//li/a[contains(., 'Street light out”')]/@href")[0])) == [
        three["published"]
    ]


def test_a_chosen_filter_stays_chosen_and_can_be_taken_away(visitor: Visitor, three: dict[str, str]) -> None:
    seen = visitor.open("/cases").send("/cases", area="hoi-phu", q="đèn")

    assert seen.value("/cases", "area") == "hoi-phu"
    assert set(seen.links("/en/cases?")) >= {"/en/cases?q=%C4%91%C3%A8n", "/en/cases?area=hoi-phu"}


def test_pages_of_the_list_go_on_and_back_and_miss_nothing(visitor: Visitor) -> None:
    sent = []
    for minute in range(45):
        with clock.at(MONDAY_MORNING - timedelta(minutes=minute)):
            sent.append(town.report(category="street-light").tracking_code)

    first = visitor.open("/cases?category=street-light")
    second = visitor.get(first.tree.xpath("//a[@rel='next']/@href")[0])
    third = visitor.get(second.tree.xpath("//a[@rel='next']/@href")[0])
    back = visitor.get(third.tree.xpath("//a[@rel='prev']/@href")[0])

    assert codes(first) + codes(second) + codes(third) == sent
    assert codes(back) == codes(second)
    assert first.tree.xpath("//a[@rel='prev']") == third.tree.xpath("//a[@rel='next']") == []
    assert "45 reports" in first.text


def test_the_map_shows_no_exact_place(visitor: Visitor, three: dict[str, str]) -> None:
    source = visitor.open("/cases").source

    assert re.search(r'"lat": ?13\.97[89][,}]', source)
    assert str(DIEN_HONG[0]) not in source


# ------------------------------------------------------------------------------------------------------------- about


def test_the_performance_page_shows_no_share_of_a_handful(visitor: Visitor) -> None:
    town.resolved()
    town.counted()
    with clock.at(MONDAY_MORNING + timedelta(days=7)):
        seen = visitor.open("/performance?days=90")

    assert "Not enough data (n = 1)" in seen.text
    assert "01/09/2026 to 29/11/2026" in seen.text
    assert "Pothole, road damage" in seen.text


def test_the_performance_page_says_how_it_counts_before_it_counts(visitor: Visitor) -> None:
    seen = visitor.open("/performance")
    said = seen.text
    assert said.index("A case that is still open after its deadline counts as late") < said.index("Received")
    assert "Decision 766: petitions handled on time" in said
    assert "the 95 per cent interval" in said


def test_the_oldest_open_report_of_a_ward_is_told(visitor: Visitor) -> None:
    town.accepted()
    town.counted()
    with clock.at(MONDAY_MORNING + timedelta(days=12)):
        seen = visitor.open("/performance?days=90")
    assert "12 days" in seen.text


def test_wards_stand_beside_each_other_by_their_inhabitants(visitor: Visitor) -> None:
    town.accepted()
    town.counted()
    with clock.at(MONDAY_MORNING + timedelta(days=7)):
        seen = visitor.open("/performance?days=90")
        table = visitor.client.get("/performance.csv?days=90")
    assert "Numbers of inhabitants as of 01/04/2025." in seen.text
    assert "Diên Hồng Ward10.02Not enough data" in seen.text  # one report of 63,000 people
    rows = csv.DictReader(io.StringIO(table.text.removeprefix("\ufeff")))
    known = {(row["row"], row["code"]): (row["received_per_1000"], row["received_per_1000_n"]) for row in rows}
    assert known["area", "dien-hong"] == (str(1000 / 63_000), "63000")
    assert known["unit", "dien-hong"] == ("", "0")


def test_the_figures_can_be_taken_along(visitor: Visitor) -> None:
    town.resolved()
    town.counted()
    with clock.at(MONDAY_MORNING + timedelta(days=7)):
        table = visitor.client.get("/performance.csv?days=90")
        tree = visitor.client.get("/performance.json?days=90").json
    rows = list(csv.DictReader(io.StringIO(table.text.removeprefix("\ufeff"))))
    assert (rows[0]["row"], rows[0]["received"], rows[0]["on_time_share_n"]) == ("city", "1", "1")
    assert {"unit", "area", "category"} == {row["row"] for row in rows[1:]}
    assert tree["lines"][0]["values"]["received"]["value"] == 1
    assert {"name", "formula", "kind"} == tree["figures"]["on_time_share"].keys()
    assert "attachment" in table.headers["Content-Disposition"]


@pytest.mark.parametrize("days", ["", "x", "-1", "99999999999"])
def test_any_period_that_is_not_offered_is_the_usual_one(visitor: Visitor, days: str) -> None:
    seen = visitor.open(f"/performance?days={days}")

    assert seen.main.xpath(".//a[@aria-current='true']")[0].text_content().strip() == "30 days"


@pytest.mark.parametrize(("path", "title"), [("/accessibility", "Accessibility"), ("/privacy", "Privacy")])
def test_there_is_a_page_about_it(visitor: Visitor, path: str, title: str) -> None:
    assert visitor.open(path).heading == title
