"""The shipped process through the durable engine with every row in PostgreSQL, once with our state and once with the library's.

Both runs differ in one thing: what `dump` and `resume` make of an instance. Tables, statements, handlers and diagram are the
same. Handlers answer at once, as the real ones would; no city around it.
"""

from __future__ import annotations

import statistics
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.serializer.default.workflow import BpmnSubWorkflowConverter, BpmnWorkflowConverter
from sqlalchemy import func, select

from bench import processor
from bench.journey import DUE, GROUPS, HAPPY, MONDAY, START, files
from bench.plain import CONFIG, as_published, plainly
from bench.report import line
from bench.world import world
from engine import clock, definitions, instances, registry, tasks
from engine.base import session, transaction
from engine.models import Instance
from engine.registry import Occurrence
from engine.spiff import Process, Run, WaitingMessage, WaitingTask, WaitingTimer
from engine.spiff.expressions import FeelScriptEngine
from engine.spiff.run import Host
from engine.spiff.workflow import SubWorkflow, Workflow

KEY = "report_case"
ROUNDS, BLOCK = 10, 10


class PlainRun(Run):
    """A run that is stored as the library does it."""

    def dump(self) -> bytes:
        """The library's own format."""
        return _serializer().serialize_json(self._workflow).encode()  # type: ignore[no-any-return]  # no types

    def tasks(self) -> list[WaitingTask]:
        """The library's ids are no texts."""
        return [replace(one, uid=str(one.uid)) for one in super().tasks()]

    def timers(self) -> list[WaitingTimer]:
        """As above."""
        return [replace(one, uid=str(one.uid)) for one in super().timers()]

    def messages(self) -> list[WaitingMessage]:
        """As above."""
        return [replace(one, uid=str(one.uid)) for one in super().messages()]

    def _find(self, uid: str) -> Any:
        return super()._find(UUID(uid))  # type: ignore[arg-type]  # as above


class PlainProcess:
    """A process whose instances are stored as the library does it."""

    def __init__(self, process: Process) -> None:
        self.process = process

    def __getattr__(self, name: str) -> Any:
        return getattr(self.process, name)

    def start(self, variables: Mapping[str, Any], host: Host, *, at: str | None = None) -> Run:
        """A new instance, from the only start there is."""
        if at is not None:
            raise NotImplementedError(at)  # the measured diagrams have one start
        workflow = Workflow(*self.process.specs, script_engine=FeelScriptEngine(self.process.functions))
        workflow.task_tree.data.update(variables)
        return PlainRun(self.process, workflow, host)

    def resume(self, blob: bytes, host: Host) -> Run:
        """A stored instance."""
        workflow = _serializer().deserialize_json(blob.decode())
        workflow.script_engine = FeelScriptEngine(self.process.functions)
        return PlainRun(self.process, workflow, host)


def durable_case() -> None:
    """CPU and wall time per case, and what is stored of it."""
    with world() as made, made.app.app_context(), answering():
        ours = definitions.process(definitions.active(KEY))
        kinds: dict[str, Any] = {"ours": ours, "plain": PlainProcess(plainly(ours, files()))}
        cpu: dict[str, list[float]] = {name: [] for name in kinds}
        wall: dict[str, list[float]] = {name: [] for name in kinds}
        size: dict[str, float] = {}
        for number in range(ROUNDS + 1):
            for name, process in kinds.items():
                used, took = _block(process, made.database)
                if number:  # the first round warms the caches
                    cpu[name].append(used)
                    wall[name].append(took)
                size[name] = _bytes()
    base, n = "the same tables with the plain SpiffWorkflow serializer", ROUNDS * BLOCK
    for bench, figures, unit in (
        ("durable_case", cpu, "ms CPU per case, application and PostgreSQL"),
        ("durable_case_wall", wall, "ms per case, one after the other"),
    ):
        line(
            bench, statistics.median(figures["ours"]), statistics.median(figures["plain"]), unit=unit, base_is=base, n=n
        )
    line("durable_case_bytes", size["ours"], size["plain"], unit="bytes of state of an ended case", base_is=base, n=n)


def _block(process: Any, database: Path) -> tuple[float, float]:
    """Ms of processor time and of the clock per case, over one block."""
    with executing(process):
        began, here, there = time.perf_counter(), time.process_time(), processor.of_postgres(database)
        for _ in range(BLOCK):
            run_case()
        used = time.process_time() - here + processor.of_postgres(database) - there
        return used * 1000 / BLOCK, (time.perf_counter() - began) * 1000 / BLOCK


@contextmanager
def executing(process: Any) -> Iterator[None]:
    """Within the block, the engine has this in place of what it has read."""
    registry.observe(_see)
    definition = definitions.active(KEY)
    definitions._processes[definition.id] = process  # noqa: SLF001  # the one place where both can be had in turn
    try:
        with as_published() if isinstance(process, PlainProcess) else nullcontext():
            yield
    finally:
        definitions.forget()


def run_case() -> None:
    """One case from its start to its end."""
    with transaction():
        instances.start(KEY, START, business_key=str(uuid.uuid4()), by="bench")
    for element, answers in HAPPY:
        with transaction():
            task_id, assignee = _seen[element]
            tasks.complete(task_id, answers, by=assignee or "bench")
    session().expunge_all()


#: The tasks somebody sees in the inbox now, by element: id and assignee.
_seen: dict[str, tuple[int, str | None]] = {}


def _see(_instance: Instance, occurrences: list[Occurrence]) -> None:
    for one in occurrences:
        if one.name == "task_created":
            _seen[one.element_id] = one.particulars["task_id"], one.particulars["assignee"]


def _bytes() -> float:
    newest = select(func.length(Instance.state)).order_by(Instance.id.desc()).limit(1)
    found = session().scalar(newest) or 0
    session().rollback()
    return float(found)


@contextmanager
def answering() -> Iterator[None]:
    """Within the block it is Monday, and handlers answer at once with what the real ones would put into the process."""
    real = dict(registry._handlers)  # noqa: SLF001  # put back afterwards

    def answer_to(topic: str) -> Callable[[], dict[str, Any]]:
        def answer() -> dict[str, Any]:
            if topic == "promise_deadlines":
                return {**DUE, **GROUPS, "reopen_count": 0}
            if topic == "assign_official":
                return {"official": "tuan"}
            return {**DUE, "via_supervisor": False} if topic in ("publish_case", "reopen_case") else {}

        return answer

    for topic in real:
        registry.handler(topic, transactional=True)(answer_to(topic))
    try:
        with clock.at(MONDAY):
            yield
    finally:
        registry._handlers.update(real)  # noqa: SLF001  # as above


_known: list[Any] = []


def _serializer() -> Any:
    if not _known:
        kinds = {Workflow: BpmnWorkflowConverter, SubWorkflow: BpmnSubWorkflowConverter}
        _known.append(BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure({**CONFIG, **kinds})))
    return _known[0]
