"""How many people live in each area."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("area", sa.Column("inhabitants", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("area", "inhabitants")
