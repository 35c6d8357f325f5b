"""The doors of operators: who may open them, what they show, that they do what they say and write it down."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import orjson
import pytest
from sqlalchemy import select

from cases import cases, history
from cases.models import Note, Unit
from engine import clock, definitions, instances, jobs, registry, timers
from engine.base import session, transaction
from engine.models import Instance, UserTask
from tests import town as cast
from tests.api.conftest import Program
from tests.engine import drawing as d

Issue = Callable[[str], Program]
WHY = {"reason": "a test of the doors"}
ROOT = "/api/operations"


@registry.handler("test_api_double", retries=())
def double(amount: int | None) -> dict[str, int]:
    if not isinstance(amount, int):
        raise TypeError("no amount")
    return {"doubled": amount * 2}


@pytest.fixture
def admin(program_of: Issue) -> Program:
    """The program of the administrator."""
    return program_of("admin")


def demo(xml: bytes, key: str = "D-1", **variables: Any) -> Instance:
    """An instance that runs for no case; there is a unit for its tasks."""
    with transaction():
        if session().scalar(select(Unit).where(Unit.code == "roads")) is None:
            session().add(Unit(code="roads", name_vi="Đường", name_en="Roads", kind="room"))
        definitions.deploy({"demo.bpmn": xml}, by="mai")
        return instances.start("demo", variables, business_key=key, by="hanh")


def two(first: str = "first", second: str = "second") -> bytes:
    return d.simple(d.user(first), d.user(second), names=(first, second))


def element_of(admin: Program, instance: Instance) -> list[str]:
    found = admin.get(f"{ROOT}/instances/{instance.id}").json["waiting"]
    return [one["element_id"] for one in found]


@pytest.mark.parametrize(
    ("username", "path", "status"),
    [
        ("admin", "instances", 200),
        (cast.SUPERVISOR, "instances", 403),
        ("designer1", "instances", 403),
        ("designer1", "migrations", 200),
        ("admin", "migrations", 200),
        (cast.OFFICIAL, "migrations", 403),
    ],
)
def test_operators_look_and_designers_migrate(program_of: Issue, username: str, path: str, status: int) -> None:
    assert program_of(username).get(f"{ROOT}/{path}").status_code == status


def test_nobody_in_particular_gets_in(citizen: Program) -> None:
    assert citizen.get(f"{ROOT}/metrics").status_code == 401


def test_definitions_are_shown_with_what_runs_on_them_and_where_it_waits(admin: Program) -> None:
    demo(two())
    demo(two(), key="D-2")

    shown = {one["key"]: one for one in admin.get(f"{ROOT}/definitions").json["definitions"]}
    heat = admin.get(f"{ROOT}/definitions/demo/versions/1").json

    assert shown["demo"]["instances"] == {"running": 2, "suspended": 0, "ended": 0}
    assert [(one["element_id"], one["element_name"], one["tasks"]) for one in heat["elements"]] == [
        ("first", "First", 2)
    ]
    assert admin.get(heat["diagram"]).status_code == 200
    assert admin.get(f"{ROOT}/definitions/demo/versions/9").json["code"] == "definition_not_found"


def test_instances_are_found_page_by_page(admin: Program) -> None:
    made = [demo(two(), key=f"D-{number}").id for number in range(5)]
    admin.post(f"{ROOT}/instances/{made[0]}/suspension", json=WHY)

    first = admin.get(f"{ROOT}/instances?key=demo&limit=3").json
    rest = admin.get(f"{ROOT}/instances?key=demo&limit=3&after={first['next']}").json
    suspended = admin.get(f"{ROOT}/instances?state=suspended").json["instances"]
    named = admin.get(f"{ROOT}/instances?business_key=D-4&element=first&version=1").json["instances"]

    assert [one["id"] for one in first["instances"] + rest["instances"]] == made[::-1]
    assert rest["next"] is None
    assert [(one["id"], one["state"]) for one in suspended] == [(made[0], "suspended")]
    assert [one["id"] for one in named] == [made[4]]
    assert admin.get(f"{ROOT}/instances?key=demo&state=ended").json["instances"] == []


def test_an_instance_is_shown_from_inside(admin: Program) -> None:
    instance = demo(d.simple(d.service("double", "test_api_double"), names=("double",)), amount="many")
    jobs.run_waiting()

    shown = admin.get(f"{ROOT}/instances/{instance.id}").json

    assert shown["variables"] == {"amount": "many"}
    assert [(one["kind"], one["element_id"], one["state"]) for one in shown["waiting"]] == [("job", "double", "failed")]
    assert shown["tokens"] == [{"element_id": "double", "waits": 1, "incidents": 1}]
    assert [line["what"] for line in shown["history"]] == [
        "instance_started", "job_created", "attempt_failed", "incident_opened",
    ]  # fmt: skip
    assert [one["business_key"] for one in admin.get(f"{ROOT}/incidents").json["incidents"]] == ["D-1"]
    assert [one["id"] for one in admin.get(f"{ROOT}/instances?is_stuck=true").json["instances"]] == [instance.id]


def test_an_instance_that_cannot_be_read_says_why_and_can_be_cancelled(admin: Program) -> None:
    instance = demo(two())
    with transaction():
        session().get_one(Instance, instance.id).state = b"\x09broken"

    shown = admin.get(f"{ROOT}/instances/{instance.id}").json

    assert (shown["variables"], "UnknownStateVersion" in shown["failure"]) == (None, True)
    assert admin.post(f"{ROOT}/instances/{instance.id}/cancellation", json=WHY).json["state"] == "ended"


def test_an_official_is_told_that_a_case_is_suspended(admin: Program, program_of: Issue) -> None:
    case = cast.report().case
    task = cast.task(case, "intake_check")
    answers = {"answers": {"decision": "accept"}}
    admin.post(f"{ROOT}/instances/{case.instance_id}/suspension", json=WHY)

    refused = program_of(cast.INTAKE).post(f"/api/tasks/{task.id}/completion?lang=en", json=answers)
    admin.post(f"{ROOT}/instances/{case.instance_id}/resumption", json=WHY)
    done = program_of(cast.INTAKE).post(f"/api/tasks/{task.id}/completion", json=answers)

    assert (refused.status_code, refused.json["code"]) == (409, "instance_suspended")
    assert "suspended" in refused.json["detail"]
    assert done.status_code == 201


def test_a_suspended_process_takes_no_report(admin: Program, citizen: Program) -> None:
    report = {"text": cast.TEXT, "category": "pothole", "latitude": cast.DIEN_HONG[0], "longitude": cast.DIEN_HONG[1]}
    admin.post(f"{ROOT}/definitions/report_case/suspension", json=WHY)

    refused = citizen.post("/api/public/reports", json=report)
    admin.post(f"{ROOT}/definitions/report_case/resumption", json=WHY)

    assert (refused.status_code, refused.json["code"]) == (409, "definition_suspended")
    assert citizen.post("/api/public/reports", json=report).status_code == 201


def test_a_case_ends_with_its_cancelled_instance(admin: Program) -> None:
    case = cast.accepted()

    admin.post(f"{ROOT}/instances/{case.instance_id}/cancellation", json={"reason": "Sent by mistake"})

    session().expire_all()
    case = cases.get(case.id)
    assert (case.status, case.outcome, case.closed_at) == ("cancelled", "cancelled", clock.now())
    assert [note.text for note in session().scalars(select(Note).where(Note.case_id == case.id))] == ["Sent by mistake"]
    assert cast.open_tasks(case) == []
    assert history.verify(case)
    assert history.public_steps(case)[-1].code == "cancelled"


def test_a_token_is_moved_or_the_reason_why_not_is_told(admin: Program) -> None:
    instance = demo(two())
    (waits,) = admin.get(f"{ROOT}/instances/{instance.id}").json["waiting"]
    path = f"{ROOT}/instances/{instance.id}/moves"

    nowhere = admin.post(f"{path}?lang=en", json={**WHY, "uid": waits["uid"], "to": "nowhere"})
    nobody = admin.post(path, json={**WHY, "uid": "not-a-uid", "to": "second"})
    moved = admin.post(path, json={**WHY, "uid": waits["uid"], "to": "second"})

    assert (nowhere.status_code, nowhere.json["detail"]) == (409, "The process has no such element.")
    assert (nobody.status_code, nobody.json["code"]) == (404, "task_not_found")
    assert (moved.status_code, element_of(admin, instance)) == (200, ["second"])


def test_answers_for_which_there_is_no_room_are_refused_by_name_and_nothing_is_lost(
    admin: Program, program_of: Issue
) -> None:
    case = cast.report().case
    path, official = f"/api/tasks/{cast.task(case, 'intake_check').id}/completion?lang=en", program_of(cast.INTAKE)
    of_instance, answers = f"{ROOT}/instances/{case.instance_id}", {"answers": {"decision": "accept"}}
    room = 4096 - len(orjson.dumps(admin.get(of_instance).json["variables"])) - len(',"notes":""')
    admin.ask("PATCH", f"{of_instance}/variables", json={**WHY, "variables": {"notes": "x" * room}})

    refused = official.post(path, json=answers)
    admin.ask("PATCH", f"{of_instance}/variables", json={**WHY, "variables": {"notes": ""}})
    done = official.post(path, json=answers)

    assert (refused.status_code, refused.json["code"]) == (422, "variables_too_large")
    assert [(one["field"], one["code"]) for one in refused.json["errors"]] == [("answers.notes", "variables_too_large")]
    assert "4096 bytes" in refused.json["errors"][0]["message"]
    assert done.status_code == 201


def test_variables_are_edited_and_the_edit_is_in_the_log(admin: Program) -> None:
    instance = demo(two(), n=1)
    path = f"{ROOT}/instances/{instance.id}/variables"

    done = admin.ask("PATCH", path, json={**WHY, "variables": {"n": 2}})
    wrong = admin.ask("PATCH", path, json={**WHY, "variables": {"self": 1, "a b": 2}})
    silent = admin.ask("PATCH", path, json={"variables": {"n": 3}})
    (line,) = admin.get(f"{ROOT}/log?instance={instance.id}").json["operations"]

    assert done.status_code == 200
    assert {(one["field"], one["code"]) for one in wrong.json["errors"]} == {
        ("variables.self", "reserved_name"), ("variables.a b", "not_a_name"),
    }  # fmt: skip
    assert [one["field"] for one in silent.json["errors"]] == ["reason"]
    assert (line["kind"], line["by"], line["reason"]) == ("variables_edited", "admin", WHY["reason"])
    assert line["particulars"] == {"before": {"n": 1}, "after": {"n": 2}}


def test_a_failed_job_is_skipped_with_a_value_once(admin: Program) -> None:
    drawing = d.simple(d.service("double", "test_api_double"), d.user("check"), names=("double", "check"))
    instance = demo(drawing, amount="many")
    jobs.run_waiting()
    (job,) = admin.get(f"{ROOT}/jobs?state=failed&topic=test_api_double").json["jobs"]

    done = admin.post(f"{ROOT}/jobs/{job['id']}/result", json={**WHY, "result": {"doubled": 4}})
    again = admin.post(f"{ROOT}/jobs/{job['id']}/result", json=WHY)

    assert (done.json["state"], element_of(admin, instance)) == ("done", ["check"])
    assert again.json["code"] == "job_not_failed"


def test_incidents_of_one_cause_are_tried_again_together(admin: Program) -> None:
    for number in range(3):
        demo(d.simple(d.service("double", "test_api_double"), names=("double",)), key=f"D-{number}", amount="many")
    jobs.run_waiting()
    incident = admin.get(f"{ROOT}/incidents?cause=test_api_double").json["incidents"][0]

    assert admin.post(f"{ROOT}/incidents/{incident['id']}/retries", json=WHY).json == {"count": 3}
    assert admin.get(f"{ROOT}/incidents?cause=test_api_double").json["incidents"] == []
    assert len(admin.get(f"{ROOT}/incidents?is_open=false").json["incidents"]) == 3


def test_jobs_and_timers_are_read_page_by_page(admin: Program) -> None:
    late = d.boundary("late", "work", d.timer("timeDuration", '"PT1H"'), interrupting=False)
    xml = d.process(
        d.start(), d.user("work"), d.end(), d.path("start", "work", "end"), late, d.end("n"), d.path("late", "n")
    )
    with transaction():
        for _ in range(3):
            jobs.add("test_api_double", {})
    made = [demo(xml, key=f"D-{number}").id for number in range(3)]

    for noun in ("jobs?topic=test_api_double", "timers?"):
        name, seen, after = noun.partition("?")[0], [], ""
        while True:
            page = admin.get(f"{ROOT}/{noun}&limit=2{after}").json
            seen += [one["id"] for one in page[name]]
            if page["next"] is None:
                break
            after = f"&after={page['next']}"
        assert len(seen) == len(set(seen)) == 3

    assert len(admin.get(f"{ROOT}/timers?instance={made[0]}").json["timers"]) == 1
    for path in ("jobs?after=x", "jobs?after=00000000-0000-0000-0000-000000000000", "timers?after=x"):
        assert admin.get(f"{ROOT}/{path}").status_code == 422


def test_the_figures_say_what_waits_and_how_far_behind_it_is(admin: Program) -> None:
    late = d.boundary("late", "work", d.timer("timeDuration", '"PT1H"'), interrupting=False)
    demo(
        d.process(
            d.start(), d.user("work"), d.end(), d.path("start", "work", "end"), late, d.end("n"), d.path("late", "n")
        )
    )

    with clock.at(clock.now() + timedelta(hours=1, minutes=1)):
        behind = admin.get(f"{ROOT}/metrics").json
        timers.fire_due()
        caught_up = admin.get(f"{ROOT}/metrics").json

    assert (behind["instances_running"], behind["tasks_open"], behind["timers_due"]) == (1, 1, 1)
    assert (behind["seconds_behind"], caught_up["seconds_behind"], caught_up["timers_due"]) == (60.0, 0.0, 0)


def test_a_migration_is_looked_at_done_followed_and_taken_back(program_of: Issue) -> None:
    designer = program_of("designer1")
    instance = demo(two())
    with transaction():
        definitions.deploy({"demo.bpmn": two("check", "second")}, by="mai")
    wish = {"key": "demo", "to_version": 2}

    (stuck,) = designer.post(f"{ROOT}/migrations/outlook", json=wish).json["instances"]
    wish["mapping"] = {"first": "check"}
    outlook = designer.post(f"{ROOT}/migrations/outlook", json=wish).json
    begun = designer.post(f"{ROOT}/migrations", json={**wish, **WHY})
    early = designer.post(f"{ROOT}/migrations/{begun.json['id']}/reversal", json=WHY)
    jobs.run_waiting()
    done = designer.get(begun.headers["Location"]).json
    (result,) = designer.get(f"{begun.headers['Location']}/results?state=migrated").json["results"]

    assert (stuck["can_go"], [(one["element_id"], one["code"]) for one in stuck["obstacles"]]) == (
        False, [("first", "node_gone")],
    )  # fmt: skip
    (one,) = outlook["instances"]
    assert (outlook["count"], one["can_go"], one["before"][0]["uid"]) == (1, True, one["after"][0]["uid"])
    assert (one["before"][0]["element_id"], one["after"][0]["element_id"]) == ("first", "check")
    assert (begun.status_code, begun.json["instances"]["waiting"]) == (201, 1)
    assert (early.status_code, early.json["code"]) == (409, "migration_not_done")
    assert (done["state"], done["instances"]["migrated"], result["instance_id"]) == ("done", 1, instance.id)

    designer.post(f"{begun.headers['Location']}/reversal", json=WHY)
    jobs.run_waiting()

    assert designer.get(begun.headers["Location"]).json["state"] == "undone"
    assert session().scalars(select(UserTask.element_id).where(UserTask.instance_id == instance.id)).all() == ["first"]


@pytest.mark.parametrize(
    ("wish", "status", "fields"),
    [
        ({"key": "demo"}, 422, {"to_version"}),
        ({"key": "demo", "to_version": 1, "mapping": {"first": "nowhere"}}, 422, {"mapping.first"}),
        ({"key": "demo", "to_version": 1, "mapping": {"first": 3}}, 422, {"mapping.first.value"}),
        ({"key": "demo", "to_version": 1, "instances": [0]}, 422, {"instances[0]"}),
        ({"key": "nothing", "to_version": 1}, 404, set()),
    ],
)
def test_a_migration_that_cannot_be_is_refused_with_its_fields(
    admin: Program, wish: dict[str, Any], status: int, fields: set[str]
) -> None:
    demo(two())

    answer = admin.post(f"{ROOT}/migrations", json={**wish, **WHY})

    assert answer.status_code == status
    assert {error["field"] for error in answer.json.get("errors", [])} == fields


def test_what_is_not_there_is_told(admin: Program) -> None:
    for method, path in (("GET", "instances/999"), ("POST", "instances/999/suspension"), ("GET", "migrations/999"),
                         ("POST", "definitions/nothing/suspension"), ("POST", "incidents/999/retries"),
                         ("POST", "jobs/00000000-0000-0000-0000-000000000000/result")):  # fmt: skip
        answer = admin.ask(method, f"{ROOT}/{path}", **({"json": WHY} if method == "POST" else {}))

        assert answer.status_code == 404, path


def test_suspending_twice_is_a_conflict(admin: Program) -> None:
    instance = demo(two())
    answers = [admin.post(f"{ROOT}/instances/{instance.id}/suspension", json=WHY) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 409]
    assert answers[1].json["code"] == "already_so"


def test_a_message_is_taken_kept_or_known_already(admin: Program) -> None:
    outside, answered = d.message("answered")
    demo(d.process(d.start(), d.catch("hear", answered), d.end(), d.path("start", "hear", "end"), outside=outside))
    sent = {"name": "answered", "correlation_key": "D-1", "variables": {"text": "yes"}}

    (instance,) = admin.get(f"{ROOT}/instances").json["instances"]
    (waits,) = admin.get(f"{ROOT}/instances/{instance['id']}").json["waiting"]
    assert (waits["kind"], waits["message"], waits["correlation_key"]) == ("message", "answered", "D-1")

    early = admin.post(f"{ROOT}/messages", json={**sent, "correlation_key": "D-2", "keep_for_s": 60, "message_id": "m"})
    again = admin.post(f"{ROOT}/messages", json={**sent, "correlation_key": "D-2", "message_id": "m"})
    taken = admin.post(f"{ROOT}/messages", json=sent)
    late = admin.post(f"{ROOT}/messages", json=sent)

    assert [one.json["result"] for one in (early, again, taken)] == ["kept", "duplicate", "taken"]
    assert taken.json["business_keys"] == ["D-1"]
    assert (late.status_code, late.json["code"]) == (409, "message_not_awaited")


def test_all_that_is_wrong_with_a_message_is_told_at_once(admin: Program) -> None:
    wrong = {"name": "x" * 201, "variables": [], "keep_for_s": -1, "colour": "red"}
    problems = admin.post(f"{ROOT}/messages", json=wrong).json["errors"]
    assert {one["field"] for one in problems} == {"name", "variables", "keep_for_s", "colour"}
    too_large = admin.post(f"{ROOT}/messages", json={"name": "answered", "variables": {"text": "x" * 5000}})
    assert (too_large.status_code, [one["field"] for one in too_large.json["errors"]]) == (422, ["text"])
