"""The figures of a process in words: lines of the table, levels of the map, ways and deviations."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from cases import process_view
from cases.process_view import Step, Steps, Variant
from engine.spiff import Element
from web.pages.staff import insight_lines, naming

if TYPE_CHECKING:
    from web.pages.staff.process_view import View

#: Steps of the colours of the map.
LEVELS = 5
#: Ways listed.
MOST_WAYS = 20
STATISTICS = {"median": 0.5, "p90": 0.9}


def lines(view: View, steps: list[Step], elements: dict[str, Element]) -> list[dict[str, Any]]:
    """A line for each step, with the level of its colour and what its badge says."""
    share = STATISTICS[view.statistic]
    measure: dict[str, Callable[[Step], float | None]] = {
        "waiting": lambda step: step.waiting[share],
        "working": lambda step: step.working[share],
        "both": lambda step: step.both[share],
        "standing": lambda step: float(step.open_now),
        "late": lambda step: step.late / step.with_due if step.with_due >= insight_lines.SMALLEST_N else None,
    }
    values = {step.element_id: measure[view.metric](step) for step in steps}
    most = max((value for value in values.values() if value is not None), default=0)
    return [_line(view, step, elements, values[step.element_id], most) for step in steps]


def _line(view: View, step: Step, elements: dict[str, Element], value: float | None, most: float) -> dict[str, Any]:
    enough = step.measured >= insight_lines.SMALLEST_N
    level = math.ceil(LEVELS * value / most) if value and most else 0
    shown = _value(view.metric, value)
    return {
        "id": step.element_id,
        "name": name(elements, step.element_id),
        "visits": step.visits,
        "cases": step.cases,
        "open": step.open_now,
        "open_href": view.href("process_view.waiting", element=step.element_id) if step.open_now else "",
        "again": step.again,
        "late": f"{insight_lines.number(round(100 * step.late / step.with_due, 1))} %"
        if step.with_due >= insight_lines.SMALLEST_N
        else (_("n = %(n)s", n=step.with_due) if step.with_due else "–"),
        "waiting": _time(step.waiting[STATISTICS[view.statistic]]) if enough else _("n = %(n)s", n=step.measured),
        "working": _time(step.working[STATISTICS[view.statistic]]) if enough else _("n = %(n)s", n=step.measured),
        "level": level if enough or view.metric in ("standing", "late") else 0,
        "badge": f"{step.visits} · {shown}" if shown else str(step.visits),
    }


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
        _("Element"), _("Step"), _("Visits"), _("Cases"), _("Open now"), _("Again"), _("Late"), _("With a due moment"), _("Measured"),
        _("Waiting, median (minutes)"), _("Waiting, 9 of 10 (minutes)"), _("Working, median (minutes)"),
        _("Working, 9 of 10 (minutes)"), _("Both, median (minutes)"), _("Both, 9 of 10 (minutes)"),
    ]  # fmt: skip


def name(elements: dict[str, Element], element_id: str) -> str:
    """What a step is called; one that newer versions do not have by its id."""
    found = elements.get(element_id)
    return naming.step(element_id, found.name if found else element_id, found.name_en if found else None)
