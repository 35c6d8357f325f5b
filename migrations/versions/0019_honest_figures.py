"""Figures of what makes shares look better than they are: every case is looked at again."""

from __future__ import annotations

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute('INSERT INTO kpi_dirty (case_id) SELECT id FROM "case" ORDER BY id')


def downgrade() -> None:
    pass
