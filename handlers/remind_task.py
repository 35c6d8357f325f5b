"""Remind whoever has to act that a promise comes due."""

from __future__ import annotations

import notifications
from cases import cases
from engine.registry import handler


@handler("remind_task", transactional=True)
def remind_task(case_id: int, deadline_kind: str, reminder: str | None, by: str) -> None:
    """Remind of the deadline of this kind ("accept" or "resolve"), if it is still open; `reminder` is "half" or "soon"."""
    case = cases.get(case_id)
    which = reminder or "soon"
    for deadline in cases.remind(case, deadline_kind, which, by=by):
        notifications.send(
            "deadline_reminder", case, deadline_kind=deadline_kind, due_at=deadline.due_at, reminder=which
        )
