"""How the promises are kept: figures of a period, by unit and by kind, with the cases behind what is late now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

import words
from cases import access, city, deadlines, performance
from cases.performance import Figures, OverdueRow, Performance, Share
from engine import clock
from web.guards import allowed, person
from web.pages.staff import insight_csv, naming, narrowing, rows

#: Fewer than this and a share says nothing.
SMALLEST_N = 5
DEFAULT_PERIOD = "30"
#: Below this share of promises kept, a bar is drawn as late; below the next as close.
POOR, FAIR = 0.8, 0.9

pages = Blueprint("insight", __name__)


@dataclass(frozen=True)
class Asked:
    """Which figures: period and scope, as the address says."""

    period: str
    from_on: date
    to_on: date
    unit: str
    category: str

    def href(self, endpoint: str = "insight.performance_page", **changed: str) -> str:
        """The same with something changed."""
        asked = {"period": self.period, "unit": self.unit, "category": self.category, **changed}
        query = urlencode({name: value for name, value in asked.items() if value})
        return f"{url_for(endpoint)}?{query}"


@pages.get("/insight")
@allowed(access.may_see_performance)
def performance_page() -> ResponseReturnValue:
    """Tiles, tables by unit and by kind, and what is late now."""
    asked, periods = read(), _periods()
    found = _summary(asked)
    return render_template(
        "staff/insight.html",
        asked=asked,
        tiles=_tiles(found.totals),
        periods=[
            {"text": text, "href": asked.href(period=code), "here": code == asked.period}
            for code, text, _days in periods
        ],
        units=_lines((row.unit.code, words.local_name(row.unit), row.figures, row.depth) for row in found.by_unit),
        categories=_lines(
            (row.category.code, words.local_name(row.category), row.figures, 0) for row in found.by_category
        ),
        overdue=[_late(row) for row in found.overdue if access.may_see_case(person(), row.case)],
        choices={"units": narrowing.units(), "categories": narrowing.categories()},
    )


@pages.get("/insight/performance.csv")
@allowed(access.may_see_performance)
def csv() -> ResponseReturnValue:
    """The tables as a file for a spreadsheet."""
    asked = read()
    name = f"performance-{asked.from_on:%Y%m%d}-{asked.to_on:%Y%m%d}.csv"
    response = Response(insight_csv.write(_summary(asked)), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def read() -> Asked:
    """The period and the scope of this request; a period not known is the usual one."""
    today = clock.now().astimezone(ZoneInfo(city.settings().time_zone)).date()
    days = {code: back for code, _text, back in _periods()}
    period = request.args.get("period", "")
    period = period if period in days else DEFAULT_PERIOD
    from_on = today - timedelta(days=days[period] - 1)
    return Asked(period, from_on, today, request.args.get("unit", ""), request.args.get("category", ""))


def _summary(asked: Asked) -> Performance:
    """Raises: Invalid."""
    return performance.summary(
        from_on=asked.from_on, to_on=asked.to_on, unit=asked.unit or None, category=asked.category or None
    )


def _periods() -> list[tuple[str, str, int]]:
    return [
        ("1", _("Today"), 1),
        ("7", _("7 days"), 7),
        ("30", _("30 days"), 30),
        ("90", _("90 days"), 90),
        ("365", _("12 months"), 365),
    ]


# --------------------------------------------------------------------------------------------------------- figures


def _tiles(totals: Figures) -> list[dict[str, object]]:
    on_time, satisfied = totals.on_time_share, totals.satisfaction
    return [
        {
            "term": _("Overdue now"),
            "value": totals.overdue_now,
            "bad": totals.overdue_now > 0,
            "href": "#overdue",
            "note": _("of %(n)s open", n=totals.open),
        },
        {"term": _("Due soon"), "value": totals.due_soon, "href": rows.list_href(view="soon")},
        {
            "term": _("On time"),
            "value": percent(on_time),
            "note": _("%(kept)s of %(n)s promises", kept=_part(on_time), n=on_time.n),
        },
        {
            "term": _("Satisfied"),
            "value": percent(satisfied),
            "note": _("%(kept)s of %(n)s answers", kept=_part(satisfied), n=satisfied.n),
        },
        {"term": _("Reports received"), "value": totals.received, "note": _("%(n)s closed", n=totals.closed)},
        {
            "term": _("Half done within"),
            "value": hours(totals.handling_hours_median),
            "note": _("9 of 10 within %(hours)s", hours=hours(totals.handling_hours_p90)),
        },
    ]


def _lines(found: object) -> list[dict[str, object]]:
    lines = []
    for code, name, figures, depth in found:  # type: ignore[attr-defined]  # tuples made right above
        share = figures.on_time_share
        lines.append(
            {
                "code": code,
                "name": name,
                "depth": depth,
                "figures": figures,
                "meter": share.share * 100 if share.share is not None and share.n >= SMALLEST_N else None,
                "state": _state(share),
                "on_time": percent(share),
                "median": hours(figures.handling_hours_median),
                "p90": hours(figures.handling_hours_p90),
                "satisfied": percent(figures.satisfaction),
            }
        )
    return lines


def _state(share: Share) -> str:
    if share.share is None or share.share >= FAIR:
        return "ontime"
    return "overdue" if share.share < POOR else "soon"


def percent(share: Share) -> str:
    """`93,4 %`; with too little to go on, it says so."""
    if share.share is None:
        return "–"
    if share.n < SMALLEST_N:
        return _("n = %(n)s", n=share.n)
    return f"{_number(round(share.share * 100, 1))} %"


def hours(amount: float | None) -> str:
    """`9,5 h` or, from two days on, `3 d`."""
    if amount is None:
        return "–"
    two_days = 48
    if amount >= two_days:
        return _("%(n)s d", n=_number(round(amount / 24, 1)))
    return _("%(n)s h", n=_number(round(amount, 1)))


def _part(share: Share) -> int:
    return round((share.share or 0) * share.n)


def _number(value: float) -> str:
    return f"{value:g}".replace(".", "," if naming.locale() == "vi" else ".")


def _late(row: OverdueRow) -> dict[str, object]:
    return {
        **rows.of_case(row.case),
        "href": url_for("case_file.summary", code=row.case.tracking_code),
        "code": row.case.tracking_code,
        "unit": words.local_name(row.case.unit),
        "official": naming.person_name(row.case.official),
        "status": row.case.status,
        "deadline": words.deadline(deadlines.view(row.deadline, at=clock.now())),
    }
