"""Let the promises stand still while another body has to act."""

from __future__ import annotations

from datetime import timedelta

import notifications
from cases import cases, waiting
from engine import clock
from engine.registry import handler
from handlers import answers

#: How long is waited when the form does not say.
USUAL_DAYS = 7


@handler("pause_clock", transactional=True)
def pause_clock(case_id: int, instance_id: int, by: str) -> dict[str, str]:
    """Pause, with what the official wrote into the form `resolve`; until when is waited at the longest."""
    case = cases.get(case_id)
    said = answers.latest(instance_id, "resolve")
    body, reason = answers.text(said, "waiting_for"), answers.text(said, "waiting_reason")
    until = clock.now() + timedelta(days=int(said.get("waiting_days") or USUAL_DAYS))
    waiting.begin(case, body, reason, until, by=by)
    notifications.send("waiting_began", case, body=body, reason_told=reason, due_at=until)
    return {"waiting_until": until.isoformat()}
