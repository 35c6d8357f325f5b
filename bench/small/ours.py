"""The small case through the engine's own verbs, one transaction for each step, with every row the engine writes.

An observer writes one history row for each thing that happened, as the hand embedding beside it does.
"""

from __future__ import annotations

import uuid
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Column, DateTime, Integer, MetaData, Table, Text, select

from bench.small import ASSIGNED, RESOLVED, TEXT
from engine import clock, definitions, instances, registry, tasks
from engine.base import session, transaction
from engine.models import Instance, InstanceStatus
from engine.registry import Occurrence
from engine.statements import Insertion

KEY = "small_case"
HISTORY = Table(
    "small_history",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("instance_id", Integer, index=True),
    Column("kind", Text),
    Column("element_id", Text),
    Column("at", DateTime(timezone=True)),
    Column("by", Text),
)
_WRITING = Insertion(HISTORY, ("instance_id", "kind", "element_id", "at", "by"))
#: The definition, and the task somebody sees in the inbox now.
_known: dict[str, int] = {}


def prepare() -> None:
    """Deploy the diagram and have history written."""
    diagram = Path(__file__).with_name("case.bpmn")
    registry.group_source(lambda: ("triage", "roads"))
    with transaction():
        HISTORY.create(session().connection())
        _known["definition"] = definitions.deploy({diagram.name: diagram.read_bytes()}, by="bench").id
    registry.observe(_write_history)


def run() -> None:
    """One case from its start to its end."""
    with transaction():
        due_at = (clock.now() + timedelta(days=2)).isoformat()
        instances.start(KEY, {"text": TEXT, "due_at": due_at}, business_key=str(uuid.uuid4()), by="u")
    for answers in (ASSIGNED, RESOLVED):
        with transaction():
            tasks.complete(_known["task"], answers, by="u")
    session().expunge_all()


def check() -> None:
    """Every case has come to its end.

    Raises: RuntimeError when one has not.
    """
    running = select(Instance.id).where(Instance.status != InstanceStatus.ENDED).limit(1)
    if session().scalar(running) is not None:
        raise RuntimeError("a case of the benchmark did not end")
    session().rollback()


def _write_history(instance: Instance, occurrences: list[Occurrence]) -> None:
    if instance.definition_id == _known["definition"]:
        for one in occurrences:
            if one.name == "task_created":
                _known["task"] = one.particulars["task_id"]
        rows = [
            {"instance_id": instance.id, "kind": o.name, "element_id": o.element_id, "at": o.at, "by": o.by}
            for o in occurrences
        ]
        _WRITING.run(rows)
