"""Merge a case into an earlier one about the same matter."""

from __future__ import annotations

import notifications
from cases import cases
from engine.registry import handler
from handlers import answers


@handler("merge_case", transactional=True)
def merge_case(case_id: int, instance_id: int, by: str) -> None:
    """Merge into the case whose code the intake desk gave; the inbox has checked that code.

    Raises: CaseNotFound when that case has ended or was merged into this one in the meantime; nothing happens then.
    """
    case = cases.get(case_id)
    said = answers.latest(instance_id, "intake_check")
    into = cases.merge(case, answers.text(said, "duplicate_of"), by=by)
    notifications.send("case_merged", case, into=into)
