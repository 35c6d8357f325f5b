"""A broken promise on its way up: asked, reminded, not answered, brought before the next leader; answered, directed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from cases import owner
from cases.models import Case, Message
from engine import clock, timers
from engine.base import session
from engine.models import Definition
from tests import town as cast
from tests.handlers.test_reception import escalated_to, letters, told

#: What the three working days to resolve end with, and the ends of the working days after it.
DUE = datetime(2026, 11, 27, 17, tzinfo=UTC) - timedelta(hours=7)
WEEKEND = timedelta(days=2)
ACTION = "Cử thêm một tổ, vá xong trước chiều mai."


def closing(days: int) -> datetime:
    """The end of that working day after the promise was broken, on a Friday."""
    return DUE + WEEKEND + timedelta(days=days)


def pass_until(moment: datetime) -> None:
    """The clock looks at every closing time up to this one."""
    at = DUE
    while at <= moment:
        with clock.at(at):
            timers.fire_due()
        at += timedelta(days=1)


@pytest.fixture
def late(town: Definition, frozen_clock: datetime) -> Case:
    """A case whose official has done nothing until it was due."""
    case = cast.accepted()
    pass_until(DUE)
    return case


def test_the_leader_of_the_unit_is_asked_first(late: Case) -> None:
    assert escalated_to(late, "escalation_resolve") == ["leader:dien-hong-infrastructure"]
    assert cast.task(late, "escalation_resolve").due_at == closing(3)
    assert letters(late)[-1] == ("deadline_escalated", "vice.dien-hong@pleiku.example")
    assert "resolve" in cast.open_tasks(late)


def test_a_leader_is_reminded_every_working_day_and_the_third_time_the_next_one_is_asked(late: Case) -> None:
    asked = cast.task(late, "escalation_resolve")
    pass_until(DUE + WEEKEND)
    assert told(late, "leader_reminded") == []
    pass_until(closing(1))
    assert len(told(late, "leader_reminded")) == 1
    pass_until(closing(2))
    assert len(told(late, "leader_reminded")) == 2
    assert letters(late)[-1] == ("leader_reminder", "vice.dien-hong@pleiku.example")
    pass_until(closing(3))
    assert len(told(late, "leader_reminded")) == 2
    assert asked.state == "cancelled"
    assert escalated_to(late, "escalation_resolve") == ["head:dien-hong"]
    assert letters(late)[-1] == ("deadline_escalated", "chair.dien-hong@pleiku.example")
    assert [one["level"] for one in told(late, "case_escalated")] == [1, 2]


def test_the_top_is_asked_again_after_longer_intervals(late: Case) -> None:
    pass_until(closing(60))
    levels = [one["level"] for one in told(late, "case_escalated")]
    assert levels[:3] == [1, 2, 3]
    assert set(levels[3:]) == {3}
    assert 2 <= len(levels[3:]) <= 3  # every fifteen working days
    assert cast.open_tasks(late) == ["resolve", "escalation_resolve"]


def test_a_direction_reaches_the_official_and_has_its_time(late: Case) -> None:
    with clock.at(DUE + timedelta(hours=1)):
        cast.do(late, "escalation_resolve", cast.LEADER, action=ACTION)
    assert cast.open_tasks(late) == ["resolve"]
    assert told(late, "direction_given") == [{"kind": "resolve"}]
    assert letters(late)[-2:] == [
        ("direction_given", "infrastructure.dien-hong@pleiku.example"),
        ("direction_given", "vice.dien-hong@pleiku.example"),
    ]
    body = session().scalars(select(Message.body_text).order_by(Message.id.desc())).first()
    assert ACTION in (body or "")
    pass_until(closing(2))
    assert cast.open_tasks(late) == ["resolve"]
    pass_until(closing(3))
    assert escalated_to(late, "escalation_resolve") == ["head:dien-hong"]


def test_with_the_result_nobody_is_asked_any_more(late: Case) -> None:
    with clock.at(DUE + timedelta(hours=1)):
        cast.resolve(late)
    assert cast.open_tasks(late) == ["feedback"]
    pass_until(closing(3))
    assert [one["level"] for one in told(late, "case_escalated")] == [1]


def test_a_reopened_case_begins_with_the_first_leader_again(late: Case) -> None:
    pass_until(closing(3))
    with clock.at(closing(3) + timedelta(hours=1)):
        cast.resolve(late)
        owner.give_feedback(late, "not_fixed")
        due_at = cast.task(late, "resolve").due_at
    assert due_at is not None
    with clock.at(due_at):
        timers.fire_due()
    assert [one["level"] for one in told(late, "case_escalated")] == [1, 2, 1]
    assert cast.open_tasks(late) == ["resolve", "escalation_resolve"]
