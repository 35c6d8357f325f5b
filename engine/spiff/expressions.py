"""FEEL as SpiffWorkflow's script engine: no Python from a diagram is ever evaluated.

Expressions: FEEL. Script tasks: lines of `name = expression`. Everything is compiled when the definition is loaded.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.script_engine import BasePythonScriptEngineEnvironment, PythonScriptEngine

from engine.errors import Invalid, Problem
from engine.feel import compile_expression, to_json
from engine.spiff.elements import Functions
from engine.spiff.limits import Meter

if TYPE_CHECKING:
    from engine.spiff.run import Run

ASSIGNMENT = re.compile(r"^\s*([^\W\d]\w*)\s*=(?!=)\s*(.+?)\s*$")
MAX_SCRIPT_LINES = 50


class FeelEnvironment(BasePythonScriptEngineEnvironment):
    """Evaluates over task data; results are JSON again."""

    def __init__(self, functions: Functions) -> None:
        super().__init__({})
        self.functions = functions

    def evaluate(self, expression: str, context: Mapping[str, Any], external_context: Any = None) -> Any:
        """The value of an expression over the variables."""
        return to_json(compile_expression(expression, self.functions)(context))


class FeelScriptEngine(PythonScriptEngine):
    """What a run evaluates with; our tasks find the run through it."""

    def __init__(self, functions: Functions) -> None:
        super().__init__(FeelEnvironment(functions))
        self.run: Run
        self.meter = Meter()

    def evaluate(self, task: Any, expression: str, external_context: Any = None) -> Any:
        """Without the library's wrapping: our errors already say what is wrong."""
        self.meter.look()
        return self.environment.evaluate(expression, task.data)

    def execute(self, task: Any, script: str, external_context: Any = None) -> Any:
        """Run the assignments of a script task one after the other."""
        for name, expression in assignments(script):
            task.data[name] = self.evaluate(task, expression)
        return True


def assignments(script: str | None) -> list[tuple[str, str]]:
    """The (name, expression) pairs of a script.

    Raises: Invalid for a line that is no assignment, or too many lines.
    """
    pairs = []
    for number, line in enumerate((script or "").splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("//"):
            continue
        match = ASSIGNMENT.match(line)
        if match is None or match[1] == "self":
            raise Invalid([Problem(f"line {number}", "script_not_an_assignment")])
        pairs.append((match[1], match[2]))
    if len(pairs) > MAX_SCRIPT_LINES:
        raise Invalid([Problem(f"line {MAX_SCRIPT_LINES}", "script_too_long", {"limit": MAX_SCRIPT_LINES})])
    return pairs
