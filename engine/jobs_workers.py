"""Workers: take tokens out of RQ, run what is due in children, notice when one of them dies or falls silent.

A child does what it was made for and goes on with what else is due for a moment: making one, with its connections and all
that it has to find out first, costs ten times what a step costs. It says in memory it shares with its worker what it is at.
"""

from __future__ import annotations

import gc
import logging
import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import redis
from rq import Queue, Worker
from rq.exceptions import InvalidJobOperation
from rq.job import Job as Token
from rq.serializers import JSONSerializer
from rq.timeouts import BaseDeathPenalty, JobTimeoutException, UnixSignalDeathPenalty
from rq.worker import DequeueStrategy
from sqlalchemy.exc import SQLAlchemyError

from engine import attempts, clock, jobs, timers
from engine.attempts import Begun, WorkerDied
from engine.base import db
from engine.jobs import FIRE_LIMIT_S
from engine.models import JobState
from engine.shared import SharedNumber

log = logging.getLogger(__name__)

#: How long a child goes on before another one takes its place.
STAY_S = 1.0

#: The attempt a worker began before it divided; its child runs it.
_begun: Begun | None = None
#: What the child is at: the id of an attempt; of an instance whose timers fire, negative.
_at = SharedNumber()
_worker = 0
_app_context: Callable[[], Any] | None = None
_in_turn = [jobs.QUEUE, jobs.TIMERS]


class AppWorker(Worker):
    """Begins an attempt before it divides, so that nothing that happens is missed."""

    #: What the child was at when it was last looked for.
    seen_at = 0

    def execute_job(self, job: Token, queue: Queue) -> None:
        """Called with a token: a child does whatever job's turn it is; none is made when no job is due."""
        begun = _hold(None) if _is_for_timers(job) else _begin_next()
        if begun is None and not _is_for_timers(job):
            with suppress(InvalidJobOperation):  # Redis was emptied at this moment
                job.delete()
            return
        job.timeout = begun.time_limit_s if begun else FIRE_LIMIT_S
        self.seen_at = _at.value = begun.id if begun else -int(job.args[0])
        super().execute_job(job, queue)

    def maintain_heartbeats(self, job: Token, *args: Any) -> None:
        """Called now and then while the child works; whether it takes too long depends on what it is at by now."""
        super().maintain_heartbeats(job, *args)
        at = _at.value
        if at != self.seen_at:
            self.seen_at, job.started_at, job.timeout = at, clock.now(), FIRE_LIMIT_S
        if at > 0:
            _survive(lambda: _beat(job, at))

    def handle_work_horse_killed(self, job: Token, retpid: int, ret_val: int, rusage: Any) -> None:
        """Called when the child has died."""
        super().handle_work_horse_killed(job, retpid, ret_val, rusage)  # type: ignore[no-untyped-call]  # the library's
        _survive(lambda: _bury(_at.value, WorkerDied(f"its process ended with {_end_of(ret_val)}")))

    def perform_job(self, *args: Any, **kwargs: Any) -> bool:
        """Called in the child."""
        with _context():
            db.engine.dispose(close=False)  # the parent's connections belong to the parent
            return bool(super().perform_job(*args, **kwargs))


def work(*, burst: bool, app_context: Callable[[], Any]) -> None:
    """Be a worker until told to stop. Jobs run in children that share nothing but the loaded program."""
    global _worker, _app_context  # found here by the children
    _worker, _app_context = os.getpid(), app_context
    every = int(attempts.SAID_EVERY.total_seconds())
    queues = [jobs.queue(name) for name in _in_turn]
    ways: dict[str, Any] = {"serializer": JSONSerializer, "job_monitoring_interval": every}
    worker = AppWorker(queues, connection=queues[0].connection, **ways)
    gc.freeze()  # what is loaded stays; a child that went through all of it would have to copy it
    worker.work(
        burst=burst, with_scheduler=False, logging_level="WARNING", dequeue_strategy=DequeueStrategy.ROUND_ROBIN
    )


def run_begun() -> None:
    """In the child: run what was begun before it was made, or whatever job's turn it is, and go on."""
    begun = _begun or attempts.begin_next()
    if begun is not None and jobs.perform(begun) == JobState.DONE:
        _go_on()


def fire(instance_id: int) -> None:
    """In the child: fire the due timers of an instance, and go on."""
    _fire(instance_id)
    _go_on()


def _go_on() -> None:
    """Do what else there are tokens for, for a moment, until something fails or nobody watches any more."""
    signal.alarm(0)  # the time limit of what is done
    end, is_well = time.monotonic() + STAY_S, True
    while is_well and time.monotonic() < end and os.getppid() == _worker and (token := _next_token()) is not None:
        with _context():
            is_well = _do(token)


def _do(token: Token) -> bool:
    """Whether all went well."""
    if _is_for_timers(token):
        with _limited_to(FIRE_LIMIT_S):
            _fire(int(token.args[0]))
        return True
    begun = _begin_next()
    if begun is None:
        return True
    _at.value = begun.id
    with _limited_to(begun.time_limit_s):
        return jobs.perform(begun) == JobState.DONE


def _fire(instance_id: int) -> None:
    _at.value = -instance_id
    timers.fire(instance_id)
    _at.value = 0  # what dies from now on did not die of it


def _limited_to(seconds: int) -> BaseDeathPenalty:
    return UnixSignalDeathPenalty(seconds, JobTimeoutException)  # type: ignore[no-untyped-call]  # the library's


def _next_token() -> Token | None:
    """Taken from the two queues in turn."""
    _in_turn.reverse()
    queues = [jobs.queue(name) for name in _in_turn]
    try:
        found = Queue.dequeue_any(queues, None, queues[0].connection, serializer=JSONSerializer)
        if found is None:
            return None
        found[0].delete(remove_from_queue=False)
        return found[0]
    except (redis.RedisError, InvalidJobOperation) as error:
        log.warning("no token could be taken: %s", error)
        return None


def _is_for_timers(token: Token) -> bool:
    return bool(token.func_name == f"{jobs.__name__}.fire_queued")


def _context() -> Any:
    if _app_context is None:
        raise RuntimeError("this is no worker's child")
    return _app_context()


def _begin_next() -> Begun | None:
    _hold(None)
    try:
        return _hold(attempts.begin_next())
    except SQLAlchemyError as error:  # the clock will put another token there
        log.warning("no job could be begun: %s", error)
        return None


def _hold(begun: Begun | None) -> Begun | None:
    """Remember what was begun: a worker's child is a copy of it, and finds it here."""
    global _begun  # noqa: PLW0603  # see above
    _begun = begun
    return begun


def _beat(token: Token, attempt_id: int) -> None:
    begun = attempts.running(attempt_id)
    if begun is not None:
        token.timeout = begun.time_limit_s
        attempts.beat(begun)


def _bury(at: int, died: WorkerDied) -> None:
    if at < 0:
        timers.push_ahead(-at, died)
    elif begun := attempts.running(at):
        attempts.fail(begun, died)


def _survive(act: Callable[[], object]) -> None:
    """A worker whose database is away for a moment goes on; the clock takes back what it could not end."""
    try:
        act()
    except SQLAlchemyError as error:
        log.warning("%s: %s", _at.value, error)


def _end_of(status: int) -> str:
    return (
        f"signal {os.WTERMSIG(status)}" if os.WIFSIGNALED(status) else f"exit code {os.waitstatus_to_exitcode(status)}"
    )
