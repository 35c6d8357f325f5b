"""Turn targets into promised moments, and the unit into the groups of people who get the tasks."""

from __future__ import annotations

from typing import Any

from cases import cases, promises, routing, targets
from engine.registry import handler


@handler("promise_deadlines", transactional=True)
def promise_deadlines(
    case_id: int, unit: str | None, place_unit: str, intake_unit: str, variables: dict[str, Any]
) -> dict[str, str]:
    """Hand the case to its unit and promise; the moments and groups the diagram goes on with.

    Raises: BadTargets when the decision table gave something that cannot be promised.
    """
    case = cases.get(case_id)
    asked_for = unit or place_unit
    desk = routing.desk_of(asked_for, place_unit=place_unit, intake_unit=intake_unit)
    promised = targets.read(variables)
    cases.route(case, desk, asked_for=asked_for)
    return {**promises.make(case, promised), **desk.variables()}
