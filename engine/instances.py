"""The heart: an instance is loaded, advanced and stored here and nowhere else.

Lock, load, act, go on until everything waits, rewrite the rows of what waits, tell the observer, store: one function,
within the caller's transaction. A crash at any point leaves the instance as it was before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import bindparam, inspect, select, true, update
from sqlalchemy.orm import make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value

from engine import clock, definitions, projection, registry, trails
from engine.base import session
from engine.errors import (
    ExecutionFailed,
    InstanceEnded,
    InstanceNotFound,
    InstanceSuspended,
    LimitExceeded,
    TaskNotFound,
)
from engine.models import Instance, InstanceStatus, TaskState, UserTask
from engine.registry import Occurrence
from engine.spiff import FAILURES, Element, Run
from engine.statements import Insertion, Reading, Statement, Together

#: What is done to a loaded instance; what it answers is nobody's business (a task that no longer waits is no error).
Act = Callable[[Run], object]


def start(key: str, variables: Mapping[str, Any], *, business_key: str, by: str, at: str | None = None) -> Instance:
    """Start an instance on the newest active version of `key`, at its plain start event or the one named by `at`.

    It runs to its first wait. Raises: DefinitionNotFound, DefinitionSuspended, StartEventNotFound; ExecutionFailed when
    the diagram cannot go on; what a transactional handler raises.
    """
    definition_id, name = definitions.startable(key)
    instance = Instance(definition_id=definition_id, business_key=business_key, **_NEW, started_at=clock.now())
    host = _Host(instance, by)  # it is written with its first state, or before it when a handler asks for its id
    host.occurrences.append(Occurrence("instance_started", key, name, clock.now(), by=by))
    with _named_failure(business_key):
        run = definitions.process_of(definition_id).start(variables, host, at=at)
        return _settle(instance, run, projection.Waiting(), host)


def advance(instance_id: int, act: Act, *, by: str) -> Instance:
    """Do `act` to an instance and let it go on until everything waits.

    Raises: InstanceNotFound, InstanceEnded, InstanceSuspended; ExecutionFailed when the diagram, its data or its state
    is at fault; what `act` or a transactional handler raises.
    """
    return advance_locked(lock(instance_id), act, by=by)


def advance_locked(instance: Instance, act: Act, *, by: str, happened: Sequence[Occurrence] = ()) -> Instance:
    """The same for an instance this transaction has locked; `happened` is what its caller has done to it already.

    Raises: as `advance`.
    """
    if instance.is_held:
        raise InstanceSuspended(instance.business_key)
    host = _Host(instance, by, happened)
    with _named_failure(instance.business_key):
        run = definitions.process_of(instance.definition_id).resume(instance.state, host)
        before = projection.waiting(run)
        act(run)
        return _settle(instance, run, before, host)


def amend(instance_id: int, act: Act, *, by: str) -> Instance:
    """Do `act` to an instance, suspended or not, and store it without letting it go on.

    Raises: as `advance`, but for InstanceSuspended.
    """
    instance = lock(instance_id)
    host = _Host(instance, by)
    with _named_failure(instance.business_key):
        run = definitions.process_of(instance.definition_id).resume(instance.state, host)
        before = projection.waiting(run)
        act(run)
        return _store(instance, run, before, host)


def redate(instance_id: int, moments: Mapping[str, str], *, by: str) -> Instance:
    """Give variables that dates are read from new moments (ISO 8601), in an instance that is suspended or not.

    Timers, due dates of open tasks and what jobs begin with follow; events beside an activity whose date lies ahead again
    wait once more. Nothing goes on: what is due at once is left to the clock. Raises: as `amend`; ExecutionFailed.
    """
    return amend(instance_id, lambda run: run.redate(moments), by=by)


def replace(instance: Instance, definition_id: int, state: bytes, *, by: str) -> Instance:
    """Put a locked instance on another version, with a state of that version; its rows follow, nothing goes on.

    Raises: ExecutionFailed when one of the states does not fit its version.
    """
    host = _Host(instance, by)
    with _named_failure(instance.business_key):
        before = projection.waiting(definitions.process_of(instance.definition_id).resume(instance.state, host))
        run = definitions.process_of(definition_id).resume(state, host)
    instance.definition_id, instance.state = definition_id, state
    session().flush()
    session().expire(instance, ["definition"])
    projection.rewrite(instance, run, before, occurrences=host.occurrences, by=by)
    projection.rename(instance, before, projection.waiting(run))
    instance.revision += 1
    session().flush()
    registry.tell(instance, host.occurrences)
    return instance


def nothing(_run: Run) -> None:
    """The act of a clock: only what has become due happens."""


def find(business_key: str) -> Instance:
    """The instance of a business key.

    Raises: InstanceNotFound.
    """
    instance = session().scalar(select(Instance).where(Instance.business_key == business_key))
    if instance is None:
        raise InstanceNotFound(business_key)
    return instance


def _settle(instance: Instance, run: Run, before: projection.Waiting, host: _Host) -> Instance:
    run.advance()
    host.note_trail(run)
    return _store(instance, run, before, host)


def _store(instance: Instance, run: Run, before: projection.Waiting, host: _Host) -> Instance:
    ended, together = run.is_ended, Together()
    _write(
        instance,
        together,
        state=run.dump(),
        revision=instance.revision + 1,
        status=InstanceStatus.ENDED if ended else instance.status,
        ended_at=clock.now() if ended else None,
        outcome=run.outcome if ended else None,
        passed=trails.line([one.id for one in run.trail], clock.now() - instance.started_at),
    )
    projection.rewrite(instance, run, before, occurrences=host.occurrences, by=host.by, together=together)
    if ended:
        host.occurrences.append(Occurrence("instance_ended", run.outcome or "", "", clock.now(), by=host.by))
    session().flush()
    registry.tell(instance, [*host.happened, *host.occurrences])
    return instance


def _write(instance: Instance, together: Together, *, passed: str, **values: Any) -> None:
    """Store these columns of an instance and what it passed, `together` with its rows; a new one at once, since they need its id."""
    if not inspect(instance).has_identity:
        _insert(instance, passed, **values)
        return
    together.add(_WRITING, {"instance_id": instance.id, "passed": passed, **values})
    for name, value in values.items():
        set_committed_value(instance, name, value)


def _insert(instance: Instance, passed: str = "", **values: Any) -> None:
    """Write a new instance with these columns beside its own; from now on it is one that was loaded."""
    for name, value in values.items():
        setattr(instance, name, value)
    ((instance.id,),) = _INSERTING.rows([{name: getattr(instance, name) for name in _COLUMNS} | {"trail": passed}])
    make_transient_to_detached(instance)
    session().add(instance)


@contextmanager
def _named_failure(business_key: str) -> Iterator[None]:
    try:
        yield
    except LimitExceeded as error:
        error.key = business_key
        raise
    except FAILURES as error:
        raise ExecutionFailed(business_key, f"{type(error).__name__}: {error}") from error


def lock(instance_id: int) -> Instance:
    """A running instance, locked until the end of the transaction.

    Raises: InstanceNotFound, InstanceEnded.
    """
    found = _LOCKING.first({"instance_id": instance_id})
    if found is None:
        raise InstanceNotFound(instance_id)
    instance: Instance = found[0]
    if instance.status == InstanceStatus.ENDED:
        raise InstanceEnded(instance.business_key)
    return instance


def lock_ending(task_id: int, **ended: Any) -> tuple[Instance, UserTask | None]:
    """The instance a task belongs to, ended or not, locked; and the task, which has got the columns `ended`.

    Without the task when it was ended or belongs to somebody else than `ended_by`. Raises: TaskNotFound.
    """
    found = _LOCKING_AND_ENDING.first({"task_id": task_id, **ended})
    if found is None:
        raise TaskNotFound(task_id)
    instance, task = found
    return instance, task


# Locks take the instance alone: whoever changes a task's row without its instance never waits for one that holds both.
# They are such that rows naming the instance can be written beside them: two handlers that did would never get the lock.
_TABLE = Instance.metadata.tables[Instance.__tablename__]
_TASKS = UserTask.metadata.tables[UserTask.__tablename__]
_LOCKED = [one for one in _TABLE.c if one.name != "trail"]  # it is only ever lengthened
_LOCKING = Reading(
    select(*_LOCKED).where(_TABLE.c.id == bindparam("instance_id")).with_for_update(of=_TABLE, key_share=True),
    {Instance: _LOCKED},
)
_OF_TASK = (
    select(*_LOCKED)
    .join(_TASKS, _TASKS.c.instance_id == _TABLE.c.id)
    .where(_TASKS.c.id == bindparam("task_id"))
    .with_for_update(of=_TABLE, key_share=True)
    .cte("locked")
)
_ENDED = (
    update(_TASKS)
    .where(_TASKS.c.id == bindparam("task_id"), _TASKS.c.instance_id == _OF_TASK.c.id)
    .where(_OF_TASK.c.status == InstanceStatus.RUNNING, _TASKS.c.state == TaskState.OPEN)
    .where(_TASKS.c.assignee.is_(None) | (_TASKS.c.assignee == bindparam("ended_by")))
    .values({name: bindparam(name) for name in ("state", "ended_at", "ended_by", "answers")})
    .returning(*_TASKS.c)
    .cte("ended")
)
_LOCKING_AND_ENDING = Reading(
    select(_OF_TASK, _ENDED).select_from(_OF_TASK.outerjoin(_ENDED, true())),
    {Instance: _LOCKED, UserTask: list(_TASKS.c)},
)
_NEW: dict[str, Any] = {
    "state": b"", "revision": 0, "status": InstanceStatus.RUNNING, "outcome": None, "ended_at": None,
    "is_suspended": False, "is_held": False,
}  # fmt: skip
_COLUMNS = ("definition_id", "business_key", "started_at", *_NEW)
_INSERTING = Insertion(_TABLE, (*_COLUMNS, "trail"), returning=("id",))
_WRITING = Statement(
    update(_TABLE)
    .where(_TABLE.c.id == bindparam("instance_id"))
    .values({name: bindparam(name) for name in ("state", "revision", "status", "ended_at", "outcome")})
    .values(trail=trails.lengthened(_TABLE.c.trail, "passed"))
)


class _Host:
    """What a run needs of the house: handlers that run inside the step, and an ear for what happens."""

    def __init__(self, instance: Instance, by: str, happened: Sequence[Occurrence] = ()) -> None:
        self.instance = instance
        self.by = by
        self.happened = list(happened)
        self.occurrences: list[Occurrence] = []

    def serve(self, element: Element, variables: Mapping[str, Any]) -> dict[str, Any] | None:
        handler = registry.find(element.topic or "")
        if handler is None or not handler.transactional:
            return None
        self._tell_first()
        return handler(
            {**variables, **{name: value(variables) for name, value in element.inputs.items()}},
            instance_id=self.instance.id,
            business_key=self.instance.business_key,
            element_id=element.id,
            at=clock.now(),
            by=self.by,
            job_id=f"{self.instance.id}/{element.id}",
        )

    def _tell_first(self) -> None:
        """What was done before comes first in every history; and a handler may need the instance's id."""
        if not inspect(self.instance).has_identity:
            _insert(self.instance)
        registry.tell(self.instance, self.happened)
        self.happened = []

    def note_trail(self, run: Run) -> None:
        """Every element passed in this advance, in order, as occurrences."""
        names = {"timer": "timer_fired", "message": "message_received"}
        for element in run.trail:
            if element.kind in ("userTask", "manualTask"):
                continue  # told as task_completed, with who did it
            event = element.kind in ("boundaryEvent", "intermediateCatchEvent", "receiveTask")
            name = names.get(element.trigger or "", "event_caught") if event else "activity_completed"
            particulars = {"kind": element.kind, "name_en": element.name_en}
            self.occurrences.append(
                Occurrence(name, element.id, element.name, clock.now(), element.public_step, self.by, particulars)
            )
