"""The library as it was published, walked through the same way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow import TaskState
from SpiffWorkflow.bpmn.specs.event_definitions.message import MessageEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.timer import TimerEventDefinition
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask
from SpiffWorkflow.bpmn.util.event import BpmnEvent

from bench.plain import Published, plainly
from engine.spiff import Process
from engine.spiff.expressions import FeelScriptEngine
from engine.spiff.run import Host


class PlainWalk:
    """One instance; what is asked of it and told by it is as with `engine.spiff.Run`."""

    def __init__(self, process: Process, files: Mapping[str, bytes], variables: Mapping[str, Any], host: Host) -> None:
        self.process, self.host = plainly(process, files), host
        engine = FeelScriptEngine(process.functions)
        engine.run = self  # type: ignore[assignment]  # asked for serve and decide only
        self.workflow = Published(*self.process.specs, script_engine=engine)
        self.workflow.task_tree.data.update(variables)
        self.trail: list[str] = []
        self.numbers: dict[Any, int] = {}

    def count(self, _task: Any) -> None:
        """Nothing is counted here."""

    def serve(self, element_id: str, variables: dict[str, Any]) -> dict[str, Any] | None:
        """A service task."""
        return self.host.serve(self.process.elements[element_id], variables)

    def advance(self) -> None:
        """Until everything waits."""
        while self.workflow.get_tasks(state=TaskState.READY, manual=False):
            self.workflow.do_engine_steps(did_complete_task=self._note)
        for _, task in (*self.tasks(), *self.jobs()):
            self.numbers.setdefault(task.id, len(self.numbers))

    def pick(self, waiting: list[tuple[str, Any]], name: str, number: int) -> Any:
        """The one of that name and number, in the order in which they began to wait."""
        same = [task for found, task in waiting if found == name]
        return sorted(same, key=lambda task: self.numbers[task.id])[number]

    def fires(self) -> bool:
        """Let what has become due fire; whether something can go on then."""
        self.workflow.refresh_timers()
        return bool(self.workflow.get_tasks(state=TaskState.READY, manual=False))

    def variables(self) -> dict[str, Any]:
        """The data of all that is alive, the outermost first."""
        alive = [self.workflow, *(one for one in self.workflow.subprocesses.values() if not one.completed)]
        found: dict[str, Any] = dict(self.workflow.data)
        for scope in sorted(alive, key=lambda one: one.depth):
            for task in scope.tasks.values():
                if task.state & (TaskState.READY | TaskState.WAITING | TaskState.STARTED):
                    found.update(task.data)
        return found

    def tasks(self) -> list[tuple[str, Any]]:
        """Every user task that waits."""
        return [(_name(task), task) for task in self.workflow.get_tasks(state=TaskState.READY, manual=True)]

    def jobs(self) -> list[tuple[str, Any]]:
        """Every job that waits."""
        started = self.workflow.get_tasks(state=TaskState.STARTED)
        return [(_name(task), task) for task in started if type(task.task_spec).__name__ == "HandlerTask"]

    def complete(self, task: Any, answers: Mapping[str, Any]) -> None:
        """A user task."""
        task.data.update(answers)
        task.run()
        self._note(task)

    def finish(self, task: Any, result: Mapping[str, Any]) -> None:
        """A job."""
        task.data.update(result)
        task.complete()
        self._note(task)

    def receive(self, name: str) -> None:
        """A message."""
        self.workflow.catch(BpmnEvent(MessageEventDefinition(name), payload={}))

    def waiting(self) -> list[str]:
        """The names of all that is waited for."""
        events = []
        for task in self.workflow.event_manager.tasks.values():
            definition = task.task_spec.event_definition
            for one in getattr(definition, "event_definitions", [definition]):
                if isinstance(one, TimerEventDefinition):
                    events.append(f"timer {_name(task)}")
                elif isinstance(one, MessageEventDefinition):
                    events.append(f"message {one.name}")
        return sorted([name for name, _ in self.tasks()] + [f"job {name}" for name, _ in self.jobs()] + events)

    def _note(self, task: Any) -> None:
        is_ours = task.task_spec.bpmn_id in self.process.elements and task.state == TaskState.COMPLETED
        if is_ours and not isinstance(task.task_spec, LoopTask):
            self.trail.append(task.task_spec.bpmn_id)


def _name(task: Any) -> str:
    name: str = task.task_spec.bpmn_id
    return name
