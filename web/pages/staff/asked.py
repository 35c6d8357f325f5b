"""What an operator's form says: why, and values written as JSON; what is wrong is told beside the field, nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import orjson
from flask import request
from flask_babel import gettext as _

import words
from engine.base import transaction
from engine.errors import CasewayError, Conflict, Invalid, NotFound, Problem, Refused

LEAST_REASON, MOST_REASON = 3, 2000
#: The largest id a row may have; an address with a larger one does not exist.
ROW = "int(min=1, max=2147483647)"
NUL = "\x00"

Complaint = dict[str, str]
T = TypeVar("T")


class ChangedMeanwhile(Conflict):
    """Somebody has changed this in the meantime."""


class Reading:
    """Reads several fields, and tells all that is wrong with them together."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def take(self, read: Callable[[], T], missing: T) -> T:
        """One of them; `missing` stands for what cannot be read."""
        try:
            return read()
        except Invalid as error:
            self.problems += error.problems
            return missing

    def check(self) -> None:
        """Raises: Invalid when anything was wrong."""
        if self.problems:
            raise Invalid(self.problems)


def attempt(act: Callable[[], object]) -> tuple[list[Complaint], int]:
    """Do it in a transaction of its own; what kept it from being done, for the form, and the status to answer with.

    Raises: NotFound, Refused.
    """
    try:
        with transaction():
            act()
    except Invalid as error:
        return complaints(error.problems), 422
    except (NotFound, Refused):
        raise
    except CasewayError as error:
        return [{"where": "", "text": words.error_text(error)}], 409
    return [], 303


def text(name: str) -> str:
    """A field of the form or the address, without what no database keeps."""
    return request.values.get(name, "").replace(NUL, "").replace("\r\n", "\n").strip()


def number(name: str) -> int | None:
    """A number of the form or the address that can be one of a row; None for anything else."""
    written = text(name)
    return int(written) if written.isascii() and written.isdigit() and len(written) < 10 else None


def reason() -> str:
    """Why something is done.

    Raises: Invalid.
    """
    written = text("reason")
    if not written:
        raise Invalid([Problem("reason", "required")])
    if len(written) < LEAST_REASON:
        raise Invalid([Problem("reason", "too_short", {"min": LEAST_REASON})])
    if len(written) > MOST_REASON:
        raise Invalid([Problem("reason", "too_long", {"max": MOST_REASON})])
    return written


def revision(now: int) -> None:
    """Look whether what the form was made from is still so.

    Raises: ChangedMeanwhile.
    """
    if number("revision") != now:
        raise ChangedMeanwhile


def json_object(name: str) -> dict[str, Any]:
    """Values by name, as somebody wrote them; none from an empty field.

    Raises: Invalid, naming the line and the column.
    """
    read = json_value(name) if text(name) else {}
    if not isinstance(read, dict):
        raise Invalid([Problem(name, "not_an_object")])
    return read


def json_value(name: str) -> Any:
    """One value, as somebody wrote it.

    Raises: Invalid, naming the line and the column.
    """
    try:
        read = orjson.loads(text(name))
    except orjson.JSONDecodeError as error:
        raise Invalid([Problem(name, "malformed_json", {"line": error.lineno, "column": error.colno})]) from error
    if _holds_nul(read):
        raise Invalid([Problem(name, "has_nul")])
    return read


def _holds_nul(read: object) -> bool:
    """Not recursive: what is written may be nested deeper than Python goes."""
    waiting = [read]
    while waiting:
        inner = waiting.pop()
        if isinstance(inner, str) and NUL in inner:
            return True
        if isinstance(inner, dict):
            waiting += [*inner, *inner.values()]
        elif isinstance(inner, list):
            waiting += inner
    return False


def complaints(problems: list[Problem]) -> list[Complaint]:
    """The problems in the reader's language, for the summary and beside the fields."""
    return [{"where": one.where, "text": words.problem_text(one, sentences())} for one in problems]


def beside(told: list[Complaint]) -> Complaint:
    """The same by field."""
    return {one["where"]: one["text"] for one in told}


def sentences() -> dict[str, str]:
    """What only these forms say."""
    return {
        "malformed_json": _("This cannot be read: look at line %(line)s, column %(column)s."),
        "not_an_object": _('Write names with their values between braces, for example {"amount": 3}.'),
        "has_nul": _("A text holds a character that cannot be kept (NUL)."),
        "nothing_changed": _("Nothing is changed yet."),
        "bad_number": _("Write a number with a point before its decimals, for example 2.5."),
        "gone": _("Choose again: what you chose no longer waits."),
    }
