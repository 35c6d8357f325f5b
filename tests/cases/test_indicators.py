"""Figures from elsewhere: the newest value counts, the one before is kept, and what cannot be is refused as a whole."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases import indicators
from cases.indicators import Reading
from engine import clock
from engine.base import session, transaction
from engine.errors import Invalid
from engine.models import Definition

SPEED = Reading("traffic", "Tốc độ trung bình", 31.5, unit="km/h", target=30, source="Camera nút giao")
MINUTE = timedelta(minutes=1)


def test_the_first_value_makes_the_indicator_and_the_next_keeps_it(town: Definition, frozen_clock: datetime) -> None:
    indicators.hand_in("speed", SPEED, by="sensor")
    with clock.at(frozen_clock + MINUTE):
        found = indicators.hand_in("speed", Reading("traffic", "Tốc độ", 28), by="sensor")
    assert (found.value, found.previous, found.name) == (28, 31.5, "Tốc độ")
    assert [one.code for one in indicators.every("traffic")] == ["speed"]
    assert indicators.every("health") == []


def test_the_same_again_changes_nothing(town: Definition, frozen_clock: datetime) -> None:
    indicators.hand_in("speed", SPEED, by="sensor")
    found = indicators.hand_in("speed", SPEED, by="sensor")
    assert (found.value, found.previous, found.at) == (31.5, None, frozen_clock)


def test_an_older_value_is_not_taken(town: Definition, frozen_clock: datetime) -> None:
    indicators.hand_in("speed", SPEED, by="sensor")
    with pytest.raises(Invalid) as refused:
        indicators.hand_in("speed", Reading("traffic", "x", 1, at=frozen_clock - MINUTE), by="sensor")
    assert [(one.where, one.code) for one in refused.value.problems] == [("at", "older_than_known")]
    assert indicators.get("speed").value == 31.5


def test_everything_wrong_is_told_at_once(town: Definition, frozen_clock: datetime) -> None:
    wrong = Reading(
        "moon",
        "",
        float("nan"),
        unit="x" * 21,
        target=float("inf"),
        at=frozen_clock + timedelta(days=1),
        fresh_minutes=0,
    )
    with pytest.raises(Invalid) as refused:
        indicators.hand_in("Tốc độ", wrong, by="sensor")
    assert {one.where for one in refused.value.problems} == {
        "code", "board", "name", "value", "unit", "target", "at", "fresh_minutes",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("value", "target", "lower", "good"), [(5, None, False, None), (5, 5, False, True), (4, 5, False, False), (5, 5, True, True), (6, 5, True, False)]
)  # fmt: skip
def test_a_target_is_reached_from_below_or_from_above(
    town: Definition,
    value: float,
    target: float | None,
    lower: bool,  # noqa: FBT001  # a parameter of the test
    good: bool | None,  # noqa: FBT001  # a parameter of the test
) -> None:
    found = indicators.hand_in("x", Reading("health", "x", value, target=target, lower_is_better=lower), by="a")
    assert indicators.is_good(found) is good


def test_a_value_grows_old(town: Definition, frozen_clock: datetime) -> None:
    found = indicators.hand_in("x", Reading("health", "x", 1, fresh_minutes=10), by="a")
    with clock.at(frozen_clock + 10 * MINUTE):
        assert indicators.is_fresh(found)
    with clock.at(frozen_clock + 11 * MINUTE):
        assert not indicators.is_fresh(found)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(-5, 5)), min_size=1, max_size=8))
def test_whatever_the_order_the_newest_moment_stays(
    town: Definition, frozen_clock: datetime, handed: list[tuple[int, int]]
) -> None:
    for minute, value in handed:
        with clock.at(frozen_clock + 9 * MINUTE), transaction():
            try:
                indicators.hand_in("x", Reading("health", "x", value, at=frozen_clock + minute * MINUTE), by="a")
            except Invalid:
                session().rollback()
    newest = max(minute for minute, _ in handed)
    last = next(value for minute, value in reversed(handed) if minute == newest)
    found = indicators.get("x")
    assert (found.at, found.value) == (frozen_clock + newest * MINUTE, last)
    with transaction():
        indicators.remove("x")
