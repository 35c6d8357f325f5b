"""Joining gateways: those that wait for what cannot come are found, others are left alone."""

from __future__ import annotations

import pytest

from tests.engine import drawing as d
from tests.engine.lint.asking import person, rules

HOUR = d.timer("timeDuration", '"PT1H"')
START, END, A, B = d.start(), d.end(), person("a"), person("b")
JOIN, SPLIT = d.parallel("join"), d.parallel("split")

Parts = tuple[str, ...]

FINE: dict[str, Parts] = {
    "a split and its join": (SPLIT, A, B, JOIN, d.path("start", "split", "a", "join", "end"), d.path("split", "b", "join")),
    "a choice within a branch": (
        SPLIT, A, B, JOIN, d.exclusive("x", "x_b"), d.exclusive("y"), d.path("start", "split", "x", "b", "y", "join", "end"),
        d.flow("x", "a", "= n > 1"), d.flow("a", "y"), d.path("split", "join"),
    ),
    "an event that ends one branch": (
        SPLIT, A, B, JOIN, d.boundary("late", "a", HOUR), d.terminate("over"), d.flow("late", "over"),
        d.path("start", "split", "a", "join", "end"), d.path("split", "b", "join"),
    ),
    "a reminder beside the join": (
        SPLIT, A, B, JOIN, d.boundary("late", "a", HOUR, interrupting=False), d.end("told"), d.flow("late", "told"),
        d.path("start", "split", "a", "join", "end"), d.path("split", "b", "join"),
    ),
    "an inclusive split and join": (
        d.inclusive("split", "split_a"), A, B, d.inclusive("join"), d.path("start", "split", "a", "join", "end"),
        d.flow("split", "b", "= n > 1"), d.flow("b", "join"),
    ),
}  # fmt: skip

FOR_EVER: dict[str, Parts] = {
    "a choice that is joined as if both came": (
        d.exclusive("x", "x_a"), A, B, JOIN, d.path("start", "x", "a", "join", "end"), d.flow("x", "b", "= n > 1"),
        d.flow("b", "join"),
    ),
    "a deadline that ends what is joined": (
        A, JOIN, d.boundary("late", "a", HOUR), d.path("start", "a", "join", "end"), d.flow("late", "join"),
    ),
    "a reminder that is joined though it may never come": (
        A, JOIN, d.boundary("late", "a", HOUR, interrupting=False), d.path("start", "a", "join", "end"),
        d.flow("late", "join"),
    ),
    "two choices that can never agree": (
        SPLIT, d.exclusive("x", "x_join"), d.exclusive("y", "y_last"), JOIN, d.parallel("last"),
        d.path("start", "split", "x", "join", "last", "end"), d.path("split", "y", "last"),
        d.flow("x", "last", "= n > 1"), d.flow("y", "join", "= n > 1"), d.path("split", "join"),
    ),
}  # fmt: skip

MAYBE: dict[str, Parts] = {
    "two choices that have to agree": (
        SPLIT, d.exclusive("x", "x_over"), d.exclusive("y", "y_over"), JOIN, d.end("over"),
        d.path("start", "split", "x", "over"), d.path("split", "y", "over"), d.flow("join", "end"),
        d.flow("x", "join", "= n > 1"), d.flow("y", "join", "= n > 1"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", FINE)
def test_what_comes_together_is_joined(what: str) -> None:
    assert _found(FINE[what]) == set()


@pytest.mark.parametrize("what", FOR_EVER)
def test_a_join_that_can_wait_for_ever_whatever_is_decided_is_refused(what: str) -> None:
    assert _found(FOR_EVER[what]) == {"join-waits-for-ever"}


@pytest.mark.parametrize("what", MAYBE)
def test_a_join_that_hangs_on_decisions_that_agree_is_warned_of(what: str) -> None:
    assert _found(MAYBE[what]) == {"join-may-wait"}


def test_so_many_courses_that_nobody_can_tell_are_let_pass() -> None:
    names = [f"x{number}" for number in range(40)]
    gateways = [d.exclusive(name, f"{name}_join") for name in names]
    flows = [d.path("split", name, "join") + d.flow(name, "end", "= n > 1") for name in names]
    assert not _found((SPLIT, JOIN, *gateways, d.path("start", "split"), d.path("join", "end"), *flows)) & {
        "join-waits-for-ever",
        "join-may-wait",
    }


def _found(parts: Parts) -> set[str]:
    return rules(d.process(START, *parts, END))
