"""One task: read, claimed, given on, completed; nothing typed is lost."""

from __future__ import annotations

import io
from typing import Any

import pytest

from cases.models import Attachment, Case
from engine.base import session, transaction
from engine.models import TaskState, UserTask
from tests import town as cast
from tests.web.staff.conftest import DeskOf


def task_of(case: Case, element: str) -> tuple[UserTask, str]:
    """The open task and its address."""
    task = cast.task(case, element)
    return task, f"/work/tasks/{task.id}"


@pytest.fixture
def case(town: object) -> Case:
    """A new report."""
    with transaction():
        return cast.report(photos=[cast.photo()]).case


@pytest.fixture
def assigned(town: object) -> Case:
    """A case its official has to resolve."""
    with transaction():
        return cast.accepted()


def photos(*colours: str) -> list[tuple[io.BytesIO, str]]:
    """Photos as a browser sends them."""
    return [(io.BytesIO(cast.photo(colour).content), f"{colour}.jpg") for colour in colours]


# --------------------------------------------------------------------------------------------------------- reading


def test_a_task_shows_the_report_its_photos_the_place_and_what_to_do(desk: DeskOf, case: Case) -> None:
    page = desk(cast.INTAKE).get(task_of(case, "intake_check")[1])

    assert page.heading == case.title
    assert cast.TEXT in page.text
    assert "What you have to do now Intake check" in page.text
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


# ------------------------------------------------------------------------------------------------------ completing


def test_completing_goes_on_to_the_next_task_of_the_view(desk: DeskOf, case: Case) -> None:
    with transaction():
        second, third = (cast.report(text=f"Ổ gà lớn số {n} trên đường Lê Lợi cần vá.").case for n in (2, 3))
    intake = desk(cast.INTAKE)

    page = intake.post(task_of(second, "intake_check")[1] + "/completion", decision="accept", view="intake")
    following = intake.follow(page)

    assert page.location.startswith(f"/work/tasks/{cast.task(third, 'intake_check').id}?view=intake")
    assert f"Completed “Intake check” for {second.tracking_code}." in following.text
    assert cast.open_tasks(second) == ["assign"]


def test_behind_the_last_task_comes_the_first_one_left(desk: DeskOf, case: Case) -> None:
    with transaction():
        last = cast.report(text="Ổ gà lớn số 2 trên đường Lê Lợi cần vá.").case

    page = desk(cast.INTAKE).post(task_of(last, "intake_check")[1] + "/completion", decision="accept", view="intake")

    assert page.location.startswith(f"/work/tasks/{cast.task(case, 'intake_check').id}?")


def test_after_the_last_task_comes_the_empty_view(desk: DeskOf, case: Case) -> None:
    intake = desk(cast.INTAKE)

    page = intake.post(task_of(case, "intake_check")[1] + "/completion", decision="accept", view="intake")

    assert page.location == "/work?view=intake"
    assert "No report waits for acceptance." in intake.follow(page).text


def test_everything_that_is_wrong_is_said_together_and_nothing_typed_is_lost(desk: DeskOf, case: Case) -> None:
    page = desk(cast.INTAKE).post(
        task_of(case, "intake_check")[1] + "/completion",
        decision="refuse",
        message="ngắn",
        internal_note="Giữ lại dòng này.",
    )

    assert page.status == 422
    assert page.links("#f-refusal_reason")
    assert page.links("#f-message")
    assert "Write at least 10 characters." in page.text
    assert "\nngắn</textarea>" in page.source
    assert "\nGiữ lại dòng này.</textarea>" in page.source
    assert 'value="refuse" id="f-decision-3" checked' in page.source
    assert cast.open_tasks(case) == ["intake_check"]


def test_answers_to_hidden_questions_are_not_kept(desk: DeskOf, case: Case) -> None:
    task, address = task_of(case, "intake_check")

    desk(cast.INTAKE).post(address + "/completion", decision="accept", message="Lời này không được hỏi tới.")

    assert task.answers == {"decision": "accept"}


