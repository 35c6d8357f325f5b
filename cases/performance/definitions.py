"""What each figure is, as data: `definitions.toml` says it in words and in measures, this module only reads and reckons.

A figure is a count, a share of one sum in another, a rate per 1,000 inhabitants, a quantile of durations in minutes, or numbers
by age. There is no figure
whose definition stands anywhere else.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from cases.performance.buckets import added, quantile
from cases.performance.measures import Count, Spread

#: What is reckoned beside the counts: as things stand now, or before the period.
STANDING = ("carried_over", "open_now", "open_no_target_now", "due_soon_now", "overdue_now", "overdue_promises")
#: What is known of the place rather than of cases.
OF_THE_PLACE = ("inhabitants",)
#: Working days up to which each age but the last goes.
AGES = (1, 3, 7, 15)
_AGED = tuple(f"{what}_age_{number}" for what in ("open", "overdue") for number in range(len(AGES) + 1))
#: Of how many inhabitants a rate tells.
PER = 1000
NAMES = frozenset({*(one.name.lower() for one in Count), *STANDING, *OF_THE_PLACE, *_AGED})


class Kind(StrEnum):
    COUNT = "count"
    SHARE = "share"
    RATE = "rate"  # per 1,000 of the denominator
    MINUTES = "minutes"
    AGES = "ages"


@dataclass(frozen=True)
class Kpi:
    """A figure: what it is called, how it is made, and what one has to know to read it."""

    code: str
    kind: Kind
    grain: str
    name_vi: str
    name_en: str
    formula_vi: str
    formula_en: str
    explanation_vi: str
    explanation_en: str
    numerator: tuple[str, ...] = ()
    denominator: tuple[str, ...] = ()
    spread: Spread | None = None
    quantile: float | None = None
    is_official: bool = False  # an indicator of Decision 766

    def __post_init__(self) -> None:
        unknown = {name.removeprefix("-") for name in (*self.numerator, *self.denominator)} - NAMES
        if unknown or bool(self.numerator) == bool(self.spread) or (self.spread is None) != (self.quantile is None):
            raise ValueError(f"figure {self.code}: {', '.join(sorted(unknown)) or 'neither sums nor durations'}")


@dataclass(frozen=True)
class Value:
    """A figure reckoned: `n` is what it rests on; no value where there is nothing to divide or to measure."""

    n: int = 0
    value: float | None = None
    parts: tuple[int, ...] = ()


class Values(Mapping[str, Value]):
    """Every figure by its code, each reckoned when it is first asked for: a page of a hundred lines shows a few of each.

    Made of numbers by name and of durations by measure as they are packed. Raises: LookupError for a duration of a measure,
    or for numbers by age, that were not read.
    """

    def __init__(
        self, numbers: Mapping[str, int], spreads: Mapping[int, bytes], measures: frozenset[Spread], *, is_aged: bool
    ) -> None:
        self._numbers, self._spreads, self._measures, self._is_aged = numbers, spreads, measures, is_aged
        self._known: dict[str, Value] = {}
        self._up_to: dict[int, npt.NDArray[np.int64]] = {}

    def __getitem__(self, code: str) -> Value:
        if code not in self._known:
            self._known[code] = self._reckoned(kpis()[code])
        return self._known[code]

    def __iter__(self) -> Iterator[str]:
        return iter(kpis())

    def __len__(self) -> int:
        return len(kpis())

    def _reckoned(self, kpi: Kpi) -> Value:
        if kpi.spread is not None and kpi.quantile is not None:
            return self._measured(kpi.spread, kpi.quantile)
        if kpi.kind == Kind.AGES and not self._is_aged:
            raise LookupError(f"{kpi.code} was not read for these figures")
        parts = tuple(_signed(name, self._numbers) for name in kpi.numerator)
        if kpi.denominator:
            n = sum(_signed(name, self._numbers) for name in kpi.denominator)
            return Value(n, sum(parts) / n * (PER if kpi.kind == Kind.RATE else 1) if n else None)
        return Value(sum(parts), sum(parts), parts if kpi.kind == Kind.AGES else ())

    def _measured(self, spread: Spread, share: float) -> Value:
        if spread not in self._measures:
            raise LookupError(f"{spread.name} was not read for these figures")
        if spread not in self._spreads:
            return Value()
        if spread not in self._up_to:
            self._up_to[spread] = added(self._spreads[spread]).cumsum()
        return Value(int(self._up_to[spread][-1]), quantile(self._up_to[spread], share))


@cache
def kpis() -> Mapping[str, Kpi]:
    """All figures by code, in the order they are shown."""
    written = tomllib.loads(Path(__file__).with_name("definitions.toml").read_text(encoding="utf-8"))
    return {code: _kpi(code, dict(entry)) for code, entry in written.items()}


def _signed(name: str, numbers: Mapping[str, int]) -> int:
    return -numbers[name[1:]] if name.startswith("-") else numbers[name]


def _kpi(code: str, entry: dict[str, Any]) -> Kpi:
    spread = entry.pop("spread", None)
    sums: dict[str, Any] = {name: tuple(entry.pop(name, ())) for name in ("numerator", "denominator")}
    kind = Kind(entry.pop("kind"))
    return Kpi(code=code, kind=kind, spread=Spread[spread.upper()] if spread else None, **sums, **entry)
