"""Write down that a promise was broken, and tell the next level."""

from __future__ import annotations

import notifications
from cases import cases
from engine.registry import handler


@handler("record_breach", transactional=True)
def record_breach(case_id: int, deadline_kind: str, escalation_group: str | None, by: str) -> None:
    """Record the breach of the deadline of this kind ("accept" or "resolve"), once."""
    case = cases.get(case_id)
    for deadline in cases.breach(case, deadline_kind, by=by):
        notifications.send(
            "deadline_escalated",
            case,
            deadline_kind=deadline_kind,
            due_at=deadline.due_at,
            escalation_group=escalation_group,
        )
