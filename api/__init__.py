"""Doors for programs: JSON under /api, described at /api/openapi.json. Knows requests; decides nothing.

Every door is made with `api.doors.Doors.door`, which asks for a guard first and knows what comes in and goes out. Errors
are problem details (RFC 9457), whatever goes wrong.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from flask import Flask

from api import errors, limits
from api.converters import RowId
from api.description import Described
from api.rooms import ROOMS

if TYPE_CHECKING:
    from settings import Settings

__all__ = ["ROOMS", "register"]


def register(app: Flask, settings: Settings) -> None:
    """Hang every door for programs on the application."""
    app.url_map.converters["row"] = RowId
    app.config.setdefault("PUBLIC_URL", settings.public_url)
    limits.register(app, settings.redis_url)
    described = Described(app)
    for room in ROOMS:
        described.register_blueprint(room)
    errors.register(app)
    _leave_csrf_to_guards(app)
    app.before_request(partial(_leave_csrf_to_guards, app))


def _leave_csrf_to_guards(app: Flask) -> None:
    """Only who comes with a cookie needs a CSRF token, and only the guards know; pages may be registered later."""
    if "csrf" in app.extensions:
        for room in ROOMS:
            app.extensions["csrf"].exempt(room)
