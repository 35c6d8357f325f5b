"""What was published of each day."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from engine.base import Base, UtcDateTime


class OpenDataRoot(Base):
    """The root of the file of a day, linked to the day before; never changed."""

    __tablename__ = "open_data_root"

    day: Mapped[date] = mapped_column(primary_key=True)
    root: Mapped[str] = mapped_column(Text)
    previous: Mapped[str] = mapped_column(Text)  # the link of the file before; empty for the first
    link: Mapped[str] = mapped_column(Text)
    rows: Mapped[int]
    as_of: Mapped[datetime] = mapped_column(UtcDateTime)
    files: Mapped[dict[str, Any]] = mapped_column(JSONB)  # sha256 and bytes by name
