"""The blocks of the dashboard: tiles, charts with their sentences, the quality panel, every figure with its formula."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _

import words
from cases import city, performance
from cases.performance import Figures, Kind, Kpi, Matrix, Outlook, Performance, Share, Stretch, Value
from web.pages.staff import naming
from web.pages.staff.insight_asked import Asked
from web.pages.staff.insight_lines import FAIR, POOR, SMALLEST_N, change, hours, number, part, percent, rate, state

#: Units with fewer promises are not ranked.
RANKED_N = 10
#: Units further down are left out of charts.
DEEPEST = 1
#: Cells of the matrix are shaded in so many steps.
SHADES = 5
#: The figures of the quality panel: where numbers look well because something was left out.
QUALITY = (
    "reopened_share", "routed_right_share", "refused", "duplicates_share", "closed_no_photo_share", "sent_around_share", "last_moment_share",
    "no_target", "open_no_target", "response_rate",
)  # fmt: skip


def tiles(asked: Asked, totals: Figures, before: Figures | None) -> list[dict[str, Any]]:
    """What has to be seen first. Every number of cases opens them."""
    return [*_now(asked, totals), *_shares(totals, before), *_amounts(asked, totals, before)]


def _now(asked: Asked, totals: Figures) -> list[dict[str, Any]]:
    return [
        {
            "term": _("Overdue now"),
            "value": totals.overdue_now,
            "bad": totals.overdue_now > 0,
            "href": asked.cases_href(promise="overdue"),
            "note": _("of %(n)s open", n=totals.open),
        },
        {
            "term": _("Due soon"),
            "value": totals.due_soon,
            "href": asked.cases_href(promise="soon"),
            "note": _("less than a fifth of the time left"),
        },
    ]


def _shares(totals: Figures, before: Figures | None) -> list[dict[str, Any]]:
    on_time, satisfied, rate = totals.on_time_share, totals.satisfaction, totals.values["response_rate"]
    return [
        {
            "term": _("On time"),
            "value": percent(on_time),
            "note": _("%(kept)s of %(n)s promises", kept=part(on_time), n=on_time.n),
            "change": change(on_time, before.on_time_share if before else None),
            "goal": _("Goal: %(goal)s", goal=f"{city.settings().on_time_goal} %"),
        },
        {
            "term": _("Satisfied"),
            "value": percent(satisfied),
            "note": _("%(kept)s of %(n)s answers", kept=part(satisfied), n=satisfied.n),
            "change": change(satisfied, before.satisfaction if before else None),
            "goal": _("%(rate)s answered", rate=percent(Share(rate.n, rate.value))),
        },
    ]


def _amounts(asked: Asked, totals: Figures, before: Figures | None) -> list[dict[str, Any]]:
    days = {"from": f"{asked.from_on}", "to": f"{asked.to_on}"}
    return [
        {
            "term": _("Reports received"),
            "value": totals.received,
            "href": asked.cases_href(**days),
            "note": _("%(n)s closed", n=totals.closed),
            "goal": _("before: %(n)s", n=before.received) if before else "",
        },
        {
            "term": _("Half done within"),
            "value": hours(totals.handling_hours_median),
            "note": _("9 of 10 within %(hours)s", hours=hours(totals.handling_hours_p90)),
            "goal": _("before: %(n)s", n=hours(before.handling_hours_median)) if before else "",
        },
    ]


# -------------------------------------------------------------------------------------------------------------- charts


def trend(weeks: Sequence[Stretch]) -> dict[str, Any]:
    """The share kept on time, week by week, with the city's goal; the sentence says what the line does."""
    points = [
        {
            "label": f"{week.from_on:%d/%m}",
            "value": round(week.on_time.share * 100, 1) if week.on_time.share is not None else None,
            "text": f"{percent(week.on_time)} ({_('n = %(n)s', n=week.on_time.n)})",
        }
        for week in weeks
    ]
    known = [week.on_time for week in weeks if week.on_time.share is not None and week.on_time.n >= SMALLEST_N]
    said = _("There is too little to see a trend.")
    if len(known) > 1:
        rise = change(known[-1], known[0])
        said = _(
            "From %(first)s in the first week to %(last)s in the last: %(change)s.",
            first=percent(known[0]),
            last=percent(known[-1]),
            change=rise["text"] if rise else _("unchanged"),
        )
    return {"points": points, "goal": city.settings().on_time_goal, "said": said, "few": len(weeks) < 2}


def flow(weeks: Sequence[Stretch], outlook: Outlook) -> dict[str, Any]:
    """What came in and what went out, week by week, and how many will be overdue if nothing changes."""
    received, closed = sum(week.received for week in weeks), sum(week.closed for week in weeks)
    said = _("%(received)s came in and %(closed)s were closed.", received=received, closed=closed)
    return {
        "rows": [
            {"label": f"{week.from_on:%d/%m}", "values": [week.received, week.closed, week.open_at_end]}
            for week in weeks
        ],
        "most": max([1, *(max(week.received, week.closed) for week in weeks)]),
        "said": said,
        "outlook": _(
            "In %(days)s working days about %(then)s would be overdue: %(now)s now, %(coming)s more fall due by then, and "
            "%(done)s are done on a working day as in the last four weeks.",
            days=outlook.in_days,
            then=outlook.overdue_then,
            now=outlook.overdue_now,
            coming=outlook.coming_due,
            done=number(round(outlook.done_per_day, 1)),
        ),
    }


