"""The video wall: boards of figures, legible from afar, turning by themselves; the numbers say when they are old.

A display shows them with a secret of its own in a cookie; whoever may see performance can open the same page.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, flash, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, get_locale
from flask_babel import gettext as _

import words
from cases import access, city, displays
from engine import clock
from engine.base import transaction
from engine.errors import Invalid, Problem
from web.guards import MayNotOpen, allowed, person
from web.pages import wall_boards
from web.pages.staff import asked
from web.pages.wall_boards import BOARDS

COOKIE = "caseway-display"
#: Ten years: a display is revoked, it does not run out.
COOKIE_S = 10 * 365 * 24 * 3600
EVERY_S, SHORTEST_S, LONGEST_S = 30, 5, 3600
LANGUAGES = ("vi", "en")
#: What an address of the wall may say.
NAMES = ("cols", "rows", "diag", "dist", "board", "every", "guest", "lang")

pages = Blueprint("wall", __name__)


def shown_to_displays(view: Callable[..., Any]) -> Callable[..., Any]:
    """A display that is not revoked may, and whoever may see performance."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        with transaction():
            display = displays.of_secret(request.cookies.get(COOKIE, ""))
        if display is None and (g.person is None or not access.may_see_performance(g.person)):
            if g.person is None:
                return redirect(url_for("session.sign_in", next=request.full_path.rstrip("?")))
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
    """The boards asked for, one at a time. Raises: Invalid for an address that says what cannot be."""
    args = request.args
    geometry = displays.geometry(*(args.get(name, "") for name in ("cols", "rows", "diag", "dist")))
    boards, every = _boards(args.get("board", "")), _every(args.get("every", ""))
    lang = args.get("lang", "") if args.get("lang") in LANGUAGES else str(get_locale())
    with force_locale(lang):
        return _page(geometry, boards, every, lang, is_guest=args.get("guest") == "1")


def _page(geometry: displays.Geometry, boards: list[str], every: int, lang: str, *, is_guest: bool) -> Response:
    made = wall_boards.made(boards, is_guest=is_guest)
    local = clock.now().astimezone(ZoneInfo(city.settings().time_zone))
    page = render_template(
        "wall/wall.html",
        geometry=geometry,
        boards=made,
        every=every,
        lang=lang,
        at=f"{local:%H:%M}",
        day=words.day(clock.now()),
    )
    response = make_response(page)
    response.headers["Cache-Control"] = "no-store"
    return response


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


@pages.get("/admin/displays")
@allowed(access.may_administer)
def listed() -> ResponseReturnValue:
    """The displays there are, and adding one."""
    return _admin()


@pages.post("/admin/displays")
@allowed(access.may_administer)
def add() -> ResponseReturnValue:
    """Add one; its address is shown this once."""
    made: list[str] = []
    problems, status = asked.attempt(lambda: made.append(displays.add(asked.text("name"), by=person().username)[1]))
    if problems:
        return _admin(problems), status
    return _admin(secret=made[0])


@pages.post(f"/admin/displays/<{asked.ROW}:display_id>/revocation")
@allowed(access.may_administer)
def revoke(display_id: int) -> ResponseReturnValue:
    """Let one show nothing any more."""
    with transaction():
        displays.revoke(display_id)
    flash(_("The display shows nothing any more."), "toast")
    return redirect(url_for(".listed"), 303)


def _admin(problems: list[asked.Complaint] | None = None, secret: str = "") -> str:
    return render_template(
        "staff/displays.html",
        displays=displays.every(),
        address=url_for(".begin", secret=secret, _external=True) if secret else "",
        name=asked.text("name") if problems else "",
        problems=problems or [],
    )


# --------------------------------------------------------------------------------------------------------------- asked


def _boards(written: str) -> list[str]:
    """`1,3` or names; all unless said. Raises: Invalid."""
    if not written:
        return list(BOARDS)
    named = {str(number): name for number, name in enumerate(BOARDS, 1)} | {name: name for name in BOARDS}
    wanted = [one.strip() for one in written.split(",")]
    if any(one not in named for one in wanted):
        raise Invalid([Problem("board", "not_an_option")])
    return [named[one] for one in wanted]


def _every(written: str) -> int:
    """Raises: Invalid."""
    if not written:
        return EVERY_S
    if not written.isdecimal() or not SHORTEST_S <= int(written) <= LONGEST_S:
        raise Invalid([Problem("every", "out_of_range", {"min": SHORTEST_S, "max": LONGEST_S})])
    return int(written)
