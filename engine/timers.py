"""The clock: finds timers that are due and has their instances advanced. It never loads an instance itself.

Safe to run twice and on several machines; one instance that cannot go on stops nobody else.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import or_, select, text, update
from sqlalchemy.exc import InterfaceError, OperationalError

from engine import appointments, attempts, cleaning, clock, instances, jobs, messages, registry
from engine.base import after_commit, db, is_passing, session, transaction
from engine.errors import ChangedAtOnce, InstanceEnded, InstanceNotFound, InstanceSuspended
from engine.models import Incident, Timer

log = logging.getLogger(__name__)

TAKE_LIMIT = 500
#: A timer whose instance could not go on is tried again after this long.
PUSHED_AHEAD = timedelta(hours=1)
#: Advisory lock held by the one clock that ticks; others wait to take over.
CLOCK_LOCK = 0x0CA5E0C1
#: Seconds between two looks for what is too old, unless there was too much of it for one.
CLEAN_EVERY_S = 60.0


def take_due(limit: int = TAKE_LIMIT) -> list[int]:
    """Mark timers that are due as queued and queue their instances after the commit; the instances' ids."""
    now = clock.now()
    query = (
        select(Timer)
        .where(Timer.due_at <= now, ~Timer.is_held)
        .where(or_(Timer.queued_at.is_(None), Timer.queued_at < now - jobs.LOST_AFTER))
        .order_by(Timer.due_at, Timer.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    found: dict[int, None] = {}
    for timer in session().scalars(query):
        timer.queued_at = now
        found[timer.instance_id] = None
    for instance_id in found:
        after_commit(f"fire {instance_id}", _queue(instance_id))
    return list(found)


def fire(instance_id: int) -> None:
    """Advance an instance whose timers are due; when it cannot go on, open an incident and try again in an hour.

    What is no fault of the instance (a cut connection, a deadlock) is tried again at once, then left to the clock, which
    queues again what has not been fired.
    """
    for is_first in (True, False):
        try:
            with transaction():
                instances.advance(instance_id, instances.nothing, by="clock")
        except (InstanceEnded, InstanceNotFound, InstanceSuspended):
            pass
        except Exception as error:  # whatever a handler raises must not stop the other instances
            log.exception("timers of instance %s", instance_id)
            if not is_passing(error):
                push_ahead(instance_id, error)
            elif is_first:
                continue
        return


def fire_due(limit: int = TAKE_LIMIT) -> int:
    """Fire here and now what is due, without RQ; how many instances were advanced."""
    with transaction():
        due = take_due(limit)
        session().info.pop("after_commit", None)
    for instance_id in due:
        fire(instance_id)
    return len(due)


def keep_time(stop: threading.Event, every: float = 1.0) -> None:
    """Tick until told to stop: due timers and due jobs are queued. Only one clock ticks at a time.

    A connection that is cut takes the lock with it; this clock then stands in line again like any other.
    """
    while not stop.is_set():
        try:
            _keep_time(stop, every)
        except (ChangedAtOnce, InterfaceError, OperationalError) as error:
            log.warning("the clock stumbled and begins again: %s", error)
        session().rollback()
        stop.wait(every)


def _keep_time(stop: threading.Event, every: float) -> None:
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        try:
            while not stop.is_set():
                if connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": CLOCK_LOCK}):
                    clean_at = time.monotonic()
                    while not stop.is_set():
                        tick()
                        if time.monotonic() >= clean_at and not cleaning.clean():
                            clean_at = time.monotonic() + CLEAN_EVERY_S
                        connection.execute(text("SELECT 1"))  # the lock lives as long as this connection
                        stop.wait(every)
                stop.wait(every)
        finally:
            connection.invalidate()  # closed, lest it lie in the pool with the lock


def tick() -> None:
    """One look at the rows."""
    with transaction():
        take_due()
    attempts.take_back()
    with transaction():
        appointments.look()
    with transaction():
        messages.look_after_kept()
    with transaction():
        jobs.sweep()
    for work in registry.periodic_work():
        _do(work)
    session().expunge_all()


def _do(work: Callable[[], None]) -> None:
    """Work of the rooms above, whose mistakes must not stop the clock; a lost connection does, as everywhere."""
    try:
        work()
    except (ChangedAtOnce, InterfaceError, OperationalError):
        raise
    except Exception:  # whatever the rooms above get wrong; it is logged with its trace
        log.exception("periodic work %s", work.__name__)
        session().rollback()


def push_ahead(instance_id: int, error: Exception) -> None:
    """Open an incident for an instance whose due timers cannot fire, and try them again in an hour."""
    now = clock.now()
    with transaction():
        known = select(Incident).where(
            Incident.instance_id == instance_id, Incident.cause == "timer", Incident.resolved_at.is_(None)
        )
        incident = session().scalar(known.limit(1))
        message = f"{type(error).__name__}: {error}"[:2000]
        if incident is None:
            session().add(Incident(instance_id=instance_id, cause="timer", message=message, opened_at=now))
        else:
            incident.message = message
        due = update(Timer).where(Timer.instance_id == instance_id, Timer.due_at <= now)
        session().execute(due.values(queued_at=now + PUSHED_AHEAD))


def _queue(instance_id: int) -> Callable[[], None]:
    return lambda: jobs.fire_later(instance_id)
