"""The video wall: boards of figures, legible from afar, turning by themselves; the numbers say when they are old.

A display shows them with a secret of its own in a cookie; whoever may see performance can open the same page.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, flash, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, get_locale
from flask_babel import gettext as _

import words
from cases import access, city, deadlines, displays, performance
from cases.performance import Figures, Line
from engine import clock
from engine.base import transaction
from engine.errors import Invalid, Problem
from web.guards import MayNotOpen, allowed, person
from web.pages.staff import asked, insight_lines
from web.pages.staff.insight_lines import percent

COOKIE = "caseway-display"
#: Ten years: a display is revoked, it does not run out.
COOKIE_S = 10 * 365 * 24 * 3600
BOARDS = ("today", "late", "areas", "categories")
EVERY_S, SHORTEST_S, LONGEST_S = 30, 5, 3600
#: Lines of a board: more are not read from afar.
LINES = 8
LANGUAGES = ("vi", "en")
#: What an address of the wall may say.
NAMES = ("cols", "rows", "diag", "dist", "board", "every", "guest", "lang")
KINDS = ("ward", "commune")

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
    made = [{"name": name, **_MADE[name](is_guest)} for name in boards if not (is_guest and name == "areas")]
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


# -------------------------------------------------------------------------------------------------------------- boards


def _found(by: tuple[str, ...] = (), days: int = 30) -> performance.Performance:
    today = clock.now().astimezone(ZoneInfo(city.settings().time_zone)).date()
    return performance.summary(from_on=today - timedelta(days=days - 1), to_on=today, by=by, most_overdue=LINES)


def _today(_is_guest: bool) -> dict[str, Any]:  # noqa: FBT001  # called through a table
    totals, today = _found().totals, _found(days=1).totals
    return {"title": _("The city today"), "tiles": _tiles(totals, today)}


def _tiles(totals: Figures, today: Figures) -> list[dict[str, Any]]:
    on_time, satisfied = totals.on_time_share, totals.satisfaction
    return [
        {"term": _("Overdue now"), "value": totals.overdue_now, "bad": totals.overdue_now > 0, "note": _("of %(n)s open", n=totals.open)},
        {"term": _("Due soon"), "value": totals.due_soon, "note": ""},
        {"term": _("Received today"), "value": today.received, "note": _("%(n)s closed", n=today.closed)},
        {"term": _("On time"), "value": percent(on_time), "note": _("30 days, n = %(n)s", n=on_time.n)},
        {"term": _("Satisfied"), "value": percent(satisfied), "note": _("30 days, n = %(n)s", n=satisfied.n)},
        {"term": _("Half done within"), "value": insight_lines.hours(totals.handling_hours_median), "note": _("30 days")},
    ]  # fmt: skip


def _late(_is_guest: bool) -> dict[str, Any]:  # noqa: FBT001  # called through a table
    """What is late: kind and ward, never what somebody wrote."""
    now = clock.now()
    lines = [
        {
            "code": row.case.tracking_code,
            "text": " · ".join(
                one for one in (words.local_name(row.case.category), words.local_name(row.case.area)) if one
            )
            if not row.case.is_sensitive
            else _("Report that is not public"),
            "deadline": words.deadline(deadlines.view(row.deadline, at=now)),
        }
        for row in _found().overdue
    ]
    return {"title": _("Overdue, the longest first"), "late": lines}


def _areas(_is_guest: bool) -> dict[str, Any]:  # noqa: FBT001  # called through a table
    units = [line for line in _found(("unit",)).by_unit if line.unit.kind in KINDS]
    return {"title": _("Wards and communes, 30 days"), "bars": [_bar(line) for line in units[:LINES]]}


def _categories(_is_guest: bool) -> dict[str, Any]:  # noqa: FBT001  # called through a table
    found = sorted(_found(("category",)).by_category, key=lambda line: -line.figures.received)
    return {"title": _("What is reported, 30 days"), "bars": [_bar(line) for line in found[:LINES]]}


def _bar(line: Line) -> dict[str, Any]:
    share = line.figures.on_time_share
    return {
        "name": words.local_name(line.of),
        "received": line.figures.received,
        "overdue": line.figures.overdue_now,
        "on_time": percent(share),
        "meter": round(share.share * 100, 1)
        if share.share is not None and share.n >= insight_lines.SMALLEST_N
        else None,
        "state": insight_lines.state(share),
    }


_MADE: dict[str, Callable[[bool], dict[str, Any]]] = {
    "today": _today,
    "late": _late,
    "areas": _areas,
    "categories": _categories,
}
