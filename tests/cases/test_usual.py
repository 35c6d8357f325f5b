"""How long such cases usually take, and which open ones are likely to miss their promise."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from sqlalchemy import func, select

from cases import deadlines, risks
from cases.finding import Wanted
from cases.inbox import InvalidCursor
from cases.models import Area, Case, Category, Deadline, Person, Unit
from cases.performance import usual
from cases.targets import Limit
from engine import attempts, clock, jobs
from engine.base import session
from engine.models import Definition, Job, JobState
from tests import town as cast

pytestmark = pytest.mark.usefixtures("town")
_numbers: Iterator[int] = count(1)
DAY = timedelta(days=1)


def id_of(kind: type[Category | Area | Unit], code: str) -> int:
    return session().scalars(select(kind.id).where(kind.code == code)).one()


def case(
    days_ago: float, took: float | None = None, *, area: str | None = "dien-hong", category: str = "pothole",
    outcome: str | None = None, due_in: float | None = None,
) -> Case:  # fmt: skip
    """A case that came so many days ago and had a result (or the outcome) after so many; due so many days from now."""
    number = next(_numbers)
    opened_at = clock.now() - days_ago * DAY
    ended_at = opened_at + took * DAY if took is not None else None
    made = Case(
        tracking_code=f"PK-U{number}", owner_key_hash=f"u{number}", title=f"case {number}", opened_at=opened_at,
        category_id=id_of(Category, category), area_id=id_of(Area, area) if area else None,
        unit_id=id_of(Unit, "dien-hong"), resolved_at=None if outcome else ended_at, closed_at=ended_at,
        outcome=outcome, changed_at=opened_at, status="closed" if ended_at else "in_progress",
    )  # fmt: skip
    session().add(made)
    session().flush()
    if due_in is not None:
        limit = Limit((days_ago + due_in) * 24, "hours")
        deadlines.promise(made, "resolve", limit, "office", unit_id=made.unit_id, at=opened_at)
        session().flush()
    return made


def known(area: str | None = "dien-hong", category: str = "pothole") -> usual.Usual | None:
    return usual.of(id_of(Category, category), id_of(Area, area) if area else None)


def hours(minutes: float | None) -> int | None:
    return None if minutes is None else round(minutes / 60)


# -------------------------------------------------------------------------------------------------------- usual times


def test_half_and_nine_of_ten_are_those_of_the_category_in_the_area() -> None:
    for took in range(1, 11):
        case(30, took)
        case(30, 20, area="pleiku")
    usual.reckon()

    found = known()
    assert found is not None
    assert (hours(found.half), hours(found.most)) == pytest.approx((5 * 24, 9 * 24), rel=0.01)
    assert (found.results, found.is_of_area) == (10, True)


def test_what_is_still_open_counts_until_now() -> None:
    for took in range(1, 11):
        case(30, took)
    for _ in range(10):
        case(25)
    usual.reckon()

    found = known()
    assert found is not None
    assert hours(found.half) == pytest.approx(10 * 24, rel=0.01)
    assert found.most is None


def test_an_old_case_is_seen_from_the_age_it_had_when_the_window_began() -> None:
    for took in range(1, 11):
        case(30, took)
    for _ in range(50):
        case(300)  # still open, but nothing is known of how it was in its first 210 days
    usual.reckon()

    found = known()
    assert found is not None
    assert hours(found.half) == pytest.approx(5 * 24, rel=0.01)


def test_what_ended_before_the_window_says_nothing() -> None:
    for _ in range(20):
        case(120, 1)
    usual.reckon()

    assert known() is None


def test_with_few_results_in_the_area_the_whole_city_is_told_and_with_few_there_nothing() -> None:
    for number in range(9):
        case(20, 2)
        case(20, 4, area="pleiku") if number else None
    usual.reckon()

    found = known()
    assert found is not None
    assert (found.results, found.is_of_area) == (17, False)
    assert known(category="street-light") is None
    assert known(area=None) == found


def test_refused_and_withdrawn_cases_are_no_results() -> None:
    for _ in range(9):
        case(20, 2)
    for outcome in ("refused", "withdrawn", "merged", "cancelled"):
        case(20, 1, outcome=outcome)
    usual.reckon()

    assert known() is None
    case(20, 2)
    usual.reckon()
    assert known() is not None


def test_a_worker_is_asked_once_an_hour() -> None:
    def waiting() -> int:
        query = select(func.count()).select_from(Job).where(Job.topic == usual.TOPIC, Job.state == "waiting")
        return session().scalar(query) or 0

    usual.ask_for_it()
    usual.ask_for_it()
    assert waiting() == 1

    begun = attempts.begin(session().scalars(select(Job.id).where(Job.topic == usual.TOPIC)).one())
    assert begun is not None
    assert jobs.perform(begun) == JobState.DONE
    usual.ask_for_it()
    assert (waiting(), usual.reckoned_at()) == (0, clock.now())

    with clock.at(clock.now() + timedelta(hours=1)):
        usual.ask_for_it()
    assert waiting() == 1


# -------------------------------------------------------------------------------------------------------------- risks


@pytest.fixture
def learned(town: Definition) -> None:
    """Potholes in Diên Hồng take a day to ten days, one as likely as the other."""
    for took in range(1, 11):
        case(30, took)
    usual.reckon()


def ordered(person: str = cast.SUPERVISOR, wanted: Wanted | None = None, **page: object) -> list[tuple[int, Any]]:
    found = risks.page(cast.person(person), wanted or Wanted(), **page)  # type: ignore[arg-type]  # as the caller says
    return [(one.case.id, one.risk) for one in found.rows]


@pytest.mark.usefixtures("learned")
def test_the_risk_is_the_share_still_open_when_due_of_those_open_at_this_age() -> None:
    young, old = case(2.5, due_in=5), case(6.5, due_in=1)  # due at 7.5 days: 3 of 10; open at 2.5: 8, at 6.5: 4

    assert dict(ordered()) == {young.id: pytest.approx(3 / 8), old.id: pytest.approx(3 / 4)}
    assert [one for one, _ in ordered()] == [old.id, young.id]


@pytest.mark.usefixtures("learned")
def test_what_is_overdue_comes_first_and_what_nothing_is_known_of_last() -> None:
    unknown, likely, overdue = case(1, due_in=1, category="street-light"), case(3, due_in=1), case(3, due_in=-1)

    assert ordered() == [(overdue.id, 1.0), (likely.id, pytest.approx(6 / 7)), (unknown.id, None)]


@pytest.mark.usefixtures("learned")
def test_a_clock_that_stands_still_is_taken_to_go_on_now() -> None:
    paused = case(2.5, due_in=5)
    deadlines.pause(paused, "awaiting_info", at=clock.now())
    session().flush()

    with clock.at(clock.now() + 3 * DAY):
        ((_, risk),) = ordered()

    assert risk == pytest.approx(0 / 5, abs=1e-6)  # at 5.5 days 5 are open; due five days from now, when all are done
    assert risks.of(paused, session().scalars(select(Deadline).where(Deadline.case_id == paused.id)).one()) == (
        pytest.approx(3 / 8)
    )


@pytest.mark.usefixtures("learned")
def test_pages_follow_each_other_without_gap_or_overlap() -> None:
    made = {case(age / 2, due_in=due, category=kind).id for age in range(1, 6) for due in (1, 2) for kind in ("pothole", "street-light")}  # fmt: skip
    person, seen, after = cast.person(cast.SUPERVISOR), [], None
    while True:
        found = risks.page(person, Wanted(), after=after, limit=3)
        seen += [one.case.id for one in found.rows]
        after = found.next
        if after is None:
            break

    assert len(seen) == len(made)
    assert set(seen) == made
    assert seen == [one for one, _ in ordered(limit=100)]


@pytest.mark.usefixtures("learned")
def test_nobody_sees_more_in_this_order_than_in_the_other() -> None:
    mine, other = case(1, due_in=1), case(1, due_in=1, area="pleiku")
    other.unit_id = id_of(Unit, "pleiku")
    session().flush()
    reader: Person = cast.person(cast.LEADER)

    assert {one for one, _ in ordered()} == {mine.id, other.id}
    assert ordered(reader.username) == [(mine.id, pytest.approx(8 / 9))]
    assert ordered(wanted=Wanted(area="pleiku")) == [(other.id, pytest.approx(8 / 9))]


@pytest.mark.parametrize("cursor", ["x", "🙂", "MS4wfDJ8", "a" * 300])
def test_a_cursor_that_is_none_is_refused(cursor: str) -> None:
    with pytest.raises(InvalidCursor):
        ordered(after=cursor)


def test_nothing_is_known_before_anybody_reckons() -> None:
    case(30, 2)

    assert known() is None


@pytest.mark.usefixtures("learned")
@pytest.mark.parametrize(("promise", "expected"), [("open", 3), ("overdue", 1), ("soon", 1), ("none", 0)])
def test_the_order_can_be_narrowed_to_promises_that_stand_in_a_way(promise: str, expected: int) -> None:
    case(3, due_in=-1)
    case(9, due_in=1)
    case(1, due_in=30)

    assert len(ordered(wanted=Wanted(promise=promise))) == expected
