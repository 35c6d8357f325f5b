"""Write down that a promise was broken, and tell the next level."""

from __future__ import annotations

import notifications
from cases import cases
from engine.registry import handler


@handler("record_breach", transactional=True)
def record_breach(case_id: int, deadline_kind: str, escalation_group: str | None, by: str) -> dict[str, bool]:
    """Record the breach of the deadline of this kind ("accept" or "resolve"); whether it is news, for it is told once."""
    case = cases.get(case_id)
    passed = cases.breach(case, deadline_kind, by=by)
    for deadline in passed:
        notifications.send(
            "deadline_escalated",
            case,
            deadline_kind=deadline_kind,
            due_at=deadline.due_at,
            escalation_group=escalation_group,
        )
    return {"is_newly_breached": bool(passed)}
