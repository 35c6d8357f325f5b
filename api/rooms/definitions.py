"""Process definitions: which there are, what is in them, deploying and activating them."""

from __future__ import annotations

import re
from itertools import groupby
from typing import Any

from flask import Response, current_app
from sqlalchemy import select

from api.doors import Doors
from api.fields import InvalidInput
from api.guards import allowed, person, signed_in
from api.shapes.design import Definitions, DefinitionShape, FullVersion, UploadTaken
from cases import access
from engine import definitions
from engine.base import session, transaction
from engine.errors import DefinitionNotFound, NotFound, Problem
from engine.lint import Answers
from engine.models import Definition, DefinitionState

doors = Doors("api_definitions", __name__, url_prefix="/api/definitions", description="The processes as drawn")

FILE_NAME = re.compile(r"[\w.-][\w. -]{0,99}\.(bpmn|dmn|form)", re.ASCII)
MOST_FILES, MOST_BYTES = 100, 5 * 1024 * 1024
MEDIA_TYPES = {"form": "application/json"}

Deployed = tuple[dict[str, Any], int, dict[str, str]]


class FileNotFound(NotFound):
    """There is no such file in this version."""


@doors.door("GET", "", guard=signed_in, gives=Definitions)
def processes() -> dict[str, Any]:
    """Every process with its versions."""
    grouped = groupby(definitions.versions(), key=lambda definition: definition.key)
    return {"definitions": [_process(list(versions)) for _, versions in grouped]}


@doors.door("GET", "/<key>", guard=signed_in, gives=DefinitionShape)
def process(key: str) -> dict[str, Any]:
    """A process with its versions, the newest first."""
    versions = definitions.versions(key)
    if not versions:
        raise DefinitionNotFound(key)
    return _process(versions)


@doors.door("GET", "/<key>/versions/<row:version>", guard=signed_in, gives=FullVersion)
def look(key: str, version: int) -> dict[str, Any]:
    """A version with its files."""
    return _full(_version(key, version))


@doors.door(
    "GET", "/<key>/versions/<row:version>/files/<path:name>", guard=signed_in,
    responses={"200": {"description": "The file as kept", "content": {"application/xml": {}, "application/json": {}}}},
)  # fmt: skip
def file(key: str, version: int, name: str) -> Response:
    """A file of a version."""
    found = next((file for file in _version(key, version).files if file.name == name), None)
    if found is None:
        raise FileNotFound(name)
    media_type = MEDIA_TYPES.get(name.rpartition(".")[2], "application/xml")
    response = current_app.response_class(found.content, mimetype=media_type)
    response.headers.set("Content-Disposition", "attachment", filename=name.rpartition("/")[2])
    return response


@doors.door("POST", "", guard=allowed(access.may_deploy), form=UploadTaken, gives=FullVersion, status=201)
def deploy(values: dict[str, Any]) -> Deployed:
    """Check and keep the files of a process as a new version. The same files again are the same version: 200."""
    files = _files(values["files"])
    with transaction():
        known = session().scalar(select(Definition.id).order_by(Definition.id.desc()).limit(1)) or 0
        definition = definitions.deploy(
            files,
            by=person().username,
            note=values["note"] or "",
            draft=not values["activate"],
            answers=Answers(values["accept_proposals"], values["people"] or ""),
        )
    location = {"Location": f"/api/definitions/{definition.key}/versions/{definition.version}"}
    return _full(definition), 201 if definition.id > known else 200, location


@doors.door("POST", "/<key>/versions/<row:version>/activation", guard=allowed(access.may_deploy), gives=FullVersion)
def activate(key: str, version: int) -> dict[str, Any]:
    """Let new instances start on a version; running ones stay on theirs."""
    with transaction():
        definition = definitions.activate(_version(key, version))
    return _full(definition)


def _process(versions: list[Definition]) -> dict[str, Any]:
    active = next((one for one in versions if one.state == DefinitionState.ACTIVE), None)
    shown = active or versions[0]
    return {
        "key": shown.key,
        "name": shown.name,
        "active_version": active.version if active else None,
        "versions": versions,
    }


def _version(key: str, version: int) -> Definition:
    query = select(Definition).where(Definition.key == key, Definition.version == version)
    found = session().scalar(query)
    if found is None:
        raise DefinitionNotFound(key)
    return found


def _full(definition: Definition) -> dict[str, Any]:
    files = [{"name": file.name, "bytes": len(file.content)} for file in definition.files]
    return {"definition": definition, "files": files, "findings": definitions.findings(definition)}


def _files(uploaded: list[Any]) -> dict[str, bytes]:
    """Raises: InvalidInput."""
    if not uploaded:
        raise InvalidInput([Problem("files", "required")])
    if len(uploaded) > MOST_FILES:
        raise InvalidInput([Problem("files", "too_many", {"max": MOST_FILES})])
    files: dict[str, bytes] = {}
    problems = []
    for at, upload in enumerate(uploaded):
        name, content = (upload.filename or "").replace("\\", "/").rpartition("/")[2], upload.read(MOST_BYTES + 1)
        if not FILE_NAME.fullmatch(name) or name in files:
            problems.append(Problem(f"files[{at}]", "bad_file_name"))
        elif len(content) > MOST_BYTES:
            problems.append(Problem(f"files[{at}]", "too_big", {"max": MOST_BYTES}))
        files[name] = content
    if problems:
        raise InvalidInput(problems)
    return files
