"""The waiting parts of an instance as rows, rewritten by difference in the transaction that stores its state."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Text, any_, bindparam, delete, select, update
from sqlalchemy.dialects.postgresql import ARRAY

from engine import clock, jobs
from engine.base import session
from engine.models import Instance, Job, JobState, Subscription, TaskState, Timer, UserTask
from engine.registry import Occurrence
from engine.spiff import Run, WaitingJob, WaitingMessage, WaitingTask, WaitingTimer
from engine.statements import Insertion, Statement, Together
from engine.written import DEFAULT_PRIORITY, groups, moment, number

TASK_COLUMNS = (
    "instance_id", "task_uid", "element_id", "name", "name_en", "public_step", "state", "candidate_groups", "assignee",
    "form_key", "priority", "due_at", "follow_up_at", "created_at",
)  # fmt: skip


# The statements of nearly every step. Nobody holds these rows as objects while an instance is advanced.
_TASKS, _TIMERS, _SUBSCRIPTIONS = (
    model.metadata.tables[model.__tablename__] for model in (UserTask, Timer, Subscription)
)
_NEW_TASKS = Insertion(_TASKS, TASK_COLUMNS, returning=("task_uid", "id"))
_NEW_TIMERS = Insertion(_TIMERS, ("instance_id", "is_held", "task_uid", "element_id", "due_at"))
_NEW_SUBSCRIPTIONS = Insertion(
    _SUBSCRIPTIONS, ("instance_id", "correlation_key", "task_uid", "element_id", "message_name")
)
_GONE = bindparam("gone", type_=ARRAY(Text))
_NO_TIMERS = Statement(
    delete(_TIMERS).where(_TIMERS.c.instance_id == bindparam("instance"), _TIMERS.c.task_uid == any_(_GONE))
)
_NO_SUBSCRIPTIONS = Statement(
    delete(_SUBSCRIPTIONS)
    .where(_SUBSCRIPTIONS.c.instance_id == bindparam("instance"))
    .where(_SUBSCRIPTIONS.c.task_uid + " " + _SUBSCRIPTIONS.c.message_name == any_(_GONE))
)


@dataclass(frozen=True)
class Waiting:
    """What an instance waits for at one moment, by the key of its row."""

    tasks: Mapping[str, WaitingTask] = field(default_factory=dict)
    timers: Mapping[str, WaitingTimer] = field(default_factory=dict)
    messages: Mapping[tuple[str, str], WaitingMessage] = field(default_factory=dict)
    jobs: Mapping[str, WaitingJob] = field(default_factory=dict)


def waiting(run: Run) -> Waiting:
    """What a run waits for now. For a run as it was loaded this is what its rows say: they were stored together."""
    return Waiting(
        {task.uid: task for task in run.tasks()},
        {timer.uid: timer for timer in run.timers()},
        {(message.uid, message.name): message for message in run.messages()},
        {job.uid: job for job in run.jobs()},
    )


def rewrite(
    instance: Instance,
    run: Run,
    before: Waiting,
    *,
    occurrences: list[Occurrence],
    by: str,
    together: Together | None = None,
) -> None:
    """Bring the rows from what the run waited for `before` to what it waits for now, without asking for them.

    What appeared or went away is added to `occurrences`; what is to be written `together` with the rows is written then.
    """
    now, writing = waiting(run), together or Together()
    still = {uid: task for uid, task in before.tasks.items() if uid not in run.completed}
    _rewrite_timers(instance, before.timers, now.timers, writing)
    _rewrite_subscriptions(instance, before.messages, now.messages, writing)
    _rewrite_tasks(instance, still, now.tasks, writing, occurrences=occurrences, by=by)
    _rewrite_jobs(instance, before.jobs, now.jobs, lane=run.process.key)
    if run.redated:
        _redate(instance, before, now, run.redated)
    for name, payload, key in run.thrown():
        said = {"name": name, "correlation_key": key or instance.business_key, "payload": payload}
        jobs.add("deliver_bpmn_message", said)


def rename(instance: Instance, before: Waiting, now: Waiting) -> None:
    """Let the rows of what still waits say what its element is called in the version the instance is on now.

    Who has a task, when it is due and what is filled in already stay as they are.
    """
    for uid in before.tasks.keys() & now.tasks.keys():
        element = now.tasks[uid].element
        said = {"element_id": element.id, "name": element.name, "name_en": element.name_en}
        row = update(UserTask).where(UserTask.instance_id == instance.id, UserTask.task_uid == uid)
        session().execute(row.values(**said, form_key=element.form_key, public_step=element.public_step))
    kinds: list[tuple[Any, Mapping[str, Any], Mapping[str, Any]]] = [
        (Timer, before.timers, now.timers), (Job, before.jobs, now.jobs),
        (Subscription, {uid: m for (uid, _), m in before.messages.items()}, {uid: m for (uid, _), m in now.messages.items()}),
    ]  # fmt: skip
    for model, then, here in kinds:
        for uid in then.keys() & here.keys():
            row = update(model).where(model.instance_id == instance.id, model.task_uid == uid)
            session().execute(row.values(element_id=here[uid].element.id))


def offer(instance_id: int, job: WaitingJob) -> None:
    """Give the row of a job that is not running the variables as they are now."""
    inputs = {name: value(job.variables) for name, value in job.element.inputs.items()}
    is_open = Job.state.in_([JobState.WAITING, JobState.FAILED, JobState.HELD])
    free = select(Job.id).where(Job.instance_id == instance_id, Job.task_uid == job.uid, is_open)
    free = free.with_for_update(skip_locked=True)
    session().execute(update(Job).where(Job.id.in_(free)).values(payload={**job.variables, **inputs}))


def clear(instance: Instance, *, occurrences: list[Occurrence], by: str) -> None:
    """Let an instance wait for nothing any more, without loading it. A job that runs at this moment finds that nobody wants its result."""
    query = update(UserTask).where(UserTask.instance_id == instance.id, UserTask.state == TaskState.OPEN)
    query = query.values(state=TaskState.CANCELLED, ended_at=clock.now())
    rows = session().scalars(query.returning(UserTask).execution_options(populate_existing=True))
    occurrences.extend(_cancelled(row, by) for row in rows)
    session().execute(delete(Timer).where(Timer.instance_id == instance.id))
    session().execute(delete(Subscription).where(Subscription.instance_id == instance.id))
    is_open = Job.state.in_([JobState.WAITING, JobState.RUNNING, JobState.FAILED, JobState.HELD])
    free = select(Job.id).where(Job.instance_id == instance.id, is_open).with_for_update(skip_locked=True)
    session().execute(
        update(Job).where(Job.id.in_(free)).values(state=JobState.CANCELLED, ended_at=clock.now())
    )  # fmt: skip


def _rewrite_tasks(
    instance: Instance,
    before: Mapping[str, WaitingTask],
    now: Mapping[str, WaitingTask],
    writing: Together,
    *,
    occurrences: list[Occurrence],
    by: str,
) -> None:
    """Comes last: new tasks tell their ids, and with them everything is written."""
    gone = before.keys() - now.keys()
    if gone:
        query = (
            update(UserTask)
            .where(UserTask.instance_id == instance.id, UserTask.task_uid.in_(gone), UserTask.state == TaskState.OPEN)
            .values(state=TaskState.CANCELLED, ended_at=clock.now())
            .returning(UserTask)
            .execution_options(populate_existing=True)
        )
        occurrences.extend(_cancelled(row, by) for row in session().scalars(query))
    new = [_user_task(instance, task) for uid, task in now.items() if uid not in before]
    if not new:
        writing.run()
        return
    *first, last = _NEW_TASKS.parts(new)
    ids = dict(row for statement, values in first for row in statement.rows(values))
    writing.add(*last)
    ids.update(writing.rows())
    occurrences.extend(_created(row, ids[row["task_uid"]], by) for row in new)


def _user_task(instance: Instance, task: WaitingTask) -> dict[str, Any]:
    element, variables = task.element, task.variables
    named = element.candidate_groups(variables) if element.candidate_groups else []
    return {
        "instance_id": instance.id,
        "task_uid": task.uid,
        "element_id": element.id,
        "name": element.name,
        "name_en": element.name_en,
        "public_step": element.public_step,
        "state": TaskState.OPEN,
        "candidate_groups": groups(named),
        "assignee": (element.assignee(variables) or None) if element.assignee else None,
        "form_key": element.form_key,
        "priority": number(element.priority(variables)) if element.priority else DEFAULT_PRIORITY,
        "due_at": moment(element.id, element.due_date(variables)) if element.due_date else None,
        "follow_up_at": moment(element.id, element.follow_up(variables)) if element.follow_up else None,
        "created_at": clock.now(),
    }


def _redate(instance: Instance, before: Waiting, now: Waiting, names: AbstractSet[str]) -> None:
    """Let the rows of tasks that went on waiting say when they are due now, and those of jobs what they begin with."""
    for uid in before.tasks.keys() & now.tasks.keys():
        due_date, variables = now.tasks[uid].element.due_date, now.tasks[uid].variables
        if due_date is not None and getattr(due_date, "names", frozenset()) & names:
            due_at = moment(now.tasks[uid].element.id, due_date(variables))
            row = update(UserTask).where(UserTask.instance_id == instance.id, UserTask.task_uid == uid)
            session().execute(row.values(due_at=due_at))
    for uid in before.jobs.keys() & now.jobs.keys():
        offer(instance.id, now.jobs[uid])


def _rewrite_timers(
    instance: Instance, before: Mapping[str, WaitingTimer], now: Mapping[str, WaitingTimer], writing: Together
) -> None:
    moved = [timer for uid, timer in now.items() if uid in before and before[uid].due_at != timer.due_at]
    if moved:
        _NO_TIMERS.run({"instance": instance.id, "gone": [timer.uid for timer in moved]})
    gone = before.keys() - now.keys()
    if gone:
        writing.add(_NO_TIMERS, {"instance": instance.id, "gone": list(gone)})
    new = [*moved, *(timer for uid, timer in now.items() if uid not in before)]
    shared = {"instance_id": instance.id, "is_held": instance.is_held}
    rows = [{**shared, "task_uid": one.uid, "element_id": one.element.id, "due_at": one.due_at} for one in new]
    for part in _NEW_TIMERS.parts(rows):
        writing.add(*part)


def _rewrite_subscriptions(
    instance: Instance,
    before: Mapping[tuple[str, str], WaitingMessage],
    now: Mapping[tuple[str, str], WaitingMessage],
    writing: Together,
) -> None:
    gone = [f"{uid} {name}" for uid, name in before.keys() - now.keys()]
    if gone:
        writing.add(_NO_SUBSCRIPTIONS, {"instance": instance.id, "gone": gone})
    new = [message for key, message in now.items() if key not in before]
    rows = [
        {
            "instance_id": instance.id,
            "correlation_key": one.key() or instance.business_key,
            "task_uid": one.uid,
            "element_id": one.element.id,
            "message_name": one.name,
        }
        for one in new
    ]
    for part in _NEW_SUBSCRIPTIONS.parts(rows):
        writing.add(*part)


def _rewrite_jobs(
    instance: Instance, before: Mapping[str, WaitingJob], now: Mapping[str, WaitingJob], *, lane: str
) -> None:
    gone = before.keys() - now.keys()
    if (
        gone
    ):  # a job that has just been done is done already; one that is running will find that nobody wants its result
        open_jobs = Job.state.in_([JobState.WAITING, JobState.RUNNING, JobState.FAILED, JobState.HELD])
        query = update(Job).where(Job.instance_id == instance.id, Job.task_uid.in_(gone), open_jobs)
        session().execute(query.values(state=JobState.CANCELLED, ended_at=clock.now()))
    for uid, job in now.items():
        if uid not in before:
            inputs = {name: value(job.variables) for name, value in job.element.inputs.items()}
            jobs.add(
                job.element.topic or "",
                {**job.variables, **inputs},
                instance_id=instance.id,
                task_uid=uid,
                element_id=job.element.id,
                lane=lane,
                retry=job.element.retry,
                time_limit_s=job.element.time_limit_s,
            )


def _created(row: Mapping[str, Any], task_id: int, by: str) -> Occurrence:
    particulars = {
        "task_id": task_id,
        "groups": row["candidate_groups"],
        "assignee": row["assignee"],
        "name_en": row["name_en"],
    }
    return Occurrence("task_created", row["element_id"], row["name"], clock.now(), row["public_step"], by, particulars)


def _cancelled(row: UserTask, by: str) -> Occurrence:
    particulars = {"task_id": row.id, "groups": row.candidate_groups, "assignee": row.assignee, "name_en": row.name_en}
    return Occurrence("task_cancelled", row.element_id, row.name, clock.now(), None, by, particulars)
