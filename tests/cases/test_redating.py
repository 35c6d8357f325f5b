"""Open deadlines follow changed days, calendars and targets: looked at first, then moved, never silently."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from cases import city, deadlines, extensions, history, owner, public_log, redating, redating_work
from cases.models import Case, Deadline, Event, Message, Redating, RedatingState
from cases.own_days import DayKind, OwnDay
from engine import clock, definitions, instances, timers
from engine.base import session
from engine.errors import CasewayError, Invalid
from engine.models import Definition, Timer
from tests import town as cast
from tests.handlers.test_targets import rewritten

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
REASON = "Quyết định 812/QĐ-UBND: nghỉ bù ngày thành lập thành phố."
#: Friday's closing time, three working days after the report of Monday; Tuesday was a holiday.
DUE = datetime(2026, 11, 27, 17, tzinfo=UTC) - 7 * HOUR


def day(kind: str = "off", on: str = "2026-11-26", **changes: Any) -> OwnDay:
    first = date.fromisoformat(on)
    usual = {"kind": kind, "first": first, "last": first, "name_vi": "Nghỉ bù", "name_en": "Day in lieu"}
    return OwnDay(**{**usual, **changes})


@pytest.fixture
def case(town: Definition, frozen_clock: datetime) -> Case:
    """A case its official works on, due on Friday evening."""
    return cast.accepted()


def due(case: Case, kind: str = "resolve") -> datetime:
    found = deadlines.latest(case, kind)
    assert found is not None
    return found.due_at


def applied(change: Redating) -> Redating:
    """Put into force, and everything moved."""
    redating_work.apply(change.id, by="admin1")
    while change.state == RedatingState.RUNNING:
        redating_work.go_on(change.id)
    return change


def told(case: Case) -> list[dict[str, Any]]:
    return [one.particulars for one in history.timeline(case) if one.name == "deadline_redated"]


def rings(case: Case, element_id: str) -> list[datetime]:
    query = select(Timer.due_at).where(Timer.instance_id == case.instance_id, Timer.element_id == element_id)
    return list(session().scalars(query))


# --------------------------------------------------------------------------------------------------------- looking first


def test_a_day_off_that_is_only_looked_at_changes_nothing(case: Case) -> None:
    change = redating.plan_day(day(), REASON, by="admin1")
    (move,) = redating.moves(change)
    assert (move.code, move.kind, move.was, move.to) == (case.tracking_code, "resolve", DUE, DUE + 3 * DAY)
    assert change.seen == 1
    assert due(case) == DUE
    assert city.calendar("office").is_working_day(date(2026, 11, 26))
    redating.drop(change.id)
    with pytest.raises(redating.RedatingOver):
        redating_work.apply(change.id, by="admin1")


def test_what_nobody_would_notice_is_not_listed(case: Case) -> None:
    assert redating.plan_day(day(on="2026-11-28"), REASON, by="admin1").seen == 0  # a Saturday
    assert redating.plan_day(day(on="2027-03-01"), REASON, by="admin1").seen == 0


# ---------------------------------------------------------------------------------------------------------------- moving


def test_what_is_applied_moves_the_promise_its_timers_and_tasks(case: Case) -> None:
    change = applied(redating.plan_day(day(), REASON, by="admin1"))
    assert (change.state, change.moved, change.failed) == ("done", 1, [])
    assert due(case) == DUE + 3 * DAY
    assert rings(case, "resolve_overdue") == [DUE + 3 * DAY]
    assert cast.task(case, "resolve").due_at == DUE + 3 * DAY
    with clock.at(DUE + HOUR):
        timers.fire_due()
        assert all(one.breached_at is None for one in deadlines.open_ones(case))


def test_everybody_can_read_from_when_to_when_and_why(case: Case) -> None:
    applied(redating.plan_day(day(), REASON, by="admin1"))
    (said,) = told(case)
    assert (said["kind"], said["due_at"], said["moved_to"]) == ("resolve", DUE.isoformat(), due(case).isoformat())
    line = public_log.lines(case)[0]
    assert (line.name, line.reason, line.moved_to) == ("deadline_redated", REASON, due(case).isoformat())
    letter = session().scalars(select(Message).order_by(Message.id.desc())).first()
    assert letter is not None
    assert (letter.moment, letter.address) == ("deadline_changed", "suoi@citizen.pleiku.vn")
    assert REASON in letter.body_text


def test_a_second_run_moves_nothing(case: Case) -> None:
    applied(redating.plan_day(day(), REASON, by="admin1"))
    assert applied(redating.plan("calendars", REASON, by="admin1")).moved == 0
    assert len(told(case)) == 1


def test_a_day_taken_back_moves_them_back(case: Case) -> None:
    applied(redating.plan_day(day(), REASON, by="admin1"))
    change = redating.plan_without(0, "Quyết định đã bị bãi bỏ.", by="admin1")
    assert [move.to for move in redating.moves(change)] == [DUE]
    applied(change)
    assert due(case) == DUE
    assert city.own_days() == []


def test_a_worked_saturday_brings_the_day_nearer(case: Case) -> None:
    other = cast.accepted()
    with clock.at(DUE - 2 * HOUR):
        later = cast.report().case
        before = due(later)
        change = redating.plan_day(day(DayKind.WORKED, "2026-11-28"), REASON, by="admin1")
        assert {move.code for move in redating.moves(change) if move.kind == "resolve"} == {later.tracking_code}
        applied(change)
    assert due(later) == before - DAY
    assert due(other) == due(case) == DUE


def test_a_closed_afternoon_moves_what_is_counted_in_hours(town: Definition, frozen_clock: datetime) -> None:
    case = cast.report().case
    before = due(case, "accept")
    morning = ((time(7), time(11, 30)),)
    applied(redating.plan_day(day(DayKind.CLOSED, f"{frozen_clock:%Y-%m-%d}", hours=morning), REASON, by="admin1"))
    assert due(case, "accept") > before
    assert due(case) == DUE  # a closed morning is still a working day


def test_many_cases_are_moved_in_batches(town: Definition, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redating_work, "BATCH", 2)
    found = [cast.report().case for _ in range(5)]
    change = redating.plan_day(day(), REASON, by="admin1")
    redating_work.apply(change.id, by="admin1")
    redating_work.go_on(change.id)
    assert [due(case) == DUE for case in found] == [False, False, True, True, True]
    redating_work.go_on(change.id)
    redating_work.go_on(change.id)
    redating_work.go_on(change.id)  # once too often
    assert {due(case) for case in found} == {DUE + 3 * DAY}
    assert (change.state, change.moved) == ("done", 5)


def test_what_has_passed_and_lies_ahead_again_can_pass_once_more(case: Case) -> None:
    with clock.at(DUE + HOUR):
        timers.fire_due()
        applied(redating.plan_day(day(), "Quyết định ký muộn, có hiệu lực từ ngày 26.", by="admin1"))
        assert all(one.breached_at is None for one in deadlines.open_ones(case))
    with clock.at(DUE + 3 * DAY):
        timers.fire_due()
    breached = [one for one in history.timeline(case) if one.name == "deadline_breached"]
    assert [one.particulars["due_at"] for one in breached] == [DUE.isoformat(), (DUE + 3 * DAY).isoformat()]


def test_pauses_and_extensions_are_kept(town: Definition, frozen_clock: datetime) -> None:
    case = cast.report().case
    cast.do(case, "intake_check", cast.INTAKE, decision="ask", message="Xin cho biết số nhà?")
    with clock.at(frozen_clock + 2 * DAY):
        owner.answer_question(case, "Số 15.")
        cast.do(case, "intake_check", cast.INTAKE, decision="accept")
        cast.do(case, "assign", cast.LEADER, official=cast.OFFICIAL)
        extensions.ask(case, 2, "Phải chờ nhựa nóng đến thứ Hai.", by=cast.OFFICIAL)
        cast.do(case, "approve_extension", cast.LEADER, extension="grant")
        before = due(case)
        applied(redating.plan_day(day(on=f"{before:%Y-%m-%d}"), REASON, by="admin1"))
    assert due(case) == before + DAY


def test_a_case_that_ended_meanwhile_stays(case: Case) -> None:
    change = redating.plan_day(day(), REASON, by="admin1")
    cast.resolve(case)
    assert applied(change).moved == 0
    assert told(case) == []


def test_one_case_that_cannot_follow_keeps_none_of_the_others(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    other = cast.accepted()
    real = instances.redate

    def fail(instance_id: int, *known: Any, **more: Any) -> Any:
        if instance_id == case.instance_id:
            raise CasewayError("stuck")
        return real(instance_id, *known, **more)

    monkeypatch.setattr(instances, "redate", fail)
    change = applied(redating.plan_day(day(), REASON, by="admin1"))
    assert [one["code"] for one in change.failed] == [case.tracking_code]
    assert (due(case), due(other)) == (DUE, DUE + 3 * DAY)
    assert told(case) == []


def test_what_another_process_promised_in_that_second_is_looked_at_again(case: Case, frozen_clock: datetime) -> None:
    change = applied(redating.plan_day(day(), REASON, by="admin1"))
    late = cast.report().case
    made = session().scalars(select(Deadline).where(Deadline.case_id == late.id, Deadline.kind == "resolve")).one()
    made.due_at = DUE  # as a process that did not know yet would have said
    session().flush()
    redating_work.settle()
    assert not change.is_settled
    with clock.at(frozen_clock + redating_work.SETTLE_AFTER):
        redating_work.settle()
    assert due(late) == DUE + 3 * DAY


# -------------------------------------------------------------------------------------------------------------- targets


def test_open_deadlines_follow_new_targets_if_that_is_wanted(case: Case) -> None:
    definitions.deploy(rewritten(("resolve_amount", "5")), by="designer1")
    change = redating.plan("targets", "Quyết định 900: ổ gà trong năm ngày.", by="admin1")
    (move,) = redating.moves(change)
    assert (move.was, move.to) == (DUE, DUE + 4 * DAY)
    assert due(case) == DUE
    applied(change)
    made = deadlines.latest(case, "resolve")
    assert made is not None
    assert (made.amount, made.due_at) == (5, DUE + 4 * DAY)
    assert rings(case, "resolve_overdue") == [DUE + 4 * DAY]


def test_a_target_that_is_given_up_ends_the_promise(case: Case) -> None:
    definitions.deploy(rewritten(("resolve_amount", "null")), by="designer1")
    change = redating.plan("targets", "Không còn thời hạn cho ổ gà.", by="admin1")
    assert [move.to for move in redating.moves(change)] == [None]
    applied(change)
    assert deadlines.open_ones(case) == []
    assert rings(case, "resolve_overdue") == []
    assert cast.task(case, "resolve").due_at is None


# ------------------------------------------------------------------------------------------------------------- bad input


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"kind": "holiday"}, "kind"),
        ({"last": date(2026, 11, 25)}, "last"),
        ({"first": date(9999, 12, 31), "last": date(9999, 12, 31)}, "first"),
        ({"last": date(2027, 1, 30)}, "last"),
        ({"kind": "worked", "last": date(2026, 11, 27)}, "last"),
        ({"name_vi": " "}, "name_vi"),
        ({"name_en": "x" * 201}, "name_en"),
        ({"hours": ((time(7), time(9)),)}, "hours"),
        ({"kind": "closed", "hours": ((time(9), time(7)),)}, "hours"),
        ({"kind": "closed", "calendars": ("lunar",)}, "calendars"),
        ({"kind": "closed", "calendars": ("continuous",)}, "calendars"),
        ({"first": date(2026, 2, 16), "last": date(2026, 2, 16)}, "first"),  # Tết stands in the city file
    ],
)
def test_a_day_that_cannot_be_is_refused(town: Definition, changes: dict[str, Any], where: str) -> None:
    with pytest.raises(Invalid) as refused:
        redating.plan_day(day(**{"kind": "off", **changes}), REASON, by="admin1")
    assert [problem.where for problem in refused.value.problems] == [where]


def test_everything_wrong_is_told_at_once(town: Definition) -> None:
    with pytest.raises(Invalid) as refused:
        redating.plan_day(day(name_vi="", name_en=""), "kurz", by="admin1")
    assert [problem.where for problem in refused.value.problems] == ["name_vi", "name_en", "reason"]


def test_the_same_day_twice_is_refused(case: Case) -> None:
    applied(redating.plan_day(day(), REASON, by="admin1"))
    with pytest.raises(Invalid):
        redating.plan_day(day(), REASON, by="admin1")


def test_two_changes_looked_at_side_by_side_do_not_undo_each_other(case: Case) -> None:
    first = redating.plan_day(day(), REASON, by="admin1")
    second = redating.plan_day(day(on="2026-11-27"), REASON, by="admin1")
    applied(first)
    with pytest.raises(redating.DaysChangedMeanwhile):
        redating_work.apply(second.id, by="admin1")
    assert second.state == RedatingState.PLANNED


def test_a_day_that_is_not_there_cannot_be_taken_back(town: Definition) -> None:
    with pytest.raises(Invalid):
        redating.plan_without(0, REASON, by="admin1")
    with pytest.raises(Invalid):
        redating.plan("weather", REASON, by="admin1")
    with pytest.raises(redating.RedatingNotFound):
        redating.get(4711)


# ------------------------------------------------------------------------------------------------------ other processes


def test_another_process_follows_within_a_second(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    thursday = date(2026, 11, 26)
    assert city.calendar("office").is_working_day(thursday)
    change = redating.plan_day(day(), REASON, by="admin1")
    monkeypatch.setattr(city, "forget", lambda: None)  # it happens elsewhere
    redating.begin(change.id, by="admin1")
    monkeypatch.undo()
    monkeypatch.setattr(city, "_look_at", 0.0)
    assert not city.calendar("office").is_working_day(thursday)


def test_own_days_are_named_like_those_of_the_file(case: Case) -> None:
    applied(redating.plan_day(day(), REASON, by="admin1"))
    assert city.day_names("en")[date(2026, 11, 26)] == "Day in lieu"
    assert session().scalar(select(Event.name).where(Event.name == "deadline_redated").limit(1))
