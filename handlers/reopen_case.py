"""Handle a case again because the reporter says it is not fixed."""

from __future__ import annotations

from typing import Any

import notifications
from cases import cases, deadlines, promises, targets
from cases.models.deadlines import DeadlineKind
from engine.registry import handler

#: From this reopening on a supervisor says first what must be different.
SUPERVISED_FROM = 2


@handler("reopen_case", transactional=True)
def reopen_case(case_id: int, variables: dict[str, Any], by: str) -> dict[str, str | int | bool | None]:
    """Reopen under a new promise of the same length; how often it was, and who goes on."""
    case = cases.get(case_id)
    cases.reopen(case, by=by)
    moments = promises.again(case, targets.read(variables))
    promise = deadlines.latest(case, DeadlineKind.RESOLVE)
    notifications.send("case_reopened", case, due_at=promise.due_at if promise and promise.is_open else None)
    return {
        **moments,
        "reopen_count": case.reopened_count,
        "via_supervisor": case.reopened_count >= SUPERVISED_FROM,
        "verdict": None,
    }
