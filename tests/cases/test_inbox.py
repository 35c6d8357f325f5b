"""The inbox: what a person does with a task, as the doors do it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from cases import cases, inbox
from cases.models import Attachment, Case
from engine import clock, timers
from engine import tasks as engine_tasks
from engine.base import session
from engine.errors import Invalid, InvalidAnswers, NotYourTask, TaskAlreadyClaimed, TaskAlreadyCompleted, TaskNotFound
from engine.models import TaskState, UserTask
from tests import town

if TYPE_CHECKING:
    from flask import Flask

PHOTO = ("sau.jpg", town.photo("green").content)


@pytest.fixture
def now(app: Flask, frozen_clock: datetime) -> datetime:
    """A Monday morning in a city that has just been founded."""
    town.found()
    return frozen_clock


def problems(refused: pytest.ExceptionInfo[InvalidAnswers]) -> dict[str, str]:
    return {problem.where: problem.code for problem in refused.value.problems}


# --------------------------------------------------------------------------------------------------- claim and others


def test_only_those_it_is_offered_to_claim_a_task(now: datetime) -> None:
    task = town.task(town.report().case, "intake_check")
    for stranger in (town.OFFICIAL, town.SUPERVISOR, "auditor"):
        with pytest.raises(NotYourTask):
            inbox.claim(task.id, person=town.person(stranger))
    inbox.claim(task.id, person=town.person(town.INTAKE))
    with pytest.raises(TaskAlreadyClaimed) as refused:
        inbox.claim(task.id, person=town.person("intake2"))
    assert refused.value.by == town.INTAKE


def test_a_released_task_is_everybodys_again(now: datetime) -> None:
    task = town.task(town.report().case, "intake_check")
    inbox.claim(task.id, person=town.person(town.INTAKE))
    with pytest.raises(TaskAlreadyClaimed):
        inbox.release(task.id, person=town.person("intake2"))
    with pytest.raises(NotYourTask):
        inbox.release(task.id, person=town.person(town.OFFICIAL))
    inbox.release(task.id, person=town.person(town.INTAKE))
    assert inbox.claim(task.id, person=town.person("intake2")).assignee == "intake2"


def test_a_leader_gives_a_task_to_somebody_of_its_groups_only(now: datetime) -> None:
    task, leader = town.task(town.accepted(), "resolve"), town.person(town.LEADER)
    with pytest.raises(Invalid):
        inbox.delegate(task.id, to="culture.dien-hong", person=leader)
    with pytest.raises(NotYourTask):
        inbox.delegate(task.id, to=town.OFFICIAL, person=town.person(town.OFFICIAL))
    assert [person.username for person in inbox.delegates(task)] == [town.OFFICIAL]
    assert inbox.delegate(task.id, to=town.OFFICIAL, person=leader).assignee == town.OFFICIAL


def test_a_task_that_never_was_is_not_found(now: datetime) -> None:
    with pytest.raises(TaskNotFound):
        inbox.complete(404, {}, person=town.person(town.INTAKE))


# ----------------------------------------------------------------------------------------------------------- complete


def test_completing_a_free_task_claims_it(now: datetime) -> None:
    case = town.report().case
    task = inbox.complete(town.task(case, "intake_check").id, {"decision": "accept"}, person=town.person(town.INTAKE))
    assert (task.state, task.assignee, task.ended_by) == (TaskState.COMPLETED, town.INTAKE, town.INTAKE)
    assert town.open_tasks(case) == ["assign"]


def test_a_task_is_completed_by_nobody_else_and_not_twice(now: datetime) -> None:
    case = town.report().case
    task = town.task(case, "intake_check")
    with pytest.raises(NotYourTask):
        inbox.complete(task.id, {"decision": "accept"}, person=town.person(town.OFFICIAL))
    inbox.claim(task.id, person=town.person(town.INTAKE))
    with pytest.raises(TaskAlreadyClaimed):
        inbox.complete(task.id, {"decision": "accept"}, person=town.person("intake2"))
    inbox.complete(task.id, {"decision": "accept"}, person=town.person(town.INTAKE))
    with pytest.raises(TaskAlreadyCompleted):
        inbox.complete(task.id, {"decision": "accept"}, person=town.person("intake2"))


def test_a_supervisor_sees_a_task_but_does_not_do_it(now: datetime) -> None:
    task = town.task(town.report().case, "intake_check")
    assert inbox.get(task.id, person=town.person(town.SUPERVISOR)) is task
    with pytest.raises(NotYourTask):
        inbox.complete(task.id, {"decision": "accept"}, person=town.person(town.SUPERVISOR))


def test_the_reporters_task_is_not_for_officials(now: datetime) -> None:
    task = town.task(town.resolved(), "feedback")
    for username in (town.SUPERVISOR, town.INTAKE):
        for act in (inbox.claim, lambda one, person: inbox.complete(one, {"verdict": "satisfied"}, person=person)):
            with pytest.raises(NotYourTask):
                act(task.id, person=town.person(username))


def test_answers_are_checked_with_the_form_of_the_task(now: datetime) -> None:
    case = town.report().case
    task = town.task(case, "intake_check")
    with pytest.raises(InvalidAnswers) as refused:
        inbox.complete(task.id, {"decision": "refuse", "colour": "red"}, person=town.person(town.INTAKE))
    assert problems(refused) == {"refusal_reason": "required", "message": "required", "colour": "unknown_field"}
    assert town.open_tasks(case) == ["intake_check"]


def test_only_units_with_a_leader_are_offered_and_taken(now: datetime) -> None:
    task, lan = town.task(town.report().case, "intake_check"), town.person(town.INTAKE)
    units = dict(inbox.choices(task, lan)["units"])
    assert units["lighting-team"] == "Đội Chiếu sáng công cộng (mẫu)"
    assert "ioc" not in units
    with pytest.raises(InvalidAnswers) as refused:
        inbox.complete(task.id, {"decision": "accept", "unit": "ioc"}, person=lan)
    assert problems(refused) == {"unit": "not_an_option"}
    inbox.complete(task.id, {"decision": "accept", "unit": "lighting-team"}, person=lan)


def test_choices_are_in_the_readers_language(now: datetime) -> None:
    task = town.task(town.report().case, "intake_check")
    assert (
        dict(inbox.choices(task, town.person("intake3"))["units"])["lighting-team"] == "Public Lighting Team (sample)"
    )


def test_a_case_is_assigned_to_an_official_of_the_unit(now: datetime) -> None:
    case = town.report().case
    town.do(case, "intake_check", town.INTAKE, decision="accept")
    task, leader = town.task(case, "assign"), town.person(town.LEADER)
    assert inbox.choices(task, leader)["officials"] == [(town.OFFICIAL, town.person(town.OFFICIAL).full_name)]
    with pytest.raises(InvalidAnswers):
        inbox.complete(task.id, {"assignment": "assign", "official": "police.gao"}, person=leader)
    inbox.complete(task.id, {"assignment": "assign", "official": town.OFFICIAL}, person=leader)
    assert town.task(case, "resolve").assignee == town.OFFICIAL


def test_a_case_of_the_ward_itself_may_be_assigned_to_officials_of_its_rooms(now: datetime) -> None:
    case = town.report(category="pavement-encroachment", text="Quán kê bàn ghế kín vỉa hè.").case
    town.do(case, "intake_check", town.INTAKE, decision="accept")
    offered = {official.username for official in inbox.candidates(town.task(case, "assign"))}
    assert offered == {f"{room}.dien-hong" for room in ("infrastructure", "culture", "office", "police")}


def test_a_result_needs_a_photo_and_the_photo_becomes_an_attachment(now: datetime) -> None:
    case = town.accepted()
    task, official = town.task(case, "resolve"), town.person(town.OFFICIAL)
    done = {"outcome": "done", "result_text": "Đã vá xong ổ gà bằng bê tông nhựa nguội."}
    with pytest.raises(InvalidAnswers) as refused:
        inbox.complete(task.id, {**done, "photos": [1, 2]}, person=official)
    assert problems(refused) == {"photos": "required"}
    inbox.complete(task.id, done, person=official, photos=[PHOTO])
    kept = session().scalars(select(Attachment)).one()
    assert (kept.case_id, kept.kind, kept.added_by) == (case.id, "result", town.OFFICIAL)
    assert task.answers is not None
    assert task.answers["photos"] == [kept.id]


def test_what_is_given_back_needs_no_photo_and_keeps_none(now: datetime) -> None:
    task = town.task(town.accepted(), "resolve")
    answers = {"outcome": "return", "reason": "Thuộc đơn vị chiếu sáng."}
    inbox.complete(task.id, answers, person=town.person(town.OFFICIAL), photos=[PHOTO])
    assert session().scalars(select(Attachment)).all() == []


def test_what_is_no_photo_is_refused_and_nothing_is_done(now: datetime) -> None:
    case = town.accepted()
    done = {"outcome": "done", "result_text": "Đã vá xong ổ gà bằng bê tông nhựa nguội."}
    for photos, code in (([PHOTO, ("x.jpg", b"no photo")], "not_an_image"), ([PHOTO] * 6, "too_many")):
        with pytest.raises(InvalidAnswers) as refused:
            inbox.complete(town.task(case, "resolve").id, done, person=town.person(town.OFFICIAL), photos=photos)
        assert problems(refused) == {"photos": code}
    assert session().scalars(select(Attachment)).all() == []


def test_photos_for_a_form_that_asks_for_none_are_refused(now: datetime) -> None:
    task = town.task(town.report().case, "intake_check")
    with pytest.raises(InvalidAnswers) as refused:
        inbox.complete(task.id, {"decision": "accept"}, person=town.person(town.INTAKE), photos=[PHOTO])
    assert problems(refused) == {"photos": "unknown_field"}


def test_only_photos_of_the_case_are_published(now: datetime) -> None:
    other = town.report(photos=[town.photo("blue")]).case
    case = town.accepted(photos=[town.photo()])
    done = {"outcome": "done", "result_text": "Đã vá xong ổ gà bằng bê tông nhựa nguội."}
    inbox.complete(town.task(case, "resolve").id, done, person=town.person(town.OFFICIAL), photos=[PHOTO])
    inbox.complete(town.task(case, "approve").id, {"approval": "approve"}, person=town.person(town.LEADER))
    task, lan = town.task(case, "publication_check"), town.person(town.INTAKE)
    offered = inbox.choices(task, lan)["photos_available"]
    assert [label for _, label in offered] == ["report", "result"]
    words = {"publish": "publish", "public_title": "Đã vá ổ gà", "public_text": "Đội duy tu đã vá ổ gà sáng nay."}
    foreign = str(inbox.photos(other)[0].id)
    with pytest.raises(InvalidAnswers):
        inbox.complete(task.id, {**words, "photo_ids": [foreign]}, person=lan)
    inbox.complete(task.id, {**words, "photo_ids": [value for value, _ in offered]}, person=lan)
    assert case.publication is not None
    assert [photo.attachment_id for photo in case.publication.photos] == [int(value) for value, _ in offered]


def test_a_duplicate_must_name_another_open_case(now: datetime) -> None:
    first, second = town.report().case, town.report().case
    ended = town.report().case
    town.do(
        ended, "intake_check", town.INTAKE, decision="refuse", refusal_reason="violation", message="Không đúng sự thật."
    )
    task, lan = town.task(second, "intake_check"), town.person(town.INTAKE)
    for code in (second.tracking_code, ended.tracking_code, "PK-0000-000"):
        with pytest.raises(InvalidAnswers) as refused:
            inbox.complete(task.id, {"decision": "duplicate", "duplicate_of": code}, person=lan)
        assert problems(refused) == {"duplicate_of": "unknown"}
    written = first.tracking_code.lower().replace("-", " ")
    inbox.complete(task.id, {"decision": "duplicate", "duplicate_of": written}, person=lan)
    assert second.merged_into_id == first.id


def test_an_escalation_is_answered_by_the_next_leader(now: datetime) -> None:
    case = town.report().case
    due_at = town.task(case, "intake_check").due_at
    assert due_at is not None
    with clock.at(due_at):
        timers.fire_due()
        task = town.task(case, "escalation_accept")
        supervisor = town.person(town.SUPERVISOR)
        assert inbox.tasks(supervisor, "unit").rows[0].task is task
        inbox.complete(task.id, {"action": "Đã nhắc bàn tiếp nhận xử lý ngay."}, person=supervisor)
    assert town.open_tasks(case) == ["intake_check"]


def test_a_task_without_a_form_takes_no_answers(now: datetime) -> None:
    task = town.task(town.report().case, "intake_check")
    task.form_key = None
    with pytest.raises(InvalidAnswers):
        inbox.complete(task.id, {"decision": "accept"}, person=town.person(town.INTAKE))
    assert isinstance(inbox.form(task).components, tuple)


def test_a_lost_race_for_a_task_is_told_as_such(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    case: Case = town.report().case
    task = town.task(case, "intake_check")
    really = engine_tasks.get

    def somebody_is_faster(task_id: int) -> UserTask:
        monkeypatch.setattr(engine_tasks, "get", really)
        found = really(task_id)
        engine_tasks.claim(task_id, by="intake2")
        found.assignee = None  # as it was read before the other one's commit
        return found

    monkeypatch.setattr(engine_tasks, "get", somebody_is_faster)
    with session().no_autoflush, pytest.raises(TaskAlreadyClaimed):
        inbox.complete(task.id, {"decision": "accept"}, person=town.person(town.INTAKE))
    assert cases.get(case.id).accepted_at is None
