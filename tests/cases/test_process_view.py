"""Where a process spends its time, from tasks made by hand and from cases that ran."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import true

from cases import city, finding, owner, process_view
from cases import working_time as wt
from cases.finding import Wanted
from cases.process_view import Asked, Step, Steps
from cases.working_time.columns import worked_between
from engine import clock, drawing
from engine.errors import Invalid
from engine.models import Definition
from tests import town as cast
from tests.cases.offices import OFFICE

MINUTE = 60_000_000
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ASKED = Asked("report_case", date(2026, 11, 1), date(2026, 12, 31))
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def columns(*tasks: tuple[int, str, int, int, int, int, str], now: int = 1000) -> Steps:
    """Tasks as (instance, element, created, claimed, ended, due, state), moments in minutes, -1 for not yet."""
    created, claimed, ended, due = (
        np.array([-1 if moment < 0 else moment * MINUTE for moment in moments], np.int64)
        for moments in (
            [task[2] for task in tasks],
            [task[3] for task in tasks],
            [task[4] for task in tasks],
            [task[5] for task in tasks],
        )
    )
    instances, elements = np.array([task[0] for task in tasks], np.int64), [task[1] for task in tasks]
    return Steps(instances, elements, created, claimed, ended, due, [task[6] for task in tasks], now * MINUTE)


def by_element(rows: Steps) -> dict[str, Step]:
    return {step.element_id: step for step in process_view.steps(rows, None)}


# --------------------------------------------------------------------------------------------------------------- steps


def test_waiting_ends_with_the_claim_and_working_with_the_end() -> None:
    step = by_element(columns((1, "a", 0, 30, 90, -1, "completed"), (2, "a", 0, 10, 20, -1, "completed")))["a"]
    assert (step.waiting[0.5], step.working[0.5], step.both[0.5]) == (20, 35, 55)
    assert (step.visits, step.cases, step.measured, step.again) == (2, 2, 2, 0)


def test_what_nobody_claimed_waited_until_its_end() -> None:
    step = by_element(columns((1, "a", 0, -1, 90, -1, "completed")))["a"]
    assert (step.waiting[0.5], step.working[0.5]) == (90, 0)


def test_open_tasks_count_as_waiting_so_far_but_in_no_quantile() -> None:
    step = by_element(columns((1, "a", 900, -1, -1, 950, "open"), (2, "a", 0, 10, 10, -1, "completed")))["a"]
    assert (step.open_now, step.measured, step.waiting[0.5], step.total_waiting) == (1, 1, 10, 110)
    assert (step.late, step.with_due) == (1, 1)


def test_what_the_diagram_took_back_is_a_visit_but_neither_late_nor_measured() -> None:
    step = by_element(columns((1, "a", 0, -1, 500, 10, "cancelled")))["a"]
    assert (step.visits, step.late, step.with_due, step.measured) == (1, 0, 0, 0)
    assert step.waiting[0.5] is None


def test_a_second_visit_of_a_case_is_told() -> None:
    rows = columns(
        (1, "a", 0, -1, 1, -1, "completed"), (1, "b", 1, -1, 2, -1, "completed"),
        (1, "a", 2, -1, 3, -1, "completed"), (2, "a", 0, -1, 1, -1, "completed"),
    )  # fmt: skip
    assert {name: step.again for name, step in by_element(rows).items()} == {"a": 1, "b": 0}


def test_the_step_that_costs_most_stands_first() -> None:
    rows = columns((1, "quick", 0, 1, 500, -1, "completed"), (1, "slow", 0, 400, 401, -1, "completed"))
    assert [step.element_id for step in process_view.steps(rows, None)] == ["slow", "quick"]


def test_nothing_gives_no_steps() -> None:
    assert process_view.steps(columns(), None) == []
    assert process_view.ways(columns()).variants == []


moments = st.integers(0, 850 * 24 * 60).map(
    lambda minutes: datetime(2024, 11, 1, tzinfo=UTC) + minutes * timedelta(minutes=1)
)


@given(st.lists(st.tuples(moments, moments), max_size=8))
def test_working_time_in_columns_is_that_of_each_pair(pairs: list[tuple[datetime, datetime]]) -> None:
    begins, ends = (
        np.array([(pair[side] - _EPOCH) // timedelta(microseconds=1) for pair in pairs], np.int64) for side in (0, 1)
    )
    counted = worked_between(OFFICE, begins, ends)
    expected = [
        wt.working_time_between(OFFICE, begin, end) // timedelta(microseconds=1) if begin < end else 0
        for begin, end in pairs
    ]
    assert counted.tolist() == expected


# ---------------------------------------------------------------------------------------------------------------- ways


def walk(
    instance: int, path: str, *, late: bool = False, state: str = "completed"
) -> list[tuple[int, str, int, int, int, int, str]]:
    return [
        (instance, element, 10 * number, -1, 10 * number + 5, 0 if late else -1, state)
        for number, element in enumerate(path)
    ]


def test_the_way_most_went_is_the_expected_one() -> None:
    rows = columns(*walk(1, "abc"), *walk(2, "abc", late=True), *walk(3, "abbc"), *walk(4, "ac"), *walk(5, "axbc"))
    found = process_view.ways(rows)
    assert found.expected == ("a", "b", "c")
    first = found.variants[0]
    assert (first.cases, first.share, first.median_minutes, first.late_share) == (2, 0.4, 25, 0.5)
    told = {one.element_id: (one.skipped, one.repeated, one.additional) for one in found.deviations}
    assert told == {"b": (1, 1, 0), "x": (0, 0, 1)}


def test_what_followed_what_and_went_back_is_counted() -> None:
    found = process_view.ways(columns(*walk(1, "abab"), *walk(2, "ab")))
    assert found.transitions == {("a", "b"): 3, ("b", "a"): 1}
    assert found.backwards == {("b", "a"): 1, ("a", "b"): 1}


def test_who_is_under_way_has_not_gone_a_way_to_its_end() -> None:
    rows = columns(*walk(1, "abc"), *walk(2, "ab"), (2, "c", 50, -1, -1, -1, "open"))
    assert process_view.ways(rows).cases == 1


paths = st.lists(st.text("abc", min_size=1, max_size=5), min_size=1, max_size=12)


@given(paths)
def test_the_ways_are_all_cases_and_the_most_travelled_stands_first(walked: list[str]) -> None:
    rows = columns(*(task for number, path in enumerate(walked) for task in walk(number, path)))
    found = process_view.ways(rows)
    assert {"".join(one.path): one.cases for one in found.variants} == Counter(walked)
    assert sum(one.share for one in found.variants) == pytest.approx(1)
    assert sorted(-one.cases for one in found.variants) == [-one.cases for one in found.variants]


# --------------------------------------------------------------------------------------------------------- real cases


def test_cases_that_ran_are_read_with_their_moments(town: Definition, frozen_clock: datetime) -> None:
    case = cast.report().case
    with clock.at(frozen_clock + 2 * HOUR):
        cast.do(case, "intake_check", cast.INTAKE, decision="accept")
    with clock.at(frozen_clock + 3 * HOUR):
        rows = process_view.read(ASKED)
        found = {step.element_id: step for step in process_view.steps(rows, None)}
        worked = {step.element_id: step for step in process_view.steps(rows, city.calendar("office"))}
    assert (found["intake_check"].both[0.5], found["assign"].open_now) == (120, 1)
    assert (worked["intake_check"].both[0.5] or 0) <= 120
    assert process_view.ways(rows).cases == 0


def test_a_finished_case_has_its_way(town: Definition) -> None:
    cast.resolved()
    found = process_view.ways(process_view.read(ASKED))
    assert found.cases == 0  # the reporter may still judge
    assert [one.element_id for one in process_view.steps(process_view.read(ASKED), None)]


@pytest.mark.parametrize(
    ("wanted", "count"),
    [(Wanted(unit="dien-hong"), 2), (Wanted(unit="gao"), 0), (Wanted(category="pothole", area="dien-hong"), 2)],
)
def test_a_part_of_the_city_can_be_looked_at(town: Definition, wanted: Wanted, count: int) -> None:
    cast.accepted()
    rows = process_view.read(Asked(ASKED.key, ASKED.from_on, ASKED.to_on, None, wanted))
    assert len([one for one in rows.elements if one in ("intake_check", "assign")]) == count


def test_a_part_that_is_not_there_is_refused(town: Definition) -> None:
    with pytest.raises(Invalid):
        process_view.read(Asked(ASKED.key, ASKED.from_on, ASKED.to_on, None, Wanted(unit="dragons")))


def test_other_days_and_versions_are_left_out(town: Definition) -> None:
    cast.accepted()
    assert len(process_view.read(Asked(ASKED.key, date(2026, 11, 24), date(2026, 12, 1)))) == 0
    assert len(process_view.read(Asked(ASKED.key, ASKED.from_on, ASKED.to_on, 7))) == 0
    assert len(process_view.read(Asked("other", ASKED.from_on, ASKED.to_on))) == 0
    assert [one.version for one in process_view.versions("report_case")] == [1]


def test_who_waits_longest_stands_first(town: Definition, frozen_clock: datetime) -> None:
    first = cast.report().case
    with clock.at(frozen_clock + HOUR):
        second = cast.report().case
    found = process_view.standing(ASKED, "intake_check", true(), 10)
    assert [one.case.id for one in found] == [first.id, second.id]
    nobody = finding.visible_to(cast.person(cast.OFFICIAL))
    assert process_view.standing(ASKED, "assign", nobody, 10) == []


# -------------------------------------------------------------------------------------- machines, gateways, events, flows


def passed(asked: Asked = ASKED) -> tuple[dict[str, Step], dict[str, tuple[int, int]]]:
    """By element and by flow (times, back)."""
    found = process_view.passing(asked, None)
    return {one.element_id: one for one in found.steps}, {one.flow.id: (one.times, one.back) for one in found.flows}


def test_gateways_machines_and_flows_are_counted(town: Definition) -> None:
    cast.accepted()
    cast.report()
    elements, flows = passed()
    assert (elements["received"].visits, elements["received"].cases, elements["acknowledge"].visits) == (2, 2, 2)
    assert elements["accept"].visits == 1
    assert not elements.keys() & {"intake_check", "assign", "resolve"}, "people's steps are known from their tasks"
    drawn = drawing.of(town)
    (first,) = drawn.outgoing["received"]
    assert flows[first.id] == (2, 0)
    for one in drawn.incoming["accept"]:
        assert flows.get(one.id, (0, 0))[0] <= 1


def test_a_wait_for_the_reporter_is_measured_and_stands_there(town: Definition, frozen_clock: datetime) -> None:
    case, waiting = cast.report().case, cast.report().case
    for one in (case, waiting):
        cast.do(one, "intake_check", cast.INTAKE, decision="ask", message="Ở đâu?")
    assert passed()[0]["answer_awaited"].open_now == 2
    with clock.at(frozen_clock + 3 * HOUR):
        owner.answer_question(case, "Trước số nhà 15")
        elements, flows = passed()
        worked = process_view.passing(ASKED, city.calendar("office"))
    answered = elements["answer_awaited"]
    assert (answered.visits, answered.open_now, answered.waiting[0.5], answered.working[0.5]) == (1, 1, 180, None)
    assert answered.total_waiting == 180
    assert {one.element_id: one.waiting[0.5] for one in worked.steps}["answer_awaited"] == 180
    assert elements["before_reception"].again == 1
    assert [times for times, back in flows.values() if back] == [1]


def test_a_part_of_the_trails_can_be_looked_at(town: Definition) -> None:
    cast.accepted()
    for other in (
        Asked(ASKED.key, date(2026, 11, 24), date(2026, 12, 1)),
        Asked(ASKED.key, ASKED.from_on, ASKED.to_on, 7),
        Asked(ASKED.key, ASKED.from_on, ASKED.to_on, None, Wanted(unit="gao")),
    ):
        assert process_view.passing(other, None).cases == 0
    with pytest.raises(Invalid):
        process_view.passing(Asked(ASKED.key, ASKED.from_on, ASKED.to_on, None, Wanted(unit="dragons")), None)
