"""What a diagram draws from where to where: enough to say which step came before another."""

from __future__ import annotations

from dataclasses import dataclass

from engine import definitions
from engine.models import Definition
from engine.spiff.elements import BPMN
from engine.spiff.process import parse_xml

SILENT = ("Gateway", "businessRuleTask", "scriptTask")


@dataclass(frozen=True)
class Drawing:
    """The flows of a diagram. `begins` are the starts of its processes, `silent` is what nobody is told of: it decides or looks up."""

    sources: dict[str, list[str]]
    silent: frozenset[str]
    begins: tuple[str, ...]

    @classmethod
    def of(cls, definition: Definition) -> Drawing:
        """Read the diagram of a version."""
        tree = parse_xml(definitions.diagram(definition))
        sources: dict[str, list[str]] = {}
        for flow in tree.iter(f"{BPMN}sequenceFlow"):
            sources.setdefault(flow.get("targetRef") or "", []).append(flow.get("sourceRef") or "")
        silent = (node.get("id") or "" for node in tree.iter() if str(node.tag).endswith(SILENT))
        begins = (start.get("id") or "" for start in tree.iterfind(f"{BPMN}process/{BPMN}startEvent"))
        return cls(sources, frozenset(silent), tuple(begins))

    def before(self, element_id: str) -> set[str]:
        """The steps right before an element, whatever silent ones lie between."""
        found: set[str] = set()
        seen: set[str] = set()
        left = list(self.sources.get(element_id, ()))
        while left:
            here = left.pop()
            if here in self.silent and here not in seen:
                seen.add(here)
                left += self.sources.get(here, ())
            elif here not in self.silent:
                found.add(here)
        return found
