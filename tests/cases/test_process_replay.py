"""Which flows a trail took: by hand where it is easily told, and through random diagrams, where nothing may get lost or be made up."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from cases.process_view.replay import JOINS, replay
from engine import drawing
from engine.drawing import Drawing
from engine.spiff import load
from tests.engine import drawing as d
from tests.engine.fuzz import drawing as fuzz
from tests.engine.fuzz.drawing import Block, blocks, kinds
from tests.engine.fuzz.test_equivalence import BESIDE, INTERRUPTING, Walk, walked

#: Blocks in which one coming gives several passages, or whose tokens do not all arrive.
OTHERWISE = INTERRUPTING | BESIDE | {"each", "in_turn", "at_once", "again", "either"}

LOOP = d.process(
    d.start(), d.user("work"), d.exclusive("verdict", "verdict_end"), d.end(),
    d.path("start", "work", "verdict"), d.flow("verdict", "work", "again"), d.flow("verdict", "end"),
)  # fmt: skip
BRANCHES = d.process(
    d.start(), d.parallel("split"), d.user("a"), d.user("b"), d.parallel("join"), d.user("c"), d.end(),
    d.path("start", "split", "a", "join"), d.path("split", "b", "join"), d.path("join", "c", "end"),
)  # fmt: skip
BORDER = d.process(
    d.start(), d.user("work"), d.user("rescue"), d.end(), d.path("start", "work", "end"),
    d.boundary("late", "work", d.timer("timeDuration", '"PT1H"')), d.path("late", "rescue", "end"),
)  # fmt: skip


def walk(text: bytes, *trail: str) -> tuple[dict[str, int], dict[str, int], list[int | None]]:
    found = replay(trail, drawing.read(text))
    return dict(found.taken), dict(found.back), list(found.came_from)


def test_a_way_back_is_told_apart_from_the_way_on() -> None:
    taken, back, came_from = walk(LOOP, "start", "work", "verdict", "work", "verdict", "end")
    assert taken == {"start_work": 1, "work_verdict": 2, "verdict_work": 1, "verdict_end": 1}
    assert back == {"verdict_work": 1}
    assert came_from == [None, 0, 1, 2, 3, 4]


def test_a_join_has_taken_one_from_each_branch_and_waited_since_the_first() -> None:
    taken, _, came_from = walk(BRANCHES, "start", "split", "b", "a", "join", "c", "end")
    assert set(taken.values()) == {1}
    assert came_from[4] == 2


def test_what_is_under_way_has_taken_the_only_way_out() -> None:
    taken, _, _ = walk(BRANCHES, "start", "split", "b")
    assert taken == {"start_split": 1, "split_a": 1, "split_b": 1, "b_join": 1}


def test_an_event_that_ended_an_activity_shows_that_it_had_been_come_to() -> None:
    taken, _, came_from = walk(BORDER, "start", "late", "rescue", "end")
    assert taken == {"start_work": 1, "late_rescue": 1, "rescue_end": 1}
    assert came_from == [None, 0, 1, 2]


def test_elements_of_other_versions_are_passed_over() -> None:
    taken, _, came_from = walk(LOOP, "start", "unheard_of", "work", "verdict", "end")
    assert taken == {"start_work": 1, "work_verdict": 1, "verdict_end": 1}
    assert came_from == [None, None, 0, 2, 3]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(blocks().filter(lambda block: not kinds(block) & OTHERWISE), st.integers(0, 2**32))
def test_of_what_ended_nothing_is_lost_and_nothing_made_up(block: Block, seed: int) -> None:
    text = fuzz.Drawing().whole(block)
    seen: list[Walk] = []

    def look(first: Walk, _others: list[Any]) -> None:
        seen[:] = [first]

    walked(load({"demo.bpmn": text}, {}), seed, [], look)
    assume(seen[0].run.is_ended)
    check(seen[0].passed + seen[0].trail(), drawing.read(text))


def check(trail: list[str], drawn: Drawing) -> None:
    """What came in went out, everywhere."""
    taken = replay(trail, drawn).taken
    for element in set(trail):
        passed = trail.count(element)
        into = [taken.get(flow.id, 0) for flow in drawn.incoming.get(element, ())]
        out = [taken.get(flow.id, 0) for flow in drawn.outgoing.get(element, ())]
        if drawn.kinds[element] == "parallelGateway":
            assert set(into + out) == {passed}, element
        elif drawn.kinds[element] not in JOINS:
            assert not into or sum(into) == passed, element
            assert not out or sum(out) == passed, element


@pytest.mark.parametrize("trail", [[], ["end"], ["verdict", "verdict", "work"]], ids=len)
def test_a_trail_without_its_beginning_is_no_error(trail: list[str]) -> None:
    assert len(walk(LOOP, *trail)[2]) == len(trail)
