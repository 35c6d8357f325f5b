"""What is added up, and by which dimensions. New measures are added at the end: their numbers are stored."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum
from typing import NamedTuple


class Count(IntEnum):
    """What is counted on a day. The day it belongs to stands behind it."""

    RECEIVED = 0  # opened
    CLOSED = 1  # closed, however it ended
    RESOLVED = 2  # the last result
    MET_ON_TIME = 3  # promise to resolve met by its due moment: the day it was met
    MET_LATE = 4
    KEPT = 5  # promise to resolve met by its due moment: the day it fell due
    BROKEN = 6  # met after it: the day it fell due
    ACCEPT_KEPT = 7  # promise to accept: the day it fell due
    ACCEPT_BROKEN = 8
    NO_TARGET = 9  # opened, and nothing was ever promised
    REOPENED = 10  # reopened
    RESULTS = 11  # a result given, each time
    SATISFIED = 12  # answered
    PARTLY = 13
    NOT_FIXED = 14
    ROUTED = 15  # first accepted
    ROUTED_RIGHT = 16  # first accepted, and never sent to another unit
    MERGED = 17  # closed
    REFUSED = 18
    WITHDRAWN = 19
    CANCELLED = 20
    CLOSED_WITH_RESULT = 21  # closed with a result
    CLOSED_POOR = 22  # of these: too late, or the last answer was "not fixed"
    OPEN = 23  # opened, and still open
    OPEN_NO_TARGET = 24
    OPEN_REMIND = 25  # the day from which the nearest running promise of an open case is due soon
    OPEN_DUE = 26  # the day on which it falls due
    OPEN_RESOLVE_DUE = 27  # the day on which a running promise to resolve falls due
    ANSWER_KEPT = 28  # promise to answer with an approved result: the day it fell due
    ANSWER_BROKEN = 29
    CLOSED_NO_PHOTO = 30  # closed with a result, and no photo of it
    SENT_AROUND = 31  # closed, after three or more changes of unit
    LAST_MOMENT = 32  # promise to resolve met in the last twentieth of its time: the day it was met


class Spread(IntEnum):
    """How long something took: working time of the case's calendar, and clock time."""

    REACTION_WORK = 64  # opened to first accepted: the day it was accepted
    REACTION_CLOCK = 65
    HANDLING_WORK = 66  # opened to the last result: the day of the result
    HANDLING_CLOCK = 67
    WAITING_WORK = 68  # of that, while the promises stood still for somebody else
    WAITING_CLOCK = 69
    OWN_WORK = 70  # handling without waiting
    OWN_CLOCK = 71


#: Every duration, and the one a table of many lines shows.
SPREADS, BRIEF = frozenset(Spread), frozenset({Spread.HANDLING_CLOCK})


class Part(NamedTuple):
    """One thing a case adds to a day (its ordinal)."""

    day: int
    measure: int
    bucket: int
    value: int


class Dimensions(NamedTuple):
    """What a case is counted under; 0 and the empty text are "none"."""

    unit_id: int = 0
    area_id: int = 0
    category_id: int = 0
    channel: str = ""
    official: str = ""


#: Which sums are kept: each for every combination of these dimensions. Their places are stored.
CUBES: tuple[tuple[str, ...], ...] = (
    (),
    ("unit_id",),
    ("area_id",),
    ("category_id",),
    ("channel",),
    ("unit_id", "category_id"),
    ("area_id", "category_id"),
    ("category_id", "official"),
    ("unit_id", "area_id", "category_id", "channel"),
)
#: Where durations are kept as well: with more dimensions than two almost every case would be a sum of its own.
SPREAD_CUBES = frozenset(number for number, dimensions in enumerate(CUBES) if len(dimensions) <= 2)
#: Days in a block, so that a period of any length and boundary is the sum of few blocks.
GRAINS = (1, 8, 64, 512)


def cube_for(needed: Iterable[str]) -> int | None:
    """The smallest sums that tell these dimensions apart; None when they are not kept."""
    asked = set(needed)
    fit = [number for number, dimensions in enumerate(CUBES) if asked <= set(dimensions)]
    return min(fit, key=lambda number: (len(CUBES[number]), number), default=None)


def within(dimensions: Dimensions, cube: int) -> Dimensions:
    """The dimensions as the sums of a cube tell them apart."""
    return Dimensions(**{name: getattr(dimensions, name) for name in CUBES[cube]})


def blocks(first: int, last: int) -> list[tuple[int, int, int]]:
    """The days from `first` to `last` as (grain, first block, last block), as few as there are."""
    found: list[tuple[int, int, int]] = []
    begin, end = first, last + 1
    for grain, larger in zip(GRAINS, [*GRAINS[1:], None], strict=True):
        if begin >= end:
            break
        up = min(-(-begin // larger) * larger, end) if larger else end
        down = max(end // larger * larger, up) if larger else end
        found += [(grain, a // grain, b // grain - 1) for a, b in ((begin, up), (down, end)) if a < b]
        begin, end = up, down
    return found
