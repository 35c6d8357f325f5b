"""How the city keeps its promises, for everybody: the city's own figures one day later, each with its n, the method first."""

from __future__ import annotations

import csv as files
import io
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

import words
from cases import city, performance
from cases.performance import Figures, Kind, Kpi, Line, Performance, Stretch
from web.guards import public
from web.pages.public import figures
from web.pages.public.blueprint import pages

#: Units shown on the public page: those citizens know.
KINDS = ("ward", "commune", "operator", "centre")
#: What can be downloaded by.
LISTED = ("unit", "area", "category")


@pages.get("/performance")
@public
def performance_page() -> ResponseReturnValue:
    """Figures of the last 30, 90 or 365 days up to yesterday."""
    days = asked_days()
    found = figures.of(days, by=LISTED, is_brief=True)
    weeks = performance.over_time(from_on=found.from_on, to_on=found.to_on)
    return render_template(
        "public/performance.html",
        days=days,
        period=_("%(start)s to %(end)s", start=f"{found.from_on:%d/%m/%Y}", end=f"{found.to_on:%d/%m/%Y}"),
        periods=[
            {"text": _("%(n)s days", n=one), "href": url_for(".performance_page", days=one), "here": one == days}
            for one in figures.PERIODS
        ],
        main=figures.three(found.totals, figures.handled(found)),
        more_figures=_more(found.totals),
        official=_official(found.totals),
        trend=_trend(weeks),
        goal=city.settings().on_time_goal,
        units=[_row(one) for one in found.by_unit if one.unit.kind in KINDS],
        areas=_areas(found.lines["area"]),
        inhabitants=_inhabitants(found.lines["area"]),
        categories=[_row(one) for one in found.by_category],
        every=[_defined(kpi, found.totals) for kpi in performance.kpis().values()],
        enough=figures.ENOUGH,
    )


@pages.get("/performance.csv")
@public
def performance_csv() -> ResponseReturnValue:
    """The same as a file: a line for the city, each unit, area and category, every figure with its n."""
    found = figures.of(asked_days(), by=LISTED)
    written = io.StringIO()
    writer = files.writer(written, lineterminator="\r\n")
    kpis = [kpi for kpi in performance.kpis().values() if kpi.kind != Kind.AGES]
    writer.writerow(
        ["row", "code", "name", "from", "to", *(name for kpi in kpis for name in (kpi.code, f"{kpi.code}_n"))]
    )
    for kind, code, name, counted in _lines(found):
        values = (counted.values.get(kpi.code) for kpi in kpis)
        cells = [cell for value in values for cell in ((value.value, value.n) if value else ("", 0))]
        writer.writerow([kind, code, name, found.from_on, found.to_on, *("" if one is None else one for one in cells)])
    return _file(figures.BOM + written.getvalue(), "text/csv", found, "csv")


@pages.get("/performance.json")
@public
def performance_json() -> ResponseReturnValue:
    """The same for programs, with what each figure is."""
    found = figures.of(asked_days(), by=LISTED)
    body = {
        "from": found.from_on.isoformat(),
        "to": found.to_on.isoformat(),
        "figures": {
            kpi.code: {"name": {"vi": kpi.name_vi, "en": kpi.name_en}, "formula": {"vi": kpi.formula_vi, "en": kpi.formula_en}, "kind": kpi.kind}
            for kpi in performance.kpis().values()
        },
        "lines": [
            {
                "row": kind,
                "code": code,
                "name": name,
                "values": {key: {"n": one.n, "value": one.value} for key, one in counted.values.items()},
            }
            for kind, code, name, counted in _lines(found)
        ],
    }  # fmt: skip
    return _file(figures.as_json(body), "application/json", found, "json")


def asked_days() -> int:
    """The length of the period of this request; one that is not offered is the usual one."""
    asked = request.args.get("days", type=int)
    return asked if asked in figures.PERIODS else figures.SHORT


