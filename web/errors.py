"""What a person sees when something cannot be done: what happened, what to do, nothing lost."""

from __future__ import annotations

import logging
import uuid

from flask import Flask, render_template, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError

import words
from engine import incidents
from engine.errors import CasewayError, Conflict, ExecutionFailed, Invalid, NotFound, Refused

log = logging.getLogger(__name__)

STATUS = {NotFound: 404, Refused: 403, Conflict: 409, Invalid: 422}
Answer = tuple[str, int]


def register(app: Flask) -> None:
    """Answer errors of pages with pages; programs get theirs from the api room."""
    app.register_error_handler(CSRFError, _csrf)
    app.extensions["caseway_page_error"] = answer


def answer(error: Exception) -> Answer:
    """The page for an error of any kind."""
    if isinstance(error, ExecutionFailed):
        incidents.note_failure(error)
    if isinstance(error, CasewayError):
        return _page(status_of(error), _text(error))
    if isinstance(error, HTTPException):
        return _page(error.code or 500, _http_text(error))
    reference = uuid.uuid4().hex[:8]
    log.error("error %s on %s", reference, request.path, exc_info=error)
    return _page(500, _("Something went wrong on our side. Reference: %(reference)s", reference=reference))


def status_of(error: CasewayError) -> int:
    """The status code of an error's family."""
    return next((code for family, code in STATUS.items() if isinstance(error, family)), 409)


def _text(error: CasewayError) -> str:
    if isinstance(error, Invalid) and error.problems:
        texts = [(problem.where, words.problem_text(problem)) for problem in error.problems]
        return "; ".join(f"{where}: {text}" if where else text for where, text in texts)
    return words.error_text(error)


def _csrf(_error: CSRFError) -> Answer:
    return _page(400, _("This page was open for too long or in another session. Go back, reload it and send again."))


def _http_text(error: HTTPException) -> str:
    texts = {
        404: _("There is no such page. Check the address or go back to the start."),
        405: _("This address cannot be used like this. Go back to the start."),
        413: words.title("too_large"),
        429: words.title("too_many_requests"),
    }
    if isinstance(error, InternalServerError):
        return words.title("internal_error") or error.name
    return texts.get(error.code or 0) or _("This could not be understood. Go back and try again.")


def _page(status: int, text: str) -> Answer:
    return render_template("error.html", status=status, text=text), status
