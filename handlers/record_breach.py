"""Write down that a promise was broken."""

from __future__ import annotations

from cases import cases
from cases.models.deadlines import DeadlineKind
from engine.registry import handler


@handler("record_breach", transactional=True)
def record_breach(case_id: int, deadline_kind: str, by: str) -> dict[str, int]:
    """Record the breach of the deadline of this kind ("accept", "resolve" or "answer"), once.

    No leader has been asked yet; a late answer is brought before no leader, as long as the case as a whole is not late.
    """
    cases.breach(cases.get(case_id), deadline_kind, by=by)
    return {} if deadline_kind == DeadlineKind.ANSWER else {"escalation_level": 0}
