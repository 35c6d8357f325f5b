"""Boards and tiles made of single figures: of the city's own by their codes, and of those that come from elsewhere."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask_babel import gettext as _

import words
from cases import city, indicators, performance, routing
from cases.models import Indicator
from cases.performance import definitions
from cases.performance.definitions import Kind
from engine.base import session
from engine.errors import Invalid
from web.pages.staff import insight_blocks, insight_lines, naming

DAYS = 30
Board = dict[str, Any]


def board(name: str) -> Board:
    """The indicators of a board."""
    return {"title": named(name), "tiles": [_indicator(one) for one in indicators.every(name)]}


def named(name: str) -> str:
    """What a board of indicators is called."""
    said = {
        "traffic": _("Traffic"),
        "environment": _("Air, water, floods"),
        "health": _("Health"),
        "education": _("Schools"),
        "economy": _("Economy, tourism, land"),
        "internet": _("News and networks"),
    }
    return said[name]


def tile(code: str) -> Board:
    """One figure: `kpi.<code>` of the last 30 days, of the city or `@<unit>`; `indicator.<code>`."""
    kind, _dot, rest = code.partition(".")
    if kind == "indicator":
        found = session().get(Indicator, rest)
        shown = _indicator(found) if found else {"term": rest, "value": "–", "note": _("not handed in yet")}
    else:
        shown = _kpi(*rest.partition("@")[::2])
    return {"name": code, "title": shown["term"], "tiles": [shown], "is_single": True}


def _kpi(code: str, unit: str) -> dict[str, Any]:
    kpi = definitions.kpis()[code]
    today = city.today()
    note = _("now") if kpi.grain == "now" else _("30 days")
    shown: dict[str, Any] = {"term": words.local_name(kpi), "value": "–", "note": note}
    try:
        found = performance.summary(
            from_on=today - timedelta(days=DAYS - 1), to_on=today, by=(), most_overdue=0, unit=unit or None
        )
    except Invalid:
        return {**shown, "note": _("There is no unit %(unit)s", unit=unit)}
    value = found.totals.values.get(code)
    if unit:
        shown["term"] += f" · {words.local_name(routing.unit_by_code(unit))}"
    if kpi.kind in (Kind.SHARE, Kind.MINUTES) and value:
        note = _("30 days, n = %(n)s", n=value.n)
    bad = code == "overdue_now" and bool(value and value.value)
    return {**shown, "value": insight_blocks.said(kpi, value), "note": note, "bad": bad}


def _indicator(one: Indicator) -> dict[str, Any]:
    name = one.name_en if naming.locale() == "en" and one.name_en else one.name
    said = [
        _("target %(value)s", value=_number(one.target, one)) if one.target is not None else "",
        _("before %(value)s", value=_number(one.previous, one)) if one.previous is not None else "",
        one.source,
        _moment(one),
    ]
    return {
        "term": name,
        "value": _figure(one.value),
        "unit": one.unit,
        "note": " · ".join(filter(None, said)),
        "bad": indicators.is_good(one) is False,
        "is_old": not indicators.is_fresh(one),
    }


def _number(value: float, one: Indicator) -> str:
    return f"{_figure(value)} {one.unit}".strip()


def _figure(value: float) -> str:
    return insight_lines.number(round(value, 2))


def _moment(one: Indicator) -> str:
    said = words.short_moment(one.at)
    return said if indicators.is_fresh(one) else _("old: %(moment)s", moment=said)