def test_questions_nobody_asked_are_not_answered(desk: DeskOf, case: Case) -> None:
    task, address = task_of(case, "intake_check")

    desk(cast.INTAKE).post(address + "/completion", decision="accept", priority="99", approval="approve")

    assert task.answers == {"decision": "accept"}


def test_who_was_slower_learns_who_was_faster_and_keeps_what_was_typed(desk: DeskOf, case: Case) -> None:
    _task, address = task_of(case, "intake_check")
    with transaction():
        cast.do(case, "intake_check", "intake2", decision="accept")

    page = desk(cast.INTAKE).post(
        address + "/completion", decision="ask", message="Xin Ông/Bà cho biết số cột đèn gần nhất."
    )

    assert page.status == 409
    assert f"{cast.person('intake2').full_name} completed this step at 08:00" in page.text
    assert "What you typed is kept below." in page.text
    assert "Xin Ông/Bà cho biết số cột đèn gần nhất." in page.text


def test_a_task_somebody_else_claimed_is_not_completed(desk: DeskOf, case: Case) -> None:
    _task, address = task_of(case, "intake_check")
    intake = desk(cast.INTAKE)
    desk("intake2").post(address + "/assignment")

    page = intake.post(address + "/completion", decision="accept", internal_note="Chưa mất.")

    assert page.status == 409
    assert f"{cast.person('intake2').full_name} has claimed this task." in page.text
    assert "Chưa mất." in page.text


def test_a_result_with_photos_is_kept_with_its_case(desk: DeskOf, assigned: Case) -> None:
    task, address = task_of(assigned, "resolve")

    page = desk(cast.OFFICIAL).post(
        address + "/completion",
        outcome="done",
        result_text="Đã vá ổ gà bằng bê tông nhựa nguội, mặt đường phẳng.",
        photos=photos("green", "blue"),
    )

    kept = session().query(Attachment).filter_by(case_id=assigned.id, kind="result").order_by(Attachment.id).all()
    assert page.status == 303
    assert task.answers is not None
    assert task.answers["photos"] == [photo.id for photo in kept]
    assert len(kept) == 2


def test_a_result_without_a_photo_is_refused_and_its_words_stay(desk: DeskOf, assigned: Case) -> None:
    page = desk(cast.OFFICIAL).post(
        task_of(assigned, "resolve")[1] + "/completion",
        outcome="done",
        result_text="Đã vá ổ gà bằng bê tông nhựa nguội, mặt đường phẳng.",
    )

    assert page.status == 422
    assert page.links("#f-photos")
    assert "Đã vá ổ gà bằng bê tông nhựa nguội, mặt đường phẳng.</textarea>" in page.source


def test_chosen_photos_of_a_refused_form_have_to_be_chosen_again(desk: DeskOf, assigned: Case) -> None:
    page = desk(cast.OFFICIAL).post(
        task_of(assigned, "resolve")[1] + "/completion", outcome="done", result_text="ngắn", photos=photos("green")
    )

    assert page.status == 422
    assert "Choose the photos again; they were not kept." in page.text


def test_what_is_no_photo_is_refused_in_words(desk: DeskOf, assigned: Case) -> None:
    page = desk(cast.OFFICIAL).post(
        task_of(assigned, "resolve")[1] + "/completion",
        outcome="done",
        result_text="Đã vá ổ gà bằng bê tông nhựa nguội, mặt đường phẳng.",
        photos=[(io.BytesIO(b"no picture"), "x.jpg")],
    )

    assert page.status == 422
    assert "This file is no photo we can read." in page.text


def test_a_form_another_site_sends_is_not_taken(desk: DeskOf, case: Case) -> None:
    page = desk(cast.INTAKE).post_without_token(task_of(case, "intake_check")[1] + "/completion", decision="accept")

    assert page.status == 400
    assert cast.open_tasks(case) == ["intake_check"]


# ------------------------------------------------------------------------------------------- claim, release, give on


def test_a_task_is_claimed_and_released(desk: DeskOf, case: Case) -> None:
    task, address = task_of(case, "intake_check")
    intake = desk(cast.INTAKE)

    claimed = intake.follow(intake.post(address + "/assignment", view="intake"))
    assert task.assignee == cast.INTAKE
    assert "This task is yours now." in claimed.text

    intake.post(address + "/release")
    assert task.assignee is None


