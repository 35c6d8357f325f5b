"""Targets: how long a case of a category may take, by the decision table `targets` of the active process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from cases import city, routing
from cases.models import Category
from engine import definitions
from engine.base import session
from engine.errors import NotFound


class CategoryNotFound(NotFound):
    """There is no such category."""


@dataclass(frozen=True)
class Promise:
    """What is promised for a category: two limits, counted on a calendar. Measures are those of working time."""

    accept_amount: float
    accept_measure: str
    resolve_amount: float
    resolve_measure: str
    calendar: str
    priority: int = 50


_promises: dict[tuple[int, str], Promise] = {}


@city.on_forget
def _forget_promises() -> None:
    _promises.clear()


def promise_for(category: Category | str) -> Promise:
    """The promise for a category, or for the category with this code. Raises: CategoryNotFound, DefinitionNotFound."""
    if isinstance(category, str):
        category = _category(category)
    definition = definitions.active(category.process_key)
    key = (definition.id, category.code)
    if key not in _promises:
        _promises[key] = _decide(definitions.process(definition).decisions["targets"], category)
    return _promises[key]


def _category(code: str) -> Category:
    category = session().scalar(select(Category).where(Category.code == code))
    if category is None:
        raise CategoryNotFound(code)
    return category


def _decide(decision: Any, category: Category) -> Promise:
    intake_unit = city.settings().intake_unit
    variables = routing.facts(category, area=None, place_unit=intake_unit, channel="web") | {"unit": intake_unit}
    answer: Mapping[str, Any] = decision.evaluate(variables)
    return Promise(
        accept_amount=float(answer["accept_amount"]),
        accept_measure=str(answer["accept_measure"]),
        resolve_amount=float(answer["resolve_amount"]),
        resolve_measure=str(answer["resolve_measure"]),
        calendar=str(answer["calendar"]),
        priority=int(answer.get("priority") or 50),
    )
