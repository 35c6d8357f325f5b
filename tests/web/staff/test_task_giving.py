"""Claiming, releasing, giving on, putting off; and the list of results that wait for a leader."""

from __future__ import annotations

from typing import Any

import pytest

from cases.models import Case
from engine.base import transaction
from tests import town as cast
from tests.web.staff.conftest import DeskOf
from tests.web.staff.desk import photos, task_of


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
