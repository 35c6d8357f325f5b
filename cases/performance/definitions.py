"""What each figure is, as data: `definitions.toml` says it in words and in measures, this module only reads and reckons.

A figure is a count, a share of one sum in another, a quantile of durations in minutes, or numbers by age. There is no figure
whose definition stands anywhere else.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from cases.performance.buckets import quantile
from cases.performance.measures import Count, Spread

#: What is reckoned beside the counts: as things stand now, or before the period.
STANDING = ("carried_over", "open_now", "open_no_target_now", "due_soon_now", "overdue_now", "overdue_promises")
#: Working days up to which each age but the last goes.
AGES = (1, 3, 7, 15)
_AGED = tuple(f"{what}_age_{number}" for what in ("open", "overdue") for number in range(len(AGES) + 1))
NAMES = frozenset({*(one.name.lower() for one in Count), *STANDING, *_AGED})


class Kind(StrEnum):
    COUNT = "count"
    SHARE = "share"
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


@cache
def kpis() -> Mapping[str, Kpi]:
    """All figures by code, in the order they are shown."""
    written = tomllib.loads(Path(__file__).with_name("definitions.toml").read_text(encoding="utf-8"))
    return {code: _kpi(code, dict(entry)) for code, entry in written.items()}


def reckon(kpi: Kpi, numbers: Mapping[str, int], spreads: Mapping[int, npt.NDArray[np.int64]]) -> Value:
    """The figure, made of numbers by name and of durations by measure."""
    if kpi.spread is not None and kpi.quantile is not None:
        durations = spreads.get(kpi.spread)
        return Value() if durations is None else Value(int(durations.sum()), quantile(durations, kpi.quantile))
    parts = tuple(_signed(name, numbers) for name in kpi.numerator)
    if kpi.kind == Kind.SHARE:
        n = sum(_signed(name, numbers) for name in kpi.denominator)
        return Value(n, sum(parts) / n if n else None)
    return Value(sum(parts), sum(parts), parts if kpi.kind == Kind.AGES else ())


def _signed(name: str, numbers: Mapping[str, int]) -> int:
    return -numbers[name[1:]] if name.startswith("-") else numbers[name]


def _kpi(code: str, entry: dict[str, Any]) -> Kpi:
    spread = entry.pop("spread", None)
    sums: dict[str, Any] = {name: tuple(entry.pop(name, ())) for name in ("numerator", "denominator")}
    kind = Kind(entry.pop("kind"))
    return Kpi(code=code, kind=kind, spread=Spread[spread.upper()] if spread else None, **sums, **entry)
