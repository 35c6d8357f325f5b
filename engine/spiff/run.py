"""One instance in memory: act on it, let the engine go on until everything waits, read what it waits for."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from SpiffWorkflow import TaskState
from SpiffWorkflow.bpmn.specs.event_definitions.message import MessageEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.multiple import MultipleEventDefinition
from SpiffWorkflow.bpmn.specs.mixins.events.end_event import EndEvent
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask
from SpiffWorkflow.exceptions import TaskNotFoundException

from engine import clock
from engine.spiff import mending, redating, state
from engine.spiff.correlation import element_of, key_of
from engine.spiff.elements import Element
from engine.spiff.events import KEY, Handed, throw_error
from engine.spiff.joins import see
from engine.spiff.specs import HandlerTask
from engine.spiff.workflow import LONG_AGO, Workflow, note_writes

if TYPE_CHECKING:
    from engine.spiff.process import Process


class Host(Protocol):
    """What a run needs from whoever runs it."""

    def serve(self, element: Element, variables: Mapping[str, Any]) -> dict[str, Any] | None:
        """The result of a service task's handler, or None when it will be a job."""


@dataclass(frozen=True)
class WaitingTask:
    uid: str
    element: Element
    variables: Mapping[str, Any]


@dataclass(frozen=True)
class WaitingJob:
    uid: str
    element: Element
    variables: Mapping[str, Any]


@dataclass(frozen=True)
class WaitingTimer:
    uid: str
    element: Element
    due_at: datetime


@dataclass(frozen=True)
class WaitingMessage:
    uid: str
    element: Element
    name: str
    key: Callable[[], str | None] = field(compare=False)  # None: the business key


