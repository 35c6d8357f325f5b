"""The leanest honest embedding of the same library by hand: spec cached, task tree in one row, plain SQL, three commits.

No claims, timers, jobs, messages, candidate rules or checks: what a careful team writes in a week for this one diagram.
"""

from __future__ import annotations

import json
import uuid
from pathlib import Path
from typing import Any

import psycopg
from lxml import etree
from SpiffWorkflow import TaskState
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.serializer.config import DEFAULT_CONFIG

from bench.plain import as_published
from bench.small import ASSIGNED, RESOLVED, TEXT

TABLES = """
CREATE SCHEMA lean;
CREATE TABLE lean.instance (id uuid PRIMARY KEY, version int, status text, state text,
    created timestamptz DEFAULT now(), updated timestamptz DEFAULT now());
CREATE TABLE lean.task (id uuid PRIMARY KEY, instance uuid, name text, state text, grp text, due timestamptz,
    created timestamptz DEFAULT now(), ended timestamptz);
CREATE INDEX ON lean.task (grp, due) WHERE state = 'open';
CREATE INDEX ON lean.task (instance);
CREATE TABLE lean.history (id bigserial PRIMARY KEY, instance uuid, kind text, node text,
    at timestamptz DEFAULT now(), by text, data jsonb);
CREATE INDEX ON lean.history (instance);
"""
#: The same diagram in the library's own expression language.
IN_PYTHON = {
    '= valid = "yes"': 'valid == "yes"',
    '{category: "pothole", address: "12 Main St", lat: 40.7128, lon: -74.0060, text: text}':
        '{"category": "pothole", "address": "12 Main St", "lat": 40.7128, "lon": -74.0060, "text": text}',
    "if priority = 2 then 48 else 120": "48 if priority == 2 else 120",
}  # fmt: skip
GROUPS = {"assign": "triage", "resolve": "roads"}
DONE = {
    "assign": [("done", "assign"), ("end", "is_valid"), ("open", "resolve")],
    "resolve": [("done", "resolve"), ("end", "done")],
}


class Lean:
    """One connection and one parsed diagram."""

    def __init__(self, url: str) -> None:
        self.connection = psycopg.connect(url)
        self.connection.execute(TABLES)
        self.connection.commit()
        self.spec = _spec()
        registry = BpmnWorkflowSerializer.configure(DEFAULT_CONFIG)
        self.serializer = BpmnWorkflowSerializer(registry)
        self.stored_spec = registry.convert(self.spec)

    @as_published()
    def run(self) -> None:
        """One case from its start to its end."""
        key = uuid.uuid4()
        self._start(key)
        self._complete(key, "assign", ASSIGNED)
        self._complete(key, "resolve", RESOLVED)

    def _start(self, key: uuid.UUID) -> None:
        workflow = BpmnWorkflow(self.spec)
        workflow.task_tree.data["text"] = TEXT
        workflow.do_engine_steps()
        insert = "INSERT INTO lean.instance (id, version, status, state) VALUES (%s, 1, 'waiting', %s)"
        self.connection.execute(insert, (key, self._dump(workflow)))
        self._open(key, workflow)
        self._note(key, [("start", "start"), ("end", "intake"), ("open", "assign")])
        self.connection.commit()

    def _complete(self, key: uuid.UUID, name: str, answers: dict[str, str]) -> None:
        query = "SELECT version, state FROM lean.instance WHERE id = %s FOR UPDATE"
        version, state = self.connection.execute(query, (key,)).fetchone() or (0, "")
        ending = "UPDATE lean.task SET state = 'done', ended = now() WHERE instance = %s AND state = 'open'"
        self.connection.execute(ending, (key,))
        workflow = self._load(state)
        task = workflow.get_next_task(state=TaskState.READY, spec_name=name)
        task.data.update(answers)
        task.run()
        workflow.do_engine_steps()
        storing = "UPDATE lean.instance SET version = version + 1, status = %s, state = %s, updated = now() WHERE id = %s AND version = %s"
        status = "complete" if workflow.completed else "waiting"
        self.connection.execute(storing, (status, self._dump(workflow), key, version))
        if not workflow.completed:
            self._open(key, workflow)
        self._note(key, DONE[name])
        self.connection.commit()

    def _open(self, key: uuid.UUID, workflow: Any) -> None:
        task = workflow.get_next_task(state=TaskState.READY, manual=True)
        insert = (
            "INSERT INTO lean.task (id, instance, name, state, grp, due) VALUES (%s, %s, %s, 'open', %s, now() + '2d')"
        )
        self.connection.execute(insert, (task.id, key, task.task_spec.name, GROUPS[task.task_spec.name]))

    def _note(self, key: uuid.UUID, happened: list[tuple[str, str]]) -> None:
        insert = "INSERT INTO lean.history (instance, kind, node, by, data) VALUES (%s, %s, %s, 'u', '{}')"
        self.connection.cursor().executemany(insert, [(key, kind, node) for kind, node in happened])

    def _dump(self, workflow: Any) -> str:
        state = self.serializer.to_dict(workflow)
        del state["spec"], state["subprocess_specs"]
        return json.dumps(state)

    def _load(self, text: str) -> Any:
        state = json.loads(text)
        return self.serializer.from_dict({**state, "spec": self.stored_spec, "subprocess_specs": {}})


def _spec() -> Any:
    diagram = Path(__file__).with_name("case.bpmn").read_text(encoding="utf-8")
    for ours, theirs in IN_PYTHON.items():
        diagram = diagram.replace(ours, theirs)
    parser = BpmnParser()
    parser.add_bpmn_xml(etree.fromstring(diagram.encode()))
    return parser.get_spec("small_case")
