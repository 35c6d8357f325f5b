"""How long cases usually take, and an index to find those that ended lately or have not ended."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "kpi_usual",
        sa.Column("category_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("area_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("results", sa.Integer(), nullable=False),
        sa.Column("curve", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("category_id", "area_id", name="pk_kpi_usual"),
    )
    op.create_index("ix_case_ended", "case", [sa.text("coalesce(resolved_at, closed_at)")])


def downgrade() -> None:
    op.drop_index("ix_case_ended", "case")
    op.drop_table("kpi_usual")
