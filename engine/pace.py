"""The rates of handlers, kept in the database for all workers: exact over any window, and those who wait form a line.

What is too much waits; it has not begun, so it is no attempt.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from engine import clock
from engine.base import session
from engine.models import Job, Pace
from engine.registry import Rate


def begins(job: Job, rate: Rate) -> datetime | None:
    """The moment, now, at which an attempt of this (locked) job begins; None when the job is put off to its place in the line.

    Locks the topic's row until the end of the transaction. The moment is that after waiting for the row, and the one the
    attempt has to bear: any other would not keep the rate.
    """
    session().execute(insert(Pace).values(topic=job.topic, begun=[]).on_conflict_do_nothing())
    query = select(Pace).where(Pace.topic == job.topic).with_for_update()
    pace = session().scalars(query.execution_options(populate_existing=True)).one()
    now = clock.now()
    full = len(pace.begun) >= rate.number
    free_at = pace.begun[-rate.number] + rate.per if full else now
    others_wait = job.place_at is None and pace.next_at is not None and pace.next_at > now
    if free_at <= now and not others_wait:
        pace.begun = [*pace.begun, now][-rate.number :]
        return now
    if (
        job.place_at is None or job.place_at < now - rate.per
    ):  # a little late keeps its turn; after a stop all line up anew
        free_at = max(free_at, pace.next_at or now)
        pace.next_at = free_at + rate.per / rate.number
    job.run_after = job.place_at = free_at
    return None
