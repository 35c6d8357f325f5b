"""Cases as officials see them: each those that concern them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from cases import access, history
from cases.models import Deadline, Event, Note, Person
from engine import clock
from engine.base import session
from tests import town as cast
from tests.api.conftest import Program

Issue = Callable[[str], Program]

STRANGER = "official.province1"


def test_the_list_is_read_page_by_page_newest_first(program_of: Issue) -> None:
    codes = [cast.report().tracking_code for _ in range(5)]
    program = program_of(cast.INTAKE)

    seen: list[str] = []
    page = program.get("/api/cases?limit=2").json
    while True:
        seen += [row["case"]["tracking_code"] for row in page["cases"]]
        if page["next"] is None:
            break
        page = program.get(f"/api/cases?limit=2&after={page['next']}").json

    assert seen == codes[::-1]


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("status=submitted", 1),
        ("status=in_progress", 1),
        ("category=pothole", 2),
        ("category=street-light", 0),
        ("unit=dien-hong-infrastructure", 2),
        ("text=o ga", 2),
        ("text=hoa hau", 0),
        ("text=pothole-100%25", 0),
    ],
)
def test_the_list_is_filtered(program_of: Issue, query: str, count: int) -> None:
    cast.report()
    cast.accepted()

    assert len(program_of(cast.INTAKE).get(f"/api/cases?{query}").json["cases"]) == count


def test_open_promises_are_listed_by_the_risk_of_missing_them(program_of: Issue) -> None:
    calm, late, closed = cast.accepted(), cast.accepted(), cast.resolved()
    promise = session().scalars(select(Deadline).where(Deadline.case_id == late.id, Deadline.kind == "resolve")).one()
    promise.due_at = clock.now() - timedelta(hours=1)
    session().flush()
    program = program_of(cast.INTAKE)

    first = program.get("/api/cases?order=risk&limit=1").json
    second = program.get(f"/api/cases?order=risk&limit=1&after={first['next']}").json

    assert closed.closed_at is None
    told = [(row["case"]["tracking_code"], row["risk"]) for page in (first, second) for row in page["cases"]]
    assert told == [(late.tracking_code, 1.0), (calm.tracking_code, None)]
    assert second["next"] is None
    errors = program.get("/api/cases?order=luck").json["errors"]
    assert [(error["field"], error["code"]) for error in errors] == [("order", "not_an_option")]


def test_a_status_that_is_none_is_refused(program_of: Issue) -> None:
    answer = program_of(cast.INTAKE).get("/api/cases?status=lost")

    assert [(error["field"], error["code"]) for error in answer.json["errors"]] == [("status", "not_an_option")]


@pytest.mark.parametrize("field", ["unit", "category"])
def test_what_the_city_does_not_have_is_not_looked_for(program_of: Issue, field: str) -> None:
    answer = program_of(cast.INTAKE).get(f"/api/cases?{field}=dragons")

    assert [(error["field"], error["code"]) for error in answer.json["errors"]] == [(field, "unknown")]


def test_a_case_has_everything_in_it(program_of: Issue) -> None:
    case = cast.accepted(photos=[cast.photo()])

    told = program_of(cast.LEADER).get(f"/api/cases/{case.tracking_code}").json

    assert told["case"]["official"] == cast.OFFICIAL
    assert told["reports"][0]["text"] == cast.TEXT
    assert not any(secret in str(told) for secret in cast.REPORTER.values())
    assert [deadline["kind"] for deadline in told["deadlines"]] == ["accept", "resolve"]
    assert told["open_tasks"] == [cast.task(case, "resolve").id]


def test_whoever_may_know_the_reporter_is_written_down(program_of: Issue) -> None:
    case = cast.accepted()

    answer = program_of(cast.LEADER).get(f"/api/cases/{case.tracking_code}/reporters")

    (reporter,) = answer.json["reporters"]
    assert reporter["contact_name"] == cast.REPORTER["contact_name"]
    last = history.timeline(case)[-1]
    assert (last.name, last.by) == ("reporter_viewed", cast.LEADER)


def test_the_reporter_is_named_to_nobody_else(program_of: Issue) -> None:
    case = cast.accepted()
    colleague = next(
        person
        for person in session().scalars(select(Person).order_by(Person.id))
        if access.may_see_case(person, case) and not access.may_see_reporter(person, case)
    )

    answer = program_of(colleague.username).get(f"/api/cases/{case.tracking_code}/reporters")

    assert (answer.status_code, answer.json["code"]) == (403, "may_not_open")


@pytest.mark.parametrize("door", ["", "/events", "/reporters"])
def test_a_case_of_others_is_not_shown(program_of: Issue, door: str) -> None:
    case = cast.report().case

    answer = program_of(STRANGER).get(f"/api/cases/{case.tracking_code}{door}")

    assert (answer.status_code, answer.json["code"]) == (403, "may_not_open")


def test_photos_are_for_whoever_may_see_the_case(program_of: Issue) -> None:
    submitted = cast.report(photos=[cast.photo()])
    path = f"/api/cases/{submitted.tracking_code}/photos/{submitted.report.attachments[0].id}"
    other = cast.report().tracking_code

    with program_of(cast.INTAKE).get(f"{path}?size=small") as answer:
        assert answer.mimetype == "image/jpeg"
    assert program_of(STRANGER).get(path).status_code == 403
    assert program_of(cast.INTAKE).get(path.replace(submitted.tracking_code, other)).status_code == 404


def test_the_history_says_what_happened_and_that_it_is_whole(program_of: Issue) -> None:
    case = cast.accepted()
    program = program_of(cast.LEADER)

    told = program.get(f"/api/cases/{case.tracking_code}/events").json

    assert told["is_whole"] is True
    assert told["events"][0]["name"] == "report_received"
    session().query(Event).filter_by(case_id=case.id, sequence=2).update({"by": "somebody"})
    assert program.get(f"/api/cases/{case.tracking_code}/events").json["is_whole"] is False


def test_a_remark_is_written_down(program_of: Issue) -> None:
    case = cast.accepted()

    answer = program_of(cast.OFFICIAL).post(f"/api/cases/{case.tracking_code}/notes", json={"text": "Đã gọi điện."})

    assert (answer.status_code, answer.json["written_by"]) == (201, cast.OFFICIAL)
    assert session().scalars(select(Note.text)).all() == ["Đã gọi điện."]


def test_an_auditor_writes_nothing(program_of: Issue) -> None:
    case = cast.report().case

    answer = program_of("auditor").post(f"/api/cases/{case.tracking_code}/notes", json={"text": "Hm."})

    assert answer.status_code == 403


def test_a_supervisor_drops_a_case_once(program_of: Issue) -> None:
    case = cast.accepted()
    path, program = f"/api/cases/{case.tracking_code}/cancellation", program_of(cast.SUPERVISOR)

    first = program.post(path, json={"reason": "Thử nghiệm."})
    again = program.post(path, json={"reason": "Thử nghiệm."})

    assert (first.status_code, first.json["status"]) == (201, "cancelled")
    assert (again.status_code, again.json["code"]) == (409, "message_not_awaited")


def test_an_official_does_not_drop_cases(program_of: Issue) -> None:
    case = cast.accepted()

    answer = program_of(cast.OFFICIAL).post(f"/api/cases/{case.tracking_code}/cancellation", json={"reason": "Khó."})

    assert answer.status_code == 403


def test_a_reason_is_needed(program_of: Issue) -> None:
    case = cast.accepted()

    answer = program_of(cast.SUPERVISOR).post(f"/api/cases/{case.tracking_code}/cancellation", json={})

    assert [(error["field"], error["code"]) for error in answer.json["errors"]] == [("reason", "required")]


def test_more_time_is_asked_for_once_by_those_who_do_the_work(program_of: Issue) -> None:
    case = cast.accepted()
    path, asked = f"/api/cases/{case.tracking_code}/extension", {"days": 2, "reason": "Phải chờ nhựa nóng đến thứ Hai."}

    stranger = program_of(cast.INTAKE).post(path, json=asked)
    wrong = program_of(cast.OFFICIAL).post(path, json={"days": 0})
    first = program_of(cast.OFFICIAL).post(path, json=asked)
    again = program_of(cast.OFFICIAL).post(path, json=asked)

    assert stranger.status_code == 403
    assert {(error["field"], error["code"]) for error in wrong.json["errors"]} == {
        ("days", "too_small"),
        ("reason", "required"),
    }
    assert first.status_code == 201
    assert cast.open_tasks(case) == ["resolve", "approve_extension"]
    assert (again.status_code, again.json["code"]) == (409, "extension_pending")


def test_a_case_goes_on_when_another_body_has_answered(program_of: Issue) -> None:
    case = cast.accepted()
    said = {"waiting_for": "Điện lực Pleiku", "waiting_reason": "Phải cắt điện trước khi đào.", "waiting_days": 10}
    cast.do(case, "resolve", cast.OFFICIAL, outcome="wait", **said)
    path, program = f"/api/cases/{case.tracking_code}/waiting-end", program_of(cast.OFFICIAL)

    first, again = program.post(path), program.post(path)

    assert (first.status_code, first.json["status"]) == (201, "in_progress")
    assert (again.status_code, again.json["code"]) == (409, "message_not_awaited")
