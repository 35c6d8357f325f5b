"""Jobs: attempts counted when they begin, lanes that take turns, rates of handlers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0003"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
WAITING, RUNNING = sa.text("state = 'waiting'"), sa.text("state = 'running'")
NEW = ("retry", "time_limit_s", "attempt_id", "seen_at", "place_at")


def upgrade() -> None:
    op.add_column("job", sa.Column("lane", sa.Text(), nullable=False, server_default=""))
    op.add_column("job", sa.Column("retry", sa.Text(), nullable=True))
    op.add_column("job", sa.Column("time_limit_s", sa.Integer(), nullable=True))
    op.add_column("job", sa.Column("attempt_id", sa.BigInteger(), nullable=True))
    op.add_column("job", sa.Column("seen_at", MOMENT, nullable=True))
    op.add_column("job", sa.Column("place_at", MOMENT, nullable=True))
    op.execute(
        "UPDATE job SET lane = coalesce((SELECT definition.key FROM instance JOIN definition"
        " ON definition.id = instance.definition_id WHERE instance.id = job.instance_id), topic)"
    )
    op.create_index("ix_job_lane", "job", ["lane", "run_after", "id"], postgresql_where=WAITING)
    op.create_index("ix_job_running", "job", ["seen_at"], postgresql_where=RUNNING)
    op.create_index("ix_job_stopped", "job", ["lane"], postgresql_where=sa.text("state IN ('held', 'failed')"))
    op.create_table(
        "attempt",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("lane", sa.Text(), nullable=False),
        sa.Column("worker", sa.Text(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("began_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_attempt_job_id_job"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
    )
    op.create_index("ix_attempt_job_id", "attempt", ["job_id"])
    op.create_index("ix_attempt_lane", "attempt", ["lane", "id"])
    op.create_index("ix_attempt_began_at", "attempt", ["began_at"])
    op.create_table(
        "pace",
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("begun", postgresql.ARRAY(MOMENT), nullable=False),
        sa.Column("next_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("topic", name=op.f("pk_pace")),
    )


def downgrade() -> None:
    op.drop_table("pace")
    op.drop_table("attempt")
    op.drop_index("ix_job_stopped", "job")
    op.drop_index("ix_job_running", "job")
    op.drop_index("ix_job_lane", "job")
    op.execute("UPDATE job SET state = 'waiting' WHERE state = 'running'")
    for name in ("lane", *NEW):
        op.drop_column("job", name)
