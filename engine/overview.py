"""What operators look at: counts, what waits where, one instance from inside. Only reads; only `inside` loads an instance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select, union_all

from engine import clock, definitions, jobs
from engine.base import session
from engine.ledger import Operation
from engine.models import (
    Attempt,
    AttemptOutcome,
    Definition,
    Incident,
    Instance,
    InstanceStatus,
    Job,
    JobState,
    Subscription,
    TaskState,
    Timer,
    UserTask,
)
from engine.spiff import FAILURES, Element

#: Lines of history at most, the newest.
MOST_LINES = 500


@dataclass(frozen=True)
class Waits:
    """One thing an instance waits for; `uid` is what a token is moved by."""

    kind: str
    uid: str
    element_id: str
    id: str
    since: datetime | None = None
    due_at: datetime | None = None
    state: str | None = None
    assignee: str | None = None
    message: str | None = None
    correlation_key: str | None = None
    attempts: int | None = None


@dataclass(frozen=True)
class Line:
    """One line of an instance's history."""

    at: datetime
    what: str
    element_id: str | None
    by: str | None
    particulars: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Inside:
    """The variables of an instance, or why they cannot be read, and the elements of its version by id."""

    variables: dict[str, Any] | None
    failure: str | None
    elements: Mapping[str, Element]


def matching(
    *,
    key: str | None = None,
    version: int | None = None,
    state: str | None = None,
    element: str | None = None,
    business_key: str | None = None,
    is_stuck: bool = False,
) -> list[ColumnElement[bool]]:
    """What instances must be: `state` is running, suspended or ended; a business key may be its beginning."""
    conditions: list[ColumnElement[bool]] = []
    if key is not None or version is not None:
        named = {name: value for name, value in (("key", key), ("version", version)) if value is not None}
        conditions.append(Instance.definition_id.in_(select(Definition.id).filter_by(**named)))
    if state is not None:
        conditions.append(Instance.status == (InstanceStatus.ENDED if state == "ended" else InstanceStatus.RUNNING))
        conditions += [] if state == "ended" else [Instance.is_held.is_(state == "suspended")]
    if element is not None:
        at = select(UserTask.instance_id).where(UserTask.element_id == element, UserTask.state == TaskState.OPEN)
        conditions.append(Instance.id.in_(at))
    if business_key is not None:
        conditions.append(Instance.business_key.startswith(business_key, autoescape=True))
    if is_stuck:
        conditions.append(Instance.id.in_(select(Incident.instance_id).where(Incident.resolved_at.is_(None))))
    return conditions


def instances_by_state() -> dict[int, dict[str, int]]:
    """How many instances of each version are running, suspended and ended."""
    query = select(Instance.definition_id, Instance.status, Instance.is_held, func.count().label("number"))
    counted: dict[int, dict[str, int]] = {}
    for row in session().execute(query.group_by(Instance.definition_id, Instance.status, Instance.is_held)):
        of = counted.setdefault(row.definition_id, {"running": 0, "suspended": 0, "ended": 0})
        of["ended" if row.status == InstanceStatus.ENDED else "suspended" if row.is_held else "running"] += row.number
    return counted


def waiting_by_element(definition_id: int) -> list[dict[str, Any]]:
    """For each element of a version at which something waits: how much of which kind."""
    sources = (
        ("tasks", UserTask, UserTask.state == TaskState.OPEN),
        ("timers", Timer, Timer.id > 0),
        ("messages", Subscription, Subscription.id > 0),
        ("jobs", Job, Job.state.in_([JobState.WAITING, JobState.RUNNING, JobState.HELD, JobState.FAILED])),
        ("incidents", Incident, Incident.resolved_at.is_(None)),
    )
    found: dict[str, Counter[str]] = {}
    for kind, model, condition in sources:
        query = select(model.element_id, func.count().label("number")).join(Instance, Instance.id == model.instance_id)
        query = query.where(Instance.definition_id == definition_id, condition, model.element_id.is_not(None))
        for row in session().execute(query.group_by(model.element_id)):
            found.setdefault(row.element_id, Counter())[kind] = row.number
    kinds = [kind for kind, _, _ in sources]
    return [{"element_id": one, **{kind: found[one][kind] for kind in kinds}} for one in sorted(found)]


