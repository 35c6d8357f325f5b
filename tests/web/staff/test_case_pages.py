"""The case file: sections, notes, who reported, the log, cancelling."""

from __future__ import annotations

import pytest

from cases import history
from cases.models import Case, Event
from engine.base import session, transaction
from tests import town as cast
from tests.web.staff.conftest import DeskOf
from tests.web.staff.desk import task_of

NAME = cast.REPORTER["contact_name"]


@pytest.fixture
def case(town: object) -> Case:
    """A case its official has."""
    with transaction():
        return cast.accepted(photos=[cast.photo()])


def at(case: Case, section: str = "") -> str:
    """The address of a section."""
    return f"/work/c/{case.tracking_code}{section}"


def test_the_summary_says_what_is_known_and_who_has_it(desk: DeskOf, case: Case) -> None:
    page = desk(cast.INTAKE).get(at(case))

    assert page.heading == case.title
    assert "Pothole, road damage" in page.text
    assert "Diên Hồng Ward" in page.text
    assert f"Resolve and report {cast.person(cast.OFFICIAL).full_name}" in page.text
    assert "Acceptance deadline Deadline: Done on time" in page.text
    assert "hours used" in page.text


@pytest.mark.parametrize("written", ["lower", "without dashes"])
def test_a_code_as_people_write_it_leads_to_the_file(desk: DeskOf, case: Case, written: str) -> None:
    code = case.tracking_code.lower() if written == "lower" else case.tracking_code.replace("-", "")

    assert desk(cast.INTAKE).get(f"/work/c/{code}").location == at(case)


def test_a_code_that_does_not_exist_is_not_found(desk: DeskOf) -> None:
    assert desk(cast.INTAKE).get("/work/c/PK-0000-000").status == 404


def test_a_merged_case_names_the_one_that_goes_on(desk: DeskOf, case: Case) -> None:
    with transaction():
        other = cast.report().case
        cast.do(other, "intake_check", cast.INTAKE, decision="duplicate", duplicate_of=case.tracking_code)

    assert at(case) in desk(cast.INTAKE).get(at(other)).links("/work/c/")


def test_reports_merged_into_a_case_are_read_with_it(desk: DeskOf, case: Case) -> None:
    with transaction():
        other = cast.report(text="Xe tôi vừa sập ổ gà này, xin vá gấp cho bà con.").case
        cast.do(other, "intake_check", cast.INTAKE, decision="duplicate", duplicate_of=case.tracking_code)

    page = desk(cast.INTAKE).get(at(case))

    assert f"Merged report {other.tracking_code}" in page.text
    assert "Xe tôi vừa sập ổ gà này" in page.text


# -------------------------------------------------------------------------------------------------------- reporter


def test_no_page_names_the_reporter_unasked(desk: DeskOf, case: Case) -> None:
    intake = desk(cast.INTAKE)
    sections = ["", "/tasks", "/process", "/files", "/notes", "/log"]
    tasks = [f"/work/tasks/{task.id}" for task in session().query(type(cast.task(case, "resolve")))]

    pages = [*(desk(cast.OFFICIAL).get(path) for path in tasks[-1:]), *(intake.get(at(case, one)) for one in sections)]

    assert [page.status for page in pages] == [200] * 7
    secrets = cast.REPORTER.values()
    assert not [secret for page in pages for secret in secrets if secret in page.source]


def test_a_look_at_the_reporter_is_written_down(desk: DeskOf, case: Case) -> None:
    page = desk(cast.OFFICIAL).post(at(case, "/reporter"))

    looks = session().query(Event).filter_by(case_id=case.id, name="reporter_viewed").all()
    assert page.status == 200
    assert NAME in page.text
    assert cast.REPORTER["contact_email"] in page.text
    assert [look.by for look in looks] == [cast.OFFICIAL]
    assert "Looked at the reporter's name and contact" in desk(cast.INTAKE).get(at(case, "/log")).text


def test_a_reporter_without_a_name_is_said_to_be_anonymous(desk: DeskOf, town: object) -> None:
    with transaction():
        case = cast.report(contact_name="", contact_email="", contact_phone="").case

    assert "Anonymous: answers are shown on the tracking page only." in desk(cast.INTAKE).get(at(case)).text


