"""Messages that came from outside, as rows."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from engine.base import Base, UtcDateTime


class MessageState(StrEnum):
    TAKEN = "taken"  # by an instance that waited for it, or one it started
    WAITING = "waiting"  # it came too early and is kept for a while
    EXPIRED = "expired"  # nobody wanted it in time


class ReceivedMessage(Base):
    """A message from outside that may come twice, or too early. `message_id` tells it from all others while it is known."""

    __tablename__ = "received_message"
    __table_args__ = (
        Index("ix_received_message_waiting", "name", "correlation_key", postgresql_where=text("state = 'waiting'")),
        Index("ix_received_message_expires", "expires_at", postgresql_where=text("state = 'waiting'")),
        Index("ix_received_message_forget", "forget_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[str | None] = mapped_column(Text, unique=True)
    name: Mapped[str] = mapped_column(Text)
    correlation_key: Mapped[str] = mapped_column(Text)
    payload: Mapped[dict[str, Any]] = mapped_column(JSONB)
    state: Mapped[str] = mapped_column(Text)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    received_by: Mapped[str] = mapped_column(Text)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    forget_at: Mapped[datetime] = mapped_column(UtcDateTime)
