"""How well the city keeps its promises."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from api.doors import Doors
from api.fields import InvalidInput
from api.guards import allowed, person, signed_in
from api.shapes.figures import OwnQuery, OwnShape, PerformanceQuery, PerformanceShape
from api.shapes.work import seen
from cases import access, city, performance
from cases.performance import Line, Performance, periods
from cases.performance.periods import Period
from engine.errors import Invalid, Problem

doors = Doors(
    "performance", __name__, url_prefix="/api/performance", description="How well the city keeps its promises"
)

USUAL_PERIOD = timedelta(days=30)
#: What the doors call the parameters of the verb.
NAMES = {"from_on": "from", "to_on": "to", "unit_id": "unit", "area_id": "area", "category_id": "category"}


@doors.door("GET", "", guard=allowed(access.may_see_performance), query=PerformanceQuery, gives=PerformanceShape)
def summary(query: dict[str, Any]) -> dict[str, Any]:
    """The figures of a period, of the whole city or of a unit, category, area or channel, beside those of the one before."""
    _check(query)
    asked = {name: query[name] for name in ("unit", "category", "area", "channel")}
    try:
        period, before = _periods(query)
        found = performance.summary(
            from_on=period.from_on,
            to_on=period.to_on,
            **asked,
            by=query["by"].split(",") if query["by"] else performance.USUAL,
            before=before if query["compare"] else None,
        )
    except Invalid as error:
        raise in_our_words(error) from error
    overdue = [row for row in found.overdue if access.may_see_case(person(), row.case)]
    return {
        **_shown(found),
        "before": found.before and _shown(found.before),
        "overdue": [{"case": row.case, "deadline": seen(row.deadline)} for row in overdue],
    }


@doors.door("GET", "/own", guard=signed_in, query=OwnQuery, gives=OwnShape)
def own(query: dict[str, Any]) -> Performance:
    """What became of the cases that are one's own; nobody sees those of another official."""
    period = days(query["from_on"], query["to_on"])
    try:
        return performance.summary(
            from_on=period.from_on, to_on=period.to_on, official=person().username, by=(), most_overdue=0
        )
    except Invalid as error:
        raise in_our_words(error) from error


def _check(query: dict[str, Any]) -> None:
    """Raises: InvalidInput for a period said in two ways, and for what cannot be listed."""
    problems = []
    if query["period"] and (query["from_on"] or query["to_on"]):
        problems.append(Problem("period", "cannot_combine"))
    listed = query["by"].split(",") if query["by"] else []
    if not set(listed) <= set(performance.LINES) or len(set(listed)) < len(listed):
        problems.append(Problem("by", "unknown"))
    if problems:
        raise InvalidInput(problems)


def _periods(query: dict[str, Any]) -> tuple[Period, Period]:
    first_day = city.settings().report_day
    if query["period"]:
        return periods.named(query["period"], first_day), periods.before(query["period"], first_day)
    period = days(query["from_on"], query["to_on"])
    return period, periods.as_long_before(period)


def days(from_on: date | None, to_on: date | None) -> Period:
    """The days asked for: the last thirty unless said."""
    to_on = to_on or city.today()
    return Period(from_on or to_on - USUAL_PERIOD, to_on)


def _shown(found: Performance) -> dict[str, Any]:
    listed = {f"by_{name}": [_line(name, line) for line in found.lines.get(name, ())] for name in performance.LINES}
    return {"from_on": found.from_on, "to_on": found.to_on, "totals": found.totals, **listed}


def _line(name: str, line: Line) -> dict[str, Any]:
    return {name: line.of, "figures": line.figures, "depth": line.depth}


def in_our_words(error: Invalid) -> InvalidInput:
    """What is wrong, by the names of the parameters."""
    return InvalidInput([Problem(NAMES.get(one.where, one.where), one.code, one.params) for one in error.problems])
