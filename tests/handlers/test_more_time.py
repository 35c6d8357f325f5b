"""More time: an extension, once and by a leader; a clock that stands still while another body has to act."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from cases import deadlines, extensions, public_log, waiting
from cases.deadlines import DeadlineState
from cases.models import Case, Deadline, Message
from engine import clock, timers
from engine.base import session
from engine.errors import Invalid, MessageNotAwaited
from engine.models import Definition, Timer
from tests import town as cast
from tests.handlers.test_reception import letters, told

DAY = timedelta(days=1)
#: Friday's closing time, three working days after the report of Monday; Tuesday was a holiday.
DUE = datetime(2026, 11, 27, 17, tzinfo=UTC) - timedelta(hours=7)
REASON = "Phải chờ nhựa nóng, trạm trộn chỉ mở ngày thứ Hai."


@pytest.fixture
def case(town: Definition, frozen_clock: datetime) -> Case:
    """A case its official works on."""
    return cast.accepted()


def promise(case: Case) -> Deadline:
    found = deadlines.latest(case, "resolve")
    assert found is not None
    return found


def rings(case: Case, element_id: str) -> list[datetime]:
    """When the timers of an event ring."""
    query = select(Timer.due_at).where(Timer.instance_id == case.instance_id, Timer.element_id == element_id)
    return list(session().scalars(query))


def fire_at(moment: datetime) -> None:
    with clock.at(moment):
        timers.fire_due()


# ----------------------------------------------------------------------------------------------------------- extension


def test_a_leader_is_asked_and_the_work_goes_on(case: Case) -> None:
    asked = extensions.ask(case, 2, REASON, by=cast.OFFICIAL)
    assert asked.until == DUE + 4 * DAY  # Tuesday's closing time
    assert cast.open_tasks(case) == ["resolve", "approve_extension"]
    assert cast.task(case, "approve_extension").candidate_groups == ["leader:dien-hong-infrastructure"]
    assert promise(case).due_at == DUE
    assert extensions.pending(case) == asked
    assert letters(case)[-1] == ("extension_asked", "vice.dien-hong@pleiku.example")
    assert REASON in (session().scalars(select(Message.body_text).order_by(Message.id.desc())).first() or "")


def test_what_is_granted_moves_the_promise_its_timers_and_the_task(case: Case) -> None:
    extensions.ask(case, 2, REASON, by=cast.OFFICIAL)
    cast.do(case, "approve_extension", cast.LEADER, extension="grant")
    new = DUE + 4 * DAY
    assert (promise(case).due_at, promise(case).extended_days) == (new, 2)
    assert rings(case, "resolve_overdue") == [new]
    assert cast.task(case, "resolve").due_at == new
    assert rings(case, "resolve_reminder")[0] > DUE - DAY
    assert {moment for moment, _ in letters(case)[-2:]} == {"extension_granted", "deadline_moved"}
    fire_at(DUE + timedelta(hours=1))
    assert told(case, "deadline_breached") == []
    fire_at(new)
    assert len(told(case, "deadline_breached")) == 1


def test_the_public_reads_the_new_date_and_why(case: Case) -> None:
    extensions.ask(case, 2, REASON, by=cast.OFFICIAL)
    assert "extension_granted" not in [line.name for line in public_log.lines(case)]
    cast.do(case, "approve_extension", cast.LEADER, extension="grant")
    line = public_log.lines(case)[0]
    assert (line.name, line.reason, line.moved_to) == ("extension_granted", REASON, (DUE + 4 * DAY).isoformat())


def test_what_is_refused_moves_nothing_and_may_be_asked_for_again(case: Case) -> None:
    extensions.ask(case, 5, REASON, by=cast.OFFICIAL)
    cast.do(case, "approve_extension", cast.LEADER, extension="refuse", reason="Mượn nhựa nguội của phường bên.")
    assert (promise(case).due_at, promise(case).extended_days) == (DUE, 0)
    assert letters(case)[-1] == ("extension_refused", "infrastructure.dien-hong@pleiku.example")
    assert extensions.pending(case) is None
    assert extensions.may_be_asked(case)
    extensions.ask(case, 1, REASON, by=cast.OFFICIAL)
    assert cast.open_tasks(case) == ["resolve", "approve_extension"]


def test_a_promise_is_extended_only_once(case: Case) -> None:
    extensions.ask(case, 2, REASON, by=cast.OFFICIAL)
    with pytest.raises(extensions.ExtensionPending):
        extensions.ask(case, 2, REASON, by=cast.OFFICIAL)
    cast.do(case, "approve_extension", cast.LEADER, extension="grant")
    assert not extensions.may_be_asked(case)
    with pytest.raises(extensions.AlreadyExtended):
        extensions.ask(case, 2, REASON, by=cast.OFFICIAL)


def test_after_the_deadline_it_is_too_late_to_ask_and_to_grant(case: Case) -> None:
    extensions.ask(case, 2, REASON, by=cast.OFFICIAL)
    with clock.at(DUE):
        timers.fire_due()
        cast.do(case, "approve_extension", cast.LEADER, extension="grant")
    assert (promise(case).due_at, promise(case).extended_days) == (DUE, 0)
    assert len(told(case, "extension_lapsed")) == 1
    with clock.at(DUE + DAY), pytest.raises(extensions.NothingToExtend):
        extensions.ask(case, 2, REASON, by=cast.OFFICIAL)


def test_all_that_is_wrong_with_a_request_is_told_together(case: Case) -> None:
    with pytest.raises(Invalid) as refused:
        extensions.ask(case, 31, "Chậm.", by=cast.OFFICIAL)
    assert [(one.where, one.code) for one in refused.value.problems] == [("days", "too_big"), ("reason", "too_short")]
    assert told(case, "extension_asked") == []


def test_before_the_work_nothing_can_be_asked_for(town: Definition, frozen_clock: datetime) -> None:
    waiting_case = cast.report().case
    assert not extensions.may_be_asked(waiting_case)
    with pytest.raises(MessageNotAwaited), session().begin_nested():
        extensions.ask(waiting_case, 2, REASON, by=cast.OFFICIAL)
    assert told(waiting_case, "extension_asked") == []


# -------------------------------------------------------------------------------------------------------- another body


def wait(case: Case, days: int = 10) -> None:
    said = {"waiting_for": "Điện lực Pleiku", "waiting_reason": "Phải cắt điện trước khi đào.", "waiting_days": days}
    cast.do(case, "resolve", cast.OFFICIAL, outcome="wait", **said)


def test_while_another_body_has_to_act_the_clock_stands_and_everybody_may_know_why(
    case: Case, frozen_clock: datetime
) -> None:
    with clock.at(frozen_clock + timedelta(hours=2)):
        wait(case)
    assert (case.status, cast.open_tasks(case)) == ("awaiting_other", [])
    assert deadlines.view(promise(case), at=DUE + DAY).state == DeadlineState.PAUSED
    assert promise(case).pauses[0].reason == waiting.OTHER_BODY
    line = public_log.lines(case)[0]
    assert (line.name, line.body, line.reason) == ("waiting_began", "Điện lực Pleiku", "Phải cắt điện trước khi đào.")
    assert letters(case)[-1] == ("waiting_began", "suoi@citizen.pleiku.vn")
    fire_at(DUE + DAY)
    assert told(case, "deadline_breached") == []


def test_when_it_has_answered_the_clock_goes_on_with_what_was_left(case: Case, frozen_clock: datetime) -> None:
    with clock.at(frozen_clock + 2 * DAY + timedelta(hours=2)):  # Wednesday 10:00
        wait(case)
    with clock.at(frozen_clock + 3 * DAY + timedelta(hours=2)):  # Thursday 10:00
        waiting.end(case, by=cast.OFFICIAL)
    assert (case.status, cast.open_tasks(case)) == ("in_progress", ["resolve"])
    assert cast.task(case, "resolve").assignee == cast.OFFICIAL
    assert promise(case).due_at == DUE + 3 * DAY  # one working day later: Monday's closing time
    assert rings(case, "resolve_overdue") == [DUE + 3 * DAY]
    with pytest.raises(MessageNotAwaited), session().begin_nested():
        waiting.end(case, by=cast.OFFICIAL)


def test_when_it_does_not_answer_the_work_comes_back_after_the_days_that_were_named(
    case: Case, frozen_clock: datetime
) -> None:
    wait(case, days=3)
    fire_at(frozen_clock + 3 * DAY - timedelta(minutes=1))
    assert cast.open_tasks(case) == []
    fire_at(frozen_clock + 3 * DAY)
    assert cast.open_tasks(case) == ["resolve"]
    assert promise(case).due_at > DUE


def test_after_waiting_the_result_is_published_as_ever(case: Case, frozen_clock: datetime) -> None:
    wait(case)
    waiting.end(case, by=cast.OFFICIAL)
    cast.resolve(case)
    assert (case.status, cast.open_tasks(case)) == ("resolved", ["feedback"])
