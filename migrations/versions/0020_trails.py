"""What each instance passed. Of older ones it is what their tasks of people and their jobs still tell."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

TOLD = r"""
UPDATE instance SET trail = told.trail FROM (
    SELECT instance.id, string_agg(
        floor(extract(epoch FROM passed.at - instance.started_at))::bigint || E'\t' || passed.element_id || E'\n',
        '' ORDER BY passed.at, passed.element_id
    ) AS trail
    FROM instance JOIN (
        SELECT instance_id, element_id, ended_at AS at FROM user_task WHERE state = 'completed'
        UNION ALL
        SELECT instance_id, element_id, ended_at FROM job WHERE state = 'done' AND element_id IS NOT NULL
    ) AS passed ON passed.instance_id = instance.id
    WHERE passed.at IS NOT NULL
    GROUP BY instance.id
) AS told WHERE told.id = instance.id
"""


def upgrade() -> None:
    op.add_column("instance", sa.Column("trail", sa.Text(), server_default="", nullable=False))
    op.execute(TOLD)


def downgrade() -> None:
    op.drop_column("instance", "trail")
