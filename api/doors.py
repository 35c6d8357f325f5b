"""How a door is made: a guard first, then what comes in, then what goes out; each said once and described in OpenAPI."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ClassVar

from flask import request
from flask_smorest import Blueprint
from marshmallow import Schema

from api.fields import InvalidInput, Taken
from api.guards import PUBLIC, Guard, View
from api.languages import LOCALES, PARAMETER
from api.limits import limiter
from api.reading import FORM, JSON, Reader
from engine.errors import Problem

#: Either is enough; named in api.description.
KEY_OR_SESSION: list[dict[str, list[str]]] = [{"key": []}, {"session": []}]
REFUSALS = {"signed": (401, 403), "body": (400, 413, 415)}


class Doors(Blueprint):  # type: ignore[misc]  # flask-smorest has no types
    """The doors of one noun."""

    ARGUMENTS_PARSER = Reader()
    DEFAULT_LOCATION_CONTENT_TYPE_MAPPING: ClassVar[dict[str, str]] = {"body": JSON, "form_or_body": JSON}

    def door(
        self,
        method: str,
        rule: str,
        *,
        guard: Guard,
        query: type[Taken] | None = None,
        body: type[Taken] | None = None,
        form: type[Taken] | None = None,
        gives: type[Schema] | None = None,
        status: int = 200,
        limit: str | None = None,
        **described: Any,
    ) -> Callable[[View], View]:
        """Hang a view here. It gets what was sent as dictionaries: the query first, then the body.

        `form` is a body that may also come as a form with files; `limit` is how often one address may come; `described`
        is added to the description as it is.
        """

        def hang(view: View) -> View:
            door = self.response(status, gives)(view)
            door = self._taking(door, body, form)
            if query is not None:
                door = self.arguments(query, location="query")(door)
            door = _asked_properly(door, takes_query=query is not None)
            if limit is not None:
                door = limiter.limit(limit)(door)
            door = guard(door)
            door = self.doc(**_description(door, body or form, form, described, limit=limit))(door)
            self.route(rule, methods=[method], parameters=[PARAMETER])(door)
            return view

        return hang

    def _taking(self, door: View, body: type[Taken] | None, form: type[Taken] | None) -> View:
        taken, location = (form, "form_or_body") if form else (body, "body")
        if taken is None:
            return door
        is_needed = any(field.required for field in taken().fields.values())
        return self.arguments(taken, location=location, required=is_needed)(door)


def _asked_properly(view: View, *, takes_query: bool) -> View:
    """Refuse a language nobody speaks, and a query where none is taken: whoever sends one expects something of it."""

    @wraps(view)
    def door(*args: Any, **kwargs: Any) -> Any:
        asked = request.args.getlist(PARAMETER)
        problems = [] if asked in ([], *([locale] for locale in LOCALES)) else [Problem(PARAMETER, "not_an_option")]
        if not takes_query:
            problems += [Problem(name, "unknown_field") for name in request.args if name != PARAMETER]
        if problems:
            raise InvalidInput(problems)
        return view(*args, **kwargs)

    return door


def _description(
    door: View, body: type[Taken] | None, form: type[Taken] | None, described: dict[str, Any], *, limit: str | None
) -> dict[str, Any]:
    is_public = door.guard == PUBLIC  # type: ignore[attr-defined]  # set by every guard
    refusals = () if is_public else REFUSALS["signed"]
    if body is not None:
        refusals += REFUSALS["body"]
    if limit is not None:
        refusals += (429,)
    said: dict[str, Any] = {"security": [] if is_public else KEY_OR_SESSION, **described}
    said["responses"] = {str(code): f"E{code}" for code in refusals} | described.get("responses", {})
    if form is not None:
        said["requestBody"] = {"content": {FORM: {"schema": form}}}
    return said