def state_of(instance: Instance) -> str:
    """The state of an instance in one word."""
    return "ended" if instance.ended_at else "suspended" if instance.is_held else "running"


def waits(instance_id: int) -> list[Waits]:
    """Everything an instance waits for, from its rows."""
    return waits_of([instance_id])[instance_id]


def waits_of(instance_ids: Collection[int]) -> dict[int, list[Waits]]:
    """The same of several instances, in as many queries as of one."""
    tasks = select(UserTask).where(UserTask.instance_id.in_(instance_ids), UserTask.state == TaskState.OPEN)
    timers = select(Timer).where(Timer.instance_id.in_(instance_ids)).order_by(Timer.due_at, Timer.id)
    messages = select(Subscription).where(Subscription.instance_id.in_(instance_ids)).order_by(Subscription.id)
    is_open = Job.state.in_([JobState.WAITING, JobState.RUNNING, JobState.HELD, JobState.FAILED])
    open_jobs = select(Job).where(Job.instance_id.in_(instance_ids), is_open).order_by(Job.created_at, Job.id)
    found: dict[int, list[Waits]] = {one: [] for one in instance_ids}
    for t in session().scalars(tasks.order_by(UserTask.id)):
        told = (t.created_at, t.due_at, t.state, t.assignee)
        found[t.instance_id].append(Waits("task", t.task_uid, t.element_id, str(t.id), *told))
    for r in session().scalars(timers):
        found[r.instance_id].append(Waits("timer", r.task_uid, r.element_id, str(r.id), None, r.due_at))
    for m in session().scalars(messages):
        awaited = Waits("message", m.task_uid, m.element_id, str(m.id), message=m.message_name,
                        correlation_key=m.correlation_key)  # fmt: skip
        found[m.instance_id].append(awaited)
    for j in session().scalars(open_jobs):
        work = Waits("job", j.task_uid or "", j.element_id or "", str(j.id), j.created_at, j.run_after, j.state,
                     attempts=j.attempts)  # fmt: skip
        found[j.instance_id or 0].append(work)
    return found


def open_incidents(instance_ids: Collection[int]) -> list[Incident]:
    """What stopped in these instances and waits for a person, the oldest first."""
    is_open = select(Incident).where(Incident.instance_id.in_(instance_ids), Incident.resolved_at.is_(None))
    return list(session().scalars(is_open.order_by(Incident.id)))


def tokens(waits: Iterable[Waits], incidents: Iterable[Incident]) -> list[dict[str, Any]]:
    """How the elements of a drawing are to be marked."""
    waiting = Counter(one.element_id for one in waits)
    stuck = Counter(one.element_id for one in incidents if one.element_id)
    marked = sorted(waiting.keys() | stuck.keys())
    return [{"element_id": one, "waits": waiting[one], "incidents": stuck[one]} for one in marked]


def history(instance: Instance) -> list[Line]:
    """What happened to an instance, the oldest first: tasks, jobs, incidents and what operators did."""
    lines = [Line(instance.started_at, "instance_started", None, None)]
    for task in session().scalars(select(UserTask).where(UserTask.instance_id == instance.id).order_by(UserTask.id)):
        lines.append(Line(task.created_at, "task_created", task.element_id, None))
        if task.ended_at is not None:
            lines.append(Line(task.ended_at, f"task_{task.state}", task.element_id, task.ended_by))
    for job in session().scalars(select(Job).where(Job.instance_id == instance.id).order_by(Job.created_at, Job.id)):
        lines.append(Line(job.created_at, "job_created", job.element_id, None, {"topic": job.topic}))
        if job.ended_at is not None:
            lines.append(Line(job.ended_at, f"job_{job.state}", job.element_id, None, {"attempts": job.attempts}))
    lines += _attempts(instance.id)
    for incident in session().scalars(
        select(Incident).where(Incident.instance_id == instance.id).order_by(Incident.id)
    ):
        lines.append(
            Line(incident.opened_at, "incident_opened", incident.element_id, None, {"message": incident.message})
        )
        if incident.resolved_at is not None:
            lines.append(Line(incident.resolved_at, "incident_resolved", incident.element_id, incident.resolved_by))
    acts = session().scalars(select(Operation).where(Operation.instance_id == instance.id).order_by(Operation.id))
    lines += [Line(act.at, act.kind, None, act.by, {"reason": act.reason, **act.particulars}) for act in acts]
    if instance.ended_at is not None:
        lines.append(Line(instance.ended_at, "instance_ended", None, None, {"outcome": instance.outcome}))
    return sorted(lines, key=lambda line: line.at)[-MOST_LINES:]


