"""Ranges of days that overlap are read piece by piece: no day is left out, none is counted twice."""

from __future__ import annotations

from collections import Counter

from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from cases.models import KpiCell
from cases.performance import ranges
from cases.performance.measures import GRAINS, Count, blocks
from cases.performance.ranges import STANDING, Range, Scope
from engine.base import session
from tests import town

DAYS = st.tuples(st.integers(0, 1500), st.integers(-3, 900)).map(lambda pair: (pair[0], pair[0] + pair[1]))
RANGES = st.lists(DAYS, min_size=1, max_size=9)


def days_of(one: Range) -> range:
    return range(one[0], one[1] + 1)


@given(RANGES)
def test_pieces_hold_every_day_of_the_ranges_once_and_lie_wholly_in_them_or_beside(asked: list[Range]) -> None:
    pieces = ranges._pieces(asked)  # what the reading stands on
    counted = Counter(day for piece in pieces for day in days_of(piece))
    assert counted == dict.fromkeys({day for one in asked for day in days_of(one)}, 1)
    for piece in pieces:
        for one in asked:
            shared = set(days_of(piece)) & set(days_of(one))
            assert shared in (set(), set(days_of(piece)))


@given(DAYS)
def test_blocks_of_a_piece_hold_its_days_once(piece: Range) -> None:
    held = Counter(
        day
        for grain, first, last in blocks(*piece)
        for block in range(first, last + 1)
        for day in range(block * grain, (block + 1) * grain)
    )
    assert held == dict.fromkeys(days_of(piece), 1)


def test_overlapping_ranges_get_what_each_day_has(app: Flask) -> None:
    town.found()
    first = 739_000
    rows = {day: [day % 7 + place for place in range(len(Count))] for day in range(first, first + 100)}
    for day, counts in rows.items():
        for grain in GRAINS:
            add(grain, day // grain, counts)
    asked = {
        "all": (first, first + 99),
        "week": (first + 30, first + 36),
        "none": (first + 5, first + 4),
        "until": (first - 900, first + 33),
    }
    found = ranges.counted(asked, Scope(), whole=["week"])[()]
    for name, one in asked.items():
        for count in Count if name == "week" else STANDING:
            assert found[name][count] == sum(rows[day][count] for day in days_of(one) if day in rows), (name, count)


def add(grain: int, block: int, counts: list[int]) -> None:
    """Put counts into the sums of the whole city."""
    key = (0, grain, block, 0, 0, 0, "", "")
    there = session().get(KpiCell, key)
    if there is None:
        names = ("cube", "grain", "block", "unit_id", "area_id", "category_id", "channel", "official")
        session().add(KpiCell(**dict(zip(names, key, strict=True)), counts=list(counts)))
        session().flush()
    else:
        there.counts = [one + other for one, other in zip(there.counts, counts, strict=True)]
