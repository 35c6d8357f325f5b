"""Small indexes for what is old enough to go; a column of jobs nobody uses."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0006"
branch_labels = None
depends_on = None

PLAIN, FRUITLESS = sa.text("outcome IN ('done', 'set_aside')"), sa.text("outcome IN ('failed', 'lost')")
ALONE = sa.text("instance_id IS NULL AND state IN ('done', 'cancelled')")


def upgrade() -> None:
    op.create_index("ix_attempt_plain", "attempt", ["ended_at"], postgresql_where=PLAIN)
    op.create_index("ix_attempt_fruitless", "attempt", ["ended_at"], postgresql_where=FRUITLESS)
    op.create_index("ix_job_alone", "job", ["ended_at"], postgresql_where=ALONE)
    op.create_index("ix_incident_job_id", "incident", ["job_id"])
    op.drop_column("job", "queued_at")


def downgrade() -> None:
    op.add_column("job", sa.Column("queued_at", sa.DateTime(timezone=True), nullable=True))
    op.drop_index("ix_incident_job_id", "incident")
    op.drop_index("ix_job_alone", "job")
    op.drop_index("ix_attempt_fruitless", "attempt")
    op.drop_index("ix_attempt_plain", "attempt")
