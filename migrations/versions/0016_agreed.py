"""Promises that were made before a case came here."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("deadline", sa.Column("is_agreed", sa.Boolean(), server_default="false", nullable=False))
    op.alter_column("deadline", "is_agreed", server_default=None)


def downgrade() -> None:
    op.drop_column("deadline", "is_agreed")
