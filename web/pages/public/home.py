"""The start page: report, look up, and how the city has done in the last thirty days."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cases import cases, city, codes, public_list
from cases.cases import CaseNotFound
from cases.public_list import Filters
from web.guards import public
from web.pages.public import figures, showing
from web.pages.public.blueprint import pages
from web.pages.public.tracking import no_such_case

RESULTS, NEWEST, SPOTS = 3, 5, 60


@pages.get("/")
@public
def home() -> ResponseReturnValue:
    """What this is, the two ways in, the figures, and what is going on."""
    newest = public_list.page(Filters(), limit=NEWEST)
    spots = public_list.spots(Filters(), limit=SPOTS)
    return render_template(
        "public/home.html",
        results=[showing.line(found) for found in public_list.results(limit=RESULTS)],
        lines=[showing.line(found) for found in newest.lines],
        areas=showing.areas(),
        bounds=showing.bounds(),
        points=[showing.point(found) for found in spots],
        map_summary=map_summary(len(spots)),
        figures=figures.last_days(),
    )


@pages.get("/search")
@public
def search() -> ResponseReturnValue:
    """One box for two things: a tracking code opens its case, anything else searches the list."""
    asked = request.args.get("q", "").strip()
    if not asked:
        return redirect(url_for(".list_cases"))
    try:
        return redirect(url_for(".case", code=cases.find_by_code(asked).tracking_code))
    except CaseNotFound as missing:
        if missing.near or _is_meant_as_code(asked):
            return no_such_case(asked, missing.near)
    return redirect(url_for(".list_cases", q=asked))


def map_summary(number: int) -> str:
    """The sentence that says what the map shows."""
    return _("Map of the wards and communes with %(n)s recent reports. The list has the same reports.", n=number)


def _is_meant_as_code(asked: str) -> bool:
    prefix = city.settings().prefix
    starts_alike = asked.upper().replace(" ", "").startswith((prefix + "-", prefix + "–"))
    return starts_alike or (codes.normalise(asked, prefix) is not None and any(sign.isdigit() for sign in asked))
