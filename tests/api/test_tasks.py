"""The inbox through the API: seeing, taking, giving, completing."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import timedelta

import pytest

from cases.models import Case
from engine import clock
from engine.base import session
from tests import town as cast
from tests.api.conftest import Program

Issue = Callable[[str], Program]


def completion(case: Case, element_id: str) -> str:
    """Where the task of a case is completed."""
    return f"/api/tasks/{cast.task(case, element_id).id}/completion"


def test_a_view_is_read_page_by_page(program_of: Issue) -> None:
    codes = {cast.report().tracking_code for _ in range(5)}
    program = program_of(cast.INTAKE)

    seen: list[str] = []
    page = program.get("/api/tasks?view=intake&limit=2").json
    counts = page["counts"]
    while True:
        seen += [row["case"]["tracking_code"] for row in page["tasks"]]
        if page["next"] is None:
            break
        page = program.get(f"/api/tasks?view=intake&limit=2&after={page['next']}").json

    assert (len(seen), set(seen)) == (5, codes)
    assert counts["intake"] == 5


def test_rows_say_until_when(program_of: Issue) -> None:
    cast.report()

    (row,) = program_of(cast.INTAKE).get("/api/tasks?view=intake").json["tasks"]

    assert (row["deadline"]["kind"], row["deadline"]["state"]) == ("accept", "ontime")
    assert row["task"]["due_at"] == row["deadline"]["due_at"]


@pytest.mark.parametrize(
    ("query", "field", "code"),
    [
        ("view=everything", "view", "not_an_option"),
        ("limit=0", "limit", "too_small"),
        ("limit=201", "limit", "too_big"),
        ("limit=many", "limit", "not_a_number"),
        ("after=nowhere", "after", "unknown"),
        ("page=2", "page", "unknown_field"),
        ("limit=1&limit=2", "limit", "not_a_number"),
    ],
)
def test_a_query_that_is_none_is_refused(program_of: Issue, query: str, field: str, code: str) -> None:
    answer = program_of(cast.INTAKE).get(f"/api/tasks?{query}")

    assert [(error["field"], error["code"]) for error in answer.json["errors"]] == [(field, code)]


def test_a_task_comes_with_its_form_and_what_may_be_chosen(program_of: Issue) -> None:
    case = cast.report().case
    task = cast.task(case, "intake_check")

    told = program_of(cast.INTAKE).get(f"/api/tasks/{task.id}").json

    assert "decision" in told["schema"]["properties"]
    assert told["form"]["type"] == "default"
    assert "dien-hong" in json.dumps(told["choices"]["units"])
    assert told["may"] == {"complete": True, "delegate": False}


def test_a_task_of_others_is_not_shown(program_of: Issue) -> None:
    task = cast.task(cast.report().case, "intake_check")

    answer = program_of(cast.OFFICIAL).get(f"/api/tasks/{task.id}")

    assert (answer.status_code, answer.json["code"]) == (403, "not_your_task")


def test_two_claim_and_one_is_told(program_of: Issue) -> None:
    path = f"/api/tasks/{cast.task(cast.report().case, 'intake_check').id}/assignment"
    first, second = program_of("intake1"), program_of("intake2")

    assert first.put(path).json["task"]["assignee"] == "intake1"
    answer = second.put(path)
    assert (answer.status_code, answer.json["code"]) == (409, "task_already_claimed")
    assert "intake1" in answer.json["detail"]


def test_a_claimed_task_is_given_back(program_of: Issue) -> None:
    path = f"/api/tasks/{cast.task(cast.report().case, 'intake_check').id}/assignment"
    program = program_of(cast.INTAKE)
    program.put(path, json={})

    assert program.delete(path).json["task"]["assignee"] is None


def test_a_supervisor_gives_a_task_to_somebody_of_its_groups(program_of: Issue) -> None:
    path = f"/api/tasks/{cast.task(cast.report().case, 'intake_check').id}/assignment"
    supervisor = program_of(cast.SUPERVISOR)

    given = supervisor.put(path, json={"assignee": "intake2"})
    refused = supervisor.put(path, json={"assignee": cast.OFFICIAL})

    assert given.json["task"]["assignee"] == "intake2"
    assert [(error["field"], error["code"]) for error in refused.json["errors"]] == [("assignee", "unknown")]


def test_a_task_is_put_off_and_brought_back(program_of: Issue) -> None:
    task = cast.task(cast.report().case, "intake_check")
    assert task.due_at is not None
    soon, late = clock.now() + timedelta(minutes=30), task.due_at + timedelta(minutes=1)
    path, program = f"/api/tasks/{task.id}", program_of(cast.INTAKE)
    program.put(f"{path}/assignment")

    off = program.put(f"{path}/follow-up", json={"until": soon.isoformat()})
    refused = program.put(f"{path}/follow-up", json={"until": late.isoformat()})
    back = program.put(f"{path}/follow-up", json={"until": None})

    assert off.json["task"]["follow_up_at"] == soon.isoformat()
    assert [(error["field"], error["code"]) for error in refused.json["errors"]] == [("until", "after_due")]
    assert back.json["task"]["follow_up_at"] is None


def test_completing_lets_the_case_go_on(program_of: Issue) -> None:
    case = cast.report().case

    answer = program_of(cast.INTAKE).post(completion(case, "intake_check"), json={"answers": {"decision": "accept"}})

    assert (answer.status_code, answer.json["task"]["state"]) == (201, "completed")
    assert answer.json["case"]["status"] == "received"
    assert cast.open_tasks(session().get_one(Case, case.id)) == ["assign"]


def test_wrong_answers_are_told_together_and_change_nothing(program_of: Issue) -> None:
    case = cast.report().case

    answer = program_of(cast.INTAKE).post(
        completion(case, "intake_check"), json={"answers": {"decision": "maybe", "colour": "red"}}
    )

    problems = {error["field"]: error["code"] for error in answer.json["errors"]}
    assert problems["answers.decision"] == "not_an_option"
    assert problems["answers.colour"] == "unknown_field"
    assert cast.task(session().get_one(Case, case.id), "intake_check").assignee is None


def test_a_completed_task_is_not_completed_again(program_of: Issue) -> None:
    case = cast.report().case
    path, program = completion(case, "intake_check"), program_of(cast.INTAKE)
    program.post(path, json={"answers": {"decision": "accept"}})

    answer = program.post(path, json={"answers": {"decision": "accept"}})

    assert (answer.status_code, answer.json["code"]) == (409, "task_already_completed")


def test_a_result_comes_with_its_photos_as_a_form(program_of: Issue) -> None:
    case = cast.accepted()
    answers = {"outcome": "done", "result_text": "Đã vá xong ổ gà bằng bê tông nhựa nguội."}
    sent = {"answers": json.dumps(answers), "photos": [(io.BytesIO(cast.photo().content), "after.jpg")]}

    answer = program_of(cast.OFFICIAL).post(completion(case, "resolve"), data=sent)

    assert answer.status_code == 201
    shown = program_of(cast.LEADER).get(f"/api/cases/{case.tracking_code}").json
    assert [photo["kind"] for photo in shown["result_photos"]] == ["result"]


def test_a_result_needs_its_photos(program_of: Issue) -> None:
    case = cast.accepted()
    answers = {"outcome": "done", "result_text": "Đã vá xong ổ gà bằng bê tông nhựa nguội."}

    answer = program_of(cast.OFFICIAL).post(completion(case, "resolve"), json={"answers": answers})

    assert [(error["field"], error["code"]) for error in answer.json["errors"]] == [("photos", "required")]


def test_answers_in_a_form_are_json(program_of: Issue) -> None:
    case = cast.report().case

    answer = program_of(cast.INTAKE).post(
        completion(case, "intake_check"), data={"answers": "{decision"}, content_type="multipart/form-data"
    )

    assert [(error["field"], error["code"]) for error in answer.json["errors"]] == [("answers", "malformed_json")]


def test_an_auditor_sees_and_does_nothing(program_of: Issue) -> None:
    case = cast.report().case
    auditor = program_of("auditor")

    assert auditor.get(f"/api/tasks/{cast.task(case, 'intake_check').id}").status_code == 200
    answer = auditor.post(completion(case, "intake_check"), json={"answers": {"decision": "accept"}})
    assert (answer.status_code, answer.json["code"]) == (403, "not_your_task")


def test_a_task_of_a_process_without_a_case_is_done_too(program_of: Issue) -> None:
    task_id = cast.round_of_the_lamps().id
    crew = program_of(cast.CREW)
    (row,) = crew.get("/api/tasks?view=unit").json["tasks"]
    assert (row["case"], row["deadline"], row["task"]["id"]) == (None, None, task_id)
    assert row["process"] == {"key": "lamp_round", "name": "Đi kiểm tra đèn", "business_key": "weekly 48"}
    shown = crew.get(f"/api/tasks/{task_id}").json
    assert (shown["case"], shown["may"]["complete"], shown["schema"]["required"]) == (None, True, ["lamps"])
    assert crew.put(f"/api/tasks/{task_id}/assignment", json={}).json["task"]["assignee"] == cast.CREW
    wrong = crew.post(f"/api/tasks/{task_id}/completion", json={"answers": {"lamps": -1}})
    assert [one["field"] for one in wrong.json["errors"]] == ["answers.lamps"]
    picture = {"answers": json.dumps({"lamps": 3}), "photos": (io.BytesIO(cast.photo().content), "lamp.jpg")}
    refused = crew.post(f"/api/tasks/{task_id}/completion", data=picture)
    assert [(one["field"], one["code"]) for one in refused.json["errors"]] == [("photos", "no_case_for_files")]
    done = crew.post(f"/api/tasks/{task_id}/completion", json={"answers": {"lamps": 3}})
    assert (done.status_code, done.json["task"]["state"]) == (201, "completed")
    assert program_of(cast.OFFICIAL).get(f"/api/tasks/{task_id}").status_code == 403
