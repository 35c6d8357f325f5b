"""How active versions may begin by themselves, as rows: at a moment, or by a message.

They are written when a version is activated and go when another one is, so that neither the clock nor a message has to
read diagrams.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Text, delete, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from engine import clock
from engine.base import Base, UtcDateTime, session
from engine.models import Definition
from engine.spiff import Entry
from engine.spiff.intervals import Cycle


class StartEvent(Base):
    """A start event of the main process of an active version. `cycle` says which moments are to come, `due_at` the next."""

    __tablename__ = "start_event"
    __table_args__ = (
        Index("ix_start_event_due_at", "due_at"),
        Index("ix_start_event_message_name", "message_name"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    definition_id: Mapped[int] = mapped_column(ForeignKey("definition.id", ondelete="CASCADE"), index=True)
    element_id: Mapped[str] = mapped_column(Text)
    message_name: Mapped[str | None] = mapped_column(Text)
    cycle: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    every_one: Mapped[bool] = mapped_column(default=False)  # moments that were missed are caught up one by one
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


def appoint(definition: Definition, entries: Iterable[Entry]) -> None:
    """Let a version that has just become the active one begin by its start events, and no other version of its key.

    A moment that has passed by then starts nothing.
    """
    theirs = select(Definition.id).where(Definition.key == definition.key)
    session().execute(delete(StartEvent).where(StartEvent.definition_id.in_(theirs)))
    for entry in entries:
        row = StartEvent(definition_id=definition.id, element_id=entry.element_id, message_name=entry.message)
        if entry.time is None or _set(row, entry.first(clock.now())):
            row.every_one = entry.every_one
            session().add(row)
    session().flush()


def next_round(row: StartEvent, now: datetime) -> None:
    """Set a start event that is due to the next moment after `now`, or take it away after its last one."""
    cycle = Cycle.load(row.cycle or {})
    if not _set(row, cycle.step() if row.every_one else cycle.past(now)):
        session().delete(row)


def _set(row: StartEvent, cycle: Cycle) -> bool:
    if not cycle.left:
        return False
    row.cycle, row.due_at = cycle.dump(), cycle.next
    return True
