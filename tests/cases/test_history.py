"""The history of a case: complete, in order, and impossible to change unseen."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from cases import cases, history, owner
from cases.history import StepState
from cases.models import Case
from engine import clock, messages, tasks
from engine.base import session, transaction
from engine.errors import MessageNotAwaited
from engine.models import Definition
from tests import town as cast


def names(case: Case) -> list[str]:
    return [event.name for event in history.timeline(case)]


def reread(case: Case) -> None:
    session().flush()
    session().expire_all()


# ----------------------------------------------------------------------------------------------------------- the chain


def test_every_step_of_a_case_is_told_in_order(town: Definition) -> None:
    case = cast.resolved()
    owner.give_feedback(case, "satisfied", 5)
    assert names(case) == [
        "report_received",
        "report_acknowledged",
        "case_routed",
        "task_completed",
        "case_accepted",
        "step_reached",
        "task_completed",
        "official_assigned",
        "step_reached",
        "task_completed",
        "step_reached",
        "task_completed",
        "task_completed",
        "result_published",
        "step_reached",
        "feedback_given",
        "task_completed",
        "case_closed",
        "step_reached",
    ]
    assert [event.sequence for event in history.timeline(case)] == list(range(1, 20))


def test_a_whole_history_is_sealed(town: Definition) -> None:
    case = cast.resolved()
    reread(case)
    assert history.verify(case)
    events = history.timeline(case)
    assert events[0].previous_hash == history.GENESIS
    assert [event.previous_hash for event in events[1:]] == [event.hash for event in events[:-1]]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE event SET name = 'case_refused' WHERE sequence = 5",
        "UPDATE event SET by = 'chair.dien-hong' WHERE sequence = 5",
        "UPDATE event SET by = NULL WHERE sequence = 5",
        "UPDATE event SET at = at - interval '1 day' WHERE sequence = 5",
        "UPDATE event SET at = at - interval '1 microsecond' WHERE sequence = 5",
        "UPDATE event SET public_step = 'closed' WHERE sequence = 6",
        """UPDATE event SET particulars = '{"unit": "gao-office"}' WHERE sequence = 5""",
        "UPDATE event SET previous_hash = hash WHERE sequence = 5",
        "DELETE FROM event WHERE sequence = 5",
        "DELETE FROM event WHERE sequence = 1",
        "DELETE FROM event WHERE sequence = 5; UPDATE event SET sequence = sequence - 1 WHERE sequence > 5",
        "UPDATE event SET sequence = 100 - sequence WHERE sequence < 3",
        """UPDATE "case" SET tracking_code = 'PK-0000-000'""",
    ],
)
def test_a_change_of_the_past_shows(town: Definition, change: str) -> None:
    case = cast.accepted()
    session().flush()
    assert history.verify(case)
    for statement in change.split(";"):
        session().execute(text(statement))
    session().expire_all()
    assert not history.verify(case)


@pytest.mark.parametrize(
    "value",
    [
        "đường Lê Lợi",
        "",
        "nul \0 and half a \ud800 character",
        0,
        -1,
        2**70,
        True,
        1.5,
        1e300,
        Decimal("2.50"),
        None,
        [1, "a", None, [True]],
        {"b": 1, "a": {"ơ": [None]}},
        datetime(2026, 11, 23, 8, 0, tzinfo=UTC),
        {1, 2},
    ],
    ids=repr,
)
def test_particulars_of_any_kind_seal_alike_before_and_after_they_are_stored(town: Definition, value: Any) -> None:
    case = cast.report().case
    history.record(case, "note_written", by=cast.INTAKE, value=value)
    assert history.verify(case)
    reread(case)
    assert history.verify(case)


def test_two_people_at_once_do_not_fork_the_chain(own_app: Flask) -> None:
    with own_app.app_context(), transaction():
        cast.found()
        case_id = cast.report().case.id
    start = threading.Barrier(4)
    failures: list[Exception] = []

    def remark(number: int) -> None:
        try:
            with own_app.app_context():
                start.wait(10)
                for turn in range(5):
                    with transaction():
                        cases.note(cases.get(case_id), f"{number}/{turn}", by=cast.INTAKE)
        except Exception as error:  # noqa: BLE001  # told to the test
            failures.append(error)

    threads = [threading.Thread(target=remark, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with own_app.app_context():
        case = cases.get(case_id)
        assert names(case).count("note_written") == 20
        assert history.verify(case)


def test_what_is_rolled_back_is_not_told_and_the_chain_goes_on(town: Definition) -> None:
    case = cast.report().case
    with session().begin_nested() as attempt:
        cases.note(case, "không gửi", by=cast.INTAKE)
        session().flush()
        attempt.rollback()
    cases.note(case, "gửi", by=cast.INTAKE)
    assert names(case)[-2:] == ["case_routed", "note_written"]
    assert history.verify(case)


def test_events_carry_the_time_of_the_clock(town: Definition, frozen_clock: datetime) -> None:
    case = cast.report().case
    with clock.at(frozen_clock + timedelta(minutes=5)):
        cases.note(case, "sau 5 phút", by=cast.INTAKE)
    assert history.timeline(case)[-1].at == case.changed_at == frozen_clock + timedelta(minutes=5)


# -------------------------------------------------------------------------------------------------------- the observer


def test_claiming_and_releasing_a_task_is_told(town: Definition) -> None:
    case = cast.report().case
    task = cast.task(case, "intake_check")
    tasks.claim(task.id, by="intake2")
    tasks.release(task.id, by="intake2")
    tasks.delegate(task.id, to="intake3", by=cast.SUPERVISOR)
    told = history.timeline(case)[-3:]
    assert [(event.name, event.by) for event in told] == [
        ("task_claimed", "intake2"),
        ("task_released", "intake2"),
        ("task_delegated", cast.SUPERVISOR),
    ]
    assert told[2].particulars["assignee"] == "intake3"


def test_what_people_write_into_forms_is_not_in_the_history(town: Definition) -> None:
    case = cast.report().case
    cast.do(case, "intake_check", cast.INTAKE, decision="accept", internal_note="Người báo hay gọi điện buổi tối.")
    assert "buổi tối" not in str([event.particulars for event in history.timeline(case)])


def test_the_status_follows_the_public_steps(town: Definition) -> None:
    case = cast.report().case
    seen = [case.status]
    cast.do(case, "intake_check", cast.INTAKE, decision="accept")
    seen.append(case.status)
    cast.do(case, "assign", cast.LEADER, assignment="assign", official=cast.OFFICIAL)
    seen.append(case.status)
    cast.do(case, "resolve", cast.OFFICIAL, outcome="done", result_text="Đã xong.")
    seen.append(case.status)
    assert seen == ["submitted", "received", "in_progress", "awaiting_approval"]


def test_a_refused_case_stays_refused_although_the_diagram_closes_it(town: Definition) -> None:
    case = cast.report().case
    cast.do(
        case, "intake_check", cast.INTAKE, decision="refuse", refusal_reason="not-competent", message="Xin hỏi VNPT."
    )
    assert (case.status, case.outcome) == ("rejected", "refused")
    with pytest.raises(MessageNotAwaited):
        messages.deliver("report_withdrawn", case.tracking_code, {}, by="reporter")
    assert "case_closed" not in names(case)


# --------------------------------------------------------------------------------------------------------- the tracker

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
    assert [event for event in history.timeline(case) if event.name == "case_returned"][0].particulars == {
        "unit": "dien-hong-infrastructure",
        "reason": "Thuộc Sở Xây dựng.",
    }
