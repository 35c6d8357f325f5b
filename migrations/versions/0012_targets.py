"""How urgent a case is, from when a promise is due soon, and when it was extended."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

#: Extensions granted before the moment had a column of its own are told by their events.
EXTENDED = """
    UPDATE deadline SET extended_at = said.at FROM (
        SELECT CAST(particulars ->> 'deadline_id' AS bigint) AS deadline_id, max(at) AS at
        FROM event WHERE name = 'extension_granted' GROUP BY 1
    ) AS said WHERE said.deadline_id = deadline.id AND deadline.extended_days > 0
"""


def upgrade() -> None:
    op.add_column("case", sa.Column("urgency", sa.Text(), nullable=False, server_default="normal"))
    op.alter_column("case", "urgency", server_default=None)
    op.add_column("deadline", sa.Column("soon_percent", sa.Float(), nullable=False, server_default="80"))
    op.alter_column("deadline", "soon_percent", server_default=None)
    op.add_column("deadline", sa.Column("extended_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(EXTENDED)


def downgrade() -> None:
    op.drop_column("deadline", "extended_at")
    op.drop_column("deadline", "soon_percent")
    op.drop_column("case", "urgency")
