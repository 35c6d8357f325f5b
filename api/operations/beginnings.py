"""How instances begin: by hand, and how processes begin by themselves."""

from __future__ import annotations

from typing import Any

from api.guards import person
from api.operations.desk import doors, operator, refused
from api.shapes.beginnings import InstanceTaken, Starts
from api.shapes.operations import InstanceShape
from engine import beginnings
from engine.base import transaction
from engine.errors import Invalid
from engine.models import Instance


@doors.door("POST", "/instances", guard=operator, body=InstanceTaken, gives=InstanceShape, status=201)
def begin(values: dict[str, Any]) -> tuple[Instance, int, dict[str, str]]:
    """Begin an instance by hand, on the live version of a process; it runs to its first wait."""
    with transaction():
        try:
            begun = beginnings.begin(
                values["key"],
                variables=values["variables"] or {},
                business_key=values["business_key"],
                at=values["start_event"],
                by=person().username,
                reason=values["reason"],
            )
        except Invalid as error:
            raise refused(error) from error
    return begun, 201, {"Location": f"/api/operations/instances/{begun.id}"}


@doors.door("GET", "/starts", guard=operator, gives=Starts)
def starts() -> dict[str, Any]:
    """Every start event of every live version, with the moment or message that lets it start an instance by itself."""
    return {"starts": beginnings.starts()}
