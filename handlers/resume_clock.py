"""Let the promises go on after the reporter has answered, or has not."""

from __future__ import annotations

from cases import cases, deadlines
from engine.registry import handler


@handler("resume_clock", transactional=True)
def resume_clock(case_id: int, by: str) -> dict[str, str]:
    """Resume; the moments the diagram's timers wait for from now on."""
    return deadlines.variables(cases.resume(cases.get(case_id), is_answered=by != "clock", by=by))
