"""The supervisor's dashboard: how promises are kept, where work piles up, and the cases behind every number."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

import words
from cases import access, deadlines, performance
from cases.performance import USUAL, OverdueRow, Performance
from engine import clock
from engine.errors import Invalid, Problem
from web.guards import allowed, person
from web.pages.staff import (
    insight_blocks,
    insight_csv,
    insight_lines,
    insight_xlsx,
    naming,
    narrowing,
    rows,
)
from web.pages.staff.insight_asked import Asked, choices, read

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: What files list.
EVERY_LINE = ("unit", "category", "area")

pages = Blueprint("insight", __name__)


@pages.get("/insight")
@allowed(access.may_see_performance)
def performance_page() -> ResponseReturnValue:
    """Tiles, tables and charts of a period and a scope, each beside the period before. Raises: Invalid."""
    asked = read()
    found = summary(asked, _shown_by(asked), is_brief=True)
    return render_template(
        "staff/insight.html",
        **shown(asked, found),
        overdue=[_late(row) for row in found.overdue if access.may_see_case(person(), row.case)],
        choices={
            "units": narrowing.units(),
            "areas": narrowing.areas(),
            "categories": narrowing.categories(),
            "channels": narrowing.channels(),
        },
    )


@pages.get("/insight/report")
@allowed(access.may_see_performance)
def report() -> ResponseReturnValue:
    """The same for printing: one unit or the whole city, one period. Raises: Invalid."""
    asked = read()
    return render_template("staff/insight_report.html", **shown(asked, summary(asked, _shown_by(asked), is_brief=True)))


@pages.get("/insight/performance.csv")
@allowed(access.may_see_performance)
def csv() -> ResponseReturnValue:
    """The tables as a file for a spreadsheet."""
    asked = read()
    return _file(asked, "csv", insight_csv.write(summary(asked, by=EVERY_LINE)), "text/csv")


@pages.get("/insight/performance.xlsx")
@allowed(access.may_see_performance)
def xlsx() -> ResponseReturnValue:
    """All figures as a workbook: what each is, units, categories, areas and weeks."""
    asked = read()
    weeks = performance.over_time(from_on=asked.from_on, to_on=asked.to_on, **asked.scope)
    return _file(asked, "xlsx", insight_xlsx.write(summary(asked, by=EVERY_LINE), weeks), XLSX)


@pages.get("/insight/decision-766.csv")
@allowed(access.may_see_performance)
def official() -> ResponseReturnValue:
    """The two indicators of Decision 766 by unit, in the layout in which they are reported."""
    asked = read()
    return _file(asked, "csv", insight_csv.official(summary(asked)), "text/csv", name="decision-766")


def summary(asked: Asked, by: tuple[str, ...] = USUAL, *, is_brief: bool = False) -> Performance:
    """As of `performance.summary`. Raises: Invalid, naming the fields of the address."""
    scope: dict[str, Any] = asked.scope
    try:
        return performance.summary(
            from_on=asked.from_on, to_on=asked.to_on, before=asked.before, by=by, is_brief=is_brief, **scope
        )
    except Invalid as error:
        names = {"unit_id": "unit", "area_id": "area", "category_id": "category"}
        raise Invalid(
            [Problem(names.get(one.where, one.where), one.code, one.params) for one in error.problems]
        ) from error


def shown(asked: Asked, found: Performance) -> dict[str, Any]:
    """Everything a page of figures says; a block that cannot be made says so, the others stay."""
    before = found.before
    weeks = _block(lambda: performance.over_time(from_on=asked.from_on, to_on=asked.to_on, **asked.scope))
    period: dict[str, Any] = {"from_on": asked.from_on, "to_on": asked.to_on, **asked.scope}
    return {
        "asked": asked,
        "periods": [
            {"text": text, "href": asked.href(period=code), "here": code == asked.period} for code, text in choices()
        ],
        "before_text": insight_lines.days(asked.before),
        "days_text": insight_lines.days(asked.days),
        "scope_text": scope_text(asked),
        "tiles": insight_blocks.tiles(asked, found.totals, before.totals if before else None),
        "units": insight_lines.units(asked, found, before),
        "areas": insight_lines.areas(found, before) if "area" in found.lines else None,
        "categories": insight_lines.categories(found, before),
        "trend": insight_blocks.trend(weeks) if weeks else None,
        "flow": insight_blocks.flow(weeks, performance.outlook(overdue_now=found.totals.overdue_now, **asked.scope))
        if weeks
        else None,
        "ageing": insight_blocks.ageing(found),
        "matrix": _block(lambda: insight_blocks.matrix(asked, performance.by_area_and_category(**period))),
        "quality": insight_blocks.quality(found.totals, before.totals if before else None),
        "every": insight_blocks.every(found.totals, before.totals if before else None),
        "ranking": insight_blocks.ranking(found) if asked.ranking else None,
    }


def _shown_by(asked: Asked) -> tuple[str, ...]:
    """What pages list: areas too, unless a unit or a channel is asked for, by which durations are not kept for areas."""
    return USUAL if asked.unit or asked.channel else EVERY_LINE


def _block(build: Callable[[], Any]) -> Any:
    """One part of the page, or None for what is not added up for this choice."""
    try:
        return build()
    except Invalid:
        return None


def scope_text(asked: Asked) -> str:
    """Of what: the names of unit, area, category and channel, or the whole city."""
    offered = (
        ("unit", narrowing.units), ("area", narrowing.areas), ("category", narrowing.categories), ("channel", narrowing.channels),
    )  # fmt: skip
    named = [
        next((one["label"] for one in of() if one["value"] == getattr(asked, name)), getattr(asked, name))
        for name, of in offered
        if getattr(asked, name)
    ]
    return " · ".join(named) or _("The whole city")


def _file(asked: Asked, ending: str, content: str | bytes, media_type: str, name: str = "performance") -> Response:
    response = Response(content, mimetype=media_type)
    called = f"{name}-{asked.from_on:%Y%m%d}-{asked.to_on:%Y%m%d}.{ending}"
    response.headers["Content-Disposition"] = f'attachment; filename="{called}"'
    return response


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


def here() -> str:
    """The address of this page as it was asked for."""
    return request.full_path.rstrip("?")
