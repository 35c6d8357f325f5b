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
