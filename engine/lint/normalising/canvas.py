"""A diagram that is being changed: new elements with ids of their own, new flows, and the list of what was done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from engine.lint.answers import NONE, Answers
from engine.lint.findings import Finding, Param, finding
from engine.lint.xml import BPMN, Element, local, make

#: What stands in a node before the flows that lead to and from it.
_BEFORE_FLOWS = ("documentation", "extensionElements", "auditing", "monitoring", "categoryValueRef", "incoming")
_MAX_ID = 150


class Canvas:
    """One file with comments and all, to be changed in place."""

    def __init__(self, file: str, root: Element, answers: Answers = NONE) -> None:
        self.file = file
        self.root = root
        self.answers = answers
        self.proposals: list[Finding] = []
        self.rewrites: list[Finding] = []
        self._taken = {element.get("id") or "" for element in root.iter("{*}*")}
        self._counts: Counter[str] = Counter()

    def note(self, rule: str, element: Element, /, **params: Param) -> None:
        """Say what was changed at an element."""
        self.rewrites.append(finding(self.file, rule, element, **params))

    def propose(self, what: str, element: Element, change: Callable[[], object], /, **params: Param) -> None:
        """Say what an element probably means; it is changed only where the uploader accepts proposals."""
        if self.answers.accept:
            change()
            self.note(f"{what}-accepted", element, **params)
        else:
            self.proposals.append(finding(self.file, f"{what}-proposed", element, **params))

    def fresh(self, wanted: str) -> str:
        """This id, or with the first number that is free; the counts remember how far was looked."""
        wanted = wanted[:_MAX_ID]
        while True:
            self._counts[wanted] += 1
            found = wanted if self._counts[wanted] == 1 else f"{wanted}_{self._counts[wanted]}"
            if found not in self._taken:
                self._taken.add(found)
                return found

    def add(self, kind: str, near: Element, identifier: str) -> Element:
        """A new element of the process, put behind another one; it counts as standing on the same line."""
        element = make(f"{{{BPMN}}}{kind}", near, {"id": identifier})
        near.addnext(element)
        return element

    def add_before(self, kind: str, near: Element, identifier: str) -> Element:
        """A new element put before another one."""
        element = make(f"{{{BPMN}}}{kind}", near, {"id": identifier})
        near.addprevious(element)
        return element

    def connect(self, source: Element, target: Element, near: Element) -> Element:
        """A new flow from one node to another."""
        identifier = self.fresh(f"Flow_{source.get('id')}_{target.get('id')}")
        flow = self.add("sequenceFlow", near, identifier)
        flow.set("sourceRef", source.get("id") or "")
        flow.set("targetRef", target.get("id") or "")
        self._refer(source, "outgoing", identifier)
        self._refer(target, "incoming", identifier)
        return flow

    def move_source(self, flow: Element, source: Element, new: Element) -> None:
        """Let a flow begin at another node."""
        identifier = flow.get("id") or ""
        for reference in source.findall(f"{{{BPMN}}}outgoing"):
            if (reference.text or "").strip().rpartition(":")[2] == identifier:
                source.remove(reference)
        flow.set("sourceRef", new.get("id") or "")
        self._refer(new, "outgoing", identifier)

    def _refer(self, node: Element, kind: str, identifier: str) -> None:
        before = _BEFORE_FLOWS if kind == "incoming" else (*_BEFORE_FLOWS, "outgoing")
        at = sum(1 for child in node if local(child) in before)
        reference = make(f"{{{BPMN}}}{kind}", node)
        reference.text = identifier
        node.insert(at, reference)
