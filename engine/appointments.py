"""Processes that begin at a moment drawn in their diagram: each moment starts one instance, however many clocks there are.

The clock makes a job of a moment that is due and sets the next one, in one transaction; a worker starts the instance.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import select

from engine import clock, entries, instances, jobs, registry
from engine.base import session
from engine.entries import StartEvent
from engine.models import Definition, DefinitionState, Instance

#: Starts that are handed to workers at one look of the clock.
BATCH = 100


def look() -> int:
    """Have workers start what is due; how many instances. What is suspended waits, and then begins once for all it missed."""
    now = clock.now()
    due = (
        select(StartEvent, StartEvent.due_at.label("moment"), Definition.key)
        .join(Definition, Definition.id == StartEvent.definition_id)
        .where(StartEvent.due_at <= now, ~Definition.is_suspended, Definition.state == DefinitionState.ACTIVE)
        .order_by(StartEvent.due_at, StartEvent.id)
        .limit(BATCH)
        .with_for_update(of=StartEvent, skip_locked=True)
    )
    found = list(session().execute(due))
    for row, moment, key in found:
        payload = {"definition": row.definition_id, "element": row.element_id, "due_at": (moment or now).isoformat()}
        jobs.add("start_at_moment", payload, lane=key)
        entries.next_round(row, now)
    session().flush()
    return len(found)


def business_key(key: str, element_id: str, due_at: datetime) -> str:
    """What an instance is called that began at a moment: the same for the same moment, so that it begins once."""
    return f"{key} {element_id} {due_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


@registry.handler("start_at_moment")
def _start(definition: int, element: str, due_at: str) -> None:
    """Start the instance of one moment, unless another version took over meanwhile."""
    version = session().get(Definition, definition)
    if version is None or version.state != DefinitionState.ACTIVE:
        return
    called = business_key(version.key, element, datetime.fromisoformat(due_at))
    if session().scalar(select(Instance.id).where(Instance.business_key == called)) is None:
        instances.start(version.key, {}, business_key=called, by="clock", at=element)
