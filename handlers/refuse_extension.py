"""Say that a promise stays as it is."""

from __future__ import annotations

import notifications
from cases import cases, extensions
from engine.registry import handler
from handlers import answers


@handler("refuse_extension", transactional=True)
def refuse_extension(case_id: int, instance_id: int, by: str) -> None:
    """Refuse with the leader's reason, and tell the official."""
    case = cases.get(case_id)
    reason = answers.text(answers.latest(instance_id, "extension"), "reason")
    extensions.refuse(case, reason, by=by)
    notifications.send("extension_refused", case, reason_told=reason)
