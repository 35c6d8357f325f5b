"""Processes as operators see them: how many instances are where, and holding all of them."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from sqlalchemy import select

from api.guards import person
from api.operations.desk import doors, operator
from api.shapes.operations import Heat, Operated, SuspensionTaken
from engine import definitions, operations, overview
from engine.base import session, transaction
from engine.errors import DefinitionNotFound
from engine.models import Definition

NONE = {"running": 0, "suspended": 0, "ended": 0}


@doors.door("GET", "/definitions", guard=operator, gives=Operated)
def processes() -> dict[str, Any]:
    """Every version of every process with the number of its instances."""
    return _counted(definitions.versions())


@doors.door("GET", "/definitions/<key>/versions/<row:version>", guard=operator, gives=Heat)
def heat(key: str, version: int) -> dict[str, Any]:
    """What waits at each element of a version, for a heat map."""
    query = select(Definition).where(Definition.key == key, Definition.version == version)
    definition = session().scalar(query)
    if definition is None:
        raise DefinitionNotFound(key)
    elements = definitions.process(definition).elements
    found = overview.waiting_by_element(definition.id)
    named = [{**one, "element_name": name_of(elements, one["element_id"])} for one in found]
    return {
        "definition": _shown(definition, overview.instances_by_state()),
        "diagram": drawing(definition),
        "elements": named,
    }


@doors.door("POST", "/definitions/<key>/suspension", guard=operator, body=SuspensionTaken, gives=Operated)
def suspend(values: dict[str, Any], key: str) -> dict[str, Any]:
    """Let nothing of all instances of a process happen, and start none."""
    with transaction():
        said = {"by": person().username, "reason": values["reason"]}
        changed = operations.suspend_definition(key, version=values["version"], **said)
    return _counted(changed)


@doors.door("POST", "/definitions/<key>/resumption", guard=operator, body=SuspensionTaken, gives=Operated)
def resume(values: dict[str, Any], key: str) -> dict[str, Any]:
    """Let them go on; those suspended by themselves stay so."""
    with transaction():
        said = {"by": person().username, "reason": values["reason"]}
        changed = operations.resume_definition(key, version=values["version"], **said)
    return _counted(changed)


def drawing(definition: Definition) -> str:
    """The address of a version's drawing."""
    name = next(file.name for file in definition.files if file.name.endswith(".bpmn"))
    return f"/api/definitions/{quote(definition.key)}/versions/{definition.version}/files/{quote(name)}"


def name_of(elements: Any, element_id: str) -> str:
    """What an element is called; its id when the version does not have it."""
    return str(elements[element_id].name) if element_id in elements else element_id


def _counted(versions: list[Definition]) -> dict[str, Any]:
    counts = overview.instances_by_state()
    return {"definitions": [_shown(one, counts) for one in versions]}


def _shown(definition: Definition, counts: dict[int, dict[str, int]]) -> dict[str, Any]:
    names = (
        "key",
        "version",
        "name",
        "state",
        "checksum",
        "deployed_at",
        "deployed_by",
        "release_note",
        "is_suspended",
    )
    return {**{name: getattr(definition, name) for name in names}, "instances": counts.get(definition.id, NONE)}
