"""Reading requests strictly: what cannot be understood is refused with its place, and so is what would be ignored."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NoReturn

import orjson
from flask import Request
from marshmallow import Schema, ValidationError, fields
from webargs.core import missing
from webargs.flaskparser import FlaskParser
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import UnsupportedMediaType

from api.fields import InvalidInput, Taken, problems_in
from api.languages import PARAMETER
from engine.errors import Invalid, Problem

#: Bytes of a JSON body at most; a report has 5000 characters.
MOST_JSON = 1024 * 1024
JSON, FORM = "application/json", "multipart/form-data"


class MalformedJson(Invalid):
    """This is no JSON."""


class Reader(FlaskParser):
    """Loads what is sent and tells problems as the house does."""

    DEFAULT_UNKNOWN_BY_LOCATION = dict.fromkeys(("query", "body", "form_or_body"))
    __location_map__ = {"query": "load_query", "body": "load_body", "form_or_body": "load_form_or_body"}  # noqa: RUF012  # webargs reads it from the class

    def load_query(self, request: Request, schema: Schema) -> dict[str, Any]:
        """The query string, without the language."""
        given = _named(request.args, schema)
        given.pop(PARAMETER, None)
        return dict(_readable(given))

    def load_body(self, request: Request, _schema: Schema) -> Any:
        """A JSON body; none is an empty one. Raises: UnsupportedMediaType, MalformedJson."""
        request.max_content_length = min(MOST_JSON, request.max_content_length or MOST_JSON)
        body = request.get_data(cache=False)
        if not body and request.mimetype in ("", JSON):
            return missing
        if request.mimetype != JSON:
            raise UnsupportedMediaType
        try:
            return _readable(orjson.loads(body))
        except orjson.JSONDecodeError as error:
            place = {"line": error.lineno, "column": error.colno}
            raise MalformedJson([Problem("", "malformed_json", place)]) from error

    def load_form_or_body(self, request: Request, schema: Schema) -> Any:
        """The fields and files of a form, else a JSON body. Raises: UnsupportedMediaType, MalformedJson."""
        if request.mimetype != FORM:
            return self.load_body(request, schema)
        words, files = _named(request.form, schema), _named(request.files, schema)
        return _readable(words) | files

    def handle_error(self, error: ValidationError, req: Request, schema: Schema, **_options: object) -> NoReturn:
        """Raises: what the schema refuses with, everything together."""
        messages = error.messages
        problems = [problem for inner in messages.values() for problem in problems_in(inner)]  # type: ignore[union-attr]  # webargs puts the location around them
        refusal: type[Invalid] = InvalidInput
        if isinstance(schema, Taken):
            refusal, told = schema.refusal, {problem.where.partition("[")[0] for problem in problems}
            values: Any = error.valid_data
            more = schema.also_wrong(values if isinstance(values, dict) else {})
            problems += [problem for problem in more if problem.where not in told]
        raise refusal(problems)


def _named(given: MultiDict[str, Any], schema: Schema) -> dict[str, Any]:
    """By name: a list where one is taken or several were sent; what was left empty was not sent."""
    named = {}
    for name, values in given.lists():
        sent = [value for value in values if value != ""]
        is_list = isinstance(schema.fields.get(name), fields.List)
        if sent:
            named[name] = sent if is_list or len(sent) > 1 else sent[0]
    return named


def _readable(given: Any) -> Any:
    """Raises: InvalidInput for characters that no database keeps."""
    problems = [Problem(where, "bad_character") for where in _unreadable(given)]
    if problems:
        raise InvalidInput(problems)
    return given


def _unreadable(given: object) -> Iterator[str]:
    """Where NUL stands. Not recursive: what is sent may be nested deeper than Python goes."""
    waiting: list[tuple[str, object]] = [("", given)]
    while waiting:
        where, value = waiting.pop()
        if isinstance(value, str) and "\0" in value:
            yield where
        elif isinstance(value, list):
            waiting += [(f"{where}[{at}]", inner) for at, inner in enumerate(value)]
        elif isinstance(value, dict):
            paths = {key: (f"{where}.{key}" if where else key).replace("\0", "") for key in value}
            yield from (path for key, path in paths.items() if "\0" in key)
            waiting += [(paths[key], inner) for key, inner in value.items()]
