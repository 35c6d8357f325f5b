"""How long things take is learned from what is over and from what is not: laws of the estimator."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.performance import survival
from cases.performance.survival import Curve

#: The age a case had when one began to look, for how long it was seen then, and whether that ended with its result.
CASES = st.lists(
    st.tuples(st.integers(0, 90) | st.just(0), st.integers(0, 99), st.booleans()), min_size=1, max_size=40
)  # fmt: skip


def estimated(cases: list[tuple[int, int, bool]]) -> Curve | None:
    begins, spans, results = (np.array(column) for column in zip(*cases, strict=True))
    ends = np.minimum(begins + spans, 99)
    return survival.estimate(begins.astype(float), ends.astype(float), results.astype(bool))


def by_hand(cases: list[tuple[int, int, bool]], age: int) -> float:
    """Minute by minute: of those seen at this age, who had no result then. Up to 99 minutes a bucket is one minute."""
    share = 1.0
    for minute in range(age + 1):
        seen = [
            (min(begin + span, 99), result)
            for begin, span, result in cases
            if (begin < minute or begin == 0) and min(begin + span, 99) >= minute
        ]
        # whoever is seen from an age on and not a minute longer is seen in the next one
        short = [(begin + 1, result) for begin, span, result in cases if begin > 0 and min(begin + span, 99) == begin]
        seen += [one for one in short if one[0] == minute]
        if seen:
            share *= 1 - sum(1 for end, result in seen if result and end == minute) / len(seen)
    return share


@given(cases=CASES, age=st.integers(0, 99))
def test_the_curve_is_that_of_kaplan_and_meier(cases: list[tuple[int, int, bool]], age: int) -> None:
    curve = estimated(cases)

    if curve is None:
        assert not any(result for *_, result in cases)
    else:
        assert curve.after(np.array([age], float))[0] == pytest.approx(by_hand(cases, age))
        assert curve.results == sum(result for *_, result in cases)


@given(ends=st.lists(st.integers(0, 99), min_size=1, max_size=60), share=st.sampled_from([0.1, 0.5, 0.9, 1.0]))
def test_with_nothing_left_open_it_is_the_plain_share_of_those_done(ends: list[int], share: float) -> None:
    curve = estimated([(0, end, True) for end in ends])

    assert curve is not None
    within = curve.within(share)
    assert within is not None
    assert sum(end <= within for end in ends) / len(ends) >= share - 1e-6
    assert sum(end < within for end in ends) / len(ends) < share


@given(ends=st.lists(st.integers(0, 80), min_size=1, max_size=30), still_open=st.lists(st.integers(0, 99), max_size=30))
def test_counting_what_is_open_never_makes_it_look_quicker(ends: list[int], still_open: list[int]) -> None:
    done = [(0, end, True) for end in ends]
    all_of_them, done_only = estimated(done + [(0, age, False) for age in still_open]), estimated(done)

    assert all_of_them is not None
    assert done_only is not None
    ages = np.arange(100, dtype=float)
    assert (all_of_them.after(ages) >= done_only.after(ages) - 1e-9).all()


@given(cases=CASES)
def test_a_curve_falls_and_is_read_as_it_was_stored(cases: list[tuple[int, int, bool]]) -> None:
    curve = estimated(cases)
    if curve is None:
        return
    read = survival.unpack(curve.pack(), curve.results)
    ages = np.arange(0, 2000, 7, dtype=float)

    assert (np.diff(curve.after(ages)) <= 0).all()
    assert read.after(ages) == pytest.approx(curve.after(ages), abs=1e-6)
    assert [read.within(share) for share in (0.5, 0.9)] == [curve.within(share) for share in (0.5, 0.9)]


def test_what_half_never_reached_is_not_said() -> None:
    curve = estimated([(0, 5, True), (0, 50, False), (0, 60, False)])

    assert curve is not None
    assert curve.within(0.5) is None
    assert curve.within(0.3) == 5
