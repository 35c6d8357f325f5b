"""The progress tracker: where a case is, what it passed, what comes next."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from cases import history, owner
from cases.history import StepState
from cases.models import Case
from engine import clock
from engine.models import Definition
from tests import town as cast

DONE, NOW, NEXT = StepState.DONE, StepState.NOW, StepState.NEXT


def steps(case: Case) -> list[tuple[str, StepState]]:
    return [(step.code, step.state) for step in history.public_steps(case)]


def test_a_new_case_stands_at_its_first_step(town: Definition, frozen_clock: datetime) -> None:
    case = cast.report().case
    assert steps(case) == [
        ("submitted", NOW),
        ("received", NEXT),
        ("in_progress", NEXT),
        ("resolved", NEXT),
        ("closed", NEXT),
    ]
    assert [step.at for step in history.public_steps(case)] == [frozen_clock, None, None, None, None]


def test_each_step_says_when_it_was_reached(town: Definition, frozen_clock: datetime) -> None:
    case = cast.report().case
    with clock.at(frozen_clock + timedelta(hours=1)):
        cast.do(case, "intake_check", cast.INTAKE, decision="accept")
    with clock.at(frozen_clock + timedelta(hours=2)):
        cast.do(case, "assign", cast.LEADER, assignment="assign", official=cast.OFFICIAL)
    reached = [step.at for step in history.public_steps(case) if step.at]
    assert reached == [frozen_clock + timedelta(hours=hours) for hours in (0, 1, 2)]


def test_waiting_for_approval_is_shown_as_in_progress(town: Definition) -> None:
    case = cast.accepted()
    cast.do(case, "resolve", cast.OFFICIAL, outcome="done", result_text="Đã xong.")
    assert case.status == "awaiting_approval"
    assert history.public_status(case) == "in_progress"
    assert steps(case)[2] == ("in_progress", NOW)


def test_a_question_to_the_reporter_stands_between_the_steps(town: Definition) -> None:
    case = cast.report().case
    cast.do(case, "intake_check", cast.INTAKE, decision="ask", message="Số nhà bao nhiêu?")
    assert steps(case)[:3] == [("submitted", DONE), ("awaiting_info", NOW), ("received", NEXT)]
    owner.answer_question(case, "Số 15.")
    assert steps(case)[:2] == [("submitted", NOW), ("received", NEXT)]


@pytest.mark.parametrize("decision", ["refuse", "duplicate"])
def test_a_case_that_ends_another_way_shows_nothing_after_it(town: Definition, decision: str) -> None:
    other, case = cast.report().case, cast.report().case
    answers = {"refusal_reason": "legal-complaint", "message": "Xin gửi đơn.", "duplicate_of": other.tracking_code}
    cast.do(case, "intake_check", cast.INTAKE, decision=decision, **answers)
    ended = {"refuse": "rejected", "duplicate": "merged"}[decision]
    assert steps(case) == [("submitted", DONE), (ended, NOW)]


def test_a_withdrawn_case_keeps_the_steps_it_passed(town: Definition) -> None:
    case = cast.accepted()
    owner.withdraw(case)
    assert steps(case) == [("submitted", DONE), ("received", DONE), ("in_progress", DONE), ("withdrawn", NOW)]


def test_a_reopened_case_goes_on_from_its_reopening(town: Definition) -> None:
    case = cast.resolved()
    owner.give_feedback(case, "not_fixed")
    assert steps(case) == [
        ("submitted", DONE),
        ("received", DONE),
        ("reopened", DONE),
        ("in_progress", NOW),
        ("resolved", NEXT),
        ("closed", NEXT),
    ]
    cast.resolve(case)
    assert steps(case)[-2:] == [("resolved", NOW), ("closed", NEXT)]


def test_a_closed_case_has_passed_everything(town: Definition) -> None:
    case = cast.resolved()
    owner.give_feedback(case, "satisfied")
    assert [state for _, state in steps(case)] == [DONE, DONE, DONE, DONE, NOW]


def test_a_case_returned_by_its_unit_is_not_received_any_more(town: Definition) -> None:
    case = cast.report().case
    cast.do(case, "intake_check", cast.INTAKE, decision="accept")
    cast.do(case, "assign", cast.LEADER, assignment="return", reason="Thuộc Sở Xây dựng.")
    assert steps(case)[:2] == [("submitted", NOW), ("received", NEXT)]
