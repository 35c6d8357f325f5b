"""Promise when whoever reported something will have the result a leader has approved."""

from __future__ import annotations

from typing import Any

from cases import cases, promises, targets
from engine.registry import handler


@handler("promise_answer", transactional=True)
def promise_answer(case_id: int, variables: dict[str, Any]) -> dict[str, str]:
    """Promise as the decision table said; the moments the diagram waits for."""
    return promises.answer(cases.get(case_id), targets.read(variables))
