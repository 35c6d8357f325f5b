"""What is wrong with a request, for programs: what `words` says to everybody, and what only this door says."""

from __future__ import annotations

from flask_babel import gettext as _

import words
from engine.errors import CasewayError, Problem


def message(problem: Problem) -> str:
    """The sentence for one field."""
    return words.problem_text(problem, _about_fields())


def title(code: str) -> str | None:
    """The sentence for a kind of problem; None for a code nobody has."""
    return titles().get(code)


def titles() -> dict[str, str]:
    """Every kind of problem there is."""
    return dict(sorted((words.titles() | _of_requests()).items()))


def detail(error: CasewayError) -> str:
    """What is wrong this time."""
    return _of_requests().get(error.code) or words.error_text(error)


def _about_fields() -> dict[str, str]:
    """A page asks for days and moments with fields of their own; a program has to be told how they are written."""
    return {
        "not_a_day": _("Give a day of this century like 2026-11-23."),
        "not_a_moment": _("Give a moment with its time zone like 2026-11-23T08:00:00+07:00."),
        "not_a_box": _("Give west, south, east and north in degrees: 107.9,13.9,108.1,14.1"),
        "not_together": _("These two cannot be asked for together."),
        "bad_character": _("This contains a character that cannot be kept."),
        "malformed_json": _("This is no JSON: look at line %(line)s, column %(column)s."),
    }


def _of_requests() -> dict[str, str]:
    return {
        "bad_request": _("This request could not be understood."),
        "malformed_json": _("This is no JSON."),
        "not_found": _("There is nothing at this address."),
        "method_not_allowed": _("This address cannot be used with this method."),
        "unsupported_media_type": _("Send JSON (application/json), or multipart/form-data where files are taken."),
        "not_signed_in": _("Sign in first, or send a valid API key."),
        "problem_not_found": _("There is no such kind of problem."),
        "csrf_token_missing": _("Send the CSRF token of your session in the header X-CSRFToken."),
        "invalid_input": words.titles()["invalid"],
        "idempotency_key_reused": _("This idempotency key was used for another report. Choose a new one."),
        "file_not_found": _("There is no such file in this version."),
    }
