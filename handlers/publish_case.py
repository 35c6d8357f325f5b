"""Publish a result, or keep it for the reporter; either way the case is resolved."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from cases import cases, publications
from engine.registry import handler
from handlers import answers


@handler("publish_case", transactional=True)
def publish_case(
    case_id: int, instance_id: int, publish: str | None, by: str, at: datetime, feedback_days: int | None = None
) -> dict[str, str]:
    """Publish what was checked, if it is to be public; until when the reporter may judge it.

    `feedback_days` shortens the window; cases taken in from a record have none, nobody is left to ask.
    """
    case = cases.get(case_id)
    if publish != "publish":
        until = publications.resolve_privately(case, by=by)
    else:
        said = answers.latest(instance_id, "publication_check")
        done = answers.latest(instance_id, "resolve")
        result = answers.text(said, "public_text") or answers.text(done, "result_text")
        until = publications.publish(case, answers.text(said, "public_title"), result, photo_ids(said), by=by)
    if feedback_days is not None:
        until = min(until, at + timedelta(days=feedback_days))
    return {"feedback_until": until.isoformat()}


def photo_ids(said: Mapping[str, Any]) -> list[int]:
    """The chosen photos; forms give ids as texts."""
    return [int(photo_id) for photo_id in said.get("photo_ids") or () if str(photo_id).isdecimal()]
