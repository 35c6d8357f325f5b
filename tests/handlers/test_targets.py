"""What is promised: by category, area and urgency, for the case and for a single step; and where nothing is promised."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from cases import deadlines, extensions, owner, performance, public_log, targets
from cases.models import Case, Deadline
from cases.models.deadlines import DeadlineKind
from cases.targets import BadTargets, Limit
from engine import clock, definitions, timers
from engine.base import session
from engine.errors import InvalidDefinition
from engine.models import Definition, Instance, Timer
from settings import ROOT
from tests import town as cast
from tests.handlers.test_more_time import DUE, REASON, rings
from tests.handlers.test_reception import letters, told

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def promise(case: Case, kind: str = "resolve") -> Deadline:
    found = deadlines.latest(case, kind)
    assert found is not None
    return found


def accept(case: Case, **answers: Any) -> None:
    cast.do(case, "intake_check", cast.INTAKE, decision="accept", **answers)


def resolved(case: Case) -> None:
    """Assigned and done; the leader has still to approve."""
    cast.do(case, "assign", cast.LEADER, official=cast.OFFICIAL)
    cast.do(case, "resolve", cast.OFFICIAL, outcome="done", result_text="Đã vá xong.")


# -------------------------------------------------------------------------------------------------------------- urgency


def test_an_urgent_report_is_promised_for_the_next_day(town: Definition, frozen_clock: datetime) -> None:
    case = cast.report().case
    accept(case, urgency="urgent")
    assert (case.urgency, case.priority) == ("urgent", 95)
    made = promise(case)
    assert (made.amount, made.measure, made.calendar) == (24, "hours", "continuous")
    assert made.due_at == case.opened_at + DAY
    assert rings(case, "resolve_overdue") == []  # begins with the work
    cast.do(case, "assign", cast.LEADER, official=cast.OFFICIAL)
    assert rings(case, "resolve_overdue") == [made.due_at]
    assert cast.task(case, "resolve").due_at == made.due_at


def test_the_timers_that_run_already_follow(town: Definition, frozen_clock: datetime) -> None:
    case = cast.report().case
    accept(case, urgency="urgent")
    assert rings(case, "accept_overdue") == [case.opened_at + HOUR / 2]
    assert promise(case, "accept").due_at == case.opened_at + HOUR / 2


def test_who_reported_it_is_told_of_the_new_date_and_everybody_can_read_it(town: Definition) -> None:
    case = cast.report().case
    accept(case, urgency="complex")
    assert letters(case)[-1] == ("deadline_changed", "suoi@citizen.pleiku.vn")
    line = public_log.lines(case)[0]
    assert (line.name, line.moved_to) == ("targets_revised", promise(case).due_at.isoformat())
    moved = told(case, "targets_revised")[0]["moved"]
    assert {one["kind"]: one["from"] for one in moved} == {"resolve": DUE.isoformat()}


@pytest.mark.parametrize("urgency", ["normal", None])
def test_what_is_as_usual_moves_nothing_and_nobody_is_told(town: Definition, urgency: str | None) -> None:
    case = cast.report().case
    accept(case, urgency=urgency)
    assert promise(case).due_at == DUE
    assert told(case, "targets_revised") == []
    assert letters(case)[-1][0] == "report_acknowledged"


def test_a_late_look_counts_from_when_the_report_came_in(town: Definition, frozen_clock: datetime) -> None:
    case = cast.report().case
    with clock.at(case.opened_at + 30 * HOUR):
        timers.fire_due()
        accept(case, urgency="urgent")
        assert promise(case).due_at == case.opened_at + DAY
        timers.fire_due()
        cast.do(case, "assign", cast.LEADER, official=cast.OFFICIAL)
        timers.fire_due()
    assert [one["kind"] for one in told(case, "deadline_breached")] == ["accept", "resolve"]


def test_what_stood_still_is_not_forgotten(town: Definition, frozen_clock: datetime) -> None:
    case = cast.report().case
    cast.do(case, "intake_check", cast.INTAKE, decision="ask", message="Xin cho biết số nhà?")
    with clock.at(case.opened_at + 2 * DAY):
        owner.answer_question(case, "Số 15.")
        accept(case, urgency="urgent")
    assert promise(case).due_at == case.opened_at + 3 * DAY


# ----------------------------------------------------------------------------------------------------- category and area


def test_an_area_may_have_a_promise_of_its_own(town: Definition) -> None:
    centre = targets.promise_for("uncollected-waste", area="dien-hong")
    assert centre.resolve == Limit(6, "working_hours")
    assert targets.promise_for("uncollected-waste", area="gao").resolve == Limit(1, "working_days")
    assert targets.promise_for("uncollected-waste").resolve == Limit(1, "working_days")


def test_a_category_that_is_quicker_than_urgent_stays_so(town: Definition) -> None:
    assert targets.promise_for("manhole-cover", urgency="urgent").resolve == Limit(4, "hours")


# ---------------------------------------------------------------------------------------------------------------- steps


def test_a_unit_that_gets_the_case_later_has_the_whole_time_for_its_step(
    town: Definition, frozen_clock: datetime
) -> None:
    case = cast.report().case
    accept(case, unit="dien-hong-infrastructure")
    first = cast.task(case, "assign").due_at
    assert first == promise(case, "accept").due_at  # two working hours; the step alone would have four
    with clock.at(frozen_clock + 2 * DAY):
        cast.do(case, "assign", cast.LEADER, assignment="return", reason="Đường của phường Pleiku.")
        accept(case, unit="pleiku-infrastructure")
        assert promise(case, "accept").due_at == first  # the clock of the case went on


def test_a_leader_has_half_a_day_to_approve(town: Definition, frozen_clock: datetime) -> None:
    case = cast.report().case
    accept(case)
    resolved(case)
    assert cast.task(case, "approve").due_at == deadlines_in(4)
    with clock.at(frozen_clock + 2 * HOUR):
        cast.do(case, "approve", cast.LEADER, approval="return", reason="Chưa thấy ảnh sau khi vá.")
        cast.do(case, "resolve", cast.OFFICIAL, outcome="done", result_text="Đã vá xong, có ảnh.")
        assert cast.task(case, "approve").due_at == deadlines_in(4)  # anew


def deadlines_in(hours: int) -> datetime:
    return datetime.fromisoformat(targets.due_within(hours, "working_hours", "office") or "")


@pytest.mark.parametrize(
    ("amount", "latest", "expected"),
    [(None, None, None), (None, "never", None), (None, "2026-11-24T00:00:00+00:00", "2026-11-24T00:00:00+00:00")],
)
def test_a_step_without_a_time_of_its_own(
    town: Definition, amount: int | None, latest: str | None, expected: str | None
) -> None:
    assert targets.due_within(amount, "hours", "office", latest) == expected


def test_a_step_is_due_with_its_case_at_the_latest(town: Definition, frozen_clock: datetime) -> None:
    soon, late = ((frozen_clock + hours * HOUR).isoformat() for hours in (1, 9))
    assert targets.due_within(2, "hours", "office", soon) == soon
    in_time = (frozen_clock + 2 * HOUR).isoformat()
    assert targets.due_within(2, "hours", "office", late) == in_time
    assert targets.due_within(2, "hours", "office", "never") == in_time


# --------------------------------------------------------------------------------------------------------------- answer


def approved(case: Case) -> None:
    accept(case)
    resolved(case)
    cast.do(case, "approve", cast.LEADER, approval="approve")


def test_an_approved_result_is_to_reach_the_reporter_within_half_a_day(
    town: Definition, frozen_clock: datetime
) -> None:
    case = cast.report().case
    approved(case)
    made = promise(case, "answer")
    assert made.due_at == deadlines_in(4) == cast.task(case, "publication_check").due_at
    cast.do(case, "publication_check", cast.INTAKE, publish="publish", public_title="Ổ gà", public_text="Đã vá.")
    assert made.met_at == frozen_clock


def test_a_late_answer_is_reminded_of_and_written_down_but_goes_up_no_chain(
    town: Definition, frozen_clock: datetime
) -> None:
    case = cast.report().case
    approved(case)
    with clock.at(promise(case, "answer").due_at):
        timers.fire_due()
        timers.fire_due()
    assert [one["kind"] for one in told(case, "deadline_reminded")][-1:] == ["answer"]
    assert [one["kind"] for one in told(case, "deadline_breached")] == ["answer"]
    assert told(case, "case_escalated") == []
    assert letters(case)[-1] == ("deadline_reminder", "ioc@pleiku.example")
    assert cast.open_tasks(case) == ["publication_check"]


# ------------------------------------------------------------------------------------------------------------ no target


def rewritten(*changes: tuple[str, str]) -> dict[str, bytes]:
    """The process of the city with another table: each pair is an output of the rule for potholes and what it gives."""
    folder = ROOT / "bpmn/report_case"
    paths = (path for path in folder.rglob("*") if path.suffix in (".bpmn", ".dmn", ".form"))
    files = {path.name: path.read_bytes() for path in paths}
    table = files["targets.dmn"].decode()
    for name, value in changes:
        where = rf'(<outputEntry id="targets_pothole_{name}">\s*<text>)[^<]*'
        table, found = re.subn(where, rf"\g<1>{value}", table)
        assert found == 1
    return {**files, "targets.dmn": table.encode()}


@pytest.fixture
def without_target(town: Definition) -> Case:
    """A pothole is promised nothing."""
    changes = [(f"{kind}_amount", "null") for kind in ("accept", "resolve", "answer", "step")]
    definitions.deploy(rewritten(*changes), by="designer1")
    return cast.report().case


def test_nothing_is_promised_nothing_rings_and_nothing_is_late(without_target: Case) -> None:
    case = without_target
    assert deadlines.current(case) is None
    assert session().scalars(select(Timer).where(Timer.instance_id == case.instance_id)).all() == []
    assert cast.task(case, "intake_check").due_at is None
    with clock.at(case.opened_at + 4000 * DAY):
        timers.fire_due()
        assert cast.open_tasks(case) == ["intake_check"]


def test_a_case_without_target_runs_to_its_end(without_target: Case) -> None:
    case = without_target
    approved(case)
    cast.do(case, "publication_check", cast.INTAKE, publish="publish", public_title="Ổ gà", public_text="Đã vá.")
    owner.give_feedback(case, "not_fixed")
    assert case.reopened_count == 1
    assert deadlines.current(case) is None
    assert session().scalars(select(Deadline).where(Deadline.case_id == case.id)).all() == []


def test_a_case_without_target_is_counted_as_such(without_target: Case) -> None:
    cast.counted()
    today = clock.now().date()
    values = performance.summary(from_on=today, to_on=today).totals.values
    assert (values["no_target"].n, values["on_time_share"].n) == (1, 0)


def test_the_desk_may_give_a_case_its_first_target(without_target: Case) -> None:
    case = without_target
    accept(case, urgency="urgent")
    assert promise(case).due_at == case.opened_at + DAY
    assert rings(case, "accept_overdue") == [case.opened_at + HOUR / 2]


# ------------------------------------------------------------------------------------------------------------ bad tables


@pytest.mark.parametrize(
    ("name", "value", "wrong"),
    [
        ("resolve_amount", "0", "resolve_amount: 0 is no time"),
        ("accept_amount", "-1", "accept_amount: -1 is no time"),
        ("resolve_amount", "1.5", "resolve_amount: 1.5 is no time"),
        ("resolve_measure", '"weeks"', 'resolve_measure: "weeks" is none of'),
        ("calendar", '"lunar"', 'calendar: "lunar" is none of office, office-saturday, continuous'),
        ("soon_percent", "100", "soon_percent: 100 is not between 0 and 100"),
        ("priority", "500", "priority: 500 is not between 0 and 100"),
    ],
)
def test_a_table_that_promises_no_time_never_comes_to_run(town: Definition, name: str, value: str, wrong: str) -> None:
    with pytest.raises(InvalidDefinition) as refused:
        definitions.deploy(rewritten((name, value)), by="designer1")
    (finding,) = refused.value.findings
    assert (finding.file, finding.rule, finding.element_id) == ("targets.dmn", "targets", "targets")
    assert finding.message_en.startswith(f"The table of targets cannot be kept for pothole: {wrong}")


def test_everything_wrong_is_told_at_once(town: Definition) -> None:
    with pytest.raises(InvalidDefinition) as refused:
        definitions.deploy(rewritten(("resolve_amount", "0"), ("calendar", "null")), by="designer1")
    (finding,) = refused.value.findings
    assert "resolve_amount: 0" in finding.message_en
    assert 'calendar: ""' in finding.message_en


def test_a_table_without_a_rule_for_everything_never_comes_to_run(town: Definition) -> None:
    files = rewritten()
    table = files["targets.dmn"].decode()
    table = re.sub(r'<rule id="targets_(pothole|default)">.*?</rule>', "", table, flags=re.DOTALL)
    with pytest.raises(InvalidDefinition) as refused:
        definitions.deploy({**files, "targets.dmn": table.encode()}, by="designer1")
    assert "no rule is for it" in refused.value.findings[0].message_en


def test_a_draft_may_still_be_wrong(town: Definition) -> None:
    draft = definitions.deploy(rewritten(("resolve_amount", "0")), by="designer1", draft=True)
    with pytest.raises(InvalidDefinition):
        definitions.activate(draft)


def test_a_row_that_is_no_promise_says_everything_that_is_wrong(town: Definition) -> None:
    with pytest.raises(BadTargets, match=r"accept_amount: 0 .*; resolve_measure: null .*; soon_percent"):
        targets.read({"accept_amount": 0, "resolve_amount": 1, "calendar": "office", "soon_percent": 0})


# ------------------------------------------------------------------------------------------------------------- reckoning


def test_counting_again_on_the_same_calendar_moves_nothing(town: Definition, frozen_clock: datetime) -> None:
    case = cast.accepted()
    made = promise(case)
    said = {"waiting_for": "Điện lực", "waiting_reason": "Phải cắt điện trước.", "waiting_days": 3}
    cast.do(case, "resolve", cast.OFFICIAL, outcome="wait", **said)
    with clock.at(frozen_clock + 30 * HOUR):
        timers.fire_due()
    with clock.at(frozen_clock + 5 * DAY):
        timers.fire_due()
    assert not made.is_paused
    with clock.at(frozen_clock + 5 * DAY):
        extensions.ask(case, 2, REASON, by=cast.OFFICIAL)
        cast.do(case, "approve_extension", cast.LEADER, extension="grant")
    assert deadlines.reckoned(made) == (made.remind_at, made.due_at)
    assert made.kind == DeadlineKind.RESOLVE
    assert session().get(Instance, case.instance_id) is not None
