"""Where things happen and what kinds of things are reported."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ForeignKey, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cases.models.people import Unit
from engine.base import Base


class Area(Base):
    """A ward or commune on the map; `unit` is whose leaders are responsible there, `aliases` its former names.

    How many `inhabitants` it has is known or not; from when the numbers are, the city says (`City.inhabitants_as_of`).
    """

    __tablename__ = "area"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(Text, unique=True)
    name_vi: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str] = mapped_column(Text)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    aliases: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    inhabitants: Mapped[int | None]
    polygon: Mapped[dict[str, Any]] = mapped_column(JSONB)  # GeoJSON geometry, WGS84
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]

    unit: Mapped[Unit] = relationship()


class Category(Base):
    """A kind of report; also the Open311 service of the same code."""

    __tablename__ = "category"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(Text, unique=True)
    field: Mapped[str] = mapped_column(Text)
    field_vi: Mapped[str] = mapped_column(Text)
    field_en: Mapped[str] = mapped_column(Text)
    name_vi: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str] = mapped_column(Text)
    process_key: Mapped[str] = mapped_column(Text)
    duplicate_radius_m: Mapped[int] = mapped_column(default=50)
    is_sensitive: Mapped[bool] = mapped_column(default=False)  # only the handling unit sees it, never the public
    danger: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)  # emergency numbers to call first
    keywords: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    position: Mapped[int] = mapped_column(default=0)
    is_active: Mapped[bool] = mapped_column(default=True)
