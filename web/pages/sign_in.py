"""Signing in and out, and the language of staff pages."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

import words
from cases import accounts
from engine.base import transaction
from engine.errors import Refused
from web import languages
from web.guards import load_person, public
from web.security import SIGN_INS_PER_ADDRESS, limiter

pages = Blueprint("session", __name__)
pages.before_app_request(load_person)


@pages.app_context_processor
def _who() -> dict[str, object]:
    return {"current_person": g.get("person")}


@pages.get("/sign-in")
@public
def sign_in() -> ResponseReturnValue:
    """Ask who it is."""
    if g.person is not None:
        return redirect(_target())
    return render_template("sign_in.html", username="", error="", target=_target())


@pages.post("/sign-in")
@public
@limiter.limit(SIGN_INS_PER_ADDRESS)
def open_session() -> ResponseReturnValue:
    """Let somebody in; the session is a new one, so an old cookie is worth nothing."""
    username = request.form.get("username", "").strip()
    try:
        with transaction():
            found = accounts.authenticate(username, request.form.get("password", ""))
    except Refused as error:
        page = render_template("sign_in.html", username=username, error=words.error_text(error), target=_target())
        return page, 422
    session.clear()
    session.permanent = True
    session["username"] = found.username
    return redirect(_target())


@pages.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    """Forget who it was."""
    session.clear()
    return redirect(url_for("public.home"))


@pages.get("/language/<code>")
@public
def language(code: str) -> ResponseReturnValue:
    """Speak another language on staff pages; a person's choice is kept."""
    if code in languages.LOCALES:
        session["locale"] = code
        if g.person is not None:
            with transaction():
                g.person.locale = code
    return redirect(_local(request.referrer) or url_for("public.home"))


def _target() -> str:
    return _local(request.values.get("next")) or "/work"


def _local(address: str | None) -> str | None:
    """Only addresses of this site are followed."""
    if not address:
        return None
    parts = urlsplit(address)
    if parts.netloc and parts.netloc != request.host:
        return None
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    return path if path.startswith("/") and not path.startswith("//") and "\\" not in path else None
