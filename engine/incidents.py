"""What is left for a person: jobs whose retries are used up and instances whose timers cannot fire."""

from __future__ import annotations

from sqlalchemy import select

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


def open_incidents(limit: int = 100) -> list[Incident]:
    """What waits for a person, oldest first."""
    query = select(Incident).where(Incident.resolved_at.is_(None)).order_by(Incident.opened_at, Incident.id)
    return list(session().scalars(query.limit(limit)))


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
