"""End a case the city drops, for example a test."""

from __future__ import annotations

from cases import cases
from engine.registry import handler


@handler("cancel_case", transactional=True)
def cancel_case(case_id: int, by: str) -> None:
    """End the case as cancelled."""
    cases.cancel(cases.get(case_id), by=by)
