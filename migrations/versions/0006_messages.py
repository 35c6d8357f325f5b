"""Messages that came: kept until somebody waits for them, and known again when they come twice."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "received_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("correlation_key", sa.Text(), nullable=False),
        sa.Column("payload", postgresql.JSONB(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("received_by", sa.Text(), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("forget_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_received_message")),
        sa.UniqueConstraint("message_id", name=op.f("uq_received_message_message_id")),
    )
    waiting = sa.text("state = 'waiting'")
    op.create_index(
        "ix_received_message_waiting", "received_message", ["name", "correlation_key"], postgresql_where=waiting
    )
    op.create_index("ix_received_message_expires", "received_message", ["expires_at"], postgresql_where=waiting)
    op.create_index("ix_received_message_forget", "received_message", ["forget_at"])


def downgrade() -> None:
    op.drop_table("received_message")
