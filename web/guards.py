"""Who may open a page. Every view carries a guard; a test lists the views without one."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import g, redirect, request, session, url_for

from cases import accounts
from cases.models import Person
from engine.errors import Refused

View = TypeVar("View", bound=Callable[..., Any])


class MayNotOpen(Refused):
    """You are not allowed to do this."""


def public(view: View) -> View:
    """Everybody may."""
    view.guard = "public"  # type: ignore[attr-defined]  # read by the test that lists the doors
    return view


def signed_in(view: View) -> View:
    """Whoever has signed in may; others are asked to."""
    return _guarded(view, "signed_in", lambda _person: True)


def allowed(check: Callable[[Person], bool]) -> Callable[[View], View]:
    """Whoever has signed in and passes `check` (a function of cases.access) may."""
    return lambda view: _guarded(view, check.__name__, check)


def person() -> Person:
    """Whoever is signed in; only to be asked in guarded views."""
    found: Person = g.person
    return found


def load_person() -> None:
    """Before each request: find out who is signed in."""
    username = session.get("username")
    found = accounts.find(username) if username else None
    g.person = found if found is not None and found.is_active else None


def _guarded(view: View, name: str, check: Callable[[Person], bool]) -> View:
    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if g.person is None:
            return redirect(url_for("session.sign_in", next=request.full_path.rstrip("?")))
        if not check(g.person):
            raise MayNotOpen
        return view(*args, **kwargs)

    guarded.guard = name  # type: ignore[attr-defined]  # read by the test that lists the doors
    return guarded  # type: ignore[return-value]  # the same signature
