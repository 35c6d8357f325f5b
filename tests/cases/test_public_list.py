"""The public list: what is in it, what a line says, how pages follow each other."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from cases import public_list
from cases.public_list import Filters
from engine import clock
from engine.models import Definition
from tests import town
from tests.conftest import MONDAY_MORNING
from tests.town import INTAKE

EVERYTHING = Filters()


@pytest.fixture(autouse=True)
def _city(app: object, frozen_clock: object) -> Definition:
    return town.found()


def codes(filters: Filters = EVERYTHING) -> list[str]:
    return [line.tracking_code for line in public_list.page(filters).lines]


def test_a_case_under_way_has_no_title_and_a_rounded_place() -> None:
    case = town.report(at=(13.97856, 107.99749)).case

    (line,) = public_list.page(EVERYTHING).lines

    assert (line.tracking_code, line.title, line.photo_id) == (case.tracking_code, None, None)
    assert line.position == (13.979, 107.997)


def test_a_published_case_has_the_title_and_the_photo_of_its_result() -> None:
    case = town.accepted(photos=[town.photo()])
    photo_id = case.reports[0].attachments[0].id
    town.resolve(case, photo_ids=[str(photo_id)])

    (line,) = public_list.page(EVERYTHING).lines

    assert (line.title, line.photo_id, line.status) == ("Đã vá ổ gà trên đường Lê Lợi", photo_id, "resolved")


def test_what_ended_without_a_result_is_in_no_list() -> None:
    case = town.report().case
    town.do(case, "intake_check", INTAKE, decision="refuse", refusal_reason="violation", message="Xúc phạm.")

    assert codes() == []
    assert public_list.spots(EVERYTHING) == []


def test_a_sensitive_case_is_in_no_list() -> None:
    town.report(category="public-disorder")

    assert (codes(), public_list.count(EVERYTHING), public_list.spots(EVERYTHING)) == ([], 0, [])


def test_a_result_that_is_kept_private_is_listed_without_it() -> None:
    town.resolved(publish="private")

    assert [line.title for line in public_list.page(EVERYTHING).lines] == [None]


def test_the_citizens_words_are_not_searched_before_they_are_published() -> None:
    case = town.report(text="Con bò ngã xuống hố ga").case

    assert codes(Filters(text="bò")) == []
    assert codes(Filters(text="ổ gà")) == [case.tracking_code]  # the category's name


def test_former_names_of_wards_are_found() -> None:
    case = town.report().case

    assert codes(Filters(text="yen do")) == [case.tracking_code]


@pytest.mark.parametrize("text", ["%", "_", "\\", "' OR 1=1 --", "\0"])
def test_signs_of_the_database_are_only_signs(text: str) -> None:
    town.report()

    assert codes(Filters(text=text)) == ([] if text.strip("\0") else codes())


def test_waiting_for_approval_is_in_progress_for_the_public() -> None:
    case = town.accepted()
    town.do(case, "resolve", town.OFFICIAL, outcome="done", result_text="Đã vá.")
    assert case.status == "awaiting_approval"

    assert codes(Filters(status="in_progress")) == [case.tracking_code]
    assert public_list.page(EVERYTHING).lines[0].status == "in_progress"


def test_a_paused_promise_is_not_overdue() -> None:
    late, waiting = town.report().case, town.report().case
    town.do(waiting, "intake_check", INTAKE, decision="ask", message="Số nhà nào?")

    with clock.at(MONDAY_MORNING + timedelta(days=9)):
        assert codes(Filters(status="overdue")) == [late.tracking_code]


def test_a_code_nobody_has_asks_for_the_first_page() -> None:
    code = town.report().case.tracking_code

    page = public_list.page(EVERYTHING, older_than="PK-0000-000")

    assert [line.tracking_code for line in page.lines] == [code]


def test_cases_of_the_same_moment_are_neither_missed_nor_told_twice() -> None:
    sent = {town.report(category="street-light").case.tracking_code for _ in range(7)}

    page = public_list.page(EVERYTHING, limit=3)
    seen = [line.tracking_code for line in page.lines]
    while page.older_than:
        page = public_list.page(EVERYTHING, limit=3, older_than=page.older_than)
        seen += [line.tracking_code for line in page.lines]

    assert len(seen) == 7
    assert set(seen) == sent


def test_the_newest_results_are_in_the_order_of_their_publication() -> None:
    with clock.at(MONDAY_MORNING + timedelta(hours=1)):
        opened_last = town.accepted()
    with clock.at(MONDAY_MORNING + timedelta(hours=2)):
        town.resolve(opened_last)
    with clock.at(MONDAY_MORNING):
        opened_first = town.accepted()
    with clock.at(MONDAY_MORNING + timedelta(hours=3)):
        town.resolve(opened_first)
        town.resolved(publish="private")

    codes_of_results = [line.tracking_code for line in public_list.results(limit=5)]

    assert codes_of_results == [opened_first.tracking_code, opened_last.tracking_code]


def test_days_are_those_of_the_city() -> None:
    with clock.at(MONDAY_MORNING.replace(hour=17, minute=30)):  # half past midnight on Tuesday in Viet Nam
        town.resolved()

    assert public_list.handled(from_on=date(2026, 11, 23), to_on=date(2026, 11, 23)) == 0
    assert public_list.handled(from_on=date(2026, 11, 24), to_on=date(2026, 11, 24)) == 1
