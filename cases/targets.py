"""Targets: how long a case may take, by the decision table `targets` of the active process."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from cases import city, routing
from cases import working_time as wt
from cases.models import Category
from engine import clock, definitions, registry
from engine.base import session
from engine.errors import NotFound

#: After how much of the time a promise is shown as due soon, in percent, unless the table says something else.
SOON_PERCENT = 80.0
#: What a process variable says of a date that was never promised (the engine's word for a date that does not come).
NEVER = "never"
#: The process variable with what was promised elsewhere before the case came here; it takes the place of the table's words.
AGREED = "agreed"
KINDS = ("accept", "resolve", "answer")
#: The id of the decision table.
DECISION = "targets"


class CategoryNotFound(NotFound):
    """There is no such category."""


class BadTargets(Exception):
    """A row of the decision table promises something that is no time, or on no calendar; the text lists everything."""


class Urgency(StrEnum):
    """How much time a report leaves, as the intake desk sees it."""

    URGENT = "urgent"
    NORMAL = "normal"
    COMPLEX = "complex"


@dataclass(frozen=True)
class Limit:
    """A time: `amount` of a measure of working time."""

    amount: float
    measure: str


@dataclass(frozen=True)
class Promise:
    """What is promised: until the case is taken on, until there is a result, until the citizen has it once it is approved.

    Counted on a calendar; None where nothing is promised. What is `agreed` was so before the case came here.
    """

    accept: Limit | None
    resolve: Limit | None
    answer: Limit | None
    calendar: str
    priority: int = 50
    soon_percent: float = SOON_PERCENT
    agreed: frozenset[str] = frozenset()


def read(written: Mapping[str, Any]) -> Promise:
    """What a row of the table promises, or was agreed elsewhere. Raises: BadTargets, with everything that is wrong with it."""
    agreed = written.get(AGREED) or {}
    written = {**written, **agreed}
    wrong: list[str] = []
    accept, resolve, answer = (_limit(kind, written, wrong) for kind in KINDS)
    calendar = str(written.get("calendar") or "")
    if calendar not in city.calendar_codes():
        wrong.append(f"calendar: {_shown(calendar)} is none of {', '.join(city.calendar_codes())}")
    soon = _number(written.get("soon_percent"), SOON_PERCENT)
    if soon is None or not 0 < soon < 100:
        wrong.append(f"soon_percent: {_shown(written.get('soon_percent'))} is not between 0 and 100")
    priority = _number(written.get("priority"), 50)
    if priority is None or not 0 <= priority <= 100:
        wrong.append(f"priority: {_shown(written.get('priority'))} is not between 0 and 100")
    if wrong:
        raise BadTargets("; ".join(wrong))
    elsewhere = frozenset(kind for kind in KINDS if f"{kind}_amount" in agreed)
    return Promise(accept, resolve, answer, calendar, int(priority or 0), float(soon or SOON_PERCENT), elsewhere)


def _limit(kind: str, written: Mapping[str, Any], wrong: list[str]) -> Limit | None:
    amount, measure = written.get(f"{kind}_amount"), written.get(f"{kind}_measure")
    if amount is None:
        return None
    number = _number(amount, 0)
    if number is None or number <= 0 or (measure == wt.Measure.WORKING_DAYS and number % 1):
        wrong.append(f"{kind}_amount: {_shown(amount)} is no time; leave it null to promise nothing")
    if measure not in set(wt.Measure):
        wrong.append(f"{kind}_measure: {_shown(measure)} is none of {', '.join(wt.Measure)}")
    return Limit(number or 0, str(measure))


def _shown(value: Any) -> str:
    return f'"{value}"' if isinstance(value, str) else "null" if value is None else f"{value}"


def _number(value: Any, default: float) -> float | None:
    """A finite number; None for what is none."""
    if value is None:
        return default
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if math.isfinite(number) else None


# ------------------------------------------------------------------------------------------------ what will be promised

_promises: dict[tuple[int, str, str | None, str], Promise] = {}


@city.on_forget
def _forget_promises() -> None:
    _promises.clear()


def promise_for(category: Category | str, *, area: str | None = None, urgency: str = Urgency.NORMAL) -> Promise:
    """The promise for a category, or for the category with this code, in an area and for an urgency.

    Raises: CategoryNotFound, DefinitionNotFound, BadTargets.
    """
    if isinstance(category, str):
        category = _category(category)
    definition = definitions.active(category.process_key)
    key = (definition.id, category.code, area, urgency)
    if key not in _promises:
        decision = definitions.process(definition).decisions.get(DECISION)
        _promises[key] = decide(decision, category, area, urgency) if decision else nothing()
    return _promises[key]


def nothing() -> Promise:
    """No target at all, on the city's first calendar: what a process without the table promises."""
    return Promise(None, None, None, city.calendar_codes()[0])


def decide(decision: Any, category: Category, area: str | None, urgency: str) -> Promise:
    """What a table says. Raises: BadTargets, also when no rule of it is for this."""
    place = routing.place_of(area) if area else None
    place_unit = place.unit if place else city.settings().intake_unit
    known = routing.facts(category, area=area, place_unit=place_unit, channel="web")
    answer = decision.evaluate(known | {"unit": place_unit, "urgency": urgency})
    if not isinstance(answer, Mapping):
        raise BadTargets("no rule is for it")
    return read(answer)


def _category(code: str) -> Category:
    category = session().scalar(select(Category).where(Category.code == code))
    if category is None:
        raise CategoryNotFound(code)
    return category


# -------------------------------------------------------------------------------------------------------------- steps


@registry.function("due_within")
def due_within(amount: Any, measure: Any, calendar: Any, latest: Any = None) -> str | None:
    """For the due date of a single step: so much working time from now, at the `latest` then; an ISO moment.

    Null when there is neither an amount nor a latest moment, which may also be "never".

    Each time the step begins it is asked again, so whoever a case is handed on to has the whole time.
    """
    moments = [datetime.fromisoformat(str(latest))] if latest not in (None, NEVER) else []
    if amount is not None:
        moments.append(wt.due(city.calendar(str(calendar)), clock.now(), amount, str(measure)))
    return min(moments).isoformat() if moments else None
