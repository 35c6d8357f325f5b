"""What waits and what was done: jobs, incidents, timers, the log, the figures."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from sqlalchemy import select, tuple_

from api.guards import person
from api.operations.desk import doors, newest, operator, refused, wrong
from api.shapes.operations import WhyTaken
from api.shapes.queues import (
    IncidentPage,
    IncidentsAfter,
    Jobs,
    JobShape,
    JobsQuery,
    Log,
    LogQuery,
    MessageReceipt,
    MessageTaken,
    Metrics,
    Retried,
    SkipTaken,
    Timers,
    TimersQuery,
)
from cases.inbox.paging import Order, write_cursor
from engine import messages, operations, overview
from engine.base import session, transaction
from engine.errors import Invalid
from engine.ledger import Operation
from engine.models import Incident, Job, Timer

SOONEST = Order(Timer.due_at, Timer.id)


@doors.door("GET", "/jobs", guard=operator, query=JobsQuery, gives=Jobs)
def jobs(query: dict[str, Any]) -> dict[str, Any]:
    """Jobs, the newest first."""
    wanted = select(Job)
    for column, name in ((Job.state, "state"), (Job.topic, "topic"), (Job.instance_id, "instance")):
        wanted = wanted.where(column == query[name]) if query[name] is not None else wanted
    if query["after"]:
        last = _job(query["after"])
        wanted = wanted.where(tuple_(Job.created_at, Job.id) < tuple_(last.created_at, last.id))
    wanted = wanted.order_by(Job.created_at.desc(), Job.id.desc())
    found = list(session().scalars(wanted.limit(query["limit"] + 1)))
    shown = found[: query["limit"]]
    return {"jobs": shown, "next": str(shown[-1].id) if len(found) > len(shown) else None}


@doors.door("POST", "/messages", guard=operator, body=MessageTaken, gives=MessageReceipt)
def send(values: dict[str, Any]) -> messages.Receipt:
    """Hand a message to the instance that waits for it, let it start one, or keep it until somebody waits."""
    with transaction():
        try:
            return messages.publish(
                values["name"],
                values["correlation_key"] or "",
                values["variables"] or {},
                by=person().username,
                message_id=values["message_id"],
                keep_for=timedelta(seconds=values["keep_for_s"]),
            )
        except Invalid as error:
            raise refused(error) from error


@doors.door("POST", "/jobs/<uuid:job_id>/result", guard=operator, body=SkipTaken, gives=JobShape)
def skip(values: dict[str, Any], job_id: uuid.UUID) -> Job:
    """Let an instance go on as if a failed job had given this result."""
    with transaction():
        try:
            said = {"by": person().username, "reason": values["reason"]}
            return operations.skip_job(job_id, values["result"], **said)
        except Invalid as error:
            raise refused(error) from error


@doors.door("GET", "/incidents", guard=operator, query=IncidentsAfter, gives=IncidentPage)
def incidents(query: dict[str, Any]) -> dict[str, Any]:
    """Incidents, the newest first."""
    wanted = select(Incident).where(*([Incident.resolved_at.is_(None)] if query["is_open"] else []))
    for column, name in ((Incident.cause, "cause"), (Incident.instance_id, "instance")):
        wanted = wanted.where(column == query[name]) if query[name] is not None else wanted
    found, following = newest(wanted, Incident.id, after=query["after"], limit=query["limit"])
    return {"incidents": found, "next": following}


@doors.door("POST", "/incidents/<row:incident_id>/retries", guard=operator, body=WhyTaken, gives=Retried)
def retry_alike(values: dict[str, Any], incident_id: int) -> dict[str, int]:
    """Try again an incident and all open ones of the same cause at the same element."""
    with transaction():
        return {"count": operations.retry_alike(incident_id, by=person().username, reason=values["reason"])}


@doors.door("GET", "/timers", guard=operator, query=TimersQuery, gives=Timers)
def timers(query: dict[str, Any]) -> dict[str, Any]:
    """Timers, the soonest first."""
    wanted = select(Timer)
    if query["instance"] is not None:
        wanted = wanted.where(Timer.instance_id == query["instance"])
    if query["after"]:
        wanted = wanted.where(SOONEST.after(query["after"]))
    found = list(session().scalars(SOONEST.apply(wanted).limit(query["limit"] + 1)))
    shown = found[: query["limit"]]
    return {"timers": shown, "next": write_cursor(shown[-1].due_at, shown[-1].id) if len(found) > len(shown) else None}


@doors.door("GET", "/log", guard=operator, query=LogQuery, gives=Log)
def log(query: dict[str, Any]) -> dict[str, Any]:
    """What operators did and why, the newest first."""
    wanted = select(Operation)
    for column, name in ((Operation.instance_id, "instance"), (Operation.kind, "kind"), (Operation.by, "by")):
        wanted = wanted.where(column == query[name]) if query[name] is not None else wanted
    found, following = newest(wanted, Operation.id, after=query["after"], limit=query["limit"])
    return {"operations": found, "next": following}


@doors.door("GET", "/metrics", guard=operator, gives=Metrics)
def metrics() -> dict[str, Any]:
    """The figures an alarm is set on, as of now."""
    return overview.metrics()


def _job(key: str) -> Job:
    """Raises: InvalidInput for what is no job's id."""
    try:
        job = session().get(Job, uuid.UUID(key))
    except ValueError:
        job = None
    if job is None:
        raise wrong("after", "unknown")
    return job
