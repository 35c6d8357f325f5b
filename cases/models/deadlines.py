"""Promises made to one case."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engine.base import Base, UtcDateTime


class DeadlineKind(StrEnum):
    ACCEPT = "accept"  # until a leader has taken the case on and assigned it
    RESOLVE = "resolve"  # until a result is published
    ANSWER = "answer"  # from a leader's approval until whoever reported has the result


class Deadline(Base):
    """A promise: `amount` of `measure` on `calendar` from `started_at`. Open until met or ended; breached or not."""

    __tablename__ = "deadline"
    __table_args__ = (
        Index("ix_deadline_case_kind", "case_id", "kind", "id"),
        Index("ix_deadline_open_due", "due_at", postgresql_where=text("met_at IS NULL AND ended_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(Text)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    calendar: Mapped[str] = mapped_column(Text)
    amount: Mapped[float]
    measure: Mapped[str] = mapped_column(Text)  # working_hours | working_days | hours
    soon_percent: Mapped[float] = mapped_column(default=80.0)  # due soon once so much of the time is over
    is_agreed: Mapped[bool] = mapped_column(
        default=False
    )  # so before the case came here: no table or calendar moves it
    extended_days: Mapped[int] = mapped_column(default=0)  # working days a leader has added
    extended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    remind_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    met_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    breached_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # fell away: refused, merged, withdrawn, cancelled

    pauses: Mapped[list[DeadlinePause]] = relationship(
        back_populates="deadline", cascade="all, delete-orphan", order_by="DeadlinePause.id"
    )

    @property
    def is_open(self) -> bool:
        return self.met_at is None and self.ended_at is None

    @property
    def is_paused(self) -> bool:
        return bool(self.pauses) and self.pauses[-1].ended_at is None


class DeadlinePause(Base):
    """An interval in which the clock of a promise stood still, and why."""

    __tablename__ = "deadline_pause"

    id: Mapped[int] = mapped_column(primary_key=True)
    deadline_id: Mapped[int] = mapped_column(ForeignKey("deadline.id", ondelete="CASCADE"), index=True)
    reason: Mapped[str] = mapped_column(Text)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    deadline: Mapped[Deadline] = relationship(back_populates="pauses")
