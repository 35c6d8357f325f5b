"""What operators did, and the migrations they had done: kept for ever, never read by the engine when it runs."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engine.base import Base, UtcDateTime
from engine.models import Definition, Instance


class Operation(Base):
    """One act of an operator, written in the transaction of the act; `particulars` says what was before and after."""

    __tablename__ = "operation"
    __table_args__ = (
        Index("ix_operation_instance", "instance_id", "id"),
        Index("ix_operation_definition", "definition_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    instance_id: Mapped[int | None] = mapped_column(ForeignKey("instance.id", ondelete="SET NULL"))
    definition_id: Mapped[int | None] = mapped_column(ForeignKey("definition.id", ondelete="SET NULL"))
    reason: Mapped[str] = mapped_column(Text)
    particulars: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)


class MigrationState(StrEnum):
    RUNNING = "running"
    DONE = "done"
    UNDOING = "undoing"
    UNDONE = "undone"


class ResultState(StrEnum):
    WAITING = "waiting"
    MIGRATED = "migrated"
    REFUSED = "refused"  # it stayed where it was; `problems` says why
    ENDED = "ended"  # it had ended, or was on another version already
    UNDOING = "undoing"
    UNDONE = "undone"
    MOVED_ON = "moved_on"  # not undone: something has happened since


class Migration(Base):
    """A batch: many instances of one process go to another version of it."""

    __tablename__ = "migration"

    id: Mapped[int] = mapped_column(primary_key=True)
    to_definition_id: Mapped[int] = mapped_column(ForeignKey("definition.id"), index=True)
    from_version: Mapped[int | None]
    mapping: Mapped[dict[str, str]] = mapped_column(JSONB, default=dict)
    reason: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text, default=MigrationState.RUNNING)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    started_by: Mapped[str] = mapped_column(Text)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    to_definition: Mapped[Definition] = relationship()


class MigrationResult(Base):
    """What became of one instance in a batch, and the state it had before, to go back to."""

    __tablename__ = "migration_result"
    __table_args__ = (
        UniqueConstraint("migration_id", "instance_id"),
        Index(
            "ix_migration_result_open",
            "migration_id",
            "id",
            postgresql_where=text("state IN ('waiting', 'undoing')"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    migration_id: Mapped[int] = mapped_column(ForeignKey("migration.id", ondelete="CASCADE"))
    instance_id: Mapped[int] = mapped_column(ForeignKey("instance.id", ondelete="CASCADE"), index=True)
    from_definition_id: Mapped[int] = mapped_column(ForeignKey("definition.id"))
    state: Mapped[str] = mapped_column(Text, default=ResultState.WAITING)
    problems: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    previous_state: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    revision: Mapped[int | None]
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    instance: Mapped[Instance] = relationship()
    migration: Mapped[Migration] = relationship()
