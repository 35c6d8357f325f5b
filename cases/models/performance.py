"""What the figures of performance are kept in: what each case contributes, and the sums of it by day and dimension.

Everything here can be made again from the other rows: `cases.performance.folding`.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Index, Integer, LargeBinary, SmallInteger, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from engine.base import Base, UtcDateTime


class _Key:
    """Which sum: `cube` says which dimensions count, the others are 0 or empty; `block` is the day divided by `grain`."""

    cube: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    grain: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    block: Mapped[int] = mapped_column(Integer, primary_key=True)
    unit_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    area_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    category_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    channel: Mapped[str] = mapped_column(Text, primary_key=True)
    official: Mapped[str] = mapped_column(Text, primary_key=True)


class KpiCell(_Key, Base):
    """What was counted, one number for each of `measures.Count`."""

    __tablename__ = "kpi_cell"

    counts: Mapped[list[int]] = mapped_column(ARRAY(Integer))


class KpiSpread(_Key, Base):
    """How long something took, as packed pairs of bucket and number (`buckets`)."""

    __tablename__ = "kpi_spread"

    measure: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    buckets: Mapped[bytes] = mapped_column(LargeBinary)


class KpiCase(Base):
    """What a case contributes now; of an open one also when its nearest promise is due."""

    __tablename__ = "kpi_case"
    __table_args__ = tuple(
        Index(f"ix_kpi_case_{column}", column, postgresql_where=text(f"{column} IS NOT NULL"))
        for column in ("remind_at", "due_at", "resolve_due_at")
    )

    case_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    unit_id: Mapped[int]
    area_id: Mapped[int]
    category_id: Mapped[int]
    channel: Mapped[str] = mapped_column(Text)
    official: Mapped[str] = mapped_column(Text)
    parts: Mapped[bytes] = mapped_column(LargeBinary)
    remind_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    resolve_due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class KpiUsual(Base):
    """How long cases of a category take in an area (0: anywhere), as a packed curve (`survival`)."""

    __tablename__ = "kpi_usual"

    category_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    area_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    results: Mapped[int]
    curve: Mapped[bytes] = mapped_column(LargeBinary)


class KpiDirty(Base):
    """A case to look at again; only ever added and taken away, so that nobody who changes a case waits here."""

    __tablename__ = "kpi_dirty"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    case_id: Mapped[int]
