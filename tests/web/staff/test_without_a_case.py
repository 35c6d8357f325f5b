"""Tasks of processes that run for no case, done by officials at their desk, on screen and by programs."""

from __future__ import annotations

from datetime import datetime, timedelta

from engine import clock
from engine.base import session, transaction
from engine.models import UserTask
from tests import town as cast
from tests.web.staff.conftest import DeskOf
from tests.web.staff.desk import photos


def given() -> int:
    """The id of the task."""
    with transaction():
        return cast.round_of_the_lamps().id


def test_it_is_found_taken_and_done(desk: DeskOf, frozen_clock: datetime) -> None:
    task_id = given()
    crew = desk(cast.CREW)

    listed = crew.get("/work?view=unit")
    assert "Đi kiểm tra đèn Look at the lamps weekly 48" in listed.text
    assert any(link.startswith(f"/work/tasks/{task_id}") for link in listed.links("/work/tasks/"))
    page = crew.get(f"/work/tasks/{task_id}?view=unit")
    assert page.heading == "Đi kiểm tra đèn"
    assert "Look at the lamps" in page.text
    assert "left" in page.text  # its own deadline
    assert page.links("/work/c/") == []
    taken = crew.post(f"/work/tasks/{task_id}/assignment", view="unit")
    assert taken.status == 303
    wrong = crew.post(f"/work/tasks/{task_id}/completion", lamps="-1")
    assert (wrong.status, "-1" in wrong.source) == (422, True)
    done = crew.post(f"/work/tasks/{task_id}/completion", lamps="3", view="mine")
    assert done.status == 303
    after = crew.get(done.location)
    assert "Completed “Look at the lamps” for weekly 48." in after.text
    following = crew.get("/work?view=unit")
    assert "Sum up" in following.text
    over = crew.get(f"/work/tasks/{task_id}")
    assert "This step is over" in over.text
    assert "Look at the lamps" in crew.get("/work?view=done").text


def test_what_was_answered_before_is_told(desk: DeskOf, frozen_clock: datetime) -> None:
    task_id = given()
    crew = desk(cast.CREW)
    crew.post(f"/work/tasks/{task_id}/completion", lamps="3", note="Two at the bridge")
    with transaction():
        (second,) = session().query(UserTask.id).where(UserTask.element_id == "sum_up").one()
    page = crew.get(f"/work/tasks/{second}")
    assert "What was done before Look at the lamps" in page.text
    assert "Lamps that are out 3 What was seen Two at the bridge" in page.text


def test_files_have_nowhere_to_go_and_nothing_is_lost(desk: DeskOf, frozen_clock: datetime) -> None:
    task_id = given()
    crew = desk(cast.CREW)
    refused = crew.post(f"/work/tasks/{task_id}/completion", lamps="3", pictures=photos("red"))
    assert refused.status == 422
    assert "there is nowhere to keep files" in refused.text
    assert 'value="3"' in refused.source


def test_nobody_else_sees_it_but_those_who_see_all(desk: DeskOf, frozen_clock: datetime) -> None:
    task_id = given()
    assert desk(cast.OFFICIAL).client.get(f"/work/tasks/{task_id}").status_code == 403
    assert "Đi kiểm tra đèn" not in desk(cast.OFFICIAL).get("/work?view=unit").text
    assert "Look at the lamps" in desk(cast.SUPERVISOR).get(f"/work/tasks/{task_id}").text
    with clock.at(frozen_clock + timedelta(days=3)):
        assert "Đi kiểm tra đèn" in desk(cast.SUPERVISOR).get("/work?view=overdue").text
