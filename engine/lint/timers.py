"""Rules about timers: one moment, duration or cycle, written so that the engine reads what the designer meant."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from engine.feel import FeelError, compile_expression
from engine.lint.bundle import Bundle, hint
from engine.lint.diagram import Diagram, Node
from engine.lint.expressions import expression
from engine.lint.findings import Finding
from engine.lint.texts.words import Words
from engine.lint.xml import BPMN, CAMUNDA, CASEWAY, local

KINDS = ("timeDate", "timeDuration", "timeCycle")

_DURATION = re.compile(
    r"P(?:\d+W|(?=[\dT])(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?)", re.ASCII
)
_CYCLE = re.compile(r"R(\d*)/([^/]+)(?:/([^/]+))?", re.ASCII)
LOOKS_ISO = re.compile(r"-?P[\dT][\dYMWDTHS.,]*|R\d*/\S+|\d{4}-\d\d-\d\d(T\S*)?")
_LITERAL = re.compile(r'"([^"\\]*)"')
_CRON = re.compile(r"[\d*?]\S*(\s+[\d*?/,LW#A-Z-]+){4,6}")
_EMPTY = re.compile(r"P[0YMWDTHS.]*")
#: Cycles shorter than a minute would keep the machine busy with one case.
_SHORT = re.compile(r"PT(\d+(\.\d+)?)S")

_WANTED: dict[str, tuple[Words, str]] = {
    "timeDate": (("date and time", "ngày giờ"), '"2027-03-01T08:00:00+07:00"'),
    "timeDuration": (("duration", "khoảng thời gian"), '"P2D" (2 d), "PT8H" (8 h)'),
    "timeCycle": (("repeating interval of a minute or more", "chu kỳ lặp từ một phút trở lên"), '"R3/PT1H", "R/P1D"'),
}


def examine(diagram: Diagram, bundle: Bundle) -> Iterator[Finding]:
    """Timers without a time, with a misread one, or repeating where nothing may repeat."""
    for node in diagram.nodes:
        if node.trigger == "timer" and node.kind != "startEvent":  # those have a rule of their own
            times = [child for child in node.triggers[0] if local(child) in KINDS]
            if len(times) != 1:
                yield diagram.finding("timer-without-time", node.element, count=len(times))
            for time in times[:1]:
                yield from _time(diagram, node, local(time), (time.text or "").strip(), bundle)
        yield from _catch_up(diagram, node)
    yield from _redates(diagram, bundle)


def _redates(diagram: Diagram, bundle: Bundle) -> Iterator[Finding]:
    """Names in caseway:redates that no date in the file is read from."""
    writers = [(node, (node.element.get(f"{{{CASEWAY}}}redates") or "").split()) for node in diagram.nodes]
    if any(names for _, names in writers):
        read = {name for text in _dates(diagram) for name in _names(text, bundle)}
        for node, names in writers:
            for name in dict.fromkeys(names):
                if name not in read:
                    yield diagram.finding("redates-nothing", node.element, name=name, hint=hint(name, sorted(read)))


def _dates(diagram: Diagram) -> Iterator[str]:
    for node in diagram.nodes:
        yield from ((date.text or "") for date in node.element.iterfind(f".//{{{BPMN}}}timeDate"))
        if (due := node.element.get(f"{{{CAMUNDA}}}dueDate") or "").startswith("="):
            yield due


def _names(text: str, bundle: Bundle) -> frozenset[str]:
    try:
        return compile_expression(text, bundle.functions).names
    except FeelError:
        return frozenset()  # said by a rule of its own


def _catch_up(diagram: Diagram, node: Node) -> Iterator[Finding]:
    text = node.element.get(f"{{{CASEWAY}}}catchUp")
    is_repeating = node.trigger == "timer" and any(local(child) == "timeCycle" for child in node.triggers[0])
    if node.kind in ("boundaryEvent", "startEvent") and text is not None and not (is_repeating and text == "all"):
        yield diagram.finding("catch-up", node.element, text=text)


def is_value(kind: str, text: str) -> bool:
    """Whether a text is what a kind of timer can be set to."""
    return {"timeDate": is_moment, "timeDuration": is_duration, "timeCycle": _is_cycle}[kind](text)


def is_moment(text: str) -> bool:
    """Whether a text is an ISO 8601 date, with or without a time."""
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def is_duration(text: str) -> bool:
    """Whether a text is an ISO 8601 duration of the kind the engine knows."""
    return bool(_DURATION.fullmatch(text))


def _is_cycle(text: str) -> bool:
    match = _CYCLE.fullmatch(text)
    if not match:
        return False
    parts = [part for part in match.groups()[1:] if part]
    interval = [part for part in parts if is_duration(part)]
    moments = [part for part in parts if is_moment(part)]
    short = _SHORT.fullmatch(interval[0]) if interval else None
    is_long = bool(interval) and not _EMPTY.fullmatch(interval[0]) and (short is None or float(short[1]) >= 60)
    return len(interval) == 1 and len(interval) + len(moments) == len(parts) and is_long


def _time(diagram: Diagram, node: Node, kind: str, text: str, bundle: Bundle) -> Iterator[Finding]:
    bare = text.removeprefix("=").strip()
    literal = _LITERAL.fullmatch(bare)
    if LOOKS_ISO.fullmatch(bare):  # a proper one has quotation marks by now
        wanted, example = _WANTED[kind]
        yield diagram.finding("timer-value", node.element, text=bare, wanted=wanted, example=example)
    elif _CRON.fullmatch(literal[1] if literal else bare):
        yield diagram.finding("timer-cron", node.element, text=bare)
    elif literal and not is_value(kind, literal[1]):
        wanted, example = _WANTED[kind]
        yield diagram.finding("timer-value", node.element, text=literal[1], wanted=wanted, example=example)
    else:
        yield from expression(diagram, node.element, "timer", text, bundle)
    if kind == "timeCycle" and (node.kind != "boundaryEvent" or node.interrupts):
        yield diagram.finding("timer-cycle-position", node.element)
