"""What is left for a person when machines have given up, and trying it again."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import select

from api.doors import Doors
from api.guards import allowed, person
from api.shapes.design import Incidents, IncidentShape, IncidentsQuery
from cases import access
from engine import incidents
from engine.base import session, transaction
from engine.incidents import JobNotFailed, JobNotFound
from engine.models import Incident, Job

doors = Doors("api_incidents", __name__, url_prefix="/api", description="What is left for a person, and trying again")


@doors.door("GET", "/incidents", guard=allowed(access.may_administer), query=IncidentsQuery, gives=Incidents)
def waiting(query: dict[str, Any]) -> dict[str, Any]:
    """What waits for a person, oldest first."""
    return {"incidents": incidents.open_incidents(query["limit"])}


@doors.door(
    "POST", "/incidents/<row:incident_id>/attempts", guard=allowed(access.may_administer), gives=IncidentShape, status=201
)  # fmt: skip
def try_again(incident_id: int) -> Incident:
    """Try again what failed; a new failure opens a new incident."""
    with transaction():
        return incidents.retry(incident_id, by=person().username)


@doors.door(
    "POST", "/jobs/<uuid:job_id>/attempts", guard=allowed(access.may_administer), gives=IncidentShape, status=201
)  # fmt: skip
def try_job_again(job_id: uuid.UUID) -> Incident:
    """Try a failed job again; what is left of it is its incident, now resolved."""
    with transaction():
        if session().get(Job, job_id) is None:
            raise JobNotFound(str(job_id))
        query = select(Incident.id).where(Incident.job_id == job_id, Incident.resolved_at.is_(None))
        incident_id = session().scalar(query.order_by(Incident.id).limit(1))
        if incident_id is None:
            raise JobNotFailed
        return incidents.retry(incident_id, by=person().username)
