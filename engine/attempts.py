"""Attempts: a job is begun, then ended, each in a short transaction, and only the attempt that holds it may end it.

An attempt is counted when it begins, so that a job that kills its worker uses up its attempts like any other. Whoever runs
one says from time to time that it lives; the clock takes back what fell silent. Which job is next is decided here and not
by the order of a queue: lanes (processes) take turns, and handlers with a rate let wait what is too much.
"""

from __future__ import annotations

import logging
import os
import socket
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, select, text, update
from sqlalchemy.orm.util import identity_key

from engine import clock, pace, registry, retries
from engine.base import session, transaction
from engine.errors import GiveUp, InstanceEnded, InstanceSuspended, RetryLater
from engine.models import Attempt, AttemptOutcome, Incident, Instance, InstanceStatus, Job, JobState
from engine.statements import Statement

log = logging.getLogger(__name__)

#: Who runs an attempt says so this often; after so long a silence it is taken for dead.
SAID_EVERY, DEAD_AFTER = timedelta(seconds=10), timedelta(seconds=60)
TAKEN_BACK_AT_ONCE = 100
#: Jobs one look may find too early for their handler's rate, before it is somebody else's turn to look.
MOST_PUT_OFF = 50

_RUNNING = text("job.state = 'running'")

# The statements of every job. States are written out, for the database must see that the small indexes serve.
#: Lanes in which a job is due, the one served longest ago first. Walks from lane to lane, however many jobs wait in one.
_LANES = Statement(
    text("""
    WITH RECURSIVE found(lane) AS (
        (SELECT lane FROM job WHERE state = 'waiting' ORDER BY lane LIMIT 1)
        UNION ALL
        SELECT (SELECT job.lane FROM job WHERE state = 'waiting' AND job.lane > found.lane ORDER BY job.lane LIMIT 1)
        FROM found WHERE found.lane IS NOT NULL
    )
    SELECT lane FROM found
    WHERE lane IS NOT NULL
      AND EXISTS (SELECT FROM job WHERE job.lane = found.lane AND state = 'waiting' AND run_after <= :now)
    ORDER BY (SELECT max(attempt.id) FROM attempt WHERE attempt.lane = found.lane) NULLS FIRST, lane
""")
)
_DUE = "SELECT id, topic FROM job WHERE state = 'waiting' AND run_after <= :now AND"
_DUE_IN_LANE = Statement(text(f"{_DUE} lane = :lane ORDER BY run_after, id LIMIT 1 FOR UPDATE SKIP LOCKED"))
_DUE_ONE = Statement(text(f"{_DUE} id = :id FOR UPDATE SKIP LOCKED"))
_START = Statement(
    text("""
    WITH tried AS (
        INSERT INTO attempt (job_id, number, lane, worker, due_at, began_at)
        SELECT id, attempts + 1, lane, :worker, run_after, :now FROM job WHERE id = :id
        RETURNING id, job_id, number
    )
    UPDATE job SET state = 'running', seen_at = :now, place_at = NULL, attempts = tried.number, attempt_id = tried.id
    FROM tried WHERE job.id = tried.job_id
    RETURNING tried.id AS attempt_id, number AS attempts, job.id, topic, payload, instance_id, task_uid, element_id,
        time_limit_s
""")
)
_CLOSE = Statement(
    text("""
    WITH closed AS (
        UPDATE job SET state = 'done', ended_at = :now WHERE id = :job_id AND attempt_id = :id AND state = 'running'
        RETURNING id
    )
    UPDATE attempt SET outcome = 'done', ended_at = :now WHERE id = :id AND EXISTS (SELECT FROM closed) RETURNING id
""")
)


class AttemptOver(Exception):  # not a failure: the job has been ended, cancelled or taken back meanwhile
    """The job no longer waits for this attempt, so nothing of it may be kept."""


class WorkerDied(Exception):  # what is written down for an attempt whose end nobody saw
    """The process that ran the job is gone."""


@dataclass(frozen=True)
class Begun:
    """An attempt that has begun: all that is needed to run and to end it."""

    id: int
    number: int
    job_id: uuid.UUID
    topic: str
    payload: Mapping[str, Any]
    instance_id: int | None
    task_uid: str | None
    element_id: str | None
    time_limit_s: int


def begin(job_id: uuid.UUID) -> Begun | None:
    """Begin an attempt of this job if it is due (and its handler's rate allows it)."""
    with transaction():
        due = _DUE_ONE.row({"id": job_id, "now": clock.now()})
        return None if due is None else _start(due.id, due.topic)


def begin_next() -> Begun | None:
    """Begin an attempt of the job whose turn it is; None when none is due."""
    for _ in range(MOST_PUT_OFF):
        with transaction():
            due = _whose_turn()
            begun = None if due is None else _start(due.id, due.topic)
        if due is None or begun is not None:
            return begun
    return None


def _whose_turn() -> Any:
    now = clock.now()
    for (lane,) in _LANES.rows({"now": now}):
        due = _DUE_IN_LANE.row({"lane": lane, "now": now})
        if due is not None:
            return due
    return None


def _start(job_id: uuid.UUID, topic: str) -> Begun | None:
    """None when its handler's rate put it off."""
    handler, now = registry.find(topic), clock.now()
    if handler is not None and handler.rate is not None:
        begins = pace.begins(session().get_one(Job, job_id, populate_existing=True), handler.rate)
        if begins is None:
            return None
        now = begins
    started = _START.row({"id": job_id, "worker": _me(), "now": now})
    _forget(job_id)
    return None if started is None else _begun(started)


