"""How active versions begin by themselves. Messages that start a process are read from its diagram; moments are set anew
when a version is activated next."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op
from lxml import etree
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
ACTIVE = sa.text(
    "SELECT d.id, d.key, f.content FROM definition d JOIN definition_file f ON f.definition_id = d.id"
    " WHERE d.state = 'active' AND f.name LIKE '%.bpmn'"
)


def upgrade() -> None:
    table = op.create_table(
        "start_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("definition_id", sa.Integer(), nullable=False),
        sa.Column("element_id", sa.Text(), nullable=False),
        sa.Column("message_name", sa.Text(), nullable=True),
        sa.Column("cycle", postgresql.JSONB(), nullable=True),
        sa.Column("every_one", sa.Boolean(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["definition_id"], ["definition.id"], op.f("fk_start_event_definition_id_definition"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_start_event")),
    )
    for column in ("definition_id", "due_at", "message_name"):
        op.create_index(f"ix_start_event_{column}", "start_event", [column])
    rows = [
        {"definition_id": number, "element_id": element, "message_name": name, "every_one": False}
        for number, key, content in op.get_bind().execute(ACTIVE).all()
        for element, name in _by_message(bytes(content), key)
    ]
    if rows:
        op.bulk_insert(table, rows)


def _by_message(content: bytes, key: str) -> Iterator[tuple[str, str]]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    tree = etree.fromstring(content, parser)
    names = {one.get("id"): one.get("name") for one in tree.iter(f"{BPMN}message")}
    for start in tree.iterfind(f"{BPMN}process[@id='{key}']/{BPMN}startEvent"):
        for awaited in start.iterfind(f"{BPMN}messageEventDefinition"):
            if name := names.get(awaited.get("messageRef")):
                yield start.get("id") or "", name


def downgrade() -> None:
    op.drop_table("start_event")
