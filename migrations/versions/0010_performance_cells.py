"""Sums of performance by day and dimension. Every case there is, is to be looked at once."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

NUMBERS = ("unit_id", "area_id", "category_id")
WORDS = ("channel", "official")
MOMENTS = ("remind_at", "due_at", "resolve_due_at")


def upgrade() -> None:
    key = ("cube", "grain", "block", *NUMBERS, *WORDS)
    op.create_table(
        "kpi_cell",
        *_key(),
        sa.Column("counts", postgresql.ARRAY(sa.Integer()), nullable=False),
        sa.PrimaryKeyConstraint(*key, name=op.f("pk_kpi_cell")),
    )
    op.create_table(
        "kpi_spread",
        *_key(),
        sa.Column("measure", sa.SmallInteger(), nullable=False),
        sa.Column("buckets", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint(*key, "measure", name=op.f("pk_kpi_spread")),
    )
    op.create_table(
        "kpi_case",
        sa.Column("case_id", sa.Integer(), autoincrement=False, nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in NUMBERS),
        *(sa.Column(name, sa.Text(), nullable=False) for name in WORDS),
        sa.Column("parts", sa.LargeBinary(), nullable=False),
        *(sa.Column(name, sa.DateTime(timezone=True), nullable=True) for name in MOMENTS),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_kpi_case")),
    )
    for name in MOMENTS:
        op.create_index(f"ix_kpi_case_{name}", "kpi_case", [name], postgresql_where=sa.text(f"{name} IS NOT NULL"))
    op.create_table(
        "kpi_dirty",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kpi_dirty")),
    )
    op.execute('INSERT INTO kpi_dirty (case_id) SELECT id FROM "case" ORDER BY id')


def _key() -> list[sa.Column[Any]]:
    return [
        sa.Column("cube", sa.SmallInteger(), nullable=False),
        sa.Column("grain", sa.SmallInteger(), nullable=False),
        sa.Column("block", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in NUMBERS),
        *(sa.Column(name, sa.Text(), nullable=False) for name in WORDS),
    ]


def downgrade() -> None:
    for table in ("kpi_dirty", "kpi_case", "kpi_spread", "kpi_cell"):
        op.drop_table(table)
