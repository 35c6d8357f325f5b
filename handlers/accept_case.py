"""Take a case on for a unit: the one it was routed to, or another one chosen by the intake desk."""

from __future__ import annotations

from typing import Any

import notifications
from cases import cases, deadlines, promises, routing, targets
from cases.models.deadlines import DeadlineKind
from engine.registry import handler


@handler("accept_case", transactional=True)
def accept_case(
    case_id: int,
    unit: str | None,
    place_unit: str,
    intake_unit: str,
    urgency: str | None,
    variables: dict[str, Any],
    by: str,
) -> dict[str, str]:
    """Accept; the groups of the unit the case is with now, and the moments of promises that changed with what it is.

    Without a unit it stays where it is. Whoever reported it is told when the result is promised for another moment.
    Raises: BadTargets when the decision table gave something that cannot be promised.
    """
    case = cases.get(case_id)
    asked_for = unit or (case.unit.code if case.unit else place_unit)
    desk = routing.desk_of(asked_for, place_unit=place_unit, intake_unit=intake_unit)
    cases.accept(case, desk, asked_for=asked_for, by=by)
    promised = targets.read(variables)
    moments = promises.revise(case, promised, urgency=urgency or targets.Urgency.NORMAL, by=by)
    if f"{DeadlineKind.RESOLVE}_due_at" in moments:
        promise = deadlines.latest(case, DeadlineKind.RESOLVE)
        notifications.send("deadline_changed", case, due_at=promise.due_at if promise and promise.is_open else None)
    return {**desk.variables(), **moments}
