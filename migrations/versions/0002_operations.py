"""What operators do: suspension, the log of their acts, migrations of running instances."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

FLAGS = (("definition", "is_suspended"), ("instance", "is_suspended"), ("instance", "is_held"), ("timer", "is_held"))


def upgrade() -> None:
    for table, flag in FLAGS:
        op.add_column(table, sa.Column(flag, sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index("ix_instance_counted", "instance", ["definition_id", "status", "is_held"])
    op.drop_index("ix_timer_due", "timer")
    op.create_index("ix_timer_due", "timer", ["due_at", "id"], postgresql_where=sa.text("NOT is_held"))
    op.create_table(
        "operation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("instance_id", sa.Integer(), nullable=True),
        sa.Column("definition_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("particulars", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["instance.id"], name=op.f("fk_operation_instance_id_instance"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["definition_id"],
            ["definition.id"],
            name=op.f("fk_operation_definition_id_definition"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operation")),
    )
    op.create_index("ix_operation_instance", "operation", ["instance_id", "id"])
    op.create_index("ix_operation_definition", "operation", ["definition_id", "id"])
    op.create_table(
        "migration",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("to_definition_id", sa.Integer(), nullable=False),
        sa.Column("from_version", sa.Integer(), nullable=True),
        sa.Column("mapping", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_by", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["to_definition_id"], ["definition.id"], name=op.f("fk_migration_to_definition_id_definition")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_migration")),
    )
    op.create_index("ix_migration_to_definition_id", "migration", ["to_definition_id"])
    op.create_table(
        "migration_result",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("migration_id", sa.Integer(), nullable=False),
        sa.Column("instance_id", sa.Integer(), nullable=False),
        sa.Column("from_definition_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("problems", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("previous_state", sa.LargeBinary(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["migration_id"],
            ["migration.id"],
            name=op.f("fk_migration_result_migration_id_migration"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["instance.id"], name=op.f("fk_migration_result_instance_id_instance"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["from_definition_id"], ["definition.id"], name=op.f("fk_migration_result_from_definition_id_definition")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_migration_result")),
        sa.UniqueConstraint("migration_id", "instance_id", name=op.f("uq_migration_result_migration_id_instance_id")),
    )
    op.create_index("ix_migration_result_instance_id", "migration_result", ["instance_id"])
    op.create_index(
        "ix_migration_result_open",
        "migration_result",
        ["migration_id", "id"],
        postgresql_where=sa.text("state IN ('waiting', 'undoing')"),
    )


def downgrade() -> None:
    op.drop_table("migration_result")
    op.drop_table("migration")
    op.drop_table("operation")
    op.execute("UPDATE job SET state = 'waiting' WHERE state = 'held'")
    op.drop_index("ix_timer_due", "timer")
    op.create_index("ix_timer_due", "timer", ["due_at", "id"])
    op.drop_index("ix_instance_counted", "instance")
    for table, flag in reversed(FLAGS):
        op.drop_column(table, flag)
