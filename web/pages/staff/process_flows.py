"""The flows of a process in words: how wide they are drawn, and which way decisions went."""

from __future__ import annotations

import math
from typing import Any

from flask_babel import gettext as _

from cases.process_view import Passing, Taken
from engine import drawing
from engine.models import Definition
from web.pages.staff import insight_lines, process_shown

#: Widths flows are drawn in.
WIDTHS = 5


def drawn(passing: Passing, definition: Definition) -> dict[str, dict[str, Any]]:
    """For each flow that was taken its width, and what is written beside it: out of a decision, and back."""
    most = max((one.times for one in passing.flows), default=0)
    parting = drawing.of(definition).outgoing
    return {
        one.flow.id: {
            "level": math.ceil(WIDTHS * one.times / most),
            "text": _told(one) if one.back or len(parting.get(one.flow.source, ())) > 1 else "",
        }
        for one in passing.flows
    }


def decisions(passing: Passing, other: Passing | None, definition: Definition) -> list[dict[str, Any]]:
    """Which way tokens went where there is more than one, and back: each flow, how often, its share of all from there."""
    elements = process_shown.elements_of(definition)
    parting = drawing.of(definition).outgoing
    earlier = {one.flow.id: one for one in other.flows} if other else {}
    of_source: dict[str, int] = {}
    for one in passing.flows:
        of_source[one.flow.source] = of_source.get(one.flow.source, 0) + one.times
    shown = [one for one in passing.flows if one.back or len(parting.get(one.flow.source, ())) > 1]
    order = {element: number for number, element in enumerate(elements)}
    shown.sort(key=lambda one: (order.get(one.flow.source, len(order)), -one.times))
    return [
        {
            "id": one.flow.id,
            "from": process_shown.name(elements, one.flow.source),
            "label": one.flow.name,
            "to": process_shown.name(elements, one.flow.target),
            "times": one.times,
            "share": f"{insight_lines.number(round(100 * one.times / of_source[one.flow.source], 1))} %",
            "back": one.back,
            "then": earlier[one.flow.id].times if one.flow.id in earlier else 0,
        }
        for one in shown
    ]


def _told(one: Taken) -> str:
    return _("%(n)s back", n=one.back) if one.back else str(one.times)
