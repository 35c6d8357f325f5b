"""Give the promise to resolve the time a leader has granted."""

from __future__ import annotations

import notifications
from cases import cases, deadlines, extensions
from engine.registry import handler


@handler("extend_deadline", transactional=True)
def extend_deadline(case_id: int, by: str) -> dict[str, str]:
    """Extend as asked, and tell the official and the reporter; the moments the timers wait for from now on.

    Nothing when the promise has passed meanwhile: then it is too late.
    """
    case = cases.get(case_id)
    extended = extensions.grant(case, by=by)
    if extended is None:
        notifications.send("extension_refused", case, reason_told="")
        return {}
    deadline, reason = extended
    notifications.send("extension_granted", case, due_at=deadline.due_at)
    notifications.send("deadline_moved", case, due_at=deadline.due_at, reason_told=reason)
    return deadlines.variables([deadline])
