"""The waiting parts of an instance as rows, rewritten by difference in the transaction that stores its state."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from engine import clock, jobs
from engine.base import session
from engine.errors import ExecutionFailed
from engine.models import Instance, Job, JobState, Subscription, TaskState, Timer, UserTask
from engine.registry import Occurrence
from engine.spiff import Run, WaitingTask

DEFAULT_PRIORITY = 50


def rewrite(instance: Instance, run: Run, occurrences: list[Occurrence], *, by: str) -> None:
    """Make the rows equal to what the run waits for; what appeared or went away is added to `occurrences`."""
    _rewrite_tasks(instance, run, occurrences, by)
    _rewrite_timers(instance, run)
    _rewrite_subscriptions(instance, run)
    _rewrite_jobs(instance, run)
    for name, payload in run.thrown():
        jobs.add("deliver_bpmn_message", {"name": name, "correlation_key": instance.business_key, "payload": payload})


def _rewrite_tasks(instance: Instance, run: Run, occurrences: list[Occurrence], by: str) -> None:
    open_rows = select(UserTask).where(UserTask.instance_id == instance.id, UserTask.state == TaskState.OPEN)
    rows = {row.task_uid: row for row in _existing(instance, open_rows)}
    waiting = {task.uid: task for task in run.tasks()}
    for uid, row in rows.items():
        if uid not in waiting:
            row.state, row.ended_at = TaskState.CANCELLED, clock.now()
            occurrences.append(_occurrence("task_cancelled", row, by))
    new = [_user_task(instance, task) for uid, task in waiting.items() if uid not in rows]
    if new:
        session().add_all(new)
        session().flush()
        occurrences.extend(_occurrence("task_created", row, by) for row in new)


def _user_task(instance: Instance, task: WaitingTask) -> UserTask:
    element, variables = task.element, task.variables
    groups = element.candidate_groups(variables) if element.candidate_groups else []
    return UserTask(
        instance_id=instance.id,
        task_uid=task.uid,
        element_id=element.id,
        name=element.name,
        public_step=element.public_step,
        state=TaskState.OPEN,
        candidate_groups=_groups(groups),
        assignee=(element.assignee(variables) or None) if element.assignee else None,
        form_key=element.form_key,
        priority=_number(element.priority(variables)) if element.priority else DEFAULT_PRIORITY,
        due_at=_moment(element.id, element.due_date(variables)) if element.due_date else None,
        follow_up_at=_moment(element.id, element.follow_up(variables)) if element.follow_up else None,
        created_at=clock.now(),
    )


def _rewrite_timers(instance: Instance, run: Run) -> None:
    rows = {row.task_uid: row for row in _existing(instance, select(Timer).where(Timer.instance_id == instance.id))}
    waiting = {timer.uid: timer for timer in run.timers()}
    for uid, row in rows.items():
        if uid not in waiting:
            session().delete(row)
        elif row.due_at != waiting[uid].due_at:
            row.due_at, row.queued_at = waiting[uid].due_at, None
    for uid, timer in waiting.items():
        if uid not in rows:
            new = Timer(instance_id=instance.id, task_uid=uid, element_id=timer.element.id, due_at=timer.due_at)
            session().add(new)


def _rewrite_subscriptions(instance: Instance, run: Run) -> None:
    query = select(Subscription).where(Subscription.instance_id == instance.id)
    rows = {(row.task_uid, row.message_name): row for row in _existing(instance, query)}
    waiting = {(message.uid, message.name): message for message in run.messages()}
    for key, row in rows.items():
        if key not in waiting:
            session().delete(row)
    for key, message in waiting.items():
        if key not in rows:
            session().add(
                Subscription(
                    instance_id=instance.id,
                    task_uid=message.uid,
                    element_id=message.element.id,
                    message_name=message.name,
                    correlation_key=instance.business_key,
                )
            )


def _rewrite_jobs(instance: Instance, run: Run) -> None:
    query = select(Job).where(Job.instance_id == instance.id, Job.state.in_([JobState.WAITING, JobState.FAILED]))
    rows = {row.task_uid: row for row in _existing(instance, query)}
    waiting = {job.uid: job for job in run.jobs()}
    for uid, row in rows.items():
        if uid is not None and uid not in waiting:
            row.state, row.ended_at = JobState.CANCELLED, clock.now()
    for uid, job in waiting.items():
        if uid not in rows:
            inputs = {name: value(job.variables) for name, value in job.element.inputs.items()}
            jobs.add(
                job.element.topic or "",
                {**job.variables, **inputs},
                instance_id=instance.id,
                task_uid=uid,
                element_id=job.element.id,
            )


def _existing(instance: Instance, query: Any) -> list[Any]:
    """The rows an instance has; a new one has none, so nothing is asked."""
    return [] if instance.revision == 0 else list(session().scalars(query))


def _groups(written: Any) -> list[str]:
    if isinstance(written, str):
        written = written.split(",")
    return sorted({str(group).strip() for group in written or [] if group and str(group).strip()})


def _number(written: Any) -> int:
    try:
        return int(written)
    except (TypeError, ValueError):
        return DEFAULT_PRIORITY


def _moment(element_id: str, written: Any) -> datetime | None:
    """Raises: ExecutionFailed when an element's date is no moment."""
    if written is None or isinstance(written, datetime):
        return written
    try:
        moment = datetime.fromisoformat(str(written))
    except ValueError as error:
        raise ExecutionFailed(element_id, f"not a moment: {written!r}") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=clock.now().tzinfo)


def _occurrence(name: str, row: UserTask, by: str) -> Occurrence:
    particulars: Mapping[str, Any] = {"task_id": row.id, "groups": row.candidate_groups, "assignee": row.assignee}
    step = row.public_step if name == "task_created" else None
    return Occurrence(name, row.element_id, row.name, clock.now(), step, by, dict(particulars))
