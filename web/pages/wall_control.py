"""Steering the walls from a phone or a tablet: a board now, stand still, go on, a case in the spotlight."""

from __future__ import annotations

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

import words
from cases import access, displays, wall_layouts, wall_orders
from cases.models import Case
from engine.base import session, transaction
from web.guards import allowed
from web.pages.staff import asked, case_file
from web.pages.wall import shown_to_displays
from web.pages.wall_boards import BOARDS, named

pages = Blueprint("wall_control", __name__)


@pages.get("/wall/state")
@shown_to_displays
def state() -> Response:
    """What the walls are to show, for each of them every few seconds: small, and nothing else."""
    order = wall_orders.current()
    front = f"board-{order.board}" if order.board else "board-spotlight" if order.case_id else None
    response = jsonify({"version": order.version, "front": front, "paused": order.is_paused})
    response.headers["Cache-Control"] = "no-store"
    return response


@pages.get("/wall/control")
@allowed(access.may_see_performance)
def control() -> ResponseReturnValue:
    """What is shown now, and everything that can be."""
    order = wall_orders.current()
    case = session().get(Case, order.case_id) if order.case_id else None
    return render_template(
        "staff/wall_control.html",
        order=order,
        until=words.moment(order.until) if order.until else "",
        boards=[{"name": name, "title": named(name), "here": name == order.board} for name in BOARDS],
        spot=case.tracking_code if case else "",
        displays=[one for one in displays.every() if one.revoked_at is None],
        layouts=[{"value": one.name, "label": one.name} for one in wall_layouts.every()],
    )


@pages.post("/wall/control")
@allowed(access.may_see_performance)
def change() -> ResponseReturnValue:
    """A board, a pause, or going on. Raises: Invalid (`board`)."""
    board, act = asked.text("board"), asked.text("act")
    with transaction():
        if board:
            wall_orders.show(board, known=BOARDS)
        elif act == "pause":
            wall_orders.pause()
        else:
            wall_orders.go_on()
    flash(_("The walls follow within a few seconds."), "toast")
    return redirect(url_for(".control"), 303)


@pages.post(f"/wall/control/displays/<{asked.ROW}:display_id>")
@allowed(access.may_see_performance)
def give(display_id: int) -> ResponseReturnValue:
    """Let a display show another layout. Raises: DisplayNotFound, LayoutNotFound."""
    with transaction():
        wall_layouts.give(display_id, asked.text("layout"))
    flash(_("The display follows within half a minute."), "toast")
    return redirect(url_for(".control"), 303)


@pages.post("/work/c/<code>/spotlight")
@allowed(access.may_see_performance)
def spotlight(code: str) -> ResponseReturnValue:
    """Show a case on every wall for five minutes. Raises: NotForTheWall, and what opening the case does."""
    case = case_file.visible(code)
    with transaction():
        wall_orders.spotlight(case)
    flash(_("The walls show this case for five minutes."), "toast")
    return redirect(url_for("case_file.summary", code=case.tracking_code), 303)