def test_of_two_who_claim_the_second_is_told(desk: DeskOf, case: Case) -> None:
    _task, address = task_of(case, "intake_check")
    first, second = desk(cast.INTAKE), desk("intake2")
    first.post(address + "/assignment")

    page = second.post(address + "/assignment")

    assert page.status == 409
    assert f"{cast.person(cast.INTAKE).full_name} has claimed this task." in page.text


def test_a_leader_gives_a_task_to_somebody_of_its_group(desk: DeskOf, case: Case) -> None:
    task, address = task_of(case, "intake_check")

    page = desk(cast.SUPERVISOR).post(address + "/delegation", to="intake2")

    assert page.status == 303
    assert task.assignee == "intake2"


@pytest.mark.parametrize("to", ["", "nobody", cast.OFFICIAL])
def test_a_task_cannot_be_given_to_somebody_it_is_not_meant_for(desk: DeskOf, case: Case, to: str) -> None:
    task, address = task_of(case, "intake_check")

    page = desk(cast.SUPERVISOR).post(address + "/delegation", to=to)

    assert page.status == 422
    assert page.links("#f-to")
    assert task.assignee is None


def test_an_official_cannot_give_tasks_to_others(desk: DeskOf, case: Case) -> None:
    _task, address = task_of(case, "intake_check")

    assert desk(cast.INTAKE).post(address + "/delegation", to="intake2").status == 403


def test_a_task_is_put_off_and_brought_back(desk: DeskOf, assigned: Case) -> None:
    task, address = task_of(assigned, "resolve")
    official = desk(cast.OFFICIAL)
    offered = official.get(address).source.split('name="until" value="')[1].split('"')[0]

    put_off = official.post(address + "/follow-up", until=offered, view="mine")
    assert put_off.location == "/work?view=mine"
    assert "Put off until 10:00, Mon 23/11/2026." in official.follow(put_off).text
    assert "My tasks (0)" in official.get("/work?view=mine").heading

    official.post(address + "/follow-up")
    assert task.follow_up_at is None


@pytest.mark.parametrize(
    "until", ["yesterday", "2026-11-22T08:00:00+00:00", "2026-11-24T08:00", "2036-11-24T08:00:00+00:00"]
)
def test_a_moment_that_makes_no_sense_is_refused(desk: DeskOf, assigned: Case, until: str) -> None:
    task, address = task_of(assigned, "resolve")

    assert desk(cast.OFFICIAL).post(address + "/follow-up", until=until).status == 422
    assert task.follow_up_at is None


# -------------------------------------------------------------------------------------------------------- approval


def test_a_leader_approves_from_the_list_of_results(desk: DeskOf, assigned: Case) -> None:
    answers: dict[str, Any] = {"outcome": "done", "result_text": "Đã vá xong ổ gà bằng bê tông nguội, rất phẳng."}
    desk(cast.OFFICIAL).post(task_of(assigned, "resolve")[1] + "/completion", **answers, photos=photos("green"))
    leader = desk(cast.LEADER)

    page = leader.get("/work/approve")
    assert page.heading == "Waiting for your approval (1)"
    assert "Đã vá xong ổ gà bằng bê tông nguội, rất phẳng." in page.text

    done = leader.post(task_of(assigned, "approve")[1] + "/completion", approval="approve", back="approve")
    assert done.location == "/work/approve"
    assert "Nothing waits for your approval." in leader.follow(done).text
    assert cast.open_tasks(assigned) == ["publication_check"]


def test_returning_opens_the_form_with_the_choice_made(desk: DeskOf, assigned: Case) -> None:
    with transaction():
        cast.do(assigned, "resolve", cast.OFFICIAL, outcome="done", result_text="Đã vá xong ổ gà.")
    leader = desk(cast.LEADER)
    link = next(href for href in leader.get("/work/approve").links("/work/tasks/") if "approval=return" in href)

    assert 'value="return" id="f-approval-2" checked' in leader.get(link).source
