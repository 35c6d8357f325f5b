"""Figures that come from elsewhere: looked at, handed in by hand, forgotten."""

from __future__ import annotations

import math
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

import words
from cases import access, city, indicators
from cases.indicators import Reading
from cases.models import Indicator
from engine.base import transaction
from engine.errors import Invalid, Problem
from web.guards import allowed, person
from web.pages import wall_tiles
from web.pages.staff import asked, insight_lines

FIELDS = (
    "code",
    "board",
    "name",
    "name_en",
    "value",
    "unit",
    "target",
    "lower_is_better",
    "source",
    "at",
    "fresh_minutes",
)

pages = Blueprint("indicators", __name__)


@pages.get("/admin/indicators")
@allowed(access.may_administer)
def listed() -> ResponseReturnValue:
    """All of them, and handing one in; `code` fills the form with what is known of one."""
    known = next((one for one in indicators.every() if one.code == asked.text("code")), None)
    return _page(_filled(known) if known else {})


@pages.post("/admin/indicators")
@allowed(access.may_administer)
def hand_in() -> ResponseReturnValue:
    """Hand in a value."""
    problems, status = asked.attempt(_taken)
    if problems:
        return _page({name: asked.text(name) for name in FIELDS}, problems), status
    flash(_("Saved. It stands on the walls within half a minute."), "success")
    return redirect(url_for(".listed"), 303)


@pages.post("/admin/indicators/<code>/removal")
@allowed(access.may_administer)
def remove(code: str) -> ResponseReturnValue:
    """Forget one. Raises: IndicatorNotFound."""
    with transaction():
        indicators.remove(code)
    flash(_("The indicator is gone."), "toast")
    return redirect(url_for(".listed"), 303)


def _taken() -> None:
    """Raises: Invalid with everything that is wrong."""
    reading = asked.Reading()
    nothing: float | None = None
    value = reading.take(lambda: _number("value", is_needed=True), nothing)
    target = reading.take(lambda: _number("target"), nothing)
    at = reading.take(_moment, None)
    fresh = reading.take(_fresh, indicators.FRESH)
    taken = Reading(
        value=value or 0.0,
        target=target,
        at=at,
        fresh_minutes=fresh,
        lower_is_better=asked.text("lower_is_better") == "1",
        **{name: asked.text(name) for name in ("board", "name", "name_en", "unit", "source")},
    )
    reading.take(lambda: indicators.hand_in(asked.text("code"), taken, by=person().username), None)
    reading.check()


def _number(name: str, *, is_needed: bool = False) -> float | None:
    """Raises: Invalid."""
    written = asked.text(name).replace(",", ".")
    if not written and not is_needed:
        return None
    try:
        read = float(written)
    except ValueError:
        read = math.nan
    if not math.isfinite(read):
        raise Invalid([Problem(name, "not_a_number" if written else "required")])
    return read


def _moment() -> datetime | None:
    """Raises: Invalid."""
    if not asked.text("at"):
        return None
    try:
        return datetime.fromisoformat(asked.text("at")).replace(tzinfo=ZoneInfo(city.settings().time_zone))
    except ValueError:
        raise Invalid([Problem("at", "not_a_moment")]) from None


def _fresh() -> int:
    """Raises: Invalid."""
    if not asked.text("fresh_minutes"):
        return indicators.FRESH
    number = asked.number("fresh_minutes")
    if number is None:
        raise Invalid([Problem("fresh_minutes", "not_a_number")])
    return number


def _filled(known: Indicator) -> dict[str, str]:
    """The form about one that is known, without a value and a moment: they are new."""
    return {
        **{name: str(getattr(known, name)) for name in ("code", "board", "name", "name_en", "unit", "source")},
        "target": "" if known.target is None else f"{known.target:g}",
        "lower_is_better": "1" if known.lower_is_better else "",
        "fresh_minutes": str(known.fresh_minutes),
    }


def _page(said: dict[str, Any], problems: list[asked.Complaint] | None = None) -> str:
    return render_template(
        "staff/indicators.html",
        said=said,
        boards=[{"value": name, "label": wall_tiles.named(name)} for name in indicators.BOARDS],
        rows=[
            {
                "row": one,
                "board": wall_tiles.named(one.board),
                "value": f"{insight_lines.number(round(one.value, 2))} {one.unit}".strip(),
                "at": words.moment(one.at),
                "is_fresh": indicators.is_fresh(one),
            }
            for one in indicators.every()
        ],
        problems=problems or [],
        errors=asked.beside(problems or []),
    )
