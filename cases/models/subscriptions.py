"""Reports of performance that people have sent to them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cases.models.people import Person
from engine.base import Base, UtcDateTime


class ReportSubscription(Base):
    """One person's wish for the figures of a scope (codes; empty is everything), `weekly` or `monthly`, next at `next_at`."""

    __tablename__ = "report_subscription"
    __table_args__ = (
        UniqueConstraint(
            "person_id", "rhythm", "unit", "area", "category", "channel", name="uq_report_subscription_wish"
        ),
        Index("ix_report_subscription_next", "next_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    rhythm: Mapped[str] = mapped_column(Text)
    unit: Mapped[str] = mapped_column(Text, default="")
    area: Mapped[str] = mapped_column(Text, default="")
    category: Mapped[str] = mapped_column(Text, default="")
    channel: Mapped[str] = mapped_column(Text, default="")
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    next_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    person: Mapped[Person] = relationship()
