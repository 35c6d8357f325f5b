"""Gives flows and nodes the ids the engine needs. Changes nothing else, and nothing at all in a file it cannot read."""

from __future__ import annotations

from collections import Counter

from lxml import etree

from engine.lint.identifiers import NEEDING_ID
from engine.lint.xml import BPMN, Element, Unreadable, line_of, local, read


def normalise(xml: bytes) -> tuple[bytes, list[str]]:
    """The file with an id on every element that needs one, and what was added, in words.

    The same file always gets the same ids. A file that needs none comes back byte for byte.
    """
    try:
        root = read(xml, keep_comments=True)
    except Unreadable:
        return xml, []
    taken = {element.get("id") or "" for element in root.iter("{*}*")}
    counts: Counter[str] = Counter()
    rewrites: list[str] = []
    for element in root.iter(f"{{{BPMN}}}*"):
        if local(element) in NEEDING_ID and not element.get("id"):
            identifier = _free(_wanted(element), taken, counts)
            element.set("id", identifier)
            taken.add(identifier)
            rewrites.append(f"{local(element)} on line {line_of(element)}: id {identifier}")
    if not rewrites:
        return xml, []
    return etree.tostring(root.getroottree(), xml_declaration=True, encoding="UTF-8"), rewrites


def _wanted(element: Element) -> str:
    kind = local(element)
    if kind == "sequenceFlow":
        return f"Flow_{element.get('sourceRef', '')}_{element.get('targetRef', '')}"
    return kind[0].upper() + kind[1:]


def _free(wanted: str, taken: set[str], counts: Counter[str]) -> str:
    """The name itself, or with the first number that is free; `counts` remembers how far it has looked."""
    while True:
        counts[wanted] += 1
        found = wanted if counts[wanted] == 1 else f"{wanted}_{counts[wanted]}"
        if found not in taken:
            return found
