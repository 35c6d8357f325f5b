"""Take a case back from a unit whose leader says that it is not theirs."""

from __future__ import annotations

from cases import cases
from engine.registry import handler
from handlers import answers


@handler("return_case", transactional=True)
def return_case(case_id: int, instance_id: int, by: str) -> dict[str, None]:
    """Return the case with the leader's reason; nobody is assigned any more."""
    said = answers.latest(instance_id, "assign", "reassign")
    cases.return_to_intake(cases.get(case_id), answers.text(said, "reason"), by=by)
    return {"official": None}
