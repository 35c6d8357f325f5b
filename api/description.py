"""What this API says about itself, in OpenAPI 3.1; shown by api.rooms.documentation."""

from __future__ import annotations

import tomllib
from functools import cached_property, lru_cache
from http import HTTPStatus
from pathlib import Path
from typing import Any

from flask import Flask
from flask_smorest import Api
from marshmallow import Schema, fields

from api import converters, languages
from api.shapes.design import FindingShape
from api.shapes.names import StatusWords, Words

PROBLEM = "application/problem+json"
#: Before the names of blueprints, so that they are not those of pages.
NAME_PREFIX = "api_"
STATUSES = (400, 401, 403, 404, 405, 409, 413, 415, 422, 429, 500)

DESCRIPTION = """Report something, follow it, and work on it.

Errors are problem details (RFC 9457) with a `code` a program may rely on and all field errors together; their words are
in the language of `?lang=` or `Accept-Language` (vi, en). Lists are read page by page: pass `next` as `after` until it
is null. Moments are ISO 8601 in UTC, places WGS 84."""


class FieldProblem(Schema):
    """One thing to mend."""

    field = fields.String(
        metadata={"description": "Where it is: a field, `photos[1]`, `answers.decision`; may be empty"}
    )
    code = fields.String(metadata={"description": "What is wrong, for programs"})
    message = fields.String(metadata={"description": "What is wrong, for people"})
    params = fields.Dict(keys=fields.String(), metadata={"description": "The numbers in the message, by name"})


class ProblemDetails(Schema):
    """Why something could not be done (RFC 9457)."""

    type = fields.String(metadata={"description": "Where this kind of problem is explained", "format": "uri-reference"})
    title = fields.String(metadata={"description": "The kind of problem, in words"})
    status = fields.Integer()
    detail = fields.String(metadata={"description": "This problem, in words"})
    code = fields.String(metadata={"description": "The kind of problem, for programs"})
    errors = fields.List(fields.Nested(FieldProblem), metadata={"description": "Everything to mend, together"})
    did_you_mean = fields.List(fields.String(), metadata={"description": "Tracking codes that exist, one typo away"})
    findings = fields.List(fields.Nested(FindingShape), metadata={"description": "Of a process that cannot run"})
    reference = fields.String(metadata={"description": "Where to look in the log for a fault of ours"})


class Described(Api):  # type: ignore[misc]  # flask-smorest has no types
    """The description, and nothing else of flask-smorest: errors are answered by api.errors."""

    ERROR_SCHEMA = ProblemDetails

    def __init__(self, app: Flask) -> None:
        app.config.update(API_TITLE="Caseway", API_VERSION=version(), OPENAPI_VERSION="3.1.0")
        super().__init__(app, spec_kwargs={"info": {"description": DESCRIPTION}})
        self.register_converter(converters.RowId, converters.described)
        for field in (Words, StatusWords):
            self.register_field(field, "object", None)
        self._describe_who_and_how()

    def _register_error_handlers(self) -> None:
        """Errors are answered by api.errors, for this library would answer those of pages too."""

    def _register_doc_blueprint(self) -> None:
        """The description has doors with a guard in api.rooms.documentation."""

    def _register_responses(self) -> None:
        for status in STATUSES:
            self._register_problem(f"E{status}", HTTPStatus(status).phrase)
        self._register_problem(HTTPStatus.UNPROCESSABLE_ENTITY.name, "Something in the request has to be mended")
        self._register_problem("DEFAULT_ERROR", "Something could not be done")

    def _register_problem(self, name: str, description: str) -> None:
        content = {PROBLEM: {"schema": self.ERROR_SCHEMA}}
        self.spec.components.response(name, {"description": description, "content": content}, lazy=True)

    def _describe_who_and_how(self) -> None:
        key = {"type": "http", "scheme": "bearer", "description": "An API key, `cw_…`; see POST /api/keys"}
        session = {
            "type": "apiKey",
            "in": "cookie",
            "name": "caseway",
            "description": "The session of the pages; to change anything also send the header X-CSRFToken",
        }
        self.spec.components.security_scheme("key", key)
        self.spec.components.security_scheme("session", session)
        language = {
            "description": "The language of the words in the answer; else that of Accept-Language",
            "schema": {"type": "string", "enum": list(languages.LOCALES)},
        }
        self.spec.components.parameter(languages.PARAMETER, "query", language)

    @cached_property
    def described(self) -> dict[str, Any]:
        """The description as JSON."""
        spec: dict[str, Any] = self.spec.to_dict()
        for tag in spec["tags"]:
            tag["name"] = tag["name"].removeprefix(NAME_PREFIX)
        for door in (door for doors in spec["paths"].values() for door in doors.values() if isinstance(door, dict)):
            door["tags"] = [tag.removeprefix(NAME_PREFIX) for tag in door["tags"]]
        return spec


@lru_cache(maxsize=1)
def version() -> str:
    """The version of this program."""
    project = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text(encoding="utf-8"))
    return str(project["project"]["version"])
