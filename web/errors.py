"""What a person sees when something cannot be done: what happened, what to do, nothing lost."""

from __future__ import annotations

import logging
import uuid

from flask import Flask, render_template, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError

from engine import incidents
from engine.errors import CasewayError, Conflict, ExecutionFailed, Invalid, NotFound, Refused
from web import words

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
        return _page(status_of(error), words.error_text(error))
    if isinstance(error, HTTPException):
        return _page(error.code or 500, _http_text(error))
    reference = uuid.uuid4().hex[:8]
    log.error("error %s on %s", reference, request.path, exc_info=error)
    return _page(500, _("Something went wrong on our side. Reference: %(reference)s", reference=reference))


def status_of(error: CasewayError) -> int:
    """The status code of an error's family."""
    return next((code for family, code in STATUS.items() if isinstance(error, family)), 409)


def _csrf(_error: CSRFError) -> Answer:
    return _page(400, _("This page was open for too long or in another session. Go back, reload it and send again."))


def _http_text(error: HTTPException) -> str:
    texts = {
        404: _("There is no such page. Check the address or go back to the start."),
        405: _("This address cannot be used like this. Go back to the start."),
        413: _("What you sent is too big. Send at most 5 photos of 15 MB each."),
        429: _("You have sent a lot in a short time. Try again in 10 minutes or call the hotline."),
    }
    if isinstance(error, InternalServerError):
        return _("Something went wrong on our side. Please try again.")
    return texts.get(error.code or 0) or _("This could not be understood. Go back and try again.")


def _page(status: int, text: str) -> Answer:
    return render_template("error.html", status=status, text=text), status
