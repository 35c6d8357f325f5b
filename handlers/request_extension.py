"""Tell the leaders that more time is asked for."""

from __future__ import annotations

import notifications
from cases import cases, extensions
from engine.registry import handler


@handler("request_extension", transactional=True)
def request_extension(case_id: int) -> None:
    """Write to the leaders of the unit, with the reason."""
    case = cases.get(case_id)
    asked = extensions.pending(case)
    if asked is not None:
        notifications.send("extension_asked", case, days=asked.days, reason_told=asked.reason, due_at=asked.until)
