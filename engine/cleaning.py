"""What nobody asks about any more: attempts and jobs that ended long ago, deleted a bounded number at a time.

What the history of an instance tells stays as long as the instance: its jobs with how often each was tried, its incidents, what
operators did. Of the attempts only the fruitless ones are told there, and those for as long as somebody may ask why.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import CursorResult, text

from engine import clock
from engine.base import session, transaction

#: How long an attempt is kept that succeeded or did not count, and one that came to nothing.
PLAIN, FRUITLESS = timedelta(days=7), timedelta(days=90)
MOST = 1000

# States are written out, for the database must see that the small indexes serve.
_ATTEMPTS = """
DELETE FROM attempt WHERE id = ANY(ARRAY(
    SELECT attempt.id FROM attempt JOIN job ON job.id = attempt.job_id
    WHERE attempt.outcome IN ({outcomes}) AND attempt.ended_at < :{before} AND job.state IN ('done', 'cancelled')
    ORDER BY attempt.ended_at LIMIT :most FOR UPDATE OF attempt SKIP LOCKED
))
"""
STATEMENTS = {
    "plain attempts": _ATTEMPTS.format(outcomes="'done', 'set_aside'", before="plain"),
    "fruitless attempts": _ATTEMPTS.format(outcomes="'failed', 'lost'", before="fruitless"),
    # Letters, batches: what they did is told elsewhere. Their attempts go with them; those an incident names stay.
    "jobs of no instance": """
DELETE FROM job WHERE id = ANY(ARRAY(
    SELECT id FROM job
    WHERE instance_id IS NULL AND state IN ('done', 'cancelled') AND ended_at < :plain
      AND (attempts <= 1 OR ended_at < :fruitless)
      AND NOT EXISTS (SELECT FROM incident WHERE incident.job_id = job.id)
    ORDER BY ended_at LIMIT :most FOR UPDATE SKIP LOCKED
))
""",
}


def clean(most: int = MOST) -> bool:
    """Delete what is too old, `most` rows of each kind; whether there may be more."""
    return max(_delete(statement, most) for statement in STATEMENTS.values()) >= most


def limits(most: int) -> Mapping[str, object]:
    """What every one of the statements is given."""
    now = clock.now()
    return {"plain": now - PLAIN, "fruitless": now - FRUITLESS, "most": most}


def _delete(statement: str, most: int) -> int:
    with transaction():
        done = session().execute(text(statement), limits(most))
    return done.rowcount if isinstance(done, CursorResult) else 0
