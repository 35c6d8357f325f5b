"""The English name of a task, where its diagram says one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("user_task", sa.Column("name_en", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("user_task", "name_en")
