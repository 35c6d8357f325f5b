"""Give a case to the official its leader chose, and tell that official."""

from __future__ import annotations

import notifications
from cases import cases
from engine.registry import handler


@handler("assign_official", transactional=True)
def assign_official(case_id: int, official: str | None, by: str) -> dict[str, str | None]:
    """Assign; an official who is not there (any more) is nobody, and the whole unit is offered the task."""
    case = cases.get(case_id)
    assigned = cases.assign_official(case, official, by=by)
    if assigned is not None:
        notifications.send("task_assigned", case, official=assigned)
    return {"official": assigned}
