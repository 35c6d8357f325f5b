"""Tell the reporters what came of their report, and that they may judge it."""

from __future__ import annotations

from datetime import datetime

import notifications
from cases import cases
from engine.registry import handler


@handler("notify_result", transactional=True)
def notify_result(case_id: int, feedback_until: str) -> None:
    """Write to everybody who reported this."""
    notifications.send("result_published", cases.get(case_id), feedback_until=datetime.fromisoformat(feedback_until))
