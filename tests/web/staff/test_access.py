"""Who may open what: every kind of person at every page, and the cases and tasks of other people."""

from __future__ import annotations

import uuid

import pytest
from flask import Flask

from cases.models import Attachment, Case
from engine.base import session, transaction
from tests import town as cast
from tests.conftest import Client
from tests.web.staff.conftest import DeskOf
from web.pages import staff

AUDITOR, ADMINISTRATOR, DESIGNER = "auditor", "admin", "designer1"
#: People of another ward.
STRANGER, STRANGE_LEADER = "official.gao", "chair.gao"

EVERYBODY = {
    cast.INTAKE,
    cast.SUPERVISOR,
    cast.LEADER,
    cast.OFFICIAL,
    STRANGER,
    STRANGE_LEADER,
    AUDITOR,
    ADMINISTRATOR,
    DESIGNER,
}
LEADERS = {cast.LEADER, STRANGE_LEADER}
#: Who may open the rooms.
ROOMS = {
    "/work": EVERYBODY,
    "/work/search": EVERYBODY,
    "/me": EVERYBODY,
    "/work/approve": LEADERS,
    "/work/messages": {cast.SUPERVISOR, ADMINISTRATOR},
    "/insight": {cast.SUPERVISOR, AUDITOR, *LEADERS},
    "/insight/performance.csv": {cast.SUPERVISOR, AUDITOR, *LEADERS},
    "/design": {DESIGNER},
    "/design/new": {DESIGNER},
    "/design/report_case/1": {DESIGNER},
    "/design/report_case/1/process.bpmn": {DESIGNER},
    "/design/report_case/1/files/report_case.bpmn": {DESIGNER},
    "/design/report_case/1/activation": {DESIGNER},
    "/admin": {ADMINISTRATOR},
    "/admin/incidents": {ADMINISTRATOR},
    "/admin/instances": {ADMINISTRATOR},
    "/admin/jobs": {ADMINISTRATOR},
    "/admin/log": {ADMINISTRATOR},
    "/admin/messages": {ADMINISTRATOR},
    "/admin/migrations": {ADMINISTRATOR, DESIGNER},
    "/admin/processes": {ADMINISTRATOR},
    "/admin/processes/report_case/instances": {ADMINISTRATOR},
    "/admin/processes/report_case/migration": {ADMINISTRATOR, DESIGNER},
    "/admin/processes/report_case/suspension": {ADMINISTRATOR},
    "/admin/processes/report_case/resumption": {ADMINISTRATOR},
}
#: What there is of one instance.
OF_AN_INSTANCE = ("", "/process.bpmn", "/suspension", "/resumption", "/cancellation", "/variables", "/tokens/x")
#: Who may see a case of Diên Hồng that its official has.
SEE_THE_CASE = {cast.INTAKE, cast.SUPERVISOR, cast.LEADER, cast.OFFICIAL, AUDITOR}
SECTIONS = ["", "/tasks", "/process", "/process.bpmn", "/files", "/notes", "/log"]


@pytest.fixture
def case(town: object) -> Case:
    """A case of Diên Hồng that its official has, with a photo."""
    with transaction():
        return cast.accepted(photos=[cast.photo()])


@pytest.mark.parametrize("username", sorted(EVERYBODY))
def test_rooms_open_for_whom_they_are_meant(desk: DeskOf, username: str) -> None:
    person = desk(username)

    opened = {path for path in ROOMS if person.get(path).status == 200}

    assert opened == {path for path, people in ROOMS.items() if username in people}


@pytest.mark.parametrize("username", sorted(EVERYBODY))
def test_the_rail_shows_only_rooms_that_open(desk: DeskOf, username: str) -> None:
    person = desk(username)
    page = person.get("/me")
    rooms = [href for href in page.links("/") if href in ROOMS]

    assert {href for href in rooms if person.get(href).status != 200} == set()


@pytest.mark.parametrize("username", sorted(EVERYBODY))
def test_a_case_file_is_closed_to_everybody_else(desk: DeskOf, case: Case, username: str) -> None:
    person = desk(username)
    expected = 200 if username in SEE_THE_CASE else 403

    assert {person.get(f"/work/c/{case.tracking_code}{section}").status for section in SECTIONS} == {expected}


@pytest.mark.parametrize("username", sorted(EVERYBODY))
def test_a_task_is_closed_to_everybody_else(desk: DeskOf, case: Case, username: str) -> None:
    address = f"/work/tasks/{cast.task(case, 'resolve').id}"
    may_see = {cast.SUPERVISOR, AUDITOR, cast.LEADER, cast.OFFICIAL}

    assert desk(username).get(address).status == (200 if username in may_see else 403)


@pytest.mark.parametrize("username", sorted(EVERYBODY))
def test_an_instance_is_opened_and_changed_by_who_operates_alone(desk: DeskOf, case: Case, username: str) -> None:
    person, address = desk(username), f"/admin/instances/{case.instance_id}"
    sent = {"reason": "Không phải việc của tôi.", "revision": "0", "to": "resolve"}

    opened = {person.get(address + page).status for page in OF_AN_INSTANCE}
    acts = ("/suspension", "/resumption", "/cancellation", "/variables", "/tokens/x")
    done = {person.post(address + act, **sent).status for act in acts} if username != ADMINISTRATOR else set()

    assert opened == ({200} if username == ADMINISTRATOR else {403})
    assert done <= {403}
    assert cast.open_tasks(case) == ["resolve"]


