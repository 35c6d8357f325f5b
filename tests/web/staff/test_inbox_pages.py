"""The inbox: views, search, paging, and where its rows lead."""

from __future__ import annotations

import pytest

from engine.base import transaction
from tests import town as cast
from tests.web.staff.conftest import DeskOf


def test_a_new_report_waits_in_the_first_view_of_the_intake_desk(desk: DeskOf) -> None:
    with transaction():
        case = cast.report().case
    intake = desk(cast.INTAKE)

    page = intake.get("/work")

    assert page.heading == "Waiting for acceptance (1)"
    assert case.title in page.text
    assert page.links(f"/work/tasks/{cast.task(case, 'intake_check').id}?view=intake")


def test_an_official_begins_with_their_own_tasks(desk: DeskOf) -> None:
    with transaction():
        case = cast.accepted()
    page = desk(cast.OFFICIAL).get("/work")

    assert page.heading == "My tasks (1)"
    assert page.links(f"/work/tasks/{cast.task(case, 'resolve').id}?view=mine")


def test_the_rail_counts_every_view(desk: DeskOf) -> None:
    with transaction():
        cast.report()
        cast.accepted()
    page = desk(cast.INTAKE).get("/work?view=mine")

    assert "Waiting for acceptance 1" in page.text
    assert "My tasks 0" in page.text


def test_the_intake_view_is_for_the_intake_desk_only(desk: DeskOf) -> None:
    assert "Waiting for acceptance" not in desk(cast.OFFICIAL).get("/work").text


@pytest.mark.parametrize("written", ["le loi", "LÊ LỢI", "lợi lê"])
def test_search_knows_no_accents_no_capitals_and_no_order(desk: DeskOf, written: str) -> None:
    with transaction():
        found = cast.report().case
        other = cast.report(text="Đèn đường trước trường học không sáng đã ba đêm.", category="street-light").case
    page = desk(cast.INTAKE).get(f"/work?view=intake&q={written}")

    assert found.title in page.text
    assert other.title not in page.text


def test_a_tracking_code_in_the_search_opens_its_case(desk: DeskOf) -> None:
    with transaction():
        case = cast.report().case
    intake = desk(cast.INTAKE)

    page = intake.get(f"/work?q={case.tracking_code.replace('-', '').lower()}")

    assert page.location == f"/work/c/{case.tracking_code}"
    assert intake.follow(page).heading == case.title


def test_what_finds_nothing_offers_to_look_in_all_cases(desk: DeskOf) -> None:
    page = desk(cast.INTAKE).get("/work?view=intake&q=khong+co")

    assert "Nothing here fits “khong co”." in page.text
    assert page.links("/work/search?q=khong")


@pytest.mark.parametrize("view", ["mine", "unit", "soon", "overdue", "waiting", "later", "done", "intake"])
def test_an_empty_view_says_why_and_what_else_there_is(desk: DeskOf, view: str) -> None:
    page = desk(cast.INTAKE).get(f"/work?view={view}")

    assert page.heading.endswith("(0)")
    assert 'class="empty"' in page.source


def test_a_long_view_has_a_next_page_that_goes_on_where_this_one_ends(desk: DeskOf) -> None:
    with transaction():
        for number in range(52):
            cast.report(text=f"Ổ gà số {number:02d} trên đường Lê Lợi cần được vá lại sớm.")
    intake = desk(cast.INTAKE)

    first = intake.get("/work?view=intake")
    second = intake.get(next(href for href in first.links("/work?") if "after=" in href))
    rows = [set(page.links("/work/tasks/")) for page in (first, second)]

    assert [len(found) for found in rows] == [50, 2]
    assert {href.split("?")[0] for href in rows[0]}.isdisjoint({href.split("?")[0] for href in rows[1]})
    assert "after=" not in next(href for href in second.links("/work?") if href.startswith("/work?view=intake"))


def test_a_page_that_never_was_is_refused(desk: DeskOf) -> None:
    assert desk(cast.INTAKE).get("/work?view=intake&after=nonsense").status == 422


def test_a_view_that_is_unknown_is_the_usual_one(desk: DeskOf) -> None:
    assert desk(cast.OFFICIAL).get("/work?view=nonsense").heading == "My tasks (0)"


def test_work_that_is_done_opens_the_case(desk: DeskOf) -> None:
    with transaction():
        case = cast.accepted()
    page = desk(cast.INTAKE).get("/work?view=done")

    assert page.heading == "Done in 7 days (1)"
    assert page.links(f"/work/c/{case.tracking_code}")


def test_the_whole_page_speaks_vietnamese_to_who_reads_it(desk: DeskOf) -> None:
    with transaction():
        cast.report()
    page = desk(cast.INTAKE, "vi").get("/work")

    assert '<html lang="vi"' in page.source
    assert "Ổ gà, mặt đường hư hỏng" in page.text
    assert "Phường Diên Hồng" in page.text


def test_badges_are_written_anew_for_who_may_see_them(desk: DeskOf) -> None:
    with transaction():
        case = cast.report().case
    task = cast.task(case, "intake_check")
    asked = f"/fragments/sla?ids={task.id},c{case.id},999999,x,"

    assert desk(cast.INTAKE).get(asked).source.count("data-sla=") == 2
    assert desk("official.gao").get(asked).source.count("data-sla=") == 0