# ----------------------------------------------------------------------------------------------------------- notes


def test_a_note_is_kept_and_stays_inside(desk: DeskOf, case: Case) -> None:
    official = desk(cast.OFFICIAL)

    page = official.follow(official.post(at(case, "/notes"), text="Chờ bê tông nhựa đến chiều mai."))

    assert "Chờ bê tông nhựa đến chiều mai." in page.text
    assert cast.person(cast.OFFICIAL).full_name in page.text
    assert "Internal – residents do not see it." in page.text
    assert "Chờ bê tông nhựa" not in official.get(f"/c/{case.tracking_code}").source


@pytest.mark.parametrize(
    ("text", "said"), [("", "This is needed."), ("  ", "This is needed."), ("x" * 5001, "at most 5000")]
)
def test_an_empty_note_and_an_endless_one_are_refused(desk: DeskOf, case: Case, text: str, said: str) -> None:
    page = desk(cast.OFFICIAL).post(at(case, "/notes"), text=text)

    assert page.status == 422
    assert said in page.text
    assert text.strip() in page.source


# ------------------------------------------------------------------------------------------------------------- log


def test_the_log_is_whole_and_newest_first(desk: DeskOf, case: Case) -> None:
    page = desk(cast.INTAKE).get(at(case, "/log"))

    assert "The record is whole" in page.text
    said = [f"Assigned to {cast.person(cast.OFFICIAL).full_name}", "Accepted for", "Report received"]
    assert sorted(said, key=page.text.index) == said


def test_a_line_changed_behind_our_back_shows(desk: DeskOf, case: Case) -> None:
    with transaction():
        event = history.timeline(case)[1]
        event.by = "somebody"

    assert "The record has been tampered with" in desk(cast.INTAKE).get(at(case, "/log")).text


def test_the_log_of_people_leaves_the_machine_out(desk: DeskOf, case: Case) -> None:
    with transaction():
        history.record(case, "deadline_reminded", by="clock", kind="resolve")
    intake = desk(cast.INTAKE)

    people, machine = (intake.get(at(case, f"/log?by={who}")).text for who in ("people", "machine"))

    assert "Resolution deadline comes near" not in people
    assert "Resolution deadline comes near" in machine
    assert "Report received" in people
    assert "Report received" not in machine


# --------------------------------------------------------------------------------------------------------- process


def test_the_process_page_says_in_words_what_the_drawing_shows(desk: DeskOf, case: Case) -> None:
    page = desk(cast.INTAKE).get(at(case, "/process"))

    assert 'data-active="resolve"' in page.source
    visited = page.source.split('data-visited="')[1].split('"')[0].split(",")
    assert {"received", "acknowledge", "promise", "intake_check", "accept", "assign"} <= set(visited)
    assert "resolve" not in visited
    words = ["Check and decide on acceptance (done)", "Assign an official (done)", "Resolve and report (now)"]
    assert sorted(words, key=page.text.index) == words
    assert "Resolution overdue" in page.text


def test_an_asked_case_stands_at_its_event(desk: DeskOf, town: object) -> None:
    with transaction():
        case = cast.report().case
        cast.do(case, "intake_check", cast.INTAKE, decision="ask", message="Xin Ông/Bà cho biết số nhà gần nhất.")

    page = desk(cast.INTAKE).get(at(case, "/process"))

    active = page.source.split('data-active="')[1].split('"')[0].split(",")
    assert {"reporter_answered", "no_answer"} & set(active) or "answer_awaited" in active


def test_the_diagram_is_the_one_the_case_runs_on(desk: DeskOf, case: Case) -> None:
    page = desk(cast.INTAKE).get(at(case, "/process.bpmn"))

    assert page.response.mimetype == "application/xml"
    assert 'id="report_case"' in page.source


def test_tasks_are_listed_with_what_was_answered(desk: DeskOf, case: Case) -> None:
    page = desk(cast.INTAKE).get(at(case, "/tasks"))

    assert "Decision Accept" in page.text
    assert f"Responsible official {cast.person(cast.OFFICIAL).full_name}" in page.text
    assert "Still open" in page.text


