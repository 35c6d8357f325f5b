"""From the files of a definition to something that can run: parsed once, immutable, shared by all its instances."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from lxml import etree
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.parser.event_parsers import StartEventParser
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser
from SpiffWorkflow.bpmn.parser.util import full_tag
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException
from SpiffWorkflow.bpmn.specs.defaults import StartEvent
from SpiffWorkflow.bpmn.specs.event_definitions.simple import NoneEventDefinition

from engine import dmn
from engine.spiff import clock, elements, state, thrift
from engine.spiff.elements import BPMN, Element, Functions
from engine.spiff.expressions import FeelScriptEngine
from engine.spiff.run import Host, Run
from engine.spiff.specs import DecisionTask, HandlerTask
from engine.spiff.transplant import transplant
from engine.spiff.workflow import Workflow

__all__ = ["Process", "ProcessError", "clock", "load", "thrift"]

DRAWN_DATA = ("dataInputAssociation", "dataOutputAssociation", "ioSpecification", "dataStore", "dataStoreReference")
FLOW_NODES = ("Event", "Gateway", "Task", "task", "subProcess", "callActivity", "transaction")


class ProcessError(Exception):
    """The library's parser does not accept the diagram; the linter should have said so before."""


class _Start(StartEventParser):
    """A start event never waits: an instance begins because its event has happened."""

    def create_task(self) -> Any:
        task = self._create_task(NoneEventDefinition())
        self.spec.start.connect(task)
        return task


class Parser(BpmnParser):
    """Reads diagrams with our kinds of tasks, outgoing flows in the order of the file (never of the picture)."""

    OVERRIDE_PARSER_CLASSES: ClassVar = {
        full_tag("startEvent"): (_Start, StartEvent),
        full_tag("serviceTask"): (TaskParser, HandlerTask),
        full_tag("businessRuleTask"): (TaskParser, DecisionTask),
    }

    def _add_diagram_indexes(self, bpmn: Any) -> None:
        super()._add_diagram_indexes(bpmn)
        self.document_positions[self._document_key(bpmn)] = {}


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

    def start(self, variables: Mapping[str, Any], host: Host) -> Run:
        """A new instance, standing at its start."""
        workflow = Workflow(*self.specs, script_engine=FeelScriptEngine(self.functions))
        workflow.task_tree.data.update(variables)
        return Run(self, workflow, host)

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
    parser = Parser()
    try:
        for tree in trees:
            _drop_drawn_data(tree)
            parser.add_bpmn_xml(tree)
        return parser.get_spec(key), parser.get_subprocess_specs(key)
    except ValidationException as error:
        raise ProcessError(str(error)) from error


def _drop_drawn_data(tree: etree._Element) -> None:
    """Data flow is drawn for readers: every variable is seen everywhere in its scope, no list of them is kept."""
    for element in list(tree.iter(*(f"{BPMN}{name}" for name in DRAWN_DATA))):
        if (parent := element.getparent()) is not None:
            parent.remove(element)


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
