"""Background work: a row in the transaction that wants it, a token in RQ after the commit, new tokens for lost ones.

Only this room and the workers (`engine.jobs_workers`) know RQ. A token says that some job is due, not which: whoever takes one asks `engine.attempts` whose
turn it is. So Redis may be emptied at any moment: the rows remain, and `sweep` sees to it that there are tokens enough.
Handlers run at least once; a job's result is kept once, with its own rows and its completion in one transaction.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from types import ModuleType
from typing import Any

import redis
from rq import Queue, Worker
from rq.serializers import JSONSerializer
from sqlalchemy import func, select, text

from engine import attempts, clock, registry
from engine.attempts import AttemptOver, Begun
from engine.base import after_commit, session, transaction
from engine.errors import BusinessError, InstanceSuspended
from engine.models import Instance, Job, JobState

log = logging.getLogger(__name__)

#: A queued timer that has not been fired after this long was lost and is queued again.
LOST_AFTER = timedelta(seconds=60)
#: Jobs and timers wait apart; workers take from both in turn.
QUEUE, TIMERS = "caseway", "caseway-timers"
#: Tokens that wait in RQ at most because of a sweep.
SWEEP_LIMIT = 500
FIRE_LIMIT_S = 300

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


def add(topic: str, payload: Mapping[str, Any], *, run_after: Any = None, lane: str = "", **columns: Any) -> Job:
    """Have a handler run after the commit (or at `run_after`). Jobs without a lane take turns by their topic."""
    now = clock.now()
    job = Job(
        id=uuid.uuid4(), topic=topic, payload=dict(payload), run_after=run_after or now, created_at=now,
        lane=lane or topic, **columns,
    )  # fmt: skip
    session().add(job)
    if job.run_after <= now:
        after_commit(f"job {job.id}", wake)
    return job


def tokens() -> dict[str, int]:
    """How much waits in each queue of RQ; nothing is said while it does not answer."""
    if _connection is None:
        return {}
    try:
        return {name: queue(name).count for name in (QUEUE, TIMERS)}
    except redis.RedisError:
        return {}


def workers() -> list[tuple[str, str, datetime | None]] | None:
    """The workers that live: name, state as RQ says it, and when each was heard of last; None while the queue does not answer."""
    if _connection is None:
        return None
    try:
        found = Worker.all(queue=queue(QUEUE))
        return sorted((one.name, str(one.get_state()), _aware(one.last_heartbeat)) for one in found)
    except redis.RedisError:
        return None


def _aware(said: datetime | None) -> datetime | None:
    return said.replace(tzinfo=UTC) if said is not None and said.tzinfo is None else said


def wake() -> None:
    """Put a token for one more due job into RQ."""
    _put(QUEUE, "run_queued")


def fire_later(instance_id: int) -> None:
    """Have a worker fire the due timers of an instance."""
    _put(TIMERS, "fire_queued", str(instance_id))


def _put(name: str, function: str, *arguments: str) -> None:
    """What cannot be put into RQ is swept up later."""
    if _connection is None:
        return
    ways: dict[str, Any] = {"job_timeout": FIRE_LIMIT_S, "result_ttl": 0, "failure_ttl": 3600}
    try:
        queue(name).enqueue(f"engine.jobs.{function}", *arguments, **ways)
    except redis.RedisError as error:
        log.warning("queue unreachable, %s %s waits for the sweep: %s", function, arguments, error)


def run(job_id: uuid.UUID) -> JobState | None:
    """Run a waiting job once, here and now; None when there is nothing (any more) to run.

    A failure is written down and tried again later; when retries are used up an incident is opened.
    """
    begun = attempts.begin(job_id)
    return None if begun is None else perform(begun)


def perform(begun: Begun) -> JobState | None:
    """Do what was begun, and end it: what became of the job, or None when its result was not wanted any more."""
    try:
        with transaction():
            _perform(begun)
        return JobState.DONE
    except AttemptOver:
        log.info("job %s was ended, cancelled or taken back while attempt %s ran", begun.job_id, begun.number)
        return attempts.fail(begun, AttemptOver("nobody wanted its result any more"))
    except Exception as error:  # noqa: BLE001  # whatever a handler raises is a failed attempt, written down with its cause
        log.warning("job %s failed: %r", begun.job_id, error)
        return attempts.fail(begun, error)


def sweep() -> int:
    """See to it that RQ holds a token for every job that is due, up to a limit; how many were put there."""
    due = select(Job.id).where(text("job.state = 'waiting'"), Job.run_after <= clock.now()).limit(SWEEP_LIMIT)
    wanted = session().scalar(select(func.count()).select_from(due.subquery())) or 0
    there = tokens()
    if wanted and not there:
        log.warning("queue unreachable, %s jobs wait", wanted)
    missing = wanted - there.get(QUEUE, wanted)
    for number in range(missing):
        after_commit(f"token {number}", wake)
    return max(missing, 0)


def run_waiting(limit: int = 1000) -> int:
    """Run here and now what is due, without RQ; how many ran. For imports, tests and one-process uses."""
    ran = 0
    while ran < limit and (begun := attempts.begin_next()) is not None:
        perform(begun)
        ran += 1
    return ran


def work(*, burst: bool = False, app_context: Callable[[], Any]) -> None:
    """Be a worker until told to stop."""
    _workers().work(burst=burst, app_context=app_context)


def run_queued(*_keys: str) -> None:
    """Called by RQ: run what was begun, or whatever job's turn it is. Tokens of the version before name a job."""
    _workers().run_begun()


def fire_queued(key: str) -> None:
    """Called by RQ: fire the due timers of this instance."""
    _workers().fire(int(key))


def _workers() -> ModuleType:
    from engine import jobs_workers  # noqa: PLC0415  # workers run jobs through this module

    return jobs_workers


def queue(name: str) -> Queue:
    """One of the two queues."""
    return Queue(name, connection=_connection, serializer=JSONSerializer)


def _perform(begun: Begun) -> None:
    from engine import instances  # noqa: PLC0415  # instances project their jobs through this module

    handler = registry.find(begun.topic)
    if handler is None:
        raise LookupError(f"no handler for {begun.topic!r}")
    instance = session().get(Instance, begun.instance_id) if begun.instance_id else None
    if instance is not None and instance.is_held:
        raise InstanceSuspended(instance.business_key)
    known = {"job_id": str(begun.job_id), "instance_id": begun.instance_id, "element_id": begun.element_id}
    uid = begun.task_uid or ""
    act: instances.Act
    try:
        result = handler(begun.payload, **known, business_key=instance.business_key if instance else None,
                         at=clock.now(), by="system")  # fmt: skip
        act = lambda run: run.finish_job(uid, result)  # noqa: E731  # one of two
    except BusinessError as error:
        if instance is None:
            raise
        code, message = error.code, error.message
        act = lambda run: run.fail_job(uid, code, message)  # noqa: E731  # one of two
    locked = instances.lock(instance.id) if instance is not None else None
    attempts.close(begun)
    if locked is not None:
        instances.advance_locked(locked, act, by="system")