def _lines(found: Performance) -> Iterator[tuple[str, str, str, Figures]]:
    yield "city", "", words.local_name(city.settings()), found.totals
    for kind in LISTED:
        for line in found.lines[kind]:
            if kind != "unit" or line.unit.kind in KINDS:
                yield kind, line.of.code, words.local_name(line.of), line.figures


def _file(content: str | bytes, media_type: str, found: Performance, ending: str) -> Response:
    response = Response(content, mimetype=media_type)
    name = f"performance-{found.from_on:%Y%m%d}-{found.to_on:%Y%m%d}.{ending}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


# --------------------------------------------------------------------------------------------------------------- shown


def _more(totals: Figures) -> list[dict[str, Any]]:
    return [
        {"term": _("Received"), "value": figures.number(totals.received)},
        {"term": _("Open now"), "value": figures.number(totals.open)},
        {"term": _("Overdue now"), "value": figures.number(totals.overdue_now), "bad": totals.overdue_now > 0},
        {"term": _("Half are done within"), "value": figures.hours(totals.handling_hours_median)},
        {"term": _("Nine in ten are done within"), "value": figures.hours(totals.handling_hours_p90)},
        {"term": _("Reopened"), "value": figures.number(totals.reopened)},
    ]


def _official(totals: Figures) -> list[dict[str, Any]]:
    """The indicators of Decision 766/QĐ-TTg, with how they are made."""
    return [_defined(kpi, totals) for kpi in performance.kpis().values() if kpi.is_official]


def _defined(kpi: Kpi, totals: Figures) -> dict[str, Any]:
    is_english = str(get_locale()) == "en"
    value = totals.values[kpi.code]
    return {
        "term": kpi.name_en if is_english else kpi.name_vi,
        "value": figures.said(kpi, value),
        "note": figures.rests_on(value.n) if kpi.kind in (Kind.SHARE, Kind.RATE, Kind.MINUTES) else "",
        "formula": kpi.formula_en if is_english else kpi.formula_vi,
        "explanation": kpi.explanation_en if is_english else kpi.explanation_vi,
    }


def _trend(weeks: Sequence[Stretch]) -> list[dict[str, Any]]:
    return [
        {
            "label": f"{week.from_on:%d/%m}",
            "value": round(week.on_time.share * 100, 1) if week.on_time.share is not None and week.on_time.n else None,
            "text": f"{figures.share(week.on_time)} (n = {week.on_time.n})",
        }
        for week in weeks
    ]


def _areas(lines: Sequence[Line]) -> list[dict[str, Any]]:
    oldest, today = performance.oldest_open(), city.today()
    return [
        {
            **_row(one),
            "per_1000": figures.rate(one.figures.values["received_per_1000"]),
            "oldest": _age(oldest.get(one.of.id), today),
        }
        for one in lines
    ]


def _inhabitants(lines: Sequence[Line]) -> str:
    """From when the numbers of inhabitants are; empty where no area has one."""
    as_of = city.settings().inhabitants_as_of
    if all(one.of.inhabitants is None for one in lines):
        return ""
    said = _("To compare large places with small ones: reports received for every 1,000 inhabitants.")
    return said + " " + _("Numbers of inhabitants as of %(day)s.", day=f"{as_of:%d/%m/%Y}") if as_of else said


def _age(day: date | None, today: date) -> str:
    return _("%(n)s days", n=(today - day).days) if day else "–"


def _row(line: Line) -> dict[str, Any]:
    counted = line.figures
    reopened = counted.values["reopened_share"]
    return {
        "name": words.local_name(line.of),
        "received": figures.number(counted.received),
        "on_time": figures.share_of_enough(counted.on_time_share),
        "interval": figures.interval(counted.on_time_share),
        "overdue": counted.overdue_now,
        "median": figures.hours(counted.handling_hours_median),
        "satisfied": figures.cell(counted.satisfaction),
        "reopened": figures.cell(performance.Share(reopened.n, reopened.value)),
        "share": round(100 * (counted.on_time_share.share or 0), 1),
        "bounds": figures.bounds(counted.on_time_share),
    }
