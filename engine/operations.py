"""What operators do to running instances. Every verb writes one `Operation` with its reason in the same transaction.

Suspended means that nothing happens: rows of timers and jobs are held, so that neither clock nor workers see them, and
`instances.advance` refuses. What has become due meanwhile happens after resuming.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from typing import Any

import orjson
from sqlalchemy import ColumnElement, literal, or_, select, update

from engine import clock, definitions, incidents, instances, projection, registry
from engine.base import session
from engine.errors import Conflict, DefinitionNotFound, Invalid, Problem, TaskNotFound
from engine.incidents import JobNotFailed, JobNotFound
from engine.ledger import Operation
from engine.models import Definition, Incident, Instance, InstanceStatus, Job, JobState, Timer
from engine.registry import Occurrence
from engine.spiff import Run

#: Bytes of an instance's variables as JSON, and how deep lists and contexts may be nested in them.
MOST_BYTES, DEEPEST = 4096, 20
NAME = re.compile(r"[^\W\d]\w*")
RETRIED_AT_ONCE = 500
CANCELLED = "cancelled"


class AlreadySo(Conflict):
    """It is so already: nothing was changed."""


def record(
    kind: str,
    *,
    by: str,
    reason: str,
    instance: Instance | None = None,
    definition: Definition | None = None,
    **particulars: Any,
) -> Operation:
    """Write down what an operator did."""
    operation = Operation(
        at=clock.now(),
        by=by,
        kind=kind,
        reason=reason,
        instance_id=instance.id if instance else None,
        definition_id=definition.id if definition else instance.definition_id if instance else None,
        particulars=particulars,
    )
    session().add(operation)
    session().flush()
    return operation


# ------------------------------------------------------------------------------------------------ suspend and resume


def suspend(instance_id: int, *, by: str, reason: str) -> Instance:
    """Let nothing of an instance happen. Raises: InstanceNotFound, InstanceEnded, AlreadySo."""
    instance = instances.lock(instance_id)
    if instance.is_suspended:
        raise AlreadySo
    instance.is_suspended = True
    hold(instance)
    record("instance_suspended", by=by, reason=reason, instance=instance)
    return instance


def resume(instance_id: int, *, by: str, reason: str) -> Instance:
    """Let an instance go on, unless its definition is suspended. Raises: InstanceNotFound, InstanceEnded, AlreadySo."""
    instance = instances.lock(instance_id)
    if not instance.is_suspended:
        raise AlreadySo
    instance.is_suspended = False
    hold(instance)
    record("instance_resumed", by=by, reason=reason, instance=instance)
    return instance


def suspend_definition(key: str, *, version: int | None = None, by: str, reason: str) -> list[Definition]:
    """Let nothing of all instances of a process (or of one version) happen, and start none; the versions changed.

    Raises: DefinitionNotFound, AlreadySo.
    """
    return _set_suspended(key, version, is_suspended=True, by=by, reason=reason)


def resume_definition(key: str, *, version: int | None = None, by: str, reason: str) -> list[Definition]:
    """Undo `suspend_definition`; instances suspended by themselves stay so. Raises: DefinitionNotFound, AlreadySo."""
    return _set_suspended(key, version, is_suspended=False, by=by, reason=reason)


def hold(instance: Instance) -> None:
    """Bring a locked instance and its rows in line with who is suspended."""
    instance.is_held = instance.is_suspended or definitions.get(instance.definition_id).is_suspended
    session().flush()
    _hold_rows(Instance.id == instance.id, is_held=instance.is_held)


def _set_suspended(
    key: str, version: int | None, *, is_suspended: bool, by: str, reason: str
) -> list[Definition]:  # fmt: skip
    query = select(Definition).where(Definition.key == key).order_by(Definition.id)
    query = query if version is None else query.where(Definition.version == version)
    found = list(session().scalars(query.with_for_update().execution_options(populate_existing=True)))
    if not found:
        raise DefinitionNotFound(key)
    changed = [definition for definition in found if definition.is_suspended != is_suspended]
    if not changed:
        raise AlreadySo
    for definition in changed:
        definition.is_suspended = is_suspended
        kind = "definition_suspended" if is_suspended else "definition_resumed"
        record(kind, by=by, reason=reason, definition=definition, version=definition.version)
    running = Instance.status == InstanceStatus.RUNNING
    theirs = Instance.definition_id.in_([definition.id for definition in changed]) & running
    lock = select(Instance.id).where(theirs).order_by(Instance.id).with_for_update(key_share=True)
    session().execute(lock).all()
    session().execute(update(Instance).where(theirs).values(is_held=or_(literal(is_suspended), Instance.is_suspended)))
    _hold_rows(theirs & (Instance.is_held.is_(is_suspended)), is_held=is_suspended)
    return changed


def _hold_rows(which: ColumnElement[bool], *, is_held: bool) -> None:
    """A job that runs at this moment is left to find its instance suspended."""
    theirs = select(Instance.id).where(which)
    timers = update(Timer).where(Timer.instance_id.in_(theirs), Timer.is_held.is_not(is_held))
    session().execute(timers.values(is_held=is_held, queued_at=None))
    before, after = (JobState.WAITING, JobState.HELD) if is_held else (JobState.HELD, JobState.WAITING)
    free = select(Job.id).where(Job.instance_id.in_(theirs), Job.state == before).with_for_update(skip_locked=True)
    session().execute(update(Job).where(Job.id.in_(free)).values(state=after))


# ---------------------------------------------------------------------------------------------------- mend one instance


def cancel(instance_id: int, *, by: str, reason: str) -> Instance:
    """End an instance where it stands, also one that cannot be loaded. Whoever it runs for hears `instance_cancelled`.

    Raises: InstanceNotFound, InstanceEnded.
    """
    instance = instances.lock(instance_id)
    occurrences: list[Occurrence] = []
    projection.clear(instance, occurrences=occurrences, by=by)
    instance.status, instance.outcome, instance.ended_at = InstanceStatus.ENDED, CANCELLED, clock.now()
    instance.is_suspended = instance.is_held = False
    instance.revision += 1
    resolved = update(Incident).where(Incident.instance_id == instance_id, Incident.resolved_at.is_(None))
    session().execute(resolved.values(resolved_at=clock.now(), resolved_by=by))
    stopped = [{"element_id": one.element_id, "task_id": one.particulars["task_id"]} for one in occurrences]
    record("instance_cancelled", by=by, reason=reason, instance=instance, tasks=stopped)
    for name in ("instance_cancelled", "instance_ended"):
        told = {"reason": reason} if name == "instance_cancelled" else {}
        occurrences.append(Occurrence(name, CANCELLED, "", clock.now(), by=by, particulars=told))
    registry.tell(instance, occurrences)
    return instance


def move(instance_id: int, uid: str, *, to: str, by: str, reason: str) -> Instance:
    """Take the token away from what waits (`uid`) and put it before the element `to` of the same branch.

    Raises: as `instances.advance`; TaskNotFound when nothing with this uid waits, MoveRefused.
    """
    left: list[str] = []

    def act(run: Run) -> None:
        waiting = projection.waiting(run)
        found: list[Any] = [*waiting.tasks.values(), *waiting.jobs.values()]
        found += [*waiting.timers.values(), *waiting.messages.values()]
        left.extend(one.element.id for one in found if one.uid == uid)
        if not left or not run.move(uid, to):
            raise TaskNotFound(uid)

    instance = instances.advance(instance_id, act, by=by)
    record("token_moved", by=by, reason=reason, instance=instance, before=left[0], after=to)
    return instance


def edit_variables(instance_id: int, values: Mapping[str, Any], *, by: str, reason: str) -> Instance:
    """Set process variables of a running or suspended instance; jobs that wait or failed will get the new ones.

    Raises: InstanceNotFound, InstanceEnded; Invalid for what cannot be kept.
    """
    changes: dict[str, Any] = {}

    def act(run: Run) -> None:
        before = run.variables()
        check_variables(before, values)
        run.assign(values)
        for job in run.jobs():
            projection.offer(instance_id, job)
        known = {name: before[name] for name in values if name in before}
        changes.update(before=known, after=dict(values))

    instance = instances.amend(instance_id, act, by=by)
    record("variables_edited", by=by, reason=reason, instance=instance, **changes)
    return instance


def check_variables(before: Mapping[str, Any], values: Mapping[str, Any], where: str = "variables") -> None:
    """Raises: Invalid for names and values the engine could not keep, and for more than `MOST_BYTES` in all."""
    problems = [Problem(f"{where}.{name}", "reserved_name") for name in values if name == "self"]
    problems += [Problem(f"{where}.{name}", "not_a_name") for name in values if not NAME.fullmatch(name)]
    problems += [Problem(f"{where}.{n}", "too_deep", {"max": DEEPEST}) for n, v in values.items() if _is_deep(v)]
    if not problems:
        was, will = (len(orjson.dumps(one)) for one in (dict(before), {**before, **values}))
        if will > max(was, MOST_BYTES):
            problems = [Problem(where, "too_big", {"max": MOST_BYTES})]
    if problems:
        raise Invalid(problems)


def _is_deep(value: Any) -> bool:
    """Not recursive: what is sent may be nested deeper than Python goes."""
    waiting = [(value, 1)]
    while waiting:
        inner, depth = waiting.pop()
        if depth > DEEPEST:
            return True
        if isinstance(inner, dict | list):
            waiting += [(one, depth + 1) for one in (inner.values() if isinstance(inner, dict) else inner)]
    return False


# ------------------------------------------------------------------------------------------------------------- jobs


def skip_job(job_id: uuid.UUID, result: Mapping[str, Any], *, by: str, reason: str) -> Job:
    """Let an instance go on as if a failed job had given `result`; its incident is resolved.

    Raises: JobNotFound, JobNotFailed; Invalid for a result that cannot be kept; as `instances.advance`.
    """
    check_variables({}, result, "result")
    job = session().get(Job, job_id)
    if job is None:
        raise JobNotFound(str(job_id))
    instance = instances.lock(job.instance_id) if job.instance_id else None
    session().refresh(job, with_for_update=True)
    if job.state != JobState.FAILED:
        raise JobNotFailed
    job.state, job.ended_at = JobState.DONE, clock.now()
    resolved = update(Incident).where(Incident.job_id == job_id, Incident.resolved_at.is_(None))
    session().execute(resolved.values(resolved_at=clock.now(), resolved_by=by))
    if instance is not None:
        uid = job.task_uid or ""
        instances.advance(instance.id, lambda run: run.finish_job(uid, result), by=by)
    said: dict[str, Any] = {
        "job_id": str(job_id),
        "element_id": job.element_id,
        "before": job.last_error,
        "after": dict(result),
    }
    record("job_skipped", by=by, reason=reason, instance=instance, **said)
    return job


def retry_alike(incident_id: int, *, by: str, reason: str) -> int:
    """Try again an incident and all open ones of the same cause at the same element; how many.

    Raises: IncidentNotFound, IncidentResolved.
    """
    first = incidents.retry(incident_id, by=by)
    same = Incident.element_id == first.element_id if first.element_id else Incident.element_id.is_(None)
    alike = select(Incident.id).where(Incident.cause == first.cause, same, Incident.resolved_at.is_(None))
    alike = alike.order_by(Incident.id).limit(RETRIED_AT_ONCE).with_for_update(skip_locked=True)
    others = list(session().scalars(alike))
    for other in others:
        incidents.retry(other, by=by)
    record("incidents_retried", by=by, reason=reason, cause=first.cause, element_id=first.element_id,
           incidents=[incident_id, *others])  # fmt: skip
    return 1 + len(others)
