"""Answer a report that is not accepted: the reason, and where to turn instead."""

from __future__ import annotations

import notifications
from cases import cases
from engine.registry import handler
from handlers import answers


@handler("refuse_case", transactional=True)
def refuse_case(case_id: int, instance_id: int, by: str) -> None:
    """Refuse in the intake desk's words."""
    case = cases.get(case_id)
    said = answers.latest(instance_id, "intake_check")
    reason, message = answers.text(said, "refusal_reason"), answers.text(said, "message")
    cases.refuse(case, reason, message, by=by)
    notifications.send("case_refused", case, reason=reason, message=message)
