"""How well the city keeps its promises."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from api.doors import Doors
from api.fields import InvalidInput
from api.guards import allowed, person
from api.shapes.figures import PerformanceQuery, PerformanceShape
from api.shapes.work import seen
from cases import access, city, performance
from engine import clock
from engine.errors import Invalid, Problem

doors = Doors(
    "performance", __name__, url_prefix="/api/performance", description="How well the city keeps its promises"
)

USUAL_PERIOD = timedelta(days=30)
#: What the doors call the parameters of the verb.
NAMES = {"from_on": "from", "to_on": "to"}


@doors.door("GET", "", guard=allowed(access.may_see_performance), query=PerformanceQuery, gives=PerformanceShape)
def summary(query: dict[str, Any]) -> dict[str, Any]:
    """The figures of a period, of the whole city or of one unit or category."""
    to_on = query["to_on"] or clock.now().astimezone(ZoneInfo(city.settings().time_zone)).date()
    from_on = query["from_on"] or to_on - USUAL_PERIOD
    try:
        figures = performance.summary(from_on=from_on, to_on=to_on, unit=query["unit"], category=query["category"])
    except Invalid as error:
        problems = [Problem(NAMES.get(one.where, one.where), one.code, one.params) for one in error.problems]
        raise InvalidInput(problems) from error
    overdue = [row for row in figures.overdue if access.may_see_case(person(), row.case)]
    return vars(figures) | {"overdue": [{"case": row.case, "deadline": seen(row.deadline)} for row in overdue]}
