"""Errors as problem details (RFC 9457): a code for programs, words for people, all field errors together."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from typing import Any

import orjson
from flask import Flask, Response, current_app, request
from flask.typing import ResponseReturnValue
from flask_limiter import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from api import languages, problems
from api.guards import CsrfTokenMissing, NotSignedIn
from api.limits import seconds_to_wait
from api.reading import MalformedJson
from cases.cases import CaseNotFound
from engine import incidents
from engine.errors import (
    CasewayError,
    Conflict,
    ExecutionFailed,
    Invalid,
    InvalidDefinition,
    NotFound,
    Problem,
    Refused,
)
from engine.lint import Finding

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
#: The first that fits; families last.
STATUS: dict[type[CasewayError], int] = {
    NotSignedIn: 401,
    MalformedJson: 400,
    NotFound: 404,
    Refused: 403,
    Conflict: 409,
    Invalid: 422,
}
HTTP_CODES = {
    400: "bad_request",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    415: "unsupported_media_type",
    429: "too_many_requests",
    500: "internal_error",
}
KEPT_HEADERS = ("Allow", "Retry-After")


def register(app: Flask) -> None:
    """Answer the errors of /api here and leave those of other addresses to the pages."""
    app.extensions["caseway_api_error"] = answer
    for kind in (HTTPException, CasewayError, Exception):
        app.register_error_handler(kind, _by_address)


def _by_address(error: Exception) -> ResponseReturnValue:
    if request.path.startswith("/api/"):
        return answer(error)
    page: Callable[[Exception], ResponseReturnValue] | None = current_app.extensions.get("caseway_page_error")
    if page is not None:
        return page(error)
    if isinstance(error, HTTPException):
        return error
    raise error


def answer(error: Exception) -> Response:
    """The response to an error of any kind."""
    if isinstance(error, ExecutionFailed):
        incidents.note_failure(error)
    with languages.spoken() as locale:
        if isinstance(error, CSRFError):
            error = CsrfTokenMissing()
        body = _of_the_house(error) if isinstance(error, CasewayError) else _of_http(error)
    response = current_app.response_class(orjson.dumps(body), body["status"], mimetype=MEDIA_TYPE)
    response.headers.extend(_headers(error))
    response.headers["Content-Language"] = locale
    response.vary.add("Accept-Language")
    response.cache_control.no_store = True
    return response


def status_of(error: CasewayError) -> int:
    """The status code of an error."""
    return next((status for kind, status in STATUS.items() if isinstance(error, kind)), 409)


def _of_the_house(error: CasewayError) -> dict[str, Any]:
    body = _body(error.code, status_of(error), problems.detail(error))
    if isinstance(error, Invalid):
        body["errors"] = [_field(problem) for problem in error.problems]
    if isinstance(error, CaseNotFound) and error.near:
        body["did_you_mean"] = error.near
    if isinstance(error, InvalidDefinition):
        body["findings"] = [finding(found) for found in error.findings if isinstance(found, Finding)]
    return body


def _of_http(error: Exception) -> dict[str, Any]:
    status = (error.code or 500) if isinstance(error, HTTPException) else 500
    code = HTTP_CODES.get(status) or ("internal_error" if status >= 500 else "bad_request")  # a class of status codes
    body = _body(code, status, problems.title(code) or code)
    if not isinstance(error, HTTPException):
        body["reference"] = reference = uuid.uuid4().hex[:8]
        log.error("error %s on %s", reference, request.path, exc_info=error)
    return body


def _body(code: str, status: int, detail: str) -> dict[str, Any]:
    return {
        "type": f"/api/problems/{code}",
        "title": problems.title(code) or detail,
        "status": status,
        "detail": detail,
        "code": code,
    }


def _field(problem: Problem) -> dict[str, Any]:
    said = {"field": problem.where, "code": problem.code, "message": problems.message(problem)}
    return said | ({"params": dict(problem.params)} if problem.params else {})


def finding(found: Finding) -> dict[str, str | int | None]:
    """A finding of the linter in both languages."""
    names = ("file", "line", "column", "rule", "element_id", "element_name", "severity")
    words = ("message_vi", "message_en", "remedy_vi", "remedy_en")
    return {name: getattr(found, name) for name in (*names, *words)}


def _headers(error: Exception) -> dict[str, str]:
    if isinstance(error, NotSignedIn):
        return {"WWW-Authenticate": 'Bearer realm="Caseway"'}
    if isinstance(error, RateLimitExceeded):
        return {"Retry-After": str(seconds_to_wait())}
    if isinstance(error, HTTPException):
        return {name: value for name, value in error.get_headers() if name in KEPT_HEADERS}
    return {}