def _attempts(instance_id: int) -> list[Line]:
    """Those that came to nothing."""
    query = select(Attempt, Job.element_id).join(Job, Job.id == Attempt.job_id).where(Job.instance_id == instance_id)
    fruitless = query.where(Attempt.outcome.in_([AttemptOutcome.FAILED, AttemptOutcome.LOST])).order_by(Attempt.id)
    return [
        Line(one.ended_at or one.began_at, f"attempt_{one.outcome}", element_id, None,
             {"number": one.number, "worker": one.worker, "message": one.error})
        for one, element_id in session().execute(fruitless)
    ]  # fmt: skip


def inside(instance: Instance) -> Inside:
    """Look into an instance; one that cannot be loaded says why."""
    process = definitions.process_of(instance.definition_id)
    try:
        return Inside(process.resume(instance.state, Looking()).variables(), None, process.elements)
    except FAILURES as error:
        return Inside(None, f"{type(error).__name__}: {error}", process.elements)


def targets(instance: Instance, uid: str) -> list[str]:
    """The elements before which the token of what waits may be put; none when nothing with this uid waits."""
    try:
        run = definitions.process_of(instance.definition_id).resume(instance.state, Looking())
    except FAILURES:
        return []
    return run.targets(uid)


def metrics() -> dict[str, Any]:
    """The figures an alarm is set on, as of now."""
    now = clock.now()
    states = Counter[str]()
    for of in instances_by_state().values():
        states.update(of)
    waiting, due = Job.state == JobState.WAITING, Job.run_after <= now
    counted = {
        "tasks_open": select(func.count()).select_from(UserTask).where(UserTask.state == TaskState.OPEN),
        "timers_waiting": select(func.count()).select_from(Timer).where(~Timer.is_held),
        "timers_held": select(func.count()).select_from(Timer).where(Timer.is_held),
        "timers_due": select(func.count()).select_from(Timer).where(~Timer.is_held, Timer.due_at <= now),
        "jobs_waiting": select(func.count()).select_from(Job).where(waiting),
        "jobs_due": select(func.count()).select_from(Job).where(waiting, due),
        "jobs_running": select(func.count()).select_from(Job).where(Job.state == JobState.RUNNING),
        "jobs_held": select(func.count()).select_from(Job).where(Job.state == JobState.HELD),
        "jobs_failed": select(func.count()).select_from(Job).where(Job.state == JobState.FAILED),
        "incidents_open": select(func.count()).select_from(Incident).where(Incident.resolved_at.is_(None)),
    }
    figures = select(*(query.scalar_subquery().label(name) for name, query in counted.items()))
    row = session().execute(figures).mappings().one()
    oldest = union_all(
        select(func.min(Job.run_after).label("at")).where(waiting, due),
        select(func.min(Timer.due_at)).where(~Timer.is_held, Timer.due_at <= now),
    ).subquery()
    first = session().scalar(select(func.min(oldest.c.at)))
    lag = (now - first).total_seconds() if first is not None else 0.0
    told = {name: states[state] for name, state in (("instances_running", "running"), ("instances_suspended", "suspended"),
                                                    ("instances_ended", "ended"))}  # fmt: skip
    return {**told, **row, "seconds_behind": lag, "is_queue_reachable": jobs.is_reachable()}


class Looking:
    """A host for those who only look."""

    def serve(self, element: Element, variables: Mapping[str, Any]) -> dict[str, Any] | None:
        """Never asked."""
        raise AssertionError("nothing is done while looking")
