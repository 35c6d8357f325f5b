"""From the files of a definition to something that can run: parsed once, immutable, shared by all its instances."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException

from engine import dmn
from engine.errors import StartEventNotFound
from engine.spiff import clock, elements, starts, state, thrift
from engine.spiff.elements import BPMN, Element, Functions
from engine.spiff.expressions import FeelScriptEngine
from engine.spiff.limits import check_size
from engine.spiff.parsing import parse
from engine.spiff.run import Host, Run
from engine.spiff.transplant import transplant
from engine.spiff.workflow import Workflow

__all__ = ["Process", "ProcessError", "clock", "load", "thrift"]

FLOW_NODES = ("Event", "Gateway", "Task", "task", "subProcess", "callActivity", "transaction")


class ProcessError(Exception):
    """The library's parser does not accept the diagram; the linter should have said so before."""


class Process:
    """One definition ready to run."""

    def __init__(self, files: Mapping[str, bytes], functions: Functions) -> None:
        trees = [parse_xml(files[name]) for name in sorted(files) if name.endswith(".bpmn")]
        self.key, self.name = _main_process(trees)
        self.functions = functions
        self.elements: dict[str, Element] = {
            node.get("id") or "": elements.read(node, functions) for tree in trees for node in _flow_nodes(tree)
        }
        self.decisions = _decisions(files, functions)
        self.specs = _parse(trees, self.key)
        self.entries = starts.read(trees, self.key)

    def start(self, variables: Mapping[str, Any], host: Host, *, at: str | None = None) -> Run:
        """A new instance, standing at its start event: the one named, else the only one, else the plain one.

        Raises: StartEventNotFound, VariablesTooLarge.
        """
        workflow = Workflow(*self.specs, script_engine=FeelScriptEngine(self.functions))
        workflow.begin_at(at or self.plain_start(self.key))
        workflow.task_tree.data.update(variables)
        check_size(workflow.task_tree.data)
        return Run(self, workflow, host)

    def starts(self, key: str) -> list[str]:
        """The start events of one of its processes, by id, in the order of the file."""
        spec = self.specs[0] if key == self.key else self.specs[1][key]
        return [start.name for start in spec.bpmn_start_events]

    def plain_start(self, key: str) -> str:
        """The start event of a process that is not told which one.

        Raises: StartEventNotFound when it has several, all with triggers.
        """
        names = self.starts(key)
        plain = [name for name in names if self.elements[name].trigger is None]
        if len(names) > 1 and len(plain) != 1:
            raise StartEventNotFound(key)
        return plain[0] if plain else names[0]

    def resume(self, blob: bytes, host: Host) -> Run:
        """An instance as it was stored.

        Raises: engine.spiff.state.StateMismatch, UnknownStateVersion.
        """
        return Run(self, state.load(blob, self.specs, FeelScriptEngine(self.functions)), host)

    def adopt(self, blob: bytes, old: Process, mapping: Mapping[str, str]) -> tuple[bytes, bool]:
        """A stored instance of another version as one of this, and whether something there can go on at once.

        Raises: CannotMigrate; engine.spiff.FAILURES for a state that cannot be read.
        """
        return transplant(old, self, blob, mapping)


def load(files: Mapping[str, bytes], functions: Functions) -> Process:
    """Parse the diagrams and decision tables of a definition.

    Raises: ProcessError, engine.errors.Invalid (decision tables), FeelSyntaxError.
    """
    return Process(files, functions)


def parse_xml(xml: bytes) -> etree._Element:
    """Read XML from strangers: no entities, no network, no DTD, no huge trees."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        raise ProcessError(str(error)) from error


def _parse(trees: list[etree._Element], key: str) -> tuple[Any, dict[str, Any]]:
    try:
        return parse(trees, key)
    except ValidationException as error:
        raise ProcessError(str(error)) from error


def _main_process(trees: list[etree._Element]) -> tuple[str, str]:
    """Key and name of the executable process no other one calls."""
    executable = [one for tree in trees for one in tree.iter(f"{BPMN}process") if one.get("isExecutable") == "true"]
    called = {call.get("calledElement") for process in executable for call in process.iter(f"{BPMN}callActivity")}
    for process in executable:
        key = process.get("id") or ""
        if key not in called:
            return key, process.get("name") or key
    raise ProcessError("no executable process")


def _flow_nodes(tree: etree._Element) -> list[etree._Element]:
    return [
        node
        for process in tree.iter(f"{BPMN}process")
        for node in process.iter(f"{BPMN}*")
        if etree.QName(node).localname.endswith(FLOW_NODES)
    ]


def _decisions(files: Mapping[str, bytes], functions: Functions) -> dict[str, dmn.Decision]:
    found: dict[str, dmn.Decision] = {}
    for name in sorted(files):
        if name.endswith(".dmn"):
            found.update(dmn.parse(files[name], functions=functions))
    return found
