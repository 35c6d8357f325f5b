"""Changes of what deadlines are counted by, and how far they have moved the open ones."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from engine.base import Base, UtcDateTime


class RedatingState(StrEnum):
    PLANNED = "planned"  # looked at
    RUNNING = "running"  # in force, and open deadlines are being moved
    DONE = "done"
    DROPPED = "dropped"


class Redating(Base):
    """One change: of the city's own days (`days`, the whole list), or open deadlines counted again as things stand."""

    __tablename__ = "redating"

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(Text)  # days | calendars | targets
    days: Mapped[list[dict[str, Any]] | None] = mapped_column(JSONB)
    base_id: Mapped[int | None]  # the change of days in force when this was planned
    reason: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text, default=RedatingState.PLANNED, index=True)
    planned_at: Mapped[datetime] = mapped_column(UtcDateTime)
    planned_by: Mapped[str] = mapped_column(Text)
    seen: Mapped[int] = mapped_column(default=0)  # deadlines that would move, when it was planned
    applied_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    applied_by: Mapped[str | None] = mapped_column(Text)
    moved: Mapped[int] = mapped_column(default=0)
    failed: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    through_case_id: Mapped[int] = mapped_column(default=0)  # cases up to here have been gone through
    is_settled: Mapped[bool] = mapped_column(default=False)
