"""Reports of performance by mail: who wants which, and letters with a file and a way to stop them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "report_subscription",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("rhythm", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("unit", "area", "category", "channel")),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("next_at", MOMENT, nullable=False),
        sa.Column("sent_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_report_subscription_person_id_person", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_report_subscription"),
        sa.UniqueConstraint(
            "person_id", "rhythm", "unit", "area", "category", "channel",
            name="uq_report_subscription_wish",
        ),
    )  # fmt: skip
    op.create_index("ix_report_subscription_next", "report_subscription", ["next_at"])
    op.add_column("message", sa.Column("file_name", sa.Text(), nullable=True))
    op.add_column("message", sa.Column("file", sa.LargeBinary(), nullable=True))
    op.add_column("message", sa.Column("stop_url", sa.Text(), nullable=True))


def downgrade() -> None:
    for name in ("stop_url", "file", "file_name"):
        op.drop_column("message", name)
    op.drop_table("report_subscription")
