"""Write down that a promise was broken."""

from __future__ import annotations

from cases import cases
from engine.registry import handler


@handler("record_breach", transactional=True)
def record_breach(case_id: int, deadline_kind: str, by: str) -> dict[str, int]:
    """Record the breach of the deadline of this kind ("accept" or "resolve"), once; no leader has been asked yet."""
    cases.breach(cases.get(case_id), deadline_kind, by=by)
    return {"escalation_level": 0}
