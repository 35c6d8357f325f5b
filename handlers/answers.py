"""What people wrote into the forms of an instance: the long texts that are not process variables."""

from __future__ import annotations

from typing import Any

from sqlalchemy import or_, select

from engine.base import session
from engine.models import TaskState, UserTask


def latest(instance_id: int, *names: str) -> dict[str, Any]:
    """The answers of the task completed last among those with one of these element ids or form keys."""
    query = (
        select(UserTask.answers)
        .where(UserTask.instance_id == instance_id, UserTask.state == TaskState.COMPLETED)
        .where(or_(UserTask.element_id.in_(names), UserTask.form_key.in_(names)))
        .order_by(UserTask.ended_at.desc(), UserTask.id.desc())
        .limit(1)
    )
    return dict(session().scalar(query) or {})


def text(answers: dict[str, Any], name: str) -> str:
    """A written answer, empty when it was left out."""
    return str(answers.get(name) or "").strip()
