"""Close a case. Runs after every ordinary end, so a case that was refused or merged is closed already."""

from __future__ import annotations

import notifications
from cases import cases
from engine.registry import handler


@handler("close_case", transactional=True)
def close_case(case_id: int, by: str) -> None:
    """Close; the outcome says what the reporter thought of the result."""
    case = cases.get(case_id)
    if case.closed_at is None:
        cases.close(case, by=by)
        notifications.send("case_closed", case)
