"""Promises may be extended once by working days."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("deadline", sa.Column("extended_days", sa.Integer(), nullable=False, server_default="0"))
    op.alter_column("deadline", "extended_days", server_default=None)


def downgrade() -> None:
    op.drop_column("deadline", "extended_days")
