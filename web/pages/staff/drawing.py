"""What a diagram draws from where to where: enough to say which step came before another."""

from __future__ import annotations

from dataclasses import dataclass

from engine import definitions
from engine.models import Definition
from engine.spiff.elements import BPMN
from engine.spiff.process import parse_xml


@dataclass(frozen=True)
class Drawing:
    """The flows of a diagram. `begins` are the starts of its processes, `gateways` decide and do nothing."""

    sources: dict[str, list[str]]
    gateways: frozenset[str]
    begins: tuple[str, ...]

    @classmethod
    def of(cls, definition: Definition) -> Drawing:
        """Read the diagram of a version."""
        tree = parse_xml(definitions.diagram(definition))
        sources: dict[str, list[str]] = {}
        for flow in tree.iter(f"{BPMN}sequenceFlow"):
            sources.setdefault(flow.get("targetRef") or "", []).append(flow.get("sourceRef") or "")
        gateways = (node.get("id") or "" for node in tree.iter() if str(node.tag).endswith("Gateway"))
        begins = (start.get("id") or "" for start in tree.iterfind(f"{BPMN}process/{BPMN}startEvent"))
        return cls(sources, frozenset(gateways), tuple(begins))

    def before(self, element_id: str) -> set[str]:
        """The steps right before an element, whatever gateways lie between."""
        found: set[str] = set()
        seen: set[str] = set()
        left = list(self.sources.get(element_id, ()))
        while left:
            here = left.pop()
            if here in self.gateways and here not in seen:
                seen.add(here)
                left += self.sources.get(here, ())
            elif here not in self.gateways:
                found.add(here)
        return found