def _forget(job_id: uuid.UUID) -> None:
    """Whoever has this job as an object will read it again."""
    known = session().identity_map.get(identity_key(Job, job_id))
    if known is not None:
        session().expire(known)


def beat(begun: Begun) -> None:
    """Say that whoever runs this attempt lives."""
    with transaction():
        session().execute(update(Job).where(*_mine(begun)).values(seen_at=clock.now()))


def running(attempt_id: int) -> Begun | None:
    """What this attempt does, if it has not ended."""
    with transaction():
        job = session().scalar(select(Job).where(_RUNNING, Job.attempt_id == attempt_id))
        return None if job is None else _begun(job)


def close(begun: Begun) -> None:
    """Mark the job as done, in the transaction that keeps its result and after its instance was locked.

    Raises: AttemptOver when the job was ended, cancelled or taken back meanwhile.
    """
    closed = _CLOSE.row({"job_id": begun.job_id, "id": begun.id, "now": clock.now()})
    _forget(begun.job_id)
    if closed is None:
        raise AttemptOver


def fail(begun: Begun, error: Exception, *, unseen_since: datetime | None = None) -> JobState | None:
    """End an attempt that came to nothing: it is tried again later, or an incident is opened. None when it was over.

    With `unseen_since` only if nobody has said since then that it lives.
    """
    with transaction():
        found = _standing_of(begun.instance_id)  # before the job, as everybody locks them
        job = session().get(Job, begun.job_id, with_for_update=True, populate_existing=True)
        if job is None or job.state != JobState.RUNNING or job.attempt_id != begun.id:
            _note(begun.id, AttemptOutcome.SET_ASIDE, str(error))
            return None
        if unseen_since is not None and job.seen_at is not None and job.seen_at >= unseen_since:
            return None
        if isinstance(error, InstanceEnded | InstanceSuspended) and found is not None and _set_aside(job, *found):
            _note(begun.id, AttemptOutcome.SET_ASIDE)
            return JobState(job.state)
        job.last_error = f"{type(error).__name__}: {error}"[:2000]
        lost = isinstance(error, WorkerDied)
        _note(begun.id, AttemptOutcome.LOST if lost else AttemptOutcome.FAILED, job.last_error)
        _try_again(job, error)
        return JobState(job.state)


def take_back() -> int:
    """End the attempts of workers that fell silent; how many."""
    since = clock.now() - DEAD_AFTER
    with transaction():
        query = select(Job, Attempt.worker).join(Attempt, Attempt.id == Job.attempt_id)
        query = query.where(_RUNNING, Job.seen_at < since).order_by(Job.seen_at, Job.id).limit(TAKEN_BACK_AT_ONCE)
        silent = [(_begun(job), worker) for job, worker in session().execute(query)]
    taken = 0
    for begun, worker in silent:
        try:
            taken += fail(begun, WorkerDied(f"{worker} fell silent"), unseen_since=since) is not None
        except Exception:  # one row that cannot be ended must not keep the others
            log.exception("attempt %s of job %s could not be taken back", begun.number, begun.job_id)
    return taken


def _try_again(job: Job, error: Exception) -> None:
    now = clock.now()
    pause = None if isinstance(error, GiveUp) else schedule(job).pause(job.attempts)
    if pause is None:
        job.state = JobState.FAILED
        session().add(
            Incident(job_id=job.id, instance_id=job.instance_id, element_id=job.element_id, cause=job.topic,
                     message=job.last_error or "", opened_at=now)
        )  # fmt: skip
        return
    after = error.after if isinstance(error, RetryLater) else pause
    job.state, job.run_after = JobState.WAITING, now + after if isinstance(after, timedelta) else after


def schedule(job: Job) -> retries.Retry:
    """How often a job is tried: what its diagram says, else its handler; without a handler never again."""
    if job.retry is not None:
        return retries.read(job.retry)
    handler = registry.find(job.topic)
    return handler.retries if handler else retries.Retry(1, ())


def _standing_of(instance_id: int | None) -> tuple[str, bool] | None:
    query = select(Instance.status, Instance.is_held).where(Instance.id == instance_id)
    found = session().execute(query.with_for_update(key_share=True)).first() if instance_id else None
    return None if found is None else (found.status, found.is_held)


def _set_aside(job: Job, status: str, is_held: bool) -> bool:  # noqa: FBT001  # columns
    """Whether the job's instance has ended or is (still) suspended: then this was no attempt and it waits for nobody."""
    has_ended = status != InstanceStatus.RUNNING
    if not has_ended and not is_held:
        return False
    job.attempts -= 1
    job.state, job.ended_at = (JobState.CANCELLED, clock.now()) if has_ended else (JobState.HELD, None)
    return True


def _mine(begun: Begun) -> tuple[Any, ...]:
    return (Job.id == begun.job_id, Job.attempt_id == begun.id, Job.state == JobState.RUNNING)


def _begun(job: Job | Row[Any]) -> Begun:
    handler = registry.find(job.topic)
    limit = job.time_limit_s or int((handler.time_limit if handler else registry.TIME_LIMIT).total_seconds())
    who = (job.instance_id, job.task_uid, job.element_id)
    return Begun(job.attempt_id or 0, job.attempts, job.id, job.topic, job.payload, *who, limit)


def _note(attempt_id: int, outcome: AttemptOutcome, error: str | None = None) -> None:
    row = update(Attempt).where(Attempt.id == attempt_id, Attempt.ended_at.is_(None))
    session().execute(row.values(outcome=outcome, ended_at=clock.now(), error=error[:2000] if error else None))


def _me() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"
