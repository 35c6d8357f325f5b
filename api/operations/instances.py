"""Instances: found, looked into, suspended, cancelled, mended."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, undefer

from api.guards import person
from api.operations.definitions import drawing, name_of
from api.operations.desk import doors, newest, operator, refused
from api.shapes.operations import (
    FullInstance,
    Instances,
    InstanceShape,
    InstancesQuery,
    MoveTaken,
    VariablesTaken,
    WhyTaken,
)
from engine import operations, overview, trails
from engine.base import session, transaction
from engine.errors import InstanceNotFound, Invalid
from engine.models import Instance


@doors.door("GET", "/instances", guard=operator, query=InstancesQuery, gives=Instances)
def find(query: dict[str, Any]) -> dict[str, Any]:
    """Instances by what they are and where they stand, the newest first."""
    asked = {name: query[name] for name in ("key", "version", "state", "element", "business_key", "is_stuck")}
    wanted = select(Instance).options(joinedload(Instance.definition)).where(*overview.matching(**asked))
    found, following = newest(wanted, Instance.id, after=query["after"], limit=query["limit"])
    return {"instances": found, "next": following}


@doors.door("GET", "/instances/<row:instance_id>", guard=operator, gives=FullInstance)
def look(instance_id: int) -> dict[str, Any]:
    """An instance with its variables, what it waits for, the marks on its drawing and its history."""
    instance = session().get(Instance, instance_id, options=[undefer(Instance.state), undefer(Instance.trail)])
    if instance is None:
        raise InstanceNotFound(instance_id)
    inside, waits = overview.inside(instance), overview.waits(instance_id)
    incidents = overview.open_incidents([instance_id])
    return {
        "instance": instance,
        "variables": inside.variables,
        "failure": inside.failure,
        "waiting": [{**asdict(one), "element_name": name_of(inside.elements, one.element_id)} for one in waits],
        "diagram": drawing(instance.definition),
        "tokens": overview.tokens(waits, incidents),
        "trail": trails.of(instance),
        "incidents": incidents,
        "history": overview.history(instance),
    }


@doors.door("POST", "/instances/<row:instance_id>/suspension", guard=operator, body=WhyTaken, gives=InstanceShape)
def suspend(values: dict[str, Any], instance_id: int) -> Instance:
    """Let nothing of an instance happen."""
    with transaction():
        return operations.suspend(instance_id, by=person().username, reason=values["reason"])


@doors.door("POST", "/instances/<row:instance_id>/resumption", guard=operator, body=WhyTaken, gives=InstanceShape)
def resume(values: dict[str, Any], instance_id: int) -> Instance:
    """Let an instance go on; what has become due meanwhile happens."""
    with transaction():
        return operations.resume(instance_id, by=person().username, reason=values["reason"])


@doors.door("POST", "/instances/<row:instance_id>/cancellation", guard=operator, body=WhyTaken, gives=InstanceShape)
def cancel(values: dict[str, Any], instance_id: int) -> Instance:
    """End an instance where it stands, and the case it runs for with it."""
    with transaction():
        return operations.cancel(instance_id, by=person().username, reason=values["reason"])


@doors.door("POST", "/instances/<row:instance_id>/moves", guard=operator, body=MoveTaken, gives=InstanceShape)
def move(values: dict[str, Any], instance_id: int) -> Instance:
    """Take a token from what waits and put it before another element of the same branch."""
    with transaction():
        said = {"by": person().username, "reason": values["reason"]}
        return operations.move(instance_id, values["uid"], to=values["to"], **said)


@doors.door("PATCH", "/instances/<row:instance_id>/variables", guard=operator, body=VariablesTaken, gives=InstanceShape)
def edit(values: dict[str, Any], instance_id: int) -> Instance:
    """Set process variables; jobs that wait or failed will get them."""
    with transaction():
        try:
            said = {"by": person().username, "reason": values["reason"]}
            return operations.edit_variables(instance_id, values["variables"], **said)
        except Invalid as error:
            raise refused(error) from error
