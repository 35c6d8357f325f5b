"""Handle a case again because the reporter says it is not fixed."""

from __future__ import annotations

import notifications
from cases import cases, deadlines
from engine.registry import handler

#: From this reopening on a supervisor says first what must be different.
SUPERVISED_FROM = 2


@handler("reopen_case", transactional=True)
def reopen_case(
    case_id: int, resolve_amount: float, resolve_measure: str, calendar: str, by: str
) -> dict[str, str | int | bool | None]:
    """Reopen under a new promise of the same length; how often it was, and who goes on."""
    case = cases.get(case_id)
    deadline = cases.reopen(case, resolve_amount, resolve_measure, calendar, by=by)
    notifications.send("case_reopened", case, due_at=deadline.due_at)
    return {
        **deadlines.variables([deadline]),
        "reopen_count": case.reopened_count,
        "via_supervisor": case.reopened_count >= SUPERVISED_FROM,
        "verdict": None,
    }