def ageing(found: Performance) -> dict[str, Any]:
    """Open cases by how long they have been open, the city and each of its highest units that has any."""
    highest = [(words.local_name(one.unit), one.figures) for one in found.by_unit if one.depth <= DEEPEST]
    lines = [(_("In all"), found.totals), *highest]
    rows = [
        {"label": name, "values": list(figures.values["open_age"].parts)}
        for name, figures in lines
        if "open_age" in figures.values and figures.values["open_age"].n
    ]
    return {"series": [{"name": name, "fill": place + 1} for place, name in enumerate(ages())], "rows": rows}


def ages() -> list[str]:
    """How long, in working days."""
    return [
        _("up to 1 working day"), _("1 to 3"), _("3 to 7"), _("7 to 15"), _("more than 15"),
    ]  # fmt: skip


def matrix(asked: Asked, found: Matrix) -> dict[str, Any]:
    """Reports by area and category: number and shade; each opens its cases."""
    most = max((cell.received for cell in found.cells.values()), default=0)
    kinds = [one for one in found.categories if any(found.cells.get((area.id, one.id)) for area in found.areas)]
    return {
        "columns": [words.local_name(area) for area in found.areas],
        "rows": [
            {
                "label": words.local_name(kind),
                "cells": [_cell(asked, found, area, kind, most) for area in found.areas],
            }
            for kind in kinds
        ],
    }


def _cell(asked: Asked, found: Matrix, area: Any, kind: Any, most: int) -> dict[str, Any]:
    cell = found.cells.get((area.id, kind.id))
    if cell is None or not (cell.received or cell.overdue_now):
        return {"text": "·", "level": 0}
    level = math.ceil(SHADES * cell.received / most) if most else 0
    late = f" ({_('%(n)s late', n=cell.overdue_now)})" if cell.overdue_now else ""
    return {
        "text": f"{cell.received}{late}",
        "level": level,
        "href": asked.cases_href(
            area=area.code, category=kind.code, **{"from": f"{asked.from_on}", "to": f"{asked.to_on}"}
        ),
    }


# ------------------------------------------------------------------------------------------------------------- figures


def quality(totals: Figures, before: Figures | None) -> list[dict[str, str]]:
    """What keeps good numbers honest."""
    return [_told(kpi, totals, before) for code, kpi in performance.kpis().items() if code in QUALITY]


def every(totals: Figures, before: Figures | None) -> list[dict[str, str]]:
    """Every figure, beside that of the period before, with its formula and what one has to know to read it."""
    return [_told(kpi, totals, before) for kpi in performance.kpis().values()]


def ranking(found: Performance) -> list[dict[str, Any]]:
    """Units with enough promises by the lower bound of their share, so that luck with few counts little."""
    lines = [one for one in found.by_unit if one.figures.on_time_share.n >= RANKED_N]
    lines.sort(key=lambda one: -lower_bound(one.figures.on_time_share))
    return [
        {
            "place": place,
            "name": words.local_name(one.unit),
            "on_time": percent(one.figures.on_time_share),
            "n": one.figures.on_time_share.n,
            "bound": f"{number(round(lower_bound(one.figures.on_time_share) * 100, 1))} %",
            "state": state(one.figures.on_time_share),
            "meter": lower_bound(one.figures.on_time_share) * 100,
        }
        for place, one in enumerate(lines, 1)
    ]


def lower_bound(share: Share) -> float:
    """The lower end of the interval of a share."""
    bounds = performance.interval(share)
    return bounds[0] if bounds else 0.0


def _told(kpi: Kpi, totals: Figures, before: Figures | None) -> dict[str, str]:
    is_english = naming.locale() == "en"
    return {
        "name": kpi.name_en if is_english else kpi.name_vi,
        "formula": kpi.formula_en if is_english else kpi.formula_vi,
        "explanation": kpi.explanation_en if is_english else kpi.explanation_vi,
        "value": said(kpi, totals.values.get(kpi.code)),
        "before": said(kpi, before.values.get(kpi.code)) if before else "–",
        "n": number(totals.values[kpi.code].n) if kpi.kind != Kind.COUNT and kpi.code in totals.values else "",
    }


def said(kpi: Kpi, value: Value | None) -> str:
    """A figure in words: a number, a share with too little said as such, a time, numbers by age."""
    if value is None or value.value is None:
        return "–"
    if kpi.kind == Kind.SHARE:
        return percent(Share(value.n, value.value))
    if kpi.kind == Kind.MINUTES:
        return hours(value.value / 60)
    if kpi.kind == Kind.RATE:
        return rate(value)
    if kpi.kind == Kind.AGES:
        return " · ".join(str(one) for one in value.parts)
    return number(value.value)


__all__ = ["FAIR", "POOR", "ageing", "every", "flow", "matrix", "quality", "ranking", "tiles", "trend"]
