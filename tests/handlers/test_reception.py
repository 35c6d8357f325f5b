"""From the report to one responsible official, or to an answer why not."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select

from cases import cases, history, owner
from cases.models import Case, Membership, Message, Unit
from engine import clock, timers
from engine.base import session
from engine.models import Definition, Instance, UserTask
from tests import town as cast


def letters(case: Case) -> list[tuple[str, str]]:
    """(moment, address) of what was written about a case, oldest first."""
    query = select(Message.moment, Message.address).where(Message.case_id == case.id).order_by(Message.id)
    return [(moment, address) for moment, address in session().execute(query)]


def told(case: Case, name: str) -> list[dict[str, Any]]:
    return [event.particulars for event in history.timeline(case) if event.name == name]


def escalated_to(case: Case, element_id: str) -> list[str]:
    return cast.task(case, element_id).candidate_groups


REPORTER = cast.REPORTER["contact_email"]


def test_the_reporter_is_told_that_the_report_has_arrived(town: Definition) -> None:
    assert letters(cast.report().case) == [("report_acknowledged", REPORTER)]
    assert letters(cast.report(contact_email=None).case) == []


def test_accepting_gives_the_case_to_the_leaders_of_its_unit(town: Definition, frozen_clock: datetime) -> None:
    case = cast.report().case
    cast.do(case, "intake_check", cast.INTAKE, decision="accept")
    assert (case.status, case.accepted_at) == ("received", frozen_clock)
    assert cast.task(case, "assign").candidate_groups == ["leader:dien-hong-infrastructure"]


def test_the_intake_desk_may_choose_another_unit(town: Definition) -> None:
    case = cast.report().case
    cast.do(case, "intake_check", cast.INTAKE, decision="accept", unit="lighting-team")
    assert case.unit is cast.unit("lighting-team")
    assert cast.task(case, "assign").candidate_groups == ["leader:lighting-team"]


def test_a_unit_without_people_never_gets_a_case(town: Definition) -> None:
    team = select(Unit.id).where(Unit.code == "lighting-team").scalar_subquery()
    session().execute(delete(Membership).where(Membership.unit_id == team))
    case = cast.report().case
    cast.do(case, "intake_check", cast.INTAKE, decision="accept", unit="lighting-team")
    assert cast.task(case, "assign").candidate_groups == ["leader:dien-hong"]
    assert told(case, "rerouted") == [{"asked_for": "lighting-team", "unit": "dien-hong"}]


def test_assigning_tells_the_official_and_offers_the_task(town: Definition) -> None:
    case = cast.accepted()
    assert case.official == cast.OFFICIAL
    assert cast.task(case, "resolve").assignee == cast.OFFICIAL
    assert letters(case)[-1] == ("task_assigned", "infrastructure.dien-hong@pleiku.example")


@pytest.mark.parametrize("official", [None, "", "nobody", "left"])
def test_an_official_who_is_not_there_leaves_the_task_to_the_unit(town: Definition, official: str | None) -> None:
    case = cast.report().case
    cast.do(case, "intake_check", cast.INTAKE, decision="accept")
    if official == "left":
        cast.person(cast.OFFICIAL).is_active = False
        official = cast.OFFICIAL
    cast.do(case, "assign", cast.LEADER, assignment="assign", official=official)
    task = cast.task(case, "resolve")
    assert (case.official, task.assignee) == (None, None)
    assert task.candidate_groups == ["official:dien-hong-infrastructure"]


def test_a_leader_may_return_a_case_with_a_reason(town: Definition) -> None:
    case = cast.report().case
    cast.do(case, "intake_check", cast.INTAKE, decision="accept")
    cast.do(case, "assign", cast.LEADER, assignment="return", reason="Thuộc Sở Xây dựng.")
    assert cast.open_tasks(case) == ["intake_check"]
    assert told(case, "case_returned") == [{"unit": "dien-hong-infrastructure", "reason": "Thuộc Sở Xây dựng."}]


def test_a_refusal_is_answered_and_ends_everything(town: Definition, frozen_clock: datetime) -> None:
    case = cast.report().case
    refused = {"decision": "refuse", "refusal_reason": "legal-complaint", "message": "Xin gửi đơn đến Thanh tra."}
    cast.do(case, "intake_check", cast.INTAKE, **refused)
    assert (case.status, case.outcome, case.closed_at) == ("rejected", "refused", frozen_clock)
    assert told(case, "case_refused") == [{"reason": "legal-complaint", "message": "Xin gửi đơn đến Thanh tra."}]
    assert letters(case)[1:] == [("case_refused", REPORTER)]
    body = session().scalars(select(Message.body_text).order_by(Message.id.desc())).first()
    assert "Xin gửi đơn đến Thanh tra." in (body or "")
    assert session().get_one(Instance, case.instance_id).ended_at == frozen_clock


def test_a_duplicate_goes_on_in_the_earlier_case(town: Definition) -> None:
    earlier, case = cast.report().case, cast.report().case
    typed = earlier.tracking_code.lower().replace("-", " ")
    cast.do(case, "intake_check", cast.INTAKE, decision="duplicate", duplicate_of=typed)
    assert (case.status, case.outcome, case.merged_into_id) == ("merged", "merged", earlier.id)
    assert earlier.supporters == 1
    assert letters(case)[1:] == [("case_merged", REPORTER)]
    assert told(earlier, "report_joined") == [{"joined": case.tracking_code}]
    assert history.verify(case)
    assert history.verify(earlier)


@pytest.mark.parametrize("which", ["itself", "ended", "unknown", "circle"])
def test_what_cannot_be_merged_into_is_refused_and_nothing_happens(town: Definition, which: str) -> None:
    case, other = cast.report().case, cast.report().case
    if which == "ended":
        cases.cancel(other, by=cast.SUPERVISOR)
    if which == "circle":
        cast.do(other, "intake_check", cast.INTAKE, decision="duplicate", duplicate_of=case.tracking_code)
    known = {"itself": case.tracking_code, "unknown": "PK-0000-001"}
    answers = {"decision": "duplicate", "duplicate_of": known.get(which, other.tracking_code)}
    with pytest.raises(cases.CaseNotFound), session().begin_nested():
        cast.do(case, "intake_check", cast.INTAKE, **answers)
    assert cast.open_tasks(case) == ["intake_check"]
    assert (case.status, case.merged_into_id) == ("submitted", None)


def test_a_question_reaches_the_reporter_and_is_waited_for(town: Definition, frozen_clock: datetime) -> None:
    case = cast.report().case
    cast.do(case, "intake_check", cast.INTAKE, decision="ask", message="Số nhà bao nhiêu?")
    assert (case.status, cast.open_tasks(case)) == ("awaiting_info", [])
    until = (frozen_clock + timedelta(days=7)).isoformat()
    assert told(case, "question_asked") == [{"question": "Số nhà bao nhiêu?", "answer_until": until}]
    assert letters(case)[1:] == [("question_asked", REPORTER)]


# ----------------------------------------------------------------------------------------------------------- deadlines


def fire_at(moment: datetime) -> None:
    with clock.at(moment):
        timers.fire_due()


def test_the_desk_is_reminded_at_half_and_at_four_fifths_and_its_supervisors_told_after(
    town: Definition, frozen_clock: datetime
) -> None:
    case = cast.report().case
    fire_at(frozen_clock + timedelta(minutes=60))
    assert [(one["kind"], one["reminder"]) for one in told(case, "deadline_reminded")] == [("accept", "half")]
    fire_at(frozen_clock + timedelta(minutes=95))
    assert len(told(case, "deadline_reminded")) == 1
    fire_at(frozen_clock + timedelta(minutes=96))
    assert [one["reminder"] for one in told(case, "deadline_reminded")] == ["half", "soon"]
    assert letters(case)[-1][0] == "deadline_reminder"
    fire_at(frozen_clock + timedelta(hours=2))
    assert [one["kind"] for one in told(case, "deadline_breached")] == ["accept"]
    assert escalated_to(case, "escalation_accept") == ["supervisor:ioc"]
    assert ("deadline_escalated", "supervisor@pleiku.example") in letters(case)
    assert cast.open_tasks(case) == ["intake_check", "escalation_accept"]


def test_reminders_and_breach_are_told_once_although_a_question_sets_the_timers_anew(
    town: Definition, frozen_clock: datetime
) -> None:
    case = cast.report().case
    for hours in (1, 1.6, 2):
        fire_at(frozen_clock + timedelta(hours=hours))
    told_so_far = letters(case)
    with clock.at(frozen_clock + timedelta(hours=2, minutes=30)):
        cast.do(case, "intake_check", cast.INTAKE, decision="ask", message="Số nhà bao nhiêu?")
    assert cast.open_tasks(case) == []
    with clock.at(frozen_clock + timedelta(hours=4)):
        owner.answer_question(case, "Số 15.")
    assert (len(told(case, "deadline_reminded")), len(told(case, "deadline_breached"))) == (2, 1)
    assert letters(case)[len(told_so_far) :][0] == ("question_asked", REPORTER)
    assert sorted(cast.open_tasks(case)) == ["escalation_accept", "intake_check"]
    assert [one["level"] for one in told(case, "case_escalated")] == [1, 1]


def test_an_accepted_case_needs_no_reminder_to_accept(town: Definition, frozen_clock: datetime) -> None:
    case = cast.accepted()
    fire_at(frozen_clock + timedelta(hours=3))
    assert told(case, "deadline_reminded") == told(case, "deadline_breached") == []


def test_the_leaders_are_not_asked_about_work_that_is_done(town: Definition, frozen_clock: datetime) -> None:
    case = cast.report().case
    fire_at(frozen_clock + timedelta(hours=2))
    cast.do(case, "intake_check", cast.INTAKE, decision="accept")
    assert cast.open_tasks(case) == ["escalation_accept", "assign"]
    cast.do(case, "assign", cast.LEADER, assignment="assign", official=cast.OFFICIAL)
    assert cast.open_tasks(case) == ["resolve"]
    fire_at(frozen_clock + timedelta(days=1))
    assert len(told(case, "case_escalated")) == 1


def test_the_next_level_s_task_ends_with_the_case(town: Definition, frozen_clock: datetime) -> None:
    case = cast.report().case
    fire_at(frozen_clock + timedelta(hours=2))
    escalation = cast.task(case, "escalation_accept")
    cast.do(case, "intake_check", cast.INTAKE, decision="refuse", refusal_reason="violation", message="Không phù hợp.")
    assert session().get_one(UserTask, escalation.id).state == "cancelled"
