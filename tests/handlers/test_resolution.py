"""From the official's work to the reporter's last word."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from cases import cases, history, owner
from engine import clock, timers
from engine.base import session
from engine.errors import Invalid, MessageNotAwaited
from engine.models import Definition, Instance
from handlers import answers
from handlers.publish_case import photo_ids
from tests import town as cast
from tests.handlers.test_reception import REPORTER, letters, told


def test_work_that_is_somebody_else_s_goes_to_another_official(town: Definition) -> None:
    case = cast.accepted()
    cast.do(case, "resolve", cast.OFFICIAL, outcome="return", reason="Cần máy xúc.")
    cast.do(case, "reassign", cast.LEADER, assignment="assign", official="police.dien-hong")
    assert (case.official, cast.task(case, "resolve").assignee) == ("police.dien-hong", "police.dien-hong")


def test_work_that_is_another_unit_s_keeps_its_deadline(town: Definition) -> None:
    case = cast.accepted()
    due_at = cast.task(case, "resolve").due_at
    cast.do(case, "resolve", cast.OFFICIAL, outcome="return", reason="Không phải đường của phường.")
    cast.do(case, "reassign", cast.LEADER, assignment="return", reason="Đường tỉnh lộ.")
    assert case.official is None
    cast.do(case, "reroute", cast.INTAKE, unit="construction-department")
    assert case.unit is cast.unit("construction-department")
    task = cast.task(case, "reassign")
    assert (task.candidate_groups, task.due_at) == (["leader:construction-department"], due_at)


def test_a_result_the_leader_returns_is_worked_on_again(town: Definition) -> None:
    case = cast.accepted()
    cast.do(case, "resolve", cast.OFFICIAL, outcome="done", result_text="Đã xong.")
    cast.do(case, "approve", cast.LEADER, approval="return", reason="Thiếu ảnh.")
    assert (case.status, cast.open_tasks(case)) == ("in_progress", ["resolve"])


def test_publishing_tells_every_reporter_and_waits_a_week(town: Definition, frozen_clock: datetime) -> None:
    earlier = cast.accepted()
    other = cast.report(contact_email="mai@citizen.pleiku.vn").case
    cast.do(other, "intake_check", cast.INTAKE, decision="duplicate", duplicate_of=earlier.tracking_code)
    cast.resolve(earlier)
    assert (earlier.status, earlier.resolved_at) == ("resolved", frozen_clock)
    result = {address for moment, address in letters(earlier) + letters(other) if moment == "result_published"}
    assert result == {REPORTER, "mai@citizen.pleiku.vn"}
    feedback = cast.task(earlier, "feedback")
    assert (feedback.assignee, feedback.due_at) == ("reporter", frozen_clock + timedelta(days=7))


def test_the_public_text_is_the_last_one_checked(town: Definition) -> None:
    case = cast.resolved()
    owner.give_feedback(case, "not_fixed")
    cast.do(case, "resolve", cast.OFFICIAL, outcome="done", result_text="Đã vá lại lần hai, dày hơn.")
    assert answers.latest(case.instance_id or 0, "resolve")["result_text"] == "Đã vá lại lần hai, dày hơn."
    cast.do(case, "approve", cast.LEADER, approval="approve")
    cast.do(case, "publication_check", cast.INTAKE, publish="publish")
    assert case.publication is not None
    assert case.publication.result == "Đã vá lại lần hai, dày hơn."


def test_answers_of_a_form_are_found_under_any_element_that_uses_it(town: Definition) -> None:
    case = cast.accepted()
    instance_id = case.instance_id or 0
    assert answers.latest(instance_id, "assign")["official"] == cast.OFFICIAL
    assert answers.latest(instance_id, "resolve") == {}
    assert answers.text({"message": None}, "message") == answers.text({}, "message") == ""


@pytest.mark.parametrize(
    ("chosen", "ids"), [(None, []), ([], []), (["3", 1, "3"], [3, 1, 3]), (["-1", "x", "", None, "²"], [])]
)
def test_chosen_photos_are_read_from_what_a_form_gives(chosen: object, ids: list[int]) -> None:
    assert photo_ids({"photo_ids": chosen}) == ids


def test_a_reopened_case_has_a_new_promise_and_new_timers(town: Definition, frozen_clock: datetime) -> None:
    case = cast.resolved()
    with clock.at(frozen_clock + timedelta(days=4)):
        owner.give_feedback(case, "not_fixed")
        due_at = cast.task(case, "resolve").due_at
    assert due_at is not None
    assert letters(case)[-1] == ("case_reopened", REPORTER)
    with clock.at(due_at):
        timers.fire_due()
    assert [one["kind"] for one in told(case, "deadline_breached")] == ["resolve"]
    assert "escalation_resolve" in cast.open_tasks(case)


def test_a_resolved_case_is_not_late_any_more(town: Definition, frozen_clock: datetime) -> None:
    case = cast.resolved()
    with clock.at(frozen_clock + timedelta(days=5)):
        timers.fire_due()
    assert told(case, "deadline_breached") == told(case, "deadline_reminded") == []


def test_closing_tells_the_reporter_once(town: Definition) -> None:
    case = cast.resolved()
    owner.give_feedback(case, "satisfied")
    assert [moment for moment, _ in letters(case)].count("case_closed") == 1
    assert session().get_one(Instance, case.instance_id).outcome == "closed"


def test_the_city_may_drop_a_case(town: Definition, frozen_clock: datetime) -> None:
    case = cast.accepted()
    cases.call_off(case, "Báo cáo thử.", by=cast.SUPERVISOR)
    assert (case.status, case.outcome, case.closed_at) == ("cancelled", "cancelled", frozen_clock)
    assert cast.open_tasks(case) == []
    assert history.timeline(case)[-2].by == cast.SUPERVISOR
    with pytest.raises(MessageNotAwaited):
        cases.call_off(case, "Lần nữa.", by=cast.SUPERVISOR)


@pytest.mark.parametrize(("reason", "code"), [(" \0", "required"), ("a" * 5001, "too_long")])
def test_a_case_is_not_dropped_without_a_reason(town: Definition, reason: str, code: str) -> None:
    case = cast.accepted()
    with pytest.raises(Invalid) as refused:
        cases.call_off(case, reason, by=cast.SUPERVISOR)
    assert [problem.code for problem in refused.value.problems] == [code]
    assert case.status == "in_progress"


@pytest.mark.parametrize("publish", ["", "private", "perhaps"])
def test_only_what_is_meant_to_be_public_is_published(town: Definition, publish: str) -> None:
    case = cast.accepted()
    cast.resolve(case, publish)
    assert (case.status, case.publication) == ("resolved", None)


def test_a_reopened_case_forgets_the_judgement_of_the_first_result(town: Definition) -> None:
    case = cast.resolved()
    owner.give_feedback(case, "not_fixed")
    state = session().get_one(Instance, case.instance_id).state
    assert (b'"verdict":null' in state, b"not_fixed" in state) == (True, False)
