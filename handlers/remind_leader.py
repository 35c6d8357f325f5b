"""Remind a leader of a broken promise nobody has said anything about yet."""

from __future__ import annotations

from decimal import Decimal

import notifications
from cases import cases, escalation
from engine.registry import handler


@handler("remind_leader", transactional=True)
def remind_leader(
    case_id: int, deadline_kind: str, escalation_group: str, every_working_days: Decimal, by: str
) -> dict[str, str]:
    """Remind; when the next reminder comes."""
    case = cases.get(case_id)
    escalation.remind(case, deadline_kind, escalation_group, by=by)
    due_at = escalation.promised_until(case, deadline_kind)
    notifications.send(
        "leader_reminder", case, deadline_kind=deadline_kind, due_at=due_at, escalation_group=escalation_group
    )
    again_at = escalation.working_days_from_now(case, deadline_kind, every_working_days)
    return {"escalation_remind_at": again_at.isoformat()}
