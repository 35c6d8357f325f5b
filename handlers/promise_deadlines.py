"""Turn targets into promised moments, and the unit into the groups of people who get the tasks."""

from __future__ import annotations

from cases import cases, deadlines, routing
from cases.targets import Promise
from engine.registry import handler


@handler("promise_deadlines", transactional=True)
def promise_deadlines(
    case_id: int,
    unit: str | None,
    place_unit: str,
    intake_unit: str,
    accept_amount: float,
    accept_measure: str,
    resolve_amount: float,
    resolve_measure: str,
    calendar: str,
    priority: int | None,
) -> dict[str, str]:
    """Hand the case to its unit and promise; the moments and groups the diagram goes on with."""
    case = cases.get(case_id)
    asked_for = unit or place_unit
    desk = routing.desk_of(asked_for, place_unit=place_unit, intake_unit=intake_unit)
    targets = Promise(accept_amount, accept_measure, resolve_amount, resolve_measure, calendar, priority or 50)
    promised = cases.promise(case, desk, targets, asked_for=asked_for)
    return {**deadlines.variables(promised), **desk.variables()}
