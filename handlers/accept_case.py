"""Take a case on for a unit: the one it was routed to, or another one chosen by the intake desk."""

from __future__ import annotations

from cases import cases, routing
from engine.registry import handler


@handler("accept_case", transactional=True)
def accept_case(case_id: int, unit: str | None, place_unit: str, intake_unit: str, by: str) -> dict[str, str]:
    """Accept; the groups of the unit the case is with now. Without a unit it stays where it is."""
    case = cases.get(case_id)
    asked_for = unit or (case.unit.code if case.unit else place_unit)
    desk = routing.desk_of(asked_for, place_unit=place_unit, intake_unit=intake_unit)
    cases.accept(case, desk, asked_for=asked_for, by=by)
    return desk.variables()
