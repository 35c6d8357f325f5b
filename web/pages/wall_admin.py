"""Who manages walls: the displays that are let in, and what walls show under names."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from cases import access, displays, indicators, wall_layouts
from cases.performance import definitions
from cases.performance.definitions import Kind
from engine.base import transaction
from engine.errors import Invalid, Problem
from web.guards import allowed, person
from web.pages import wall_asked, wall_boards
from web.pages.staff import asked, naming

pages = Blueprint("wall_admin", __name__)


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
        address=url_for("wall.begin", secret=secret, _external=True) if secret else "",
        name=asked.text("name") if problems else "",
        problems=problems or [],
    )


# ------------------------------------------------------------------------------------------------------------- layouts


@pages.get("/admin/walls")
@allowed(access.may_administer)
def layouts() -> ResponseReturnValue:
    """The layouts there are."""
    shown = [{"name": one.name, "says": dict(parse_qsl(one.shown)), "row": one} for one in wall_layouts.every()]
    return render_template("staff/walls.html", layouts=shown)


@pages.get("/admin/walls/new")
@allowed(access.may_administer)
def new_layout() -> ResponseReturnValue:
    """Ask what a new one shows; an address of the wall may say it already."""
    return _form("", {name: asked.text(name) for name in wall_asked.KEPT})


@pages.post("/admin/walls/new")
@allowed(access.may_administer)
def add_layout() -> ResponseReturnValue:
    """Keep a new one."""
    return _save("")


@pages.get("/admin/walls/<name>")
@allowed(access.may_administer)
def layout(name: str) -> ResponseReturnValue:
    """One, to be changed. Raises: LayoutNotFound."""
    return _form(name, dict(parse_qsl(wall_layouts.named(name).shown)))


@pages.post("/admin/walls/<name>")
@allowed(access.may_administer)
def change_layout(name: str) -> ResponseReturnValue:
    """Keep what it shows from now on. Raises: LayoutNotFound."""
    wall_layouts.named(name)
    return _save(name)


@pages.post("/admin/walls/<name>/removal")
@allowed(access.may_administer)
def remove_layout(name: str) -> ResponseReturnValue:
    """Forget one. Raises: LayoutNotFound."""
    with transaction():
        wall_layouts.remove(name)
    flash(_("The layout is gone. Displays that had it show the usual boards."), "toast")
    return redirect(url_for(".layouts"), 303)


def _save(known: str) -> ResponseReturnValue:
    """Raises: NotFound, Refused."""
    said = {name: asked.text(name) for name in wall_asked.KEPT if asked.text(name)}
    name = known or asked.text("name")

    def act() -> None:
        reading = asked.Reading()
        reading.take(lambda: wall_layouts.check_name(name), "")
        reading.take(lambda: wall_asked.read(said), None)
        if not known:
            reading.take(lambda: _is_new(name), None)
        reading.check()
        wall_layouts.save(name, urlencode(said), by=person().username)

    problems, status = asked.attempt(act)
    if problems:
        return _form(known, said, problems), status
    flash(_("Saved. Walls with this layout follow within half a minute."), "success")
    return redirect(url_for(".layouts"), 303)


def _is_new(name: str) -> None:
    """Raises: Invalid."""
    if any(one.name == name for one in wall_layouts.every()):
        raise Invalid([Problem("name", "name_taken")])


def _form(known: str, said: dict[str, str], problems: list[asked.Complaint] | None = None) -> str:
    """With a preview of what is said, when it can be shown."""
    filled = {name: value for name, value in said.items() if value}
    try:
        wall_asked.read(MultiDict(filled))
        address = f"{url_for('wall.wall')}?{urlencode({**filled, 'preview': '1'})}"
    except Invalid:
        address = ""
    return render_template(
        "staff/wall_layout.html",
        known=known,
        name=known or asked.text("name"),
        said=said,
        address=address,
        problems=problems or [],
        errors=asked.beside(problems or []),
        boards=[{"code": name, "name": wall_boards.named(name)} for name in wall_asked.ALL],
        figures=[
            {"code": f"kpi.{one.code}", "name": _name(one)}
            for one in definitions.kpis().values()
            if one.kind != Kind.AGES
        ],
        others=[{"code": f"indicator.{one.code}", "name": one.name} for one in indicators.every()],
    )


def _name(kpi: Any) -> str:
    return str(kpi.name_en if naming.locale() == "en" else kpi.name_vi)
