"""The inbox: what is in which view, in which order, and what a search finds."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event

from cases import inbox, owner
from engine import clock
from engine.base import db, session
from engine.errors import Invalid
from tests import town

if TYPE_CHECKING:
    from flask import Flask


@pytest.fixture
def now(app: Flask, frozen_clock: datetime) -> datetime:
    """A Monday morning in a city that has just been founded."""
    town.found()
    return frozen_clock


def seen(username: str, view: str, text: str = "") -> list[str]:
    """The codes of the cases in a view."""
    rows = inbox.tasks(town.person(username), view, text=text).rows
    return [row.case.tracking_code if row.case else row.task.instance.business_key for row in rows]


# ------------------------------------------------------------------------------------------------------------- views


def test_a_new_report_waits_at_the_intake_desk_until_somebody_has_accepted_it(now: datetime) -> None:
    case = town.report().case
    assert seen(town.INTAKE, "intake") == seen(town.INTAKE, "unit") == [case.tracking_code]
    assert seen(town.LEADER, "unit") == []
    town.do(case, "intake_check", town.INTAKE, decision="accept")
    assert seen(town.INTAKE, "intake") == seen(town.INTAKE, "unit") == []
    assert seen(town.LEADER, "unit") == [case.tracking_code]


def test_a_claimed_task_is_mine_and_no_longer_the_units(now: datetime) -> None:
    case = town.report().case
    inbox.claim(town.task(case, "intake_check").id, person=town.person(town.INTAKE))
    assert seen(town.INTAKE, "mine") == seen(town.INTAKE, "intake") == [case.tracking_code]
    assert seen(town.INTAKE, "unit") == seen("intake2", "unit") == seen("intake2", "intake") == []


def test_a_task_put_off_is_out_of_sight_until_its_moment(now: datetime) -> None:
    case = town.report().case
    task, lan = town.task(case, "intake_check"), town.person(town.INTAKE)
    inbox.claim(task.id, person=lan)
    inbox.put_off(task.id, until=now + timedelta(hours=1), person=lan)
    assert (seen(town.INTAKE, "mine"), seen(town.INTAKE, "later")) == ([], [case.tracking_code])
    with clock.at(now + timedelta(hours=1)):
        assert (seen(town.INTAKE, "mine"), seen(town.INTAKE, "later")) == ([case.tracking_code], [])


def test_a_task_is_not_put_off_past_its_deadline_or_into_the_past(now: datetime) -> None:
    task, lan = town.task(town.report().case, "intake_check"), town.person(town.INTAKE)
    inbox.claim(task.id, person=lan)
    assert task.due_at is not None
    for until, code in ((task.due_at + timedelta(minutes=1), "after_due"), (now, "in_the_past")):
        with pytest.raises(Invalid) as refused:
            inbox.put_off(task.id, until=until, person=lan)
        assert [problem.code for problem in refused.value.problems] == [code]


def test_what_is_due_soon_and_what_is_late_is_seen_by_those_who_answer_for_it(now: datetime) -> None:
    case = town.accepted()
    promise = inbox.tasks(town.person(town.OFFICIAL), "mine").rows[0].deadline
    assert promise is not None
    watchers = (town.OFFICIAL, town.LEADER, town.SUPERVISOR)
    for moment, soon, overdue in (
        (promise.remind_at - timedelta(minutes=1), [], []),
        (promise.remind_at, [case.tracking_code], []),
        (promise.due_at, [], [case.tracking_code]),
    ):
        with clock.at(moment):
            for watcher in watchers:
                assert (seen(watcher, "soon"), seen(watcher, "overdue")) == (soon, overdue)
            assert seen("culture.dien-hong", "soon") == seen("culture.dien-hong", "overdue") == []


def test_while_the_clock_stands_still_nothing_is_late(now: datetime) -> None:
    case = town.report().case
    town.do(case, "intake_check", town.INTAKE, decision="ask", message="Xin cho biết số nhà gần nhất?")
    with clock.at(now + timedelta(days=6)):
        assert seen(town.SUPERVISOR, "overdue") == []
        assert seen(town.INTAKE, "waiting") == [case.tracking_code]


def test_a_case_waits_for_its_reporter_in_the_desks_view_once_and_until_the_answer(now: datetime) -> None:
    case = town.report().case
    for _ in range(2):
        town.do(case, "intake_check", town.INTAKE, decision="ask", message="Xin cho biết số nhà gần nhất?")
        assert seen("intake2", "waiting") == seen(town.SUPERVISOR, "waiting") == [case.tracking_code]
        assert seen(town.OFFICIAL, "waiting") == [case.tracking_code]  # of the unit it was routed to
        assert seen("culture.dien-hong", "waiting") == []
        owner.answer_question(case, "Trước số nhà 15, cạnh tiệm sách.")
        assert seen("intake2", "waiting") == []


def test_what_i_did_stays_for_a_week_the_latest_first(now: datetime) -> None:
    first, second = town.report().case, town.report().case
    town.do(first, "intake_check", town.INTAKE, decision="accept")
    with clock.at(now + timedelta(hours=1)):
        town.do(second, "intake_check", town.INTAKE, decision="accept")
    assert seen(town.INTAKE, "done") == [second.tracking_code, first.tracking_code]
    assert seen("intake2", "done") == []
    with clock.at(now + timedelta(days=7, minutes=30)):
        assert seen(town.INTAKE, "done") == [second.tracking_code]


def test_the_reporters_judgement_is_in_nobodys_inbox(now: datetime) -> None:
    case = town.resolved()
    assert town.open_tasks(case) == ["feedback"]
    with clock.at(now + timedelta(days=30)):
        for username in (town.INTAKE, town.SUPERVISOR, town.LEADER, town.OFFICIAL):
            assert all(seen(username, view) == [] for view in inbox.VIEWS if view != "done")


def test_somebody_who_may_no_longer_sign_in_sees_nothing(now: datetime) -> None:
    town.report()
    person = town.person(town.INTAKE)
    person.is_active = False
    assert set(inbox.counts(person).values()) == {0}
    assert inbox.tasks(person, "intake").rows == []


def test_the_counts_are_those_of_the_views(now: datetime) -> None:
    for _ in range(3):
        town.report()
    town.accepted()
    late = now + timedelta(days=5)
    with clock.at(late):
        for username in (town.INTAKE, town.SUPERVISOR, town.OFFICIAL, town.LEADER):
            person = town.person(username)
            assert inbox.counts(person) == {view: len(inbox.tasks(person, view).rows) for view in inbox.VIEWS}


# ----------------------------------------------------------------------------------------------------- pages, search


def test_pages_hold_every_row_once_due_first_and_those_without_a_moment_last(now: datetime) -> None:
    for hour in (5, 1, 1, None, 3, None, 1):
        town.task(town.report().case, "intake_check").due_at = now + timedelta(hours=hour) if hour is not None else None
    session().flush()
    person, found, after = town.person(town.INTAKE), list[tuple[datetime | None, int]](), None
    for _ in range(4):
        page = inbox.tasks(person, "intake", limit=2, after=after)
        found += [(row.task.due_at, row.task.id) for row in page.rows]
        after = page.next
    assert after is None
    assert found == sorted(found, key=lambda row: (row[0] is None, row[0] or now, row[1]))
    assert len(set(found)) == 7


def test_a_page_after_a_row_that_has_gone_still_begins_at_its_place(now: datetime) -> None:
    reports = [town.report().case for _ in range(3)]
    person = town.person(town.INTAKE)
    page = inbox.tasks(person, "intake", limit=1)
    town.do(reports[0], "intake_check", town.INTAKE, decision="accept")
    rest = inbox.tasks(person, "intake", after=page.next)
    assert [row.case for row in rest.rows] == reports[1:]


@pytest.mark.parametrize("cursor", ["x", "fA", "Mjk5OS0wMS0wMXwx", "LTF8LTE", "fDk5OTk5OTk5OTk5OTk5OTk5OTk", "\ud800"])
def test_a_cursor_that_names_no_row_is_refused(now: datetime, cursor: str) -> None:
    with pytest.raises(inbox.InvalidCursor):
        inbox.tasks(town.person(town.INTAKE), "intake", after=cursor)


def test_an_unknown_view_is_a_mistake_of_the_caller(now: datetime) -> None:
    with pytest.raises(KeyError):
        inbox.tasks(town.person(town.INTAKE), "everything")


@pytest.mark.parametrize("text", ["le loi", "LÊ LỢI", "o ga sau", "Lợi ổ", "duong le", "15"])
def test_search_makes_nothing_of_accents_capitals_and_order(now: datetime, text: str) -> None:
    case = town.report().case
    town.report(text="Đèn tín hiệu ở ngã tư không chuyển sang xanh.", category="traffic-signal")
    assert seen(town.INTAKE, "intake", text) == [case.tracking_code]


def test_search_finds_places_and_codes(now: datetime) -> None:
    case = town.report(address="Đường Đinh Tiên Hoàng").case
    town.report()
    assert seen(town.INTAKE, "intake", "dinh tien") == [case.tracking_code]
    assert seen(town.INTAKE, "intake", case.tracking_code.lower()) == [case.tracking_code]


@pytest.mark.parametrize("text", ["%", "_", "\\", "100%", "'; --", "\0zz\0"])
def test_signs_that_mean_something_to_a_database_are_only_signs(now: datetime, text: str) -> None:
    town.report()
    assert seen(town.INTAKE, "intake", text) == []


def test_a_view_asks_the_database_equally_often_for_one_row_and_for_many(now: datetime) -> None:
    def asked() -> int:
        person = town.person(town.INTAKE)
        session().expunge_all()
        person = town.person(town.INTAKE)
        _ = [membership.unit.code for membership in person.memberships]
        statements: list[str] = []
        event.listen(db.engine, "before_cursor_execute", lambda *told: statements.append(told[2]))
        for row in inbox.tasks(person, "intake").rows:
            assert row.case is not None
            assert row.case.category.name_vi
            assert row.task.instance.definition.name
            assert row.case.unit is not None
            assert row.deadline is not None
            assert not row.deadline.is_paused
        return len(statements)

    town.report()
    few = asked()
    for _ in range(5):
        town.report()
    assert asked() == few


def test_a_task_of_a_process_without_a_case_stands_among_the_others(now: datetime) -> None:
    case = town.report().case
    town.do(case, "intake_check", town.INTAKE, decision="accept")
    task = town.round_of_the_lamps()
    assert seen(town.CREW, "unit") == ["weekly 48"]
    assert [seen(town.CREW, "unit", text) for text in ("WEEKLY", "đi kiểm tra", "di kiem", "pothole")] == [
        ["weekly 48"], ["weekly 48"], ["weekly 48"], [],
    ]  # fmt: skip
    crew = town.person(town.CREW)
    inbox.claim(task.id, person=crew)
    assert (seen(town.CREW, "unit"), seen(town.CREW, "mine")) == ([], ["weekly 48"])
    assert seen(town.OFFICIAL, "mine") == seen(town.OFFICIAL, "unit") == []
    with clock.at(now + timedelta(days=3)):
        assert seen(town.CREW, "overdue") == ["weekly 48"]
    inbox.complete(task.id, {"lamps": 3}, person=crew)
    assert (seen(town.CREW, "mine"), seen(town.CREW, "done")) == ([], ["weekly 48"])
