"""Promises to one case: made, kept, broken, paused, and what the badge says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from cases import cases, deadlines, owner
from cases.deadlines import DeadlineState
from cases.models import Case, Deadline
from cases.targets import Limit
from engine import clock, timers
from engine.models import Definition
from tests import town as cast

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def local(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment in November 2026 in Pleiku; the 23rd is a Monday, the 24th a public holiday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC) - 7 * HOUR


def promised(case: Case, kind: str) -> Deadline:
    found = deadlines.latest(case, kind)
    assert found is not None
    return found


def state(deadline: Deadline, at: datetime) -> tuple[DeadlineState, int, str]:
    shown = deadlines.view(deadline, at=at)
    return shown.state, shown.amount, shown.unit


def test_a_report_is_promised_acceptance_and_resolution(town: Definition) -> None:
    case = cast.report().case
    accept, resolve = promised(case, "accept"), promised(case, "resolve")
    assert (accept.amount, accept.measure, accept.calendar) == (2, "working_hours", "office")
    assert accept.due_at == local(23, 10)
    assert (resolve.amount, resolve.measure) == (3, "working_days")
    assert resolve.due_at == local(27, 17)  # Tuesday the 24th is a holiday
    assert deadlines.current(case) is accept


def test_a_promise_counts_from_when_the_report_came_in(town: Definition) -> None:
    with clock.at(local(23, 9)):
        case = cast.report(received_at=local(23, 7)).case
    assert promised(case, "accept").due_at == local(23, 9)


def test_the_reminder_comes_while_a_fifth_of_the_working_time_is_left(town: Definition) -> None:
    case = cast.report().case
    added = deadlines.promise(case, "resolve", Limit(40, "working_hours"), "office", unit_id=None, at=local(23, 7))
    assert added.due_at == local(30, 17)
    assert added.remind_at == local(30, 7)  # 8 of 40 working hours before: the whole last day


def test_assigning_keeps_the_promise_to_accept(town: Definition) -> None:
    case = cast.report().case
    cast.do(case, "intake_check", cast.INTAKE, decision="accept")
    assert promised(case, "accept").is_open
    with clock.at(local(23, 9, 30)):
        cast.do(case, "assign", cast.LEADER, assignment="assign", official=cast.OFFICIAL)
    assert promised(case, "accept").met_at == local(23, 9, 30)
    assert state(promised(case, "accept"), local(30, 8)) == (DeadlineState.MET, 30, "minutes")


def test_publishing_late_is_shown_as_late(town: Definition) -> None:
    case = cast.accepted()
    with clock.at(local(30, 9)):
        cast.resolve(case)
    assert state(promised(case, "resolve"), local(30, 16)) == (DeadlineState.LATE, 2, "working_hours")


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (local(23, 8), (DeadlineState.ONTIME, 3, "working_days")),
        (local(27, 8, 47), (DeadlineState.ONTIME, 6, "working_hours")),
        (local(27, 8, 48), (DeadlineState.SOON, 6, "working_hours")),
        (local(27, 16, 15), (DeadlineState.SOON, 45, "minutes")),
        (local(27, 17), (DeadlineState.SOON, 0, "minutes")),
        (local(27, 17) + timedelta(microseconds=1), (DeadlineState.OVERDUE, 0, "minutes")),
        (local(30, 9), (DeadlineState.OVERDUE, 2, "working_hours")),
    ],
)
def test_the_badge_says_what_is_left(town: Definition, at: datetime, said: tuple[DeadlineState, int, str]) -> None:
    assert state(promised(cast.report().case, "resolve"), at) == said


def test_the_badge_names_its_calendar_in_the_reader_s_language(town: Definition) -> None:
    deadline = promised(cast.report().case, "accept")
    names = [deadlines.view(deadline, at=local(23, 8), locale=locale).calendar_name for locale in ("vi", "en")]
    assert names == ["Giờ hành chính", "Office hours"]


# -------------------------------------------------------------------------------------------------------------- broken


def test_a_broken_promise_is_written_down_once(town: Definition) -> None:
    case = cast.report().case
    late = local(23, 13, 30)
    assert [deadline.kind for deadline in deadlines.breach(case, "accept", at=late)] == ["accept"]
    assert deadlines.breach(case, "accept", at=late + HOUR) == []
    assert promised(case, "accept").breached_at == late


def test_a_promise_that_is_not_due_or_was_kept_is_not_broken(town: Definition) -> None:
    case = cast.accepted()
    assert deadlines.breach(case, "accept", at=local(30, 8)) == []
    assert deadlines.breach(case, "resolve", at=local(27, 16)) == []


def test_a_promise_kept_on_the_last_moment_is_kept(town: Definition) -> None:
    case = cast.report().case
    deadlines.meet(case, "accept", at=local(23, 10))
    assert state(promised(case, "accept"), local(30, 8))[0] == DeadlineState.MET


# -------------------------------------------------------------------------------------------------------------- paused


def asked_and_answered(asked_at: datetime, answered_at: datetime) -> Case:
    case = cast.report().case
    with clock.at(asked_at):
        cast.do(case, "intake_check", cast.INTAKE, decision="ask", message="Số nhà bao nhiêu?")
    with clock.at(answered_at):
        owner.answer_question(case, "Số 15, gần chợ.")
    return case


def test_a_question_stops_the_clock(town: Definition) -> None:
    case = cast.report().case
    with clock.at(local(23, 9)):
        cast.do(case, "intake_check", cast.INTAKE, decision="ask", message="Số nhà bao nhiêu?")
    for at in (local(23, 9), local(27, 9)):
        assert state(promised(case, "accept"), at) == (DeadlineState.PAUSED, 1, "working_hours")
    assert deadlines.breach(case, "accept", at=local(27, 9)) == []


def test_an_answer_moves_the_promises_by_the_working_time_that_was_paused(town: Definition) -> None:
    case = asked_and_answered(local(23, 9), local(23, 14, 30))  # 3.5 working hours, lunch not counted
    assert promised(case, "accept").due_at == local(23, 15, 30)
    assert promised(case, "resolve").due_at == local(30, 17)  # into the next working day, so until its end
    assert not promised(case, "accept").is_paused
    assert cast.task(case, "intake_check").due_at == local(23, 15, 30)


def test_a_pause_outside_office_hours_gives_nothing(town: Definition) -> None:
    case = asked_and_answered(local(23, 11, 30), local(23, 13, 30))
    assert promised(case, "resolve").due_at == local(27, 17)


def test_no_answer_lets_the_clock_go_on_after_a_week(town: Definition) -> None:
    case = cast.report().case
    with clock.at(local(23, 9)):
        cast.do(case, "intake_check", cast.INTAKE, decision="ask", message="Số nhà bao nhiêu?")
    with clock.at(local(30, 9) - HOUR):
        timers.fire_due()
    assert case.status == "awaiting_info"
    with clock.at(local(30, 9)):
        timers.fire_due()
    assert case.status == "submitted"
    assert promised(case, "accept").due_at == local(30, 10)


def test_a_limit_in_clock_hours_moves_by_clock_hours(town: Definition) -> None:
    case = cast.report().case
    clocked = deadlines.promise(case, "resolve", Limit(24, "hours"), "office", unit_id=None, at=local(23, 8))
    deadlines.pause(case, "awaiting_info", at=local(23, 16))
    deadlines.resume(case, at=local(25, 7))
    assert clocked.due_at == local(24, 8) + 39 * HOUR


def test_pausing_twice_is_one_pause(town: Definition) -> None:
    case = cast.report().case
    deadlines.pause(case, "awaiting_info", at=local(23, 8, 30))
    deadlines.pause(case, "awaiting_info", at=local(23, 9))
    deadlines.resume(case, at=local(23, 9, 30))
    deadlines.resume(case, at=local(23, 11))
    assert promised(case, "accept").due_at == local(23, 11)


# ----------------------------------------------------------------------------------------------------------------- end


def test_promises_to_a_case_that_ends_another_way_fall_away(town: Definition) -> None:
    case = cast.report().case
    deadlines.pause(case, "awaiting_info", at=local(23, 8, 30))
    with clock.at(local(23, 9)):
        owner.withdraw(case)
    accept = promised(case, "accept")
    assert (accept.ended_at, accept.met_at, accept.is_paused) == (local(23, 9), None, False)
    assert deadlines.current(case) is None
    assert deadlines.view(accept, at=local(30, 9)).state == DeadlineState.ENDED


def test_reopening_is_a_new_promise_beside_the_old_one(town: Definition) -> None:
    case = cast.resolved()
    first = promised(case, "resolve")
    with clock.at(local(25, 9)):
        owner.give_feedback(case, "not_fixed")
    second = promised(case, "resolve")
    assert first.met_at is not None
    assert (second.is_open, second.started_at, second.due_at) == (True, local(25, 9), local(30, 17))


def test_an_open_promise_goes_with_the_case_to_another_unit(town: Definition) -> None:
    case = cast.report().case
    cast.do(case, "intake_check", cast.INTAKE, decision="accept", unit="lighting-team")
    assert promised(case, "resolve").unit_id == cast.unit("lighting-team").id
    assert cases.find_by_code(case.tracking_code).unit is cast.unit("lighting-team")
