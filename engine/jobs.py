"""Background work: a row in the transaction that wants it, in RQ after the commit, swept up if lost.

The only room that knows RQ. Redis may be emptied at any moment: the rows remain and `sweep` queues them again.
Handlers run at least once; a job's own rows and its completion commit together.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import redis
from rq import Queue, Worker
from rq.serializers import JSONSerializer
from sqlalchemy import or_, select

from engine import clock, registry
from engine.base import after_commit, db, session, transaction
from engine.errors import BusinessError, InstanceEnded, InstanceSuspended
from engine.models import Incident, Instance, InstanceStatus, Job, JobState

log = logging.getLogger(__name__)

#: A queued row whose work has not begun after this long was lost and is queued again.
LOST_AFTER = timedelta(seconds=60)
QUEUE = "caseway"
SWEEP_LIMIT = 500

_connection: redis.Redis | None = None


def connect(url: str) -> None:
    """Say where the queue is; nothing is asked of it yet."""
    global _connection  # noqa: PLW0603  # set once by the composition root
    _connection = redis.Redis.from_url(url, socket_connect_timeout=2)


def is_reachable() -> bool:
    """Whether the queue answers."""
    try:
        return bool(_connection is not None and _connection.ping())
    except redis.RedisError:
        return False


def add(
    topic: str,
    payload: Mapping[str, Any],
    *,
    run_after: Any = None,
    instance_id: int | None = None,
    task_uid: str | None = None,
    element_id: str | None = None,
) -> Job:
    """Have a handler run after the commit (or at `run_after`)."""
    job = Job(
        id=uuid.uuid4(),
        topic=topic,
        payload=dict(payload),
        run_after=run_after or clock.now(),
        created_at=clock.now(),
        instance_id=instance_id,
        task_uid=task_uid,
        element_id=element_id,
    )
    session().add(job)
    if job.run_after <= clock.now():
        job.queued_at = clock.now()
        after_commit(f"job {job.id}", lambda: queue("run", str(job.id)))
    return job


def queue(work: str, key: str) -> None:
    """Put `work` ("run" a job, "fire" an instance's timers) into RQ; what cannot be put there is swept up later."""
    if _connection is None:
        return
    try:
        _queue().enqueue(f"engine.jobs.{work}_queued", key, job_timeout=300, result_ttl=0, failure_ttl=3600)
    except redis.RedisError as error:
        log.warning("queue unreachable, %s %s waits for the sweep: %s", work, key, error)


def run(job_id: uuid.UUID) -> JobState | None:
    """Run a waiting job once; None when there is nothing (any more) to run.

    A failure is written down and tried again later; when retries are used up an incident is opened.
    """
    try:
        with transaction():
            job = _take(job_id)
            if job is None:
                return None
            job.state, job.ended_at = JobState.DONE, clock.now()  # before its instance looks which jobs are left
            job.attempts += 1
            _perform(job)
            return JobState.DONE
    except Exception as error:  # noqa: BLE001  # whatever a handler raises is a failed attempt, written down with its cause
        log.warning("job %s failed: %r", job_id, error)
        return _note_failure(job_id, error)


def sweep() -> int:
    """Queue every waiting job that is due and not (or no longer) in RQ; how many were queued."""
    now = clock.now()
    query = (
        select(Job)
        .where(Job.state == JobState.WAITING, Job.run_after <= now)
        .where(or_(Job.queued_at.is_(None), Job.queued_at < now - LOST_AFTER))
        .order_by(Job.run_after, Job.id)
        .limit(SWEEP_LIMIT)
        .with_for_update(skip_locked=True)
    )
    jobs = list(session().scalars(query))
    for job in jobs:
        job.queued_at = now
        after_commit(f"job {job.id}", _later("run", str(job.id)))
    return len(jobs)


def run_waiting(limit: int = 1000) -> int:
    """Run here and now what is due, without RQ; how many ran. For imports, tests and one-process uses."""
    ran = 0
    while ran < limit:
        with transaction():
            query = select(Job.id).where(Job.state == JobState.WAITING, Job.run_after <= clock.now())
            job_id = session().scalar(query.order_by(Job.run_after, Job.id).limit(1))
        if job_id is None:
            return ran
        run(job_id)
        ran += 1
    return ran


def work(*, burst: bool = False, app_context: Callable[[], Any]) -> None:
    """Be a worker until told to stop. Each job runs in a child that shares nothing but the loaded program."""

    class AppWorker(Worker):
        def perform_job(self, *args: Any, **kwargs: Any) -> bool:
            with app_context():
                db.engine.dispose(close=False)  # the parent's connections belong to the parent
                return bool(super().perform_job(*args, **kwargs))

    worker = AppWorker([_queue()], connection=_connection, serializer=JSONSerializer)
    worker.work(burst=burst, with_scheduler=False, logging_level="WARNING")


def run_queued(key: str) -> None:
    """Called by RQ: run the job with this id."""
    run(uuid.UUID(key))


def fire_queued(key: str) -> None:
    """Called by RQ: fire the due timers of this instance."""
    from engine import timers  # noqa: PLC0415  # timers queue through this module

    timers.fire(int(key))


def _queue() -> Queue:
    return Queue(QUEUE, connection=_connection, serializer=JSONSerializer)


def _later(what: str, key: str) -> Callable[[], None]:
    return lambda: queue(what, key)


def _take(job_id: uuid.UUID) -> Job | None:
    query = select(Job).where(Job.id == job_id, Job.state == JobState.WAITING, Job.run_after <= clock.now())
    return session().scalar(query.with_for_update(skip_locked=True).execution_options(populate_existing=True))


def _perform(job: Job) -> None:
    from engine import instances  # noqa: PLC0415  # instances project their jobs through this module

    handler = registry.find(job.topic)
    if handler is None:
        raise LookupError(f"no handler for {job.topic!r}")
    instance = session().get(Instance, job.instance_id) if job.instance_id else None
    key = instance.business_key if instance else None
    if instance is not None and instance.is_held:
        raise InstanceSuspended(instance.business_key)
    uid = job.task_uid or ""
    try:
        result = handler(job.payload, job_id=str(job.id), instance_id=job.instance_id, business_key=key,
                         element_id=job.element_id, at=clock.now(), by="system")  # fmt: skip
    except BusinessError as error:
        if instance is None:
            raise
        code, message = error.code, error.message
        instances.advance(instance.id, lambda run: run.fail_job(uid, code, message), by="system")
        return
    if instance is not None:
        instances.advance(instance.id, lambda run: run.finish_job(uid, result), by="system")


def _note_failure(job_id: uuid.UUID, error: Exception) -> JobState | None:
    with transaction():
        job = session().get(Job, job_id, with_for_update=True, populate_existing=True)
        if job is None or job.state != JobState.WAITING:
            return None
        if isinstance(error, InstanceEnded | InstanceSuspended) and _set_aside(job):
            return JobState(job.state)
        job.attempts += 1
        job.last_error = f"{type(error).__name__}: {error}"[:2000]
        handler = registry.find(job.topic)
        pauses = handler.retries if handler else ()
        if job.attempts <= len(pauses):
            job.run_after, job.queued_at = clock.now() + timedelta(seconds=pauses[job.attempts - 1]), None
        else:
            job.state = JobState.FAILED
            _open_incident(job)
        return JobState(job.state)


def _set_aside(job: Job) -> bool:
    """Whether the job's instance has ended or is (still) suspended, so that its failure is none and it waits for nobody."""
    query = (
        select(Instance.status, Instance.is_held).where(Instance.id == job.instance_id).with_for_update(key_share=True)
    )
    found = session().execute(query).first()
    if found is None or (found.status == InstanceStatus.RUNNING and not found.is_held):
        return False
    has_ended = found.status != InstanceStatus.RUNNING
    job.state, job.ended_at = (JobState.CANCELLED, clock.now()) if has_ended else (JobState.HELD, None)
    return True


def _open_incident(job: Job) -> None:
    incident = Incident(
        job_id=job.id,
        instance_id=job.instance_id,
        element_id=job.element_id,
        cause=job.topic,
        message=job.last_error or "",
        opened_at=clock.now(),
    )
    session().add(incident)
