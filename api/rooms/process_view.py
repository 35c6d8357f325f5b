"""Where a process spends its time, for programs."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from api.doors import Doors
from api.fields import InvalidInput
from api.guards import allowed
from api.rooms import performance
from api.shapes.process_view import ProcessFiguresShape, ProcessQuery
from cases import access, city, process_view
from cases.finding import Wanted
from cases.process_view import Asked, Step
from engine import definitions
from engine.errors import DefinitionNotFound, Invalid, Problem
from engine.spiff import Element

doors = Doors(
    "process_figures", __name__, url_prefix="/api/performance", description="Where a process spends its time"
)  # fmt: skip
#: Ways listed.
MOST_WAYS = 100


@doors.door(
    "GET",
    "/processes/<key>",
    guard=allowed(access.may_see_performance),
    query=ProcessQuery,
    gives=ProcessFiguresShape,
)
def look(query: dict[str, Any], key: str) -> dict[str, Any]:
    """Each element with how often it was reached, how long it took and how often late; each flow; the ways cases went."""
    versions = [one for one in process_view.versions(key) if query["version"] in (None, one.version)]
    if not versions:
        raise DefinitionNotFound(key)
    period = performance.days(query["from_on"], query["to_on"])
    if period.to_on < period.from_on:
        raise InvalidInput([Problem("to", "before_from")])
    wanted = Wanted(unit=query["unit"], category=query["category"], area=query["area"])
    asked = Asked(key, period.from_on, period.to_on, query["version"], wanted)
    calendar = None if query["clock"] else city.first_calendar()
    try:
        rows, passing = process_view.read(asked), process_view.passing(asked, calendar)
    except Invalid as error:
        raise performance.in_our_words(error) from error
    elements = {one.id: one for version in versions[::-1] for one in definitions.process(version).elements.values()}
    return {
        "key": key,
        "from_on": period.from_on,
        "to_on": period.to_on,
        "cases": passing.cases,
        "is_cut": passing.is_cut or rows.is_cut,
        "elements": [_element(one, elements) for one in (*process_view.steps(rows, calendar), *passing.steps)],
        "flows": [
            {**asdict(one.flow), "flow_id": one.flow.id, "times": one.times, "back": one.back} for one in passing.flows
        ],
        "ways": process_view.ways(rows).variants[:MOST_WAYS],
    }


def _element(step: Step, elements: dict[str, Element]) -> dict[str, Any]:
    found = elements.get(step.element_id)
    times = {name: _quantiles(getattr(step, name)) for name in ("waiting", "working")}
    named = {
        "name": found.name if found else step.element_id,
        "name_en": found.name_en if found else None,
        "kind": found.kind if found else "",
    }
    return {**{name: getattr(step, name) for name in _NUMBERS}, **named, **times}


_NUMBERS = ("element_id", "visits", "cases", "again", "open_now", "late", "with_due", "measured")


def _quantiles(minutes: Any) -> dict[str, float | None]:
    return {"median": minutes[0.5], "p90": minutes[0.9]}
