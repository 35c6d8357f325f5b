"""Runs one diagram of strangers on stubbed tasks, in the limits of the helper that checks diagrams.

People answer nothing, machines give nothing back, messages arrive at once, and the clock jumps to whatever is due next.
Started by `bench.corpus` as `python -m bench.corpus_run`: the house's own helper that can be asked two questions more.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.sax.saxutils import quoteattr

from engine import clock
from engine.errors import CasewayError
from engine.feel import FeelError
from engine.lint import Answers, child, normalise
from engine.lint.bundle import Bundle, Vocabulary
from engine.lint.diagram import Diagram, load
from engine.lint.xml import CAMUNDA, Unreadable
from engine.spiff import FAILURES
from engine.spiff import load as load_process
from engine.spiff.clock import BadTimer
from engine.spiff.elements import Element
from engine.spiff.run import Run

#: Answers, results, messages and jumps of the clock until a run counts as going round for ever.
MAX_ACTS = 400
_PROCESS = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"><process id={0} isExecutable="true">
<startEvent id="stub{1}_start"/><sequenceFlow id="stub{1}_flow" sourceRef="stub{1}_start" targetRef="stub{1}_end"/>
<endEvent id="stub{1}_end"/></process></definitions>"""
_DECISION = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" name="stub" namespace="stub">
<decision id={0} name="stub"><literalExpression><text>null</text></literalExpression></decision></definitions>"""
_START = datetime(2026, 1, 5, 8, tzinfo=UTC)


class Nobody:
    """The host of a run: every service task becomes a job."""

    def serve(self, _element: Element, _variables: Mapping[str, Any]) -> dict[str, Any] | None:
        return None


def brings(files: Mapping[str, bytes], _vocabulary: Vocabulary, *, answers: Mapping[str, Any]) -> dict[str, Any]:
    """What the diagrams expect to find where they are deployed: `topics`, and stubs of other `files`."""
    found: dict[str, set[str]] = {"topic": set(), "formKey": set(), "decisionRef": set(), "calledElement": set()}
    own: set[str] = set()
    for name, file in normalise(files, Answers(**answers)).items():
        try:
            own |= _collect(load(name, file.content), found)
        except Unreadable:
            continue
    called = enumerate(sorted(found["calledElement"] - own))
    stubs = {f"stub {number}.bpmn": _PROCESS.format(quoteattr(key), number) for number, key in called}
    stubs |= {f"{key}.dmn": _DECISION.format(quoteattr(key)) for key in found["decisionRef"]}
    stubs |= {f"{key}.form": json.dumps({"id": key, "components": []}) for key in found["formKey"]}
    return {"topics": sorted(found["topic"]), "files": {name.replace("/", "_"): text for name, text in stubs.items()}}


def run(files: Mapping[str, bytes], vocabulary: Vocabulary, *, answers: Mapping[str, Any]) -> dict[str, str]:
    """How a run went: `end`, `waits` or `failed`, and why."""
    stored = {**files, **{name: file.content for name, file in normalise(files, Answers(**answers)).items()}}
    moment = _START
    try:
        with clock.at(moment):
            process = load_process(stored, Bundle(vocabulary).functions)
            running = process.start({}, Nobody())
            running.advance()
        for _ in range(MAX_ACTS):
            if running.is_ended:
                return {"went": "end", "why": ""}
            running = process.resume(running.dump(), Nobody())  # as every step of a real one does
            moment = _act(running, moment)
    except BadTimer as problem:
        return {"went": "waits", "why": f"a timer needs a value that no empty answer brings: {problem}"}
    except (*FAILURES, CasewayError, FeelError) as problem:
        return {"went": "failed", "why": f"{type(problem).__name__}: {problem}"}
    except _Stuck as stuck:
        return {"went": "failed", "why": str(stuck)}
    return {"went": "waits", "why": f"goes round for {MAX_ACTS} acts with empty answers"}


class _Stuck(Exception):
    """An instance waits for nothing anybody could bring."""


def _collect(diagram: Diagram, found: Mapping[str, set[str]]) -> set[str]:
    """Add what a diagram names; the processes in it."""
    for node in diagram.nodes:
        for name, values in found.items():
            is_bpmn = name == "calledElement"
            value = (node.element.get(name if is_bpmn else f"{{{CAMUNDA}}}{name}") or "").strip()
            if value:
                values.add(value)
    return {scope.element.get("id") or "" for scope in diagram.processes}


def _act(running: Run, moment: datetime) -> datetime:
    """Bring one thing the instance waits for, people first; the moment it is afterwards."""
    with clock.at(moment):
        acted = (
            any(running.complete(task.uid, {}) for task in running.tasks()[:1])
            or any(running.finish_job(job.uid, {}) for job in running.jobs()[:1])
            or any(running.receive(message.name, {}) for message in running.messages())
        )
    due = min((timer.due_at for timer in running.timers()), default=None)
    if not acted and due is None:
        raise _Stuck("waits for nothing that can be brought")
    if not acted and due is not None:
        moment = max(moment, due + timedelta(seconds=1))
    with clock.at(moment):
        running.advance()
    return moment


if __name__ == "__main__":
    child.QUESTIONS.update(brings=brings, run=run)
    child.serve()
