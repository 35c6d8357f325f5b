"""Displays on walls, what they show, and the figures other systems hand in for them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engine.base import Base, UtcDateTime


class WallLayout(Base):
    """What a wall shows, under a name: `/wall/<name>` is `/wall?<shown>`."""

    __tablename__ = "wall_layout"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text, unique=True)
    shown: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_by: Mapped[str] = mapped_column(Text)


class Indicator(Base):
    """A figure that comes from elsewhere, as it was handed in last: of the roads, the air, the hospitals."""

    __tablename__ = "indicator"

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    board: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str] = mapped_column(Text)
    value: Mapped[float]
    previous: Mapped[float | None]  # the value before this one
    unit: Mapped[str] = mapped_column(Text)
    target: Mapped[float | None]
    lower_is_better: Mapped[bool]
    source: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    fresh_minutes: Mapped[int]
    changed_by: Mapped[str] = mapped_column(Text)


class Display(Base):
    """A screen that may show figures without anybody signing in, as long as it is not revoked."""

    __tablename__ = "display"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    secret_hash: Mapped[str] = mapped_column(Text, unique=True)
    layout_id: Mapped[int | None] = mapped_column(ForeignKey("wall_layout.id", ondelete="SET NULL"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by: Mapped[str] = mapped_column(Text)
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    layout: Mapped[WallLayout | None] = relationship(passive_deletes=True)