class Run:
    """A loaded instance. Since then: `trail`, the elements passed, in order; `completed`, the user tasks done by people;
    `redated`, the variables whose dates were read again.
    """

    def __init__(self, process: Process, workflow: Workflow, host: Host) -> None:
        self.process = process
        self.host = host
        self.trail: list[Element] = []
        self.outcome: str | None = None
        self.completed: set[str] = set()
        self.redated: set[str] = set()
        self._workflow = workflow
        self.meter = workflow.script_engine.meter
        workflow.script_engine.run = self

    # ---- acting

    def complete(self, uid: str, variables: Mapping[str, Any]) -> bool:
        """Complete a user task; False when it does not wait (any more).

        Raises: VariablesTooLarge.
        """
        task = self._find(uid)
        if task is None or task._state != TaskState.READY:
            return False
        see(task)
        self._write(task, variables)
        task.run()
        self.completed.add(uid)
        self._note(task)
        return True

    def finish_job(self, uid: str, result: Mapping[str, Any]) -> bool:
        """Complete a service task with its handler's result; False when it does not wait (any more).

        Raises: VariablesTooLarge.
        """
        task = self._find(uid)
        if task is None or task._state != TaskState.STARTED:
            return False
        self._write(task, result)
        task.complete()
        self._note(task)
        return True

    def fail_job(self, uid: str, code: str, message: str) -> bool:
        """Let the diagram catch a handler's business error; False when the task does not wait (any more).

        Raises: engine.spiff.events.UncaughtError.
        """
        task = self._find(uid)
        if task is None or task._state != TaskState.STARTED:
            return False
        throw_error(task, code, message)
        return True

    def receive(self, name: str, payload: Mapping[str, Any], uids: Container[str] | None = None) -> bool:
        """Hand a message to these (or all) of what waits; False when none of them waits for it."""
        return bool(self._workflow.event_manager.catch(Handed(name, dict(payload), uids), internal=False))

    def reschedule(self, uid: str, due_at: datetime) -> bool:
        """Move a waiting (not repeating) timer; False when it does not wait."""
        task = self._find(uid)
        if task is None or task.id not in self._workflow.event_manager.tasks:
            return False
        task._set_internal_data(event_value=due_at.astimezone(UTC).isoformat())
        return True

    def assign(self, variables: Mapping[str, Any]) -> None:
        """Set process variables in every branch that is still alive. Raises: VariablesTooLarge."""
        mending.assign(self._workflow, variables)

    def redate(self, variables: Mapping[str, Any]) -> None:
        """The same with variables dates are read from: what waits for such a date waits for the new one.

        Raises: VariablesTooLarge; engine.spiff.clock.BadTimer when a new one is no moment.
        """
        self.assign(variables)
        redating.redate(self._workflow, frozenset(variables))
        self.redated.update(variables)

    def move(self, uid: str, element_id: str) -> bool:
        """Take the token away from what waits and put it before another element; False when it does not wait.

        Raises: MoveRefused.
        """
        task = self._find(uid)
        if task is None or task._state not in (TaskState.READY, TaskState.STARTED, TaskState.WAITING):
            return False
        mending.move(self.process, task, element_id)
        return True

    def targets(self, uid: str) -> list[str]:
        """The elements before which the token of what waits may be put; none when it does not wait."""
        task = self._find(uid)
        return [] if task is None else mending.targets(self.process, task)

    def advance(self) -> None:
        """Run what is ready and fire what is due, one moment after the other, until everything waits.

        Raises: StepBudgetExceeded, TooMuchWork, TooManyRounds, CallDepthExceeded, VariablesTooLarge.
        """
        self._run_ready()
        while (due := min((moment for _, moment in self._workflow.moments()), default=None)) and due <= clock.now():
            self.meter.count()
            self._workflow.horizon = due
            self._workflow.refresh_timers()
            self._run_ready()
        self._workflow.horizon = LONG_AGO

    # ---- reading

    @property
    def is_ended(self) -> bool:
        return bool(self._workflow.completed)

    def dump(self) -> bytes:
        """The compact state."""
        return state.dump(self._workflow)

    def variables(self) -> dict[str, Any]:
        """The process variables; where branches differ, those of the innermost and youngest."""
        return mending.variables(self._workflow)

    def tasks(self) -> list[WaitingTask]:
        """User tasks somebody has to do."""
        return [
            WaitingTask(task.id, self._element(task), task.data)
            for task in self._all(TaskState.READY)
            if task.task_spec.manual
        ]

    def jobs(self) -> list[WaitingJob]:
        """Service tasks that wait for their job."""
        return [
            WaitingJob(task.id, self._element(task), task.data)
            for task in self._all(TaskState.STARTED)
            if isinstance(task.task_spec, HandlerTask)
        ]

    def timers(self) -> list[WaitingTimer]:
        """Events that wait for a moment."""
        return [WaitingTimer(task.id, self._element(task), moment) for task, moment in self._workflow.moments()]

    def messages(self) -> list[WaitingMessage]:
        """Events that wait for a message."""
        return [
            WaitingMessage(task.id, self._element(task), definition.name, partial(self._key, task, definition))
            for task, definition in self._awaited(MessageEventDefinition)
        ]

    def thrown(self) -> list[tuple[str, dict[str, Any], str | None]]:
        """Messages the instance sent that nothing inside it caught, and the keys their elements name; asked once."""
        return [
            (event.event_definition.name, event.payload, event.correlations.get(KEY))
            for event in self._workflow.get_events()
            if isinstance(event.event_definition, MessageEventDefinition)
        ]

    # ---- for our kinds of tasks

    def count(self, _task: Any) -> None:
        """Called before every step and every round of a repetition."""
        self.meter.count()

    def serve(self, element_id: str, variables: dict[str, Any]) -> dict[str, Any] | None:
        """Called by a service task: its handler's result, or None to wait for a job."""
        return self.host.serve(self.process.elements[element_id], variables)

    def decide(self, element_id: str, variables: dict[str, Any]) -> dict[str, Any]:
        """Called by a business rule task: the outputs of its decision, null where no rule matches."""
        decision = self.process.decisions[self.process.elements[element_id].decision or ""]
        answer = decision.evaluate(variables)
        if isinstance(answer, dict):
            return answer
        names = decision.outputs or (decision.id,)
        return {names[0]: answer} if len(names) == 1 else dict.fromkeys(names)

    def catches_up(self, task: Any) -> bool:
        """Called by a repeating timer: whether it fires for every moment it missed, not once for all."""
        return self._element(task).catches_up

    # ---- inside

    def _run_ready(self) -> None:
        self._workflow.refresh_timers()
        while self._workflow.run_automatic(self.count, self._note):
            self._workflow.refresh_timers()

    def _find(self, uid: str) -> Any:
        try:
            return self._workflow.get_task_from_id(uid)
        except TaskNotFoundException:
            return None

    def _all(self, wanted: int) -> Iterator[Any]:
        for workflow in self._workflow.living():
            for task in list(workflow.tasks.values()):
                if task._state == wanted:
                    yield task

    def _awaited(self, kind: type) -> Iterator[tuple[Any, Any]]:
        for task in self._workflow.event_manager.tasks.values():
            definition = task.task_spec.event_definition
            several = isinstance(definition, MultipleEventDefinition)
            for one in definition.event_definitions if several else [definition]:
                if isinstance(one, kind):
                    yield task, one

    def _key(self, task: Any, definition: Any) -> str | None:
        element = element_of(task, definition)
        return key_of(element, task.data) if element else None

    def _element(self, task: Any) -> Element:
        return self.process.elements[task.task_spec.bpmn_id or task.task_spec.name.removesuffix(" [child]")]

    def _write(self, task: Any, variables: Mapping[str, Any]) -> None:
        before = dict(task.data)
        task.data.update(variables)
        note_writes(task, before)

    def _note(self, task: Any) -> None:
        element = self.process.elements.get(task.task_spec.bpmn_id or "")
        if element is None or task._state != TaskState.COMPLETED:
            return
        if isinstance(task.task_spec, LoopTask) and task.internal_data.get("done"):
            return  # its rounds have been noted
        self.trail.append(element)
        if element.redates:
            self.redate({name: task.data[name] for name in element.redates if name in task.data})
        if isinstance(task.task_spec, EndEvent) and task.workflow is self._workflow:
            self.outcome = element.id
