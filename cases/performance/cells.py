"""The sums as rows: what cases contribute is added to every cube and block it belongs to.

Only one fold writes at a time (`folding` holds the lock), so spreads may be read, changed and written.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import text

from cases.performance import buckets
from cases.performance.measures import CUBES, GRAINS, SPREAD_CUBES, Count, Dimensions, Part, within
from engine.base import session

#: cube, grain, block, dimensions.
Key = tuple[int, int, int, int, int, int, str, str]
Changes = Counter[tuple[Dimensions, int, int, int]]

_COLUMNS = ("cube", "grain", "block", "unit_id", "area_id", "category_id", "channel", "official")
_TYPES = ("smallint", "smallint", "int", "int", "int", "int", "text", "text")
_NAMES = ", ".join(_COLUMNS)
_ARRAYS = ", ".join(f"CAST(:{name} AS {kind}[])" for name, kind in zip(_COLUMNS, _TYPES, strict=True))
_ADD_COUNTS = text(f"""
INSERT INTO kpi_cell ({_NAMES}, counts)
SELECT {_NAMES}, CAST(counts AS int[]) FROM unnest({_ARRAYS}, CAST(:counts AS text[])) AS more ({_NAMES}, counts)
ON CONFLICT ({_NAMES}) DO UPDATE SET counts = (
    SELECT array_agg(coalesce(old, 0) + coalesce(new, 0) ORDER BY place)
    FROM unnest(kpi_cell.counts, excluded.counts) WITH ORDINALITY AS sums (old, new, place))
""")  # noqa: S608  # names from above
_READ_SPREADS = text(f"""
SELECT {_NAMES}, measure, buckets FROM kpi_spread
JOIN unnest({_ARRAYS}, CAST(:measure AS smallint[])) AS asked ({_NAMES}, measure) USING ({_NAMES}, measure)
""")  # noqa: S608  # names from above
_WRITE_SPREADS = text(f"""
INSERT INTO kpi_spread ({_NAMES}, measure, buckets)
SELECT * FROM unnest({_ARRAYS}, CAST(:measure AS smallint[]), CAST(:buckets AS bytea[])) AS more
ON CONFLICT ({_NAMES}, measure) DO UPDATE SET buckets = excluded.buckets
""")  # noqa: S608  # names from above


def change(changes: Changes, dimensions: Dimensions, parts: Iterable[Part], sign: int) -> None:
    """Note that parts are added (1) or taken away (-1)."""
    for part in parts:
        changes[dimensions, part.day, part.measure, part.bucket] += sign * part.value


def apply(changes: Changes) -> None:
    """Write the changes into the sums."""
    counts: dict[Key, Counter[int]] = defaultdict(Counter)
    spreads: dict[tuple[Key, int], Counter[int]] = defaultdict(Counter)
    for (dimensions, day, measure, place), value in changes.items():
        if not value:
            continue
        for key in _keys(dimensions, day):
            if measure < len(Count):
                counts[key][measure] += value
            elif key[0] in SPREAD_CUBES:
                spreads[key, measure][place] += value
    _add_counts(counts)
    _add_spreads(spreads)


def _keys(dimensions: Dimensions, day: int) -> list[Key]:
    return [(cube, grain, day // grain, *within(dimensions, cube)) for cube in range(len(CUBES)) for grain in GRAINS]


def _add_counts(counts: Mapping[Key, Counter[int]]) -> None:
    changed = sorted(key for key, numbers in counts.items() if any(numbers.values()))
    if changed:
        written = [f"{{{','.join(str(counts[key][one]) for one in Count)}}}" for key in changed]
        session().execute(_ADD_COUNTS, _columns(changed) | {"counts": written})


def _add_spreads(spreads: Mapping[tuple[Key, int], Counter[int]]) -> None:
    changed = sorted(key for key, numbers in spreads.items() if any(numbers.values()))
    if not changed:
        return
    asked = _columns([key for key, _ in changed]) | {"measure": [measure for _, measure in changed]}
    known = {(tuple(row[:8]), row[8]): row[9] for row in session().execute(_READ_SPREADS, asked)}
    packed = [_added(known.get(key, b""), spreads[key]) for key in changed]
    session().execute(_WRITE_SPREADS, asked | {"buckets": packed})


def _added(packed: bytes, more: Counter[int]) -> bytes:
    numbers = Counter(buckets.unpack(packed))
    numbers.update(more)
    return buckets.pack(numbers)


def _columns(keys: list[Key]) -> dict[str, list[Any]]:
    return {name: list(values) for name, values in zip(_COLUMNS, zip(*keys, strict=True), strict=True)}
