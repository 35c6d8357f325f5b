"""The description of the doors, for programs and people, and the kinds of problem the `type` of an error leads to."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify, make_response, render_template_string
from flask_smorest.globals import current_api

from api import problems
from api.doors import Doors
from api.guards import public
from api.shapes.design import ProblemKind, ProblemKinds
from engine.errors import NotFound

doors = Doors(
    "api_docs", __name__, url_prefix="/api", description="This description, and the kinds of problem there are"
)

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{{ spec.info.title }} API</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head>
<body><main><h1>{{ spec.info.title }} API {{ spec.info.version }}</h1>
{% for paragraph in spec.info.description.split("\n\n") %}<p>{{ paragraph }}</p>{% endfor %}
<p><a href="openapi.json">openapi.json</a></p>
<table><caption>Doors</caption><thead><tr><th scope="col">Request</th><th scope="col">What it does</th></tr></thead><tbody>
{% for path, doors in spec.paths.items() %}{% for method, door in doors.items() if method != "parameters" %}
<tr><td><code>{{ method|upper }} {{ path }}</code></td><td>{{ door.summary }}</td></tr>
{% endfor %}{% endfor %}</tbody></table></main></body></html>"""


class ProblemNotFound(NotFound):
    """There is no such kind of problem."""


@doors.door("GET", "/openapi.json", guard=public, responses={"200": {"description": "This description"}})
def openapi() -> Response:
    """This description, in OpenAPI 3.1."""
    return jsonify(current_api.described)


@doors.door("GET", "/", guard=public, responses={"200": {"description": "A page", "content": {"text/html": {}}}})
def page() -> Response:
    """This description, for people."""
    return make_response(render_template_string(PAGE, spec=current_api.described))


@doors.door("GET", "/problems", guard=public, gives=ProblemKinds)
def kinds() -> dict[str, Any]:
    """Every kind of problem there is."""
    return {"problems": [{"code": code, "title": title} for code, title in problems.titles().items()]}


@doors.door("GET", "/problems/<code>", guard=public, gives=ProblemKind)
def kind(code: str) -> dict[str, str]:
    """A kind of problem."""
    title = problems.title(code)
    if title is None:
        raise ProblemNotFound(code)
    return {"code": code, "title": title}
