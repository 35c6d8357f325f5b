"""The video wall: boards of figures, legible from afar, turning by themselves; the numbers say when they are old.

A display shows them with a secret of its own in a cookie; whoever may see performance can open the same page.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale

import words
from cases import access, city, displays, wall_layouts
from cases.models import WallLayout
from engine import clock
from engine.base import transaction
from web.guards import MayNotOpen
from web.pages import wall_asked, wall_boards
from web.pages.wall_asked import NAMES, Wanted
from web.security import FRAMED_POLICY

COOKIE = "caseway-display"
#: Ten years: a display is revoked, it does not run out.
COOKIE_S = 10 * 365 * 24 * 3600

pages = Blueprint("wall", __name__)


def shown_to_displays(view: Callable[..., Any]) -> Callable[..., Any]:
    """A display that is not revoked may, whoever may see performance, and who manages walls."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        with transaction():
            display = displays.of_secret(request.cookies.get(COOKIE, ""))
            g.wall_layout = display.layout if display is not None else None
        if display is None and g.person is None:
            return redirect(url_for("session.sign_in", next=request.full_path.rstrip("?")))
        if display is None and not (access.may_see_performance(g.person) or access.may_administer(g.person)):
            raise MayNotOpen
        return view(*args, **kwargs)

    guarded.guard = "shown_to_displays"  # type: ignore[attr-defined]  # read by the test that lists the doors
    return guarded


def open_by_secret(view: Callable[..., Any]) -> Callable[..., Any]:
    """Whoever has the secret of a display."""
    view.guard = "open_by_secret"  # type: ignore[attr-defined]  # read by the test that lists the doors
    return view


@pages.get("/wall")
@shown_to_displays
def wall() -> ResponseReturnValue:
    """The boards or the grid asked for; a display's own layout where the address is silent. Raises: Invalid."""
    return _page(g.wall_layout)


@pages.get("/wall/<name>")
@shown_to_displays
def layout(name: str) -> ResponseReturnValue:
    """A layout by its name. Raises: LayoutNotFound, Invalid."""
    return _page(wall_layouts.named(name))


def _page(kept: WallLayout | None) -> Response:
    wanted = wall_asked.read(request.args, kept)
    with force_locale(wanted.lang):
        response = make_response(_rendered(wanted))
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Security-Policy"] = FRAMED_POLICY
    return response


def _rendered(wanted: Wanted) -> str:
    local = clock.now().astimezone(ZoneInfo(city.settings().time_zone))
    return render_template(
        "wall/wall.html",
        wanted=wanted,
        boards=wall_boards.made(wanted),
        made_of=_laid_out(wanted),
        at=f"{local:%H:%M}",
        day=words.day(clock.now()),
    )


def _laid_out(wanted: Wanted) -> str:
    """Another text whenever a wall has to be laid out anew."""
    return hashlib.sha256(repr((wanted.cells, wanted.every, wanted.geometry, wanted.panel)).encode()).hexdigest()[:12]


@pages.get("/wall/displays/<secret>")
@open_by_secret
def begin(secret: str) -> ResponseReturnValue:
    """A display comes with its secret: it is kept in a cookie, and taken out of the address."""
    with transaction():
        display = displays.of_secret(secret)
    if display is None:
        raise displays.DisplayNotFound
    kept = {name: value for name, value in request.args.items() if name in NAMES}
    response: Response = make_response(redirect(f"{url_for('.wall')}?{urlencode(kept)}" if kept else url_for(".wall")))
    response.set_cookie(
        COOKIE, secret, max_age=COOKIE_S, httponly=True, samesite="Lax", secure=request.is_secure, path="/wall"
    )
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
