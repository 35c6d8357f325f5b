"""The figures of a process in words: lines of the table, levels of the map, ways and deviations."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import gettext as _

from cases import process_view
from cases.process_view import Passing, Step, Steps, Variant
from engine import definitions, drawing
from engine.models import Definition
from engine.spiff import Element
from web.pages.staff import insight_lines, naming
from web.pages.staff.insight_csv import safe
from web.pages.staff.process_asked import STATISTICS, View

#: Steps of the colours of the map.
LEVELS = 5
#: Ways listed.
MOST_WAYS = 20
#: Where ways part or meet.
GATEWAYS = frozenset({"exclusiveGateway", "parallelGateway", "inclusiveGateway"})
#: What has other elements inside.
FRAMES = frozenset({"subProcess", "callActivity"})


@dataclass(frozen=True)
class Found:
    """What was found of a process: the tasks of people, their steps, and everything else."""

    rows: Steps
    steps: Sequence[Step]
    passing: Passing


def elements_of(definition: Definition) -> dict[str, Element]:
    """The elements of a version; those without a name are called after the next one that has one."""
    elements, drawn = definitions.process(definition).elements, drawing.of(definition)
    return {one.id: _told(one, elements, drawn) for one in elements.values()}


def _told(one: Element, elements: dict[str, Element], drawn: drawing.Drawing) -> Element:
    if one.kind in GATEWAYS and len(drawn.outgoing.get(one.id, ())) == 1:
        one = replace(one, kind="merge")
    following, seen = one, set[str]()
    while following.name in ("", following.id) and following.id not in seen:
        seen.add(following.id)
        following = next(
            (elements[flow.target] for flow in drawn.outgoing.get(following.id, ()) if flow.target in elements),
            following,
        )
    if following is one or following.name in ("", following.id):
        return one
    return replace(
        one,
        name=_("before: %(step)s", step=following.name),
        name_en=_("before: %(step)s", step=following.name_en or following.name),
    )


def scale(view: View, found: Found, other: Found | None, elements: dict[str, Element]) -> float:
    """The greatest figure, which has the darkest colour; the same for all that is compared."""
    every = [step for one in (found, other) if one for step in (*one.steps, *one.passing.steps)]
    return max((value for step in every if (value := _coloured(view, step, elements)) is not None), default=0.0)


def lines(
    view: View, found: Found, other: Found | None, elements: dict[str, Element], most: float
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """A line for each step of people, and one for each machine, gateway and event; with the level of its colour (`most` is the
    darkest), what its badge says, and what there was in what it is compared with.
    """
    earlier = {step.element_id: step for step in (*other.steps, *other.passing.steps)} if other else {}
    people, machines = (
        [
            _line(view, step, elements, most) | _then(view, earlier.get(step.element_id), is_compared=other is not None)
            for step in steps
        ]
        for steps in (found.steps, found.passing.steps)
    )
    return people, machines


def _line(view: View, step: Step, elements: dict[str, Element], most: float) -> dict[str, Any]:
    value = _coloured(view, step, elements)
    shown = _value(view.metric, _figure(view, step))
    return {
        "id": step.element_id,
        "name": name(elements, step.element_id),
        "kind": kind(elements, step.element_id),
        "visits": step.visits,
        "cases": step.cases,
        "open": step.open_now,
        "open_href": view.href("process_view.waiting", element=step.element_id) if step.open_now else "",
        "again": step.again,
        "late": _share(step),
        "waiting": _timed(step, step.waiting[STATISTICS[view.statistic]]),
        "working": _timed(step, step.working[STATISTICS[view.statistic]]),
        "level": math.ceil(LEVELS * value / most) if value and most else 0,
        "badge": f"{step.visits} · {shown}" if shown else str(step.visits),
    }


def _then(view: View, step: Step | None, *, is_compared: bool) -> dict[str, Any]:
    """What the same step was in what is compared."""
    if not is_compared:
        return {"then": None}
    if step is None:
        return {"then": {"visits": 0, "waiting": "–", "working": "–", "late": "–"}}
    share = STATISTICS[view.statistic]
    return {
        "then": {
            "visits": step.visits,
            "waiting": _timed(step, step.waiting[share]),
            "working": _timed(step, step.working[share]),
            "late": _share(step),
        }
    }


def _figure(view: View, step: Step) -> float | None:
    """What the map is about; None where there is nothing to say."""
    share = STATISTICS[view.statistic]
    if view.metric == "standing":
        return float(step.open_now)
    if view.metric == "late":
        return step.late / step.with_due if step.with_due >= insight_lines.SMALLEST_N else None
    times = {"waiting": step.waiting, "working": step.working, "both": step.both}
    return times[view.metric][share] if step.measured >= insight_lines.SMALLEST_N else None


def _coloured(view: View, step: Step, elements: dict[str, Element]) -> float | None:
    """The same of what has a colour: a frame would be as dark as all in it together."""
    found = elements.get(step.element_id)
    return None if found and found.kind in FRAMES else _figure(view, step)


def _share(step: Step) -> str:
    if step.with_due >= insight_lines.SMALLEST_N:
        return f"{insight_lines.number(round(100 * step.late / step.with_due, 1))} %"
    return _("n = %(n)s", n=step.with_due) if step.with_due else "–"


def _timed(step: Step, value: float | None) -> str:
    if value is None or not step.measured:
        return "–" if not step.with_due and not step.open_now else _("n = %(n)s", n=step.measured)
    return _time(value) if step.measured >= insight_lines.SMALLEST_N else _("n = %(n)s", n=step.measured)


def _value(metric: str, value: float | None) -> str:
    if value is None:
        return ""
    if metric == "standing":
        return str(round(value))
    return f"{insight_lines.number(round(100 * value, 1))} %" if metric == "late" else _time(value)


def _time(minutes: float | None) -> str:
    if minutes is None:
        return "–"
    if minutes < 90:
        return _("%(n)s min", n=round(minutes))
    return insight_lines.hours(minutes / 60)


def legend(lines: list[dict[str, Any]]) -> list[dict[str, object]]:
    """What the colours stand for: the names of the steps in each."""
    return [
        {"level": level, "names": [line["name"] for line in lines if line["level"] == level]}
        for level in range(LEVELS, 0, -1)
        if any(line["level"] == level for line in lines)
    ]


def ways(rows: Steps, elements: dict[str, Element]) -> dict[str, Any]:
    """By which ways cases went, and how they differ from the usual one."""
    found = process_view.ways(rows)
    backwards = sorted(found.backwards.items(), key=lambda one: (-one[1], one[0]))[:MOST_WAYS]
    return {
        "cases": found.cases,
        "number": len(found.variants),
        "variants": [_variant(one, elements) for one in found.variants[:MOST_WAYS]],
        "deviations": [
            {
                "id": one.element_id,
                "name": name(elements, one.element_id),
                "skipped": one.skipped,
                "repeated": one.repeated,
                "additional": one.additional,
            }
            for one in found.deviations
        ],
        "backwards": [
            {"from": name(elements, first), "to": name(elements, second), "cases": count}
            for (first, second), count in backwards
        ],
    }


def _variant(variant: Variant, elements: dict[str, Element]) -> dict[str, Any]:
    return {
        "steps": [name(elements, one) for one in variant.path],
        "cases": variant.cases,
        "share": f"{insight_lines.number(round(100 * variant.share, 1))} %",
        "median": _time(variant.median_minutes),
        "late": f"{insight_lines.number(round(100 * variant.late_share, 1))} %",
    }


def heads() -> list[str]:
    """The heads of the file."""
    return [
        _("Element"), _("Step"), _("Kind"), _("Visits"), _("Cases"), _("Open now"), _("Again"), _("Late"), _("With a due moment"), _("Measured"),
        _("Waiting, median (minutes)"), _("Waiting, 9 of 10 (minutes)"), _("Working, median (minutes)"),
        _("Working, 9 of 10 (minutes)"), _("Both, median (minutes)"), _("Both, 9 of 10 (minutes)"),
    ]  # fmt: skip


def cells(step: Step, elements: dict[str, Element]) -> list[object]:
    """A row of the file."""
    times = [one[share] for one in (step.waiting, step.working, step.both) for share in STATISTICS.values()]
    numbers = [step.visits, step.cases, step.open_now, step.again, step.late, step.with_due, step.measured]
    named = [step.element_id, safe(name(elements, step.element_id)), kind(elements, step.element_id)]
    return [*named, *numbers, *("" if one is None else round(one, 1) for one in times)]


def kind(elements: dict[str, Element], element_id: str) -> str:
    """What is drawn there."""
    found = elements.get(element_id)
    said = {
        "userTask": _("Task of people"), "manualTask": _("Task of people"), "serviceTask": _("Machine"),
        "sendTask": _("Message sent"), "scriptTask": _("Reckoning"), "businessRuleTask": _("Decision table"),
        "exclusiveGateway": _("Decision"), "parallelGateway": _("Branches"), "inclusiveGateway": _("Branches"),
        "eventBasedGateway": _("Waits for an event"), "subProcess": _("Part of the process"),
        "callActivity": _("Another process"), "startEvent": _("Start"), "endEvent": _("End"),
        "boundaryEvent": _("Event beside a step"), "intermediateCatchEvent": _("Waits for an event"),
        "receiveTask": _("Waits for an event"), "intermediateThrowEvent": _("Event"), "merge": _("Ways meet"),
    }  # fmt: skip
    return said.get(found.kind, found.kind) if found else ""


def name(elements: dict[str, Element], element_id: str) -> str:
    """What a step is called; one that newer versions do not have by its id."""
    found = elements.get(element_id)
    return naming.step(element_id, found.name if found else element_id, found.name_en if found else None)
