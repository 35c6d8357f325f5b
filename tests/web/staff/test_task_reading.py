"""The page of a task: everything somebody wants to know before they do it."""

from __future__ import annotations

from cases.models import Case
from engine.base import transaction
from engine.models import TaskState
from tests import town as cast
from tests.web.staff.conftest import DeskOf
from tests.web.staff.desk import task_of


def test_a_task_shows_the_report_its_photos_the_place_and_what_to_do(desk: DeskOf, case: Case) -> None:
    page = desk(cast.INTAKE).get(task_of(case, "intake_check")[1])

    assert page.heading == case.title
    assert cast.TEXT in page.text
    assert "What you have to do now Check and decide on acceptance" in page.text
    assert len(page.links("/work/photos/")) == 1
    assert 'class="map"' in page.source
    assert "Report received" in page.text


def test_advice_of_the_diagram_is_shown_to_who_reads_its_language(desk: DeskOf, case: Case) -> None:
    task, address = task_of(case, "intake_check")

    english, vietnamese = desk(cast.INTAKE).get(address), desk(cast.INTAKE, "vi").get(address)

    advice = "An intake official reads the report"
    assert advice in english.text
    assert advice not in vietnamese.text
    assert task.name in vietnamese.text
    assert "Read the text and look at photos and place first." in english.text
    assert "Đọc nội dung, xem ảnh và vị trí trước khi chọn." in vietnamese.text


def test_the_first_choice_of_a_form_has_the_number_keys(desk: DeskOf, case: Case) -> None:
    page = desk(cast.INTAKE).get(task_of(case, "intake_check")[1])

    assert [f'data-key="Digit{number}"' in page.source for number in (1, 2, 3, 4, 5)] == [True] * 4 + [False]


def test_a_report_of_the_same_kind_close_by_is_named(desk: DeskOf, case: Case) -> None:
    with transaction():
        other = cast.report(text="Đường Lê Lợi có ổ gà to, xe máy ngã mấy lần rồi.").case

    page = desk(cast.INTAKE).get(task_of(case, "intake_check")[1])

    assert "May be the same" in page.text
    assert page.links(f"/work/c/{other.tracking_code}")


def test_the_unit_the_report_was_routed_to_is_proposed(desk: DeskOf, case: Case) -> None:
    page = desk(cast.INTAKE).get(task_of(case, "intake_check")[1])

    assert case.unit is not None
    assert f'<option value="{case.unit.code}" selected>' in page.source


def test_a_leader_sees_what_was_done_before_approving(desk: DeskOf, assigned: Case) -> None:
    with transaction():
        cast.do(assigned, "resolve", cast.OFFICIAL, outcome="done", result_text="Đã vá xong ổ gà bằng bê tông nguội.")

    page = desk(cast.LEADER).get(task_of(assigned, "approve")[1])

    assert "Đã vá xong ổ gà bằng bê tông nguội." in page.text
    assert "What was done before" in page.text


def test_the_draft_of_the_official_is_proposed_for_publication(desk: DeskOf, assigned: Case) -> None:
    with transaction():
        cast.do(assigned, "resolve", cast.OFFICIAL, outcome="done", result_text="Đã vá xong ổ gà bằng bê tông nguội.")
        cast.do(assigned, "approve", cast.LEADER, approval="approve")

    page = desk(cast.INTAKE).get(task_of(assigned, "publication_check")[1])

    assert "\nĐã vá xong ổ gà bằng bê tông nguội.</textarea>" in page.source


def test_officials_are_offered_with_the_number_of_their_open_tasks(desk: DeskOf, assigned: Case) -> None:
    with transaction():
        other = cast.report().case
        cast.do(other, "intake_check", cast.INTAKE, decision="accept")

    page = desk(cast.LEADER).get(task_of(other, "assign")[1])

    assert f"{cast.person(cast.OFFICIAL).full_name} – 1 open" in page.text


def test_a_task_of_other_people_shows_no_form(desk: DeskOf, assigned: Case) -> None:
    page = desk(cast.SUPERVISOR).get(task_of(assigned, "resolve")[1])

    assert "data-task" not in page.source
    assert f"{cast.person(cast.OFFICIAL).full_name} has this task" in page.text


def test_a_task_that_is_over_says_who_did_it_and_what_was_answered(desk: DeskOf, case: Case) -> None:
    task, address = task_of(case, "intake_check")
    with transaction():
        cast.do(case, "intake_check", "intake2", decision="accept", internal_note="Đã gọi điện kiểm tra.")

    page = desk(cast.INTAKE).get(address)

    assert f"{cast.person('intake2').full_name} completed this step at 08:00, Mon 23/11/2026." in page.text
    assert "Đã gọi điện kiểm tra." in page.text
    assert task.state == TaskState.COMPLETED