@pytest.mark.parametrize("username", sorted(EVERYBODY))
def test_a_photo_is_closed_to_who_may_not_see_its_case(desk: DeskOf, case: Case, username: str) -> None:
    photo = session().query(Attachment).filter_by(case_id=case.id).one()
    page = desk(username).get(f"/work/photos/{photo.id}?size=small")

    assert page.status == (200 if username in SEE_THE_CASE else 403)
    assert username not in SEE_THE_CASE or "private" in page.response.headers["Cache-Control"]


@pytest.mark.parametrize("username", sorted(EVERYBODY - {cast.OFFICIAL}))
def test_nobody_else_does_a_task(desk: DeskOf, case: Case, username: str) -> None:
    task, person = cast.task(case, "resolve"), desk(username)
    sent = {"outcome": "return", "reason": "Không phải việc của tôi đâu."}

    acts = ("completion", "assignment", "release", "follow-up")
    statuses = {person.post(f"/work/tasks/{task.id}/{act}", **sent).status for act in acts}

    assert statuses <= {403, 409}
    assert cast.open_tasks(case) == ["resolve"]
    assert task.assignee == cast.OFFICIAL


@pytest.mark.parametrize("username", sorted(EVERYBODY - SEE_THE_CASE))
def test_who_may_not_see_a_case_does_not_find_it(desk: DeskOf, case: Case, username: str) -> None:
    assert case.title not in desk(username).get("/work/search?q=le+loi").text


@pytest.mark.parametrize("username", sorted(SEE_THE_CASE))
def test_who_may_see_a_case_finds_it(desk: DeskOf, case: Case, username: str) -> None:
    assert case.title in desk(username).get("/work/search?q=le+loi").text


@pytest.mark.parametrize("username", sorted(EVERYBODY - {cast.SUPERVISOR}))
def test_only_supervisors_cancel(desk: DeskOf, case: Case, username: str) -> None:
    address = f"/work/c/{case.tracking_code}/cancellation"

    assert desk(username).get(address).status == 403
    assert desk(username).post(address, reason="Tôi muốn hủy phản ánh này.").status == 403
    assert case.closed_at is None


@pytest.mark.parametrize("username", [AUDITOR, STRANGER, ADMINISTRATOR])
def test_who_only_reads_or_may_not_see_writes_no_note(desk: DeskOf, case: Case, username: str) -> None:
    assert desk(username).post(f"/work/c/{case.tracking_code}/notes", text="Xin chào.").status == 403


@pytest.mark.parametrize("username", [STRANGER, STRANGE_LEADER, ADMINISTRATOR, DESIGNER])
def test_the_reporter_is_not_shown_to_strangers(desk: DeskOf, case: Case, username: str) -> None:
    page = desk(username).post(f"/work/c/{case.tracking_code}/reporter")

    assert page.status == 403
    assert cast.REPORTER["contact_name"] not in page.text


def test_a_sensitive_case_is_closed_to_the_ward_it_happens_in(desk: DeskOf, town: object) -> None:
    with transaction():
        case = cast.report(category="public-service", text="Cán bộ ở bộ phận một cửa hẹn bốn lần không trả hồ sơ.").case
    assert case.is_sensitive

    statuses = {who: desk(who).get(f"/work/c/{case.tracking_code}").status for who in (cast.INTAKE, cast.OFFICIAL)}

    assert statuses == {cast.INTAKE: 200, cast.OFFICIAL: 403}


def test_whoever_has_not_signed_in_is_asked_to(app: Flask, town: object) -> None:
    client = Client(app, app.response_class)
    names = {room.name for room in staff.BLUEPRINTS}
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint.split(".")[0] in names]
    values = {"task_id": 1, "photo_id": 1, "incident_id": 1, "key_id": 1, "version": 1, "instance_id": 1,
              "migration_id": 1, "number": 1, "change_id": 1, "job_id": uuid.UUID(int=1), "act": "suspension"}  # fmt: skip

    for rule in rules:
        arguments = {name: values.get(name, "x") for name in rule.arguments}
        path = app.url_map.bind("localhost").build(rule.endpoint, arguments)
        method = "GET" if "GET" in (rule.methods or ()) else "POST"
        response = client.open(path, method=method)
        where = response.headers.get("Location", "")
        assert (response.status_code, where[:8]) in {(302, "/sign-in"), (400, "")}, f"{method} {path}"

    assert len(rules) > 40


def test_somebody_whose_account_is_closed_is_out_at_once(desk: DeskOf) -> None:
    official = desk(cast.OFFICIAL)
    with transaction():
        cast.person(cast.OFFICIAL).is_active = False

    assert official.get("/work").location.startswith("/sign-in")
