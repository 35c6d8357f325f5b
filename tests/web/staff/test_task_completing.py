"""Completing a task: on to the next one, refused with everything that is wrong, too late; nothing typed is lost."""

from __future__ import annotations

import io

from cases.models import Attachment, Case
from engine.base import session, transaction
from tests import town as cast
from tests.web.staff.conftest import DeskOf
from tests.web.staff.desk import photos, task_of


def test_completing_goes_on_to_the_next_task_of_the_view(desk: DeskOf, case: Case) -> None:
    with transaction():
        second, third = (cast.report(text=f"Ổ gà lớn số {n} trên đường Lê Lợi cần vá.").case for n in (2, 3))
    intake = desk(cast.INTAKE)

    page = intake.post(task_of(second, "intake_check")[1] + "/completion", decision="accept", view="intake")
    following = intake.follow(page)

    assert page.location.startswith(f"/work/tasks/{cast.task(third, 'intake_check').id}?view=intake")
    assert f"Completed “Check and decide on acceptance” for {second.tracking_code}." in following.text
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
