"""Tell the reporter that the report has arrived, under which code it can be followed, and until when to expect what."""

from __future__ import annotations

import notifications
from cases import cases
from engine.registry import handler


@handler("acknowledge_report", transactional=True)
def acknowledge_report(case_id: int) -> None:
    """Acknowledge the case's report."""
    case = cases.get(case_id)
    cases.acknowledge(case)
    notifications.send("report_acknowledged", case)
