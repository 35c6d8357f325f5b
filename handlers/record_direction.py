"""Pass on what a leader has directed about a broken promise."""

from __future__ import annotations

from decimal import Decimal

import notifications
from cases import cases, escalation
from engine.registry import handler
from handlers import answers


@handler("record_direction", transactional=True)
def record_direction(
    case_id: int, instance_id: int, deadline_kind: str, within_working_days: Decimal, by: str
) -> dict[str, str]:
    """Tell whoever holds the case; until when the direction is to have helped."""
    case = cases.get(case_id)
    escalation.direct(case, deadline_kind, by=by)
    said = answers.latest(instance_id, f"escalation_{deadline_kind}")
    until = escalation.working_days_from_now(case, deadline_kind, within_working_days)
    notifications.send(
        "direction_given", case, deadline_kind=deadline_kind, direction=answers.text(said, "action"), due_at=until
    )
    return {"direction_until": until.isoformat()}
