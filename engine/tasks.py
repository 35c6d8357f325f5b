"""What people do with user tasks: claim, release, delegate, put off, complete. Who may is asked by the caller."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from engine import clock, definitions, instances, registry
from engine.base import session
from engine.errors import (
    Invalid,
    Problem,
    TaskAlreadyClaimed,
    TaskAlreadyCompleted,
    TaskNotFound,
)
from engine.models import Instance, InstanceStatus, TaskState, UserTask
from engine.registry import Occurrence
from engine.spiff import Run


def get(task_id: int) -> UserTask:
    """The task as it stands.

    Raises: TaskNotFound.
    """
    task = session().get(UserTask, task_id)
    if task is None:
        raise TaskNotFound(task_id)
    return task


def claim(task_id: int, *, by: str) -> UserTask:
    """Take a task; claiming one's own again changes nothing.

    Raises: TaskNotFound, TaskAlreadyClaimed (somebody was first), TaskAlreadyCompleted.
    """
    free = UserTask.assignee.is_(None) | (UserTask.assignee == by)
    return _change(task_id, free, "task_claimed", by=by, assignee=by, claimed_at=clock.now())


def release(task_id: int, *, by: str) -> UserTask:
    """Give a task back to its groups.

    Raises: TaskNotFound, TaskAlreadyClaimed (it is somebody else's), TaskAlreadyCompleted.
    """
    return _change(task_id, UserTask.assignee == by, "task_released", by=by, assignee=None, claimed_at=None)


def delegate(task_id: int, *, to: str, by: str) -> UserTask:
    """Give a task to another person; whoever has it loses it.

    Raises: TaskNotFound, TaskAlreadyCompleted.
    """
    return _change(task_id, UserTask.id > 0, "task_delegated", by=by, assignee=to, claimed_at=clock.now())


def follow_up(task_id: int, *, at: datetime | None, by: str) -> UserTask:
    """Put a task out of sight until `at`; its deadline goes on.

    Raises: TaskNotFound, TaskAlreadyClaimed, TaskAlreadyCompleted.
    """
    return _change(task_id, UserTask.assignee == by, "task_put_off", by=by, follow_up_at=at)


def complete(task_id: int, answers: Mapping[str, Any], *, by: str) -> Instance:
    """Complete a task with checked answers; only those its element names become process variables.

    Raises: TaskNotFound, TaskAlreadyCompleted, TaskAlreadyClaimed (it is somebody else's).
    """
    if "self" in answers:
        raise Invalid([Problem("self", "reserved_name")])
    ended = {"state": TaskState.COMPLETED, "ended_at": clock.now(), "ended_by": by, "answers": dict(answers)}
    instance, task = instances.lock_ending(task_id, **ended)
    if task is None:
        raise _why_not(task_id)
    done = [_occurrence("task_completed", task, by)]
    return instances.advance_locked(instance, lambda run: _complete(run, task, answers), by=by, happened=done)


def _complete(run: Run, task: UserTask, answers: Mapping[str, Any]) -> None:
    names = run.process.elements[task.element_id].answers
    if not run.complete(task.task_uid, {name: answers[name] for name in names if name in answers}):
        raise TaskAlreadyCompleted(task.ended_by, task.ended_at)


def _why_not(task_id: int) -> TaskAlreadyCompleted | TaskAlreadyClaimed:
    """What somebody is told who was too late."""
    task = session().get_one(UserTask, task_id, populate_existing=True)
    if task.state == TaskState.OPEN and task.instance.status == InstanceStatus.RUNNING:
        return TaskAlreadyClaimed(task.assignee or "")
    return TaskAlreadyCompleted(task.ended_by, task.ended_at)


def _change(task_id: int, condition: Any, occurrence: str, *, by: str, **values: Any) -> UserTask:
    """Change an open task if it still is as `condition` says: two people at once, one wins and the other is told."""
    query = update(UserTask).where(UserTask.id == task_id, UserTask.state == TaskState.OPEN, condition)
    changed = session().execute(query.values(**values).returning(UserTask.id)).scalar()
    task = session().scalar(select(UserTask).where(UserTask.id == task_id).execution_options(populate_existing=True))
    if task is None:
        raise TaskNotFound(task_id)
    if changed is None and task.state != TaskState.OPEN:
        raise TaskAlreadyCompleted(task.ended_by, task.ended_at)
    if changed is None:
        raise TaskAlreadyClaimed(task.assignee or "")
    registry.tell(task.instance, [_occurrence(occurrence, task, by)])
    return task


def _occurrence(name: str, task: UserTask, by: str) -> Occurrence:
    particulars = {
        "task_id": task.id,
        "assignee": task.assignee,
        "answers": task.answers or {},
        "name_en": task.name_en,
    }
    return Occurrence(name, task.element_id, task.name, clock.now(), None, by, particulars)


def documentation(task: UserTask) -> str:
    """What the diagram says about this task, for the person who has to do it."""
    return definitions.process_of(task.instance.definition_id).elements[task.element_id].documentation
