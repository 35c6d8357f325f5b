"""End a case whose report was taken back."""

from __future__ import annotations

from cases import cases
from engine.registry import handler


@handler("withdraw_case", transactional=True)
def withdraw_case(case_id: int, by: str) -> None:
    """End the case as withdrawn."""
    cases.withdraw(cases.get(case_id), by=by)
