"""What is left for a person: jobs whose retries are used up and instances whose timers cannot fire."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select, tuple_

from engine import clock, jobs
from engine.base import after_commit, session, transaction
from engine.errors import Conflict, ExecutionFailed, NotFound
from engine.models import Incident, Instance, JobState, Timer


class IncidentNotFound(NotFound):
    """There is no such incident."""


class IncidentResolved(Conflict):
    """This incident has already been resolved."""


class JobNotFound(NotFound):
    """There is no such job."""


class JobNotFailed(Conflict):
    """This job has not failed, so there is nothing to try again."""


@dataclass(frozen=True)
class Alike:
    """Open incidents of the same cause at the same element: `first_id` is the oldest of them."""

    cause: str
    element_id: str | None
    number: int
    first_id: int


def open_incidents(limit: int = 100, *, after: int | None = None) -> list[Incident]:
    """What waits for a person, oldest first; of a long list those behind the one with the id `after`."""
    query = select(Incident).where(Incident.resolved_at.is_(None)).order_by(Incident.opened_at, Incident.id)
    if after is not None:
        last = select(Incident.opened_at, Incident.id).where(Incident.id == after)
        query = query.where(tuple_(Incident.opened_at, Incident.id) > last.scalar_subquery())
    return list(session().scalars(query.limit(limit)))


def alike(limit: int = 20) -> list[Alike]:
    """What is open several times, the most frequent first."""
    number = func.count().label("number")
    query = select(Incident.cause, Incident.element_id, number, func.min(Incident.id).label("first_id"))
    query = query.where(Incident.resolved_at.is_(None)).group_by(Incident.cause, Incident.element_id)
    found = session().execute(query.having(number > 1).order_by(number.desc(), Incident.cause).limit(limit))
    return [Alike(one.cause, one.element_id, one.number, one.first_id) for one in found]


def count_alike(incident: Incident) -> int:
    """How many open ones have the cause and the element of this one, itself among them."""
    same = Incident.element_id == incident.element_id if incident.element_id else Incident.element_id.is_(None)
    query = select(func.count()).select_from(Incident).where(Incident.cause == incident.cause, same)
    return session().scalar(query.where(Incident.resolved_at.is_(None))) or 0


def get(incident_id: int) -> Incident:
    """One incident. Raises: IncidentNotFound."""
    found = session().get(Incident, incident_id)
    if found is None:
        raise IncidentNotFound(incident_id)
    return found


def note_failure(error: ExecutionFailed) -> None:
    """Write down, in a transaction of its own, that somebody met an instance that cannot go on; once while it is open."""
    with transaction():
        instance_id = session().scalar(select(Instance.id).where(Instance.business_key == error.key))
        same = select(Incident.id).where(Incident.instance_id == instance_id, Incident.cause == "execution")
        if instance_id is None or session().scalar(same.where(Incident.resolved_at.is_(None)).limit(1)):
            return
        session().add(
            Incident(instance_id=instance_id, cause="execution", message=error.cause[:2000], opened_at=clock.now())
        )


def retry(incident_id: int, *, by: str) -> Incident:
    """Try again what failed; a new failure opens a new incident.

    Raises: IncidentNotFound, IncidentResolved.
    """
    incident = session().get(Incident, incident_id, with_for_update=True)
    if incident is None:
        raise IncidentNotFound(incident_id)
    if incident.resolved_at is not None:
        raise IncidentResolved
    incident.resolved_at, incident.resolved_by = clock.now(), by
    _try_again(incident)
    return incident


def _try_again(incident: Incident) -> None:
    job = incident.job
    if job is not None and job.state == JobState.FAILED:
        job.state, job.attempts, job.run_after, job.place_at = JobState.WAITING, 0, clock.now(), None
        after_commit(f"job {job.id}", jobs.wake)
    elif incident.instance_id is not None:
        for timer in session().scalars(select(Timer).where(Timer.instance_id == incident.instance_id)):
            timer.queued_at = None
