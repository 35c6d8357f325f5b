"""Who may open a door. Every view carries its guard's name; a test lists the views without one.

A program shows an API key; a page of this house shows its session cookie and, to change anything, its CSRF token.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response, current_app, g, make_response, request, session
from flask_wtf.csrf import ValidationError, validate_csrf
from werkzeug.exceptions import NotFound

from api import languages
from cases import accounts
from cases.models import Person
from engine.base import transaction
from engine.errors import Refused

View = Callable[..., Any]
Guard = Callable[[View], View]

PUBLIC = "public"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
CSRF_HEADER = "X-CSRFToken"
#: With it a reporter shows whose report a case is; asked for by the doors of the public.
OWNER_KEY = "X-Owner-Key"


class NotSignedIn(Refused):
    """Sign in first, or send a valid API key."""


class MayNotOpen(Refused):
    """You are not allowed to do this."""


class CsrfTokenMissing(Refused):
    """The CSRF token is missing or out of date."""


def public(view: View) -> View:
    """Everybody may, and nobody is asked who they are."""
    return _guarded(view, PUBLIC, None)


def signed_in(view: View) -> View:
    """Whoever shows a key or a session may."""
    return _guarded(view, "signed_in", lambda _person: True)


def allowed(check: Callable[[Person], bool]) -> Guard:
    """Whoever shows a key or a session and passes `check` (a function of cases.access) may."""
    return lambda view: _guarded(view, check.__name__, check)


def person() -> Person:
    """Whoever is asking; only in guarded views."""
    found: Person = g.caller
    return found


def _guarded(view: View, name: str, check: Callable[[Person], bool] | None) -> View:
    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Response:
        if "\0" in request.path:
            raise NotFound
        if check is not None:
            g.caller = _caller()
            if not check(g.caller):
                raise MayNotOpen
        with languages.spoken() as locale:
            response = make_response(view(*args, **kwargs))
        return _labelled(response, locale, is_private=check is not None or OWNER_KEY in request.headers)

    guarded.guard = name  # type: ignore[attr-defined]  # read by the test that lists the doors
    return guarded


def _labelled(response: Response, locale: str, *, is_private: bool) -> Response:
    response.headers["Content-Language"] = locale
    response.vary.update(("Accept-Language", OWNER_KEY))
    if is_private:
        response.vary.update(("Authorization", "Cookie"))
        response.cache_control.no_store = True
    return response


def _caller() -> Person:
    """Raises: NotSignedIn, CsrfTokenMissing."""
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        with transaction():
            found = accounts.person_of_key(key.strip())
    else:
        found = _from_session()
    if found is None:
        raise NotSignedIn
    return found


def _from_session() -> Person | None:
    username = session.get("username")
    found = accounts.find(username) if username else None
    if found is None or not found.is_active:
        return None
    if request.method not in SAFE_METHODS and current_app.config.get("WTF_CSRF_ENABLED", True):
        try:
            validate_csrf(request.headers.get(CSRF_HEADER))
        except ValidationError as error:
            raise CsrfTokenMissing from error
    return found
