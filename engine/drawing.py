"""What a diagram draws: its elements, the flows between them, and which event is drawn on which activity's border."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from lxml import etree

from engine import definitions
from engine.models import Definition
from engine.spiff.elements import BPMN
from engine.spiff.process import parse_xml


@dataclass(frozen=True)
class Flow:
    """A sequence flow."""

    id: str
    name: str
    source: str
    target: str


@dataclass(frozen=True)
class Drawing:
    """`kinds` are the BPMN names of the elements by id; `borders` the activity each interrupting boundary event ends."""

    flows: tuple[Flow, ...]
    kinds: Mapping[str, str]
    borders: Mapping[str, str]

    @cached_property
    def incoming(self) -> dict[str, list[Flow]]:
        """The flows into each element, in the order of the file."""
        return self._by("target")

    @cached_property
    def outgoing(self) -> dict[str, list[Flow]]:
        """The flows out of each element, in the order of the file."""
        return self._by("source")

    def _by(self, end: str) -> dict[str, list[Flow]]:
        found: dict[str, list[Flow]] = {}
        for flow in self.flows:
            found.setdefault(getattr(flow, end), []).append(flow)
        return found


def of(definition: Definition) -> Drawing:
    """Read the diagram of a version."""
    return read(definitions.diagram(definition))


def read(diagram: bytes) -> Drawing:
    """Read a BPMN file."""
    tree = parse_xml(diagram)
    flows = (
        Flow(one.get("id") or "", one.get("name") or "", one.get("sourceRef") or "", one.get("targetRef") or "")
        for one in tree.iter(f"{BPMN}sequenceFlow")
    )
    borders = (one for one in tree.iter(f"{BPMN}boundaryEvent") if one.get("cancelActivity") != "false")
    return Drawing(
        tuple(flows),
        {one.get("id") or "": etree.QName(one).localname for process in tree.iter(f"{BPMN}process") for one in process.iter(f"{BPMN}*")},
        {one.get("id") or "": one.get("attachedToRef") or "" for one in borders},
    )  # fmt: skip
