"""Sums of ranges of days: ranges overlap (a period, what was before it, everything past), the days they share are read once.

However many cases there are, a range is a few blocks of days. All ranges asked for are cut where one of them begins or ends;
what lies between two cuts is read, and each range is put together again from such pieces.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
from sqlalchemy import text

from cases.performance.measures import GRAINS, Count, blocks, cube_for
from engine.base import session
from engine.errors import Invalid, Problem

_Label = TypeVar("_Label", bound=Hashable)
Vector = npt.NDArray[np.int64]
#: The first and the last day, as ordinals; empty when the last is before the first.
Range = tuple[int, int]
#: Before and after everything that is counted, at the edges of the largest blocks.
LONG_AGO, FAR_AHEAD = (date(year, 1, 1).toordinal() // GRAINS[-1] * GRAINS[-1] for year in (1990, 2110))
#: What is asked of ranges that may be as long as the city's history; of the others everything is.
STANDING = (
    Count.RECEIVED, Count.CLOSED, Count.OPEN, Count.OPEN_NO_TARGET, Count.OPEN_REMIND, Count.OPEN_DUE, Count.OPEN_RESOLVE_DUE,
)  # fmt: skip
_RANGES = (
    "unnest(CAST(:numbers AS int[]), CAST(:grains AS smallint[]), CAST(:firsts AS int[]), CAST(:lasts AS int[]))"
    " AS range (number, grain, first, last)"
)


@dataclass(frozen=True)
class Scope:
    """Of what: by dimension, the values that count. An empty one is the whole city."""

    within: Mapping[str, list[Any]] = field(default_factory=dict)

    def where(self, table: str) -> str:
        """The condition on rows that carry the dimensions."""
        return "".join(f" AND {table}.{name} = ANY(:{name})" for name in self.within)


def cube(scope: Scope, by: Sequence[str]) -> int:
    """The sums that tell these dimensions apart. Raises: Invalid (cannot_combine)."""
    needed = {*scope.within, *by}
    found = cube_for(needed)
    if found is None:
        raise Invalid([Problem(by[0] if by else next(iter(needed)), "cannot_combine")])
    return found


def counted(
    ranges: Mapping[_Label, Range], scope: Scope, by: Sequence[str] = (), *, whole: Collection[_Label]
) -> dict[tuple[Any, ...], dict[_Label, Vector]]:
    """For each combination of values of dimensions, the counts of each range; of those not named as `whole` only `STANDING`.

    Raises: Invalid (cannot_combine).
    """
    asked = {"cube": cube(scope, by), **scope.within}
    pieces = _pieces(ranges.values())
    is_whole = [any(_holds(ranges[name], piece) for name in whole) for piece in pieces]
    found: dict[tuple[Any, ...], Vector] = defaultdict(lambda: np.zeros((len(pieces), len(Count)), np.int64))
    for counts, are_whole in ((tuple(Count), True), (STANDING, False)):
        some = {number: piece for number, piece in enumerate(pieces) if is_whole[number] == are_whole}
        places = [int(count) for count in counts]
        for row in _rows(counts, some, scope, by, asked) if some else ():
            found[tuple(row[: len(by)])][row[len(by)], places] = row[len(by) + 1 :]
    held = np.array([[_holds(one, piece) for piece in pieces] for one in ranges.values()], np.int64)
    return {key: dict(zip(ranges, held @ values, strict=True)) for key, values in found.items()}


def of_ranges(table: str, scope: Scope, further: str = "") -> str:
    """The sums of ranges of days as `kpi`, each beside its `range`, for a FROM; a few blocks make a range (`as_columns`).

    Found by their key: `OFFSET 0` keeps the database from reading the whole table instead. Where only some values of a
    dimension count, they are looked up block by block, for the key has the block before the dimensions.
    """
    wanted = f"SELECT * FROM {table} AS sums WHERE cube = :cube AND grain = range.grain {further}"  # noqa: S608  # our own table
    if not scope.within:
        return f"{_RANGES} CROSS JOIN LATERAL ({wanted} AND block BETWEEN range.first AND range.last OFFSET 0) AS kpi"
    each = "generate_series(range.first, range.last) AS one (block)"
    wanted += f" AND sums.block = one.block{scope.where('sums')} OFFSET 0"
    return f"{_RANGES} CROSS JOIN LATERAL {each} CROSS JOIN LATERAL ({wanted}) AS kpi"


def as_columns(ranges: Mapping[int, Range]) -> dict[str, list[int]]:
    """Numbered ranges of days as the parameters of `of_ranges`, each in as few blocks as there are."""
    rows = [(number, *block) for number, (first, last) in ranges.items() for block in blocks(first, last)]
    return {name: [row[place] for row in rows] for place, name in enumerate(("numbers", "grains", "firsts", "lasts"))}


def _pieces(ranges: Iterable[Range]) -> list[Range]:
    """The days that any of the ranges holds, cut wherever one of them begins or ends."""
    wanted = [(first, last) for first, last in ranges if first <= last]
    cuts = sorted({cut for first, last in wanted for cut in (first, last + 1)})
    pieces = [(first, end - 1) for first, end in pairwise(cuts)]
    return [piece for piece in pieces if any(_holds(one, piece) for one in wanted)]


def _holds(outer: Range, piece: Range) -> bool:
    return outer[0] <= piece[0] and piece[1] <= outer[1]


def _rows(
    counts: Iterable[Count], pieces: Mapping[int, Range], scope: Scope, by: Sequence[str], asked: Mapping[str, Any]
) -> Sequence[Any]:
    keys = "".join(f"kpi.{name}, " for name in by)
    sums = ", ".join(f"coalesce(sum(counts[{one + 1}]), 0)" for one in counts)
    groups = ", ".join(str(place + 1) for place in range(len(by) + 1))
    statement = f"SELECT {keys}range.number, {sums} FROM {of_ranges('kpi_cell', scope)} GROUP BY {groups}"  # noqa: S608  # names of dimensions from measures.py
    return session().execute(text(statement), {**asked, **as_columns(pieces)}).all()