def test_files_say_whether_they_are_public(desk: DeskOf, town: object) -> None:
    with transaction():
        case = cast.accepted(photos=[cast.photo("red"), cast.photo("blue")])
        shown = case.reports[0].attachments[0]
        cast.resolve(case, photo_ids=[str(shown.id)])

    page = desk(cast.INTAKE).get(at(case, "/files"))

    assert page.source.count(">Public<") == 1
    assert page.source.count(">Internal<") == 1
    assert shown.sha256[:12] in page.text


# -------------------------------------------------------------------------------------------------------- cancelling


def test_cancelling_says_first_what_will_happen(desk: DeskOf, case: Case) -> None:
    page = desk(cast.SUPERVISOR).get(at(case, "/cancellation"))

    assert page.heading == "Cancel this case?"
    assert "This cannot be undone." in page.text
    assert case.closed_at is None


def test_cancelling_without_a_reason_is_refused(desk: DeskOf, case: Case) -> None:
    page = desk(cast.SUPERVISOR).post(at(case, "/cancellation"), reason="sai")

    assert page.status == 422
    assert "\nsai</textarea>" in page.source
    assert case.closed_at is None


def test_a_cancelled_case_ends_with_all_its_tasks(desk: DeskOf, case: Case) -> None:
    supervisor = desk(cast.SUPERVISOR)

    page = supervisor.follow(supervisor.post(at(case, "/cancellation"), reason="Gửi nhầm trong buổi tập huấn."))

    assert f"{case.tracking_code} has been cancelled." in page.text
    assert case.outcome == "cancelled"
    assert cast.open_tasks(case) == []
    assert "Gửi nhầm trong buổi tập huấn." in supervisor.get(at(case, "/notes")).text
    assert supervisor.get(at(case, "/cancellation")).status == 403


# --------------------------------------------------------------------------------------------------------- more time

REASON = "Phải chờ nhựa nóng, trạm trộn chỉ mở ngày thứ Hai."


def test_an_official_asks_for_more_time_and_the_leader_reads_why(desk: DeskOf) -> None:
    case = cast.accepted()
    official, leader = desk(cast.OFFICIAL), desk(cast.LEADER)
    assert at(case, "/extension") in official.get(at(case)).links("/work/c/")

    page = official.follow(official.post(at(case, "/extension"), days="2", reason=REASON))

    assert "The leaders have been asked for more time." in page.text
    assert "asks for 2 working days more" in page.text
    assert at(case, "/extension") not in page.links("/work/c/")
    _task, address = task_of(case, "approve_extension")
    assert REASON in leader.get(address).text


def test_what_is_wrong_with_a_request_for_time_is_told_beside_its_field(desk: DeskOf) -> None:
    case = cast.accepted()

    page = desk(cast.OFFICIAL).post(at(case, "/extension"), days="drei", reason="kurz")

    assert page.status == 422
    assert "Give a number of at least 1." in page.text
    assert "Write at least 10 characters." in page.text
    assert 'value="drei"' in page.source


def test_only_those_who_do_the_work_ask_for_time(desk: DeskOf) -> None:
    case = cast.accepted()

    assert desk(cast.INTAKE).get(at(case, "/extension")).status == 403
    assert desk(cast.INTAKE).post(at(case, "/waiting/end")).status == 403


def test_the_work_goes_on_when_another_body_has_answered(desk: DeskOf) -> None:
    case = cast.accepted()
    said = {"waiting_for": "Điện lực Pleiku", "waiting_reason": "Phải cắt điện trước khi đào.", "waiting_days": 10}
    cast.do(case, "resolve", cast.OFFICIAL, outcome="wait", **said)
    official = desk(cast.OFFICIAL)
    assert "The other body has answered" in official.get(at(case)).text

    page = official.follow(official.post(at(case, "/waiting/end")))

    assert "The work and the deadline go on." in page.text
    assert cast.open_tasks(case) == ["resolve"]
