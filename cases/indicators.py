"""Figures that come from elsewhere, for the walls: of the roads, the air, the hospitals. The last value of each, and the one before."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from cases.models import Indicator
from engine import clock
from engine.base import session
from engine.errors import Invalid, NotFound, Problem

#: The boards of the wall they stand on.
BOARDS = ("traffic", "environment", "health", "education", "economy", "internet")
CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_CODE, LONGEST_NAME, LONGEST_UNIT, LONGEST_SOURCE = 40, 80, 20, 100
#: For how long a value counts as fresh unless said, and at most.
FRESH, LONGEST_FRESH = 24 * 60, 366 * 24 * 60
#: How far ahead of ours the clocks of others may be.
AHEAD = timedelta(minutes=5)


class IndicatorNotFound(NotFound):
    """There is no such indicator."""


@dataclass(frozen=True)
class Reading:
    """A value as it is handed in. Without a moment it is of now."""

    board: str
    name: str
    value: float
    name_en: str = ""
    unit: str = ""
    target: float | None = None
    lower_is_better: bool = False
    source: str = ""
    at: datetime | None = None
    fresh_minutes: int = FRESH


def every(board: str | None = None) -> Sequence[Indicator]:
    """All of them, or those of a board."""
    query = select(Indicator).order_by(Indicator.board, Indicator.name, Indicator.code)
    return session().scalars(query if board is None else query.where(Indicator.board == board)).all()


def get(code: str) -> Indicator:
    """One by its code. Raises: IndicatorNotFound."""
    found = session().get(Indicator, code)
    if found is None:
        raise IndicatorNotFound(code)
    return found


def hand_in(code: str, reading: Reading, *, by: str) -> Indicator:
    """Keep the newest value of an indicator, which is made when there is none; one that is older than the kept is not taken.

    Raises: Invalid with everything that is wrong.
    """
    at = reading.at or clock.now()
    problems = _problems(code, reading, at)
    if problems:
        raise Invalid(problems)
    row = session().get(Indicator, code, with_for_update=True)
    if row is not None and at < row.at:
        raise Invalid([Problem("at", "older_than_known")])
    if row is None:
        row = Indicator(code=code, previous=None)
    elif row.at < at:
        row.previous = row.value
    row.board, row.name, row.name_en, row.value = reading.board, reading.name, reading.name_en, reading.value
    row.unit, row.target, row.lower_is_better = reading.unit, reading.target, reading.lower_is_better
    row.source, row.at, row.fresh_minutes, row.changed_by = reading.source, at, reading.fresh_minutes, by
    session().add(row)
    session().flush()
    return row


def remove(code: str) -> None:
    """Forget one. Raises: IndicatorNotFound."""
    session().delete(get(code))
    session().flush()


def is_fresh(indicator: Indicator) -> bool:
    """Whether its value still stands for now."""
    return clock.now() - indicator.at <= timedelta(minutes=indicator.fresh_minutes)


def is_good(indicator: Indicator) -> bool | None:
    """Whether the target is reached; None without one."""
    if indicator.target is None:
        return None
    return indicator.value <= indicator.target if indicator.lower_is_better else indicator.value >= indicator.target


def _problems(code: str, reading: Reading, at: datetime) -> list[Problem]:
    found: list[Problem] = []
    if len(code) > LONGEST_CODE or not CODE.fullmatch(code):
        found.append(Problem("code", "not_a_slug"))
    if reading.board not in BOARDS:
        found.append(Problem("board", "not_an_option"))
    if not reading.name:
        found.append(Problem("name", "required"))
    lengths = {"name": LONGEST_NAME, "name_en": LONGEST_NAME, "unit": LONGEST_UNIT, "source": LONGEST_SOURCE}
    found += [
        Problem(field, "too_long", {"max": most})
        for field, most in lengths.items()
        if len(getattr(reading, field)) > most
    ]
    found += [
        Problem(field, "not_a_number")
        for field in ("value", "target")
        if (number := getattr(reading, field)) is not None and not math.isfinite(number)
    ]
    if at > clock.now() + AHEAD:
        found.append(Problem("at", "in_future"))
    if not 1 <= reading.fresh_minutes <= LONGEST_FRESH:
        found.append(Problem("fresh_minutes", "out_of_range", {"min": 1, "max": LONGEST_FRESH}))
    return found
