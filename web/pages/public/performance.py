"""How the city keeps its promises, for everybody: the city's own figures one day later, each with its n."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

import words
from cases.performance import Figures, Performance
from web.guards import public
from web.pages.public import figures
from web.pages.public.blueprint import pages

#: Units shown on the public page: those citizens know.
KINDS = ("ward", "commune", "operator", "centre")


@pages.get("/performance")
@public
def performance() -> ResponseReturnValue:
    """Figures of the last 30, 90 or 365 days up to yesterday."""
    asked = request.args.get("days", type=int)
    days = asked if asked in figures.PERIODS else figures.SHORT
    found = figures.of(days)
    units = _units(found)
    return render_template(
        "public/performance.html",
        days=days,
        period=_("%(start)s to %(end)s", start=f"{found.from_on:%d/%m/%Y}", end=f"{found.to_on:%d/%m/%Y}"),
        periods=[
            {"text": _("%(n)s days", n=one), "href": url_for(".performance", days=one), "here": one == days}
            for one in figures.PERIODS
        ],
        main=figures.three(found.totals, figures.handled(found)),
        more_figures=_more(found.totals),
        units=units,
        chart=[
            {"label": row["name"], "value": row["share"], "text": row["on_time"]}
            for row in units
            if row["share"] is not None
        ],
        categories=[_row(words.local_name(one.category), one.figures) for one in found.by_category],
        enough=figures.ENOUGH,
    )


def _more(totals: Figures) -> list[dict[str, Any]]:
    return [
        {"term": _("Received"), "value": figures.number(totals.received)},
        {"term": _("Open now"), "value": figures.number(totals.open)},
        {"term": _("Overdue now"), "value": figures.number(totals.overdue_now), "bad": totals.overdue_now > 0},
        {"term": _("Half are done within"), "value": figures.hours(totals.handling_hours_median)},
        {"term": _("Nine in ten are done within"), "value": figures.hours(totals.handling_hours_p90)},
        {"term": _("Reopened"), "value": figures.number(totals.reopened)},
    ]


def _units(found: Performance) -> list[dict[str, Any]]:
    return [_row(words.local_name(one.unit), one.figures) for one in found.by_unit if one.unit.kind in KINDS]


def _row(name: str, counted: Figures) -> dict[str, Any]:
    is_enough = counted.on_time_share.n >= figures.ENOUGH
    return {
        "name": name,
        "received": figures.number(counted.received),
        "on_time": figures.share_of_enough(counted.on_time_share),
        "overdue": counted.overdue_now,
        "median": figures.hours(counted.handling_hours_median),
        "share": round(100 * counted.on_time_share.share, 1) if is_enough and counted.on_time_share.share else None,
    }
