"""Moments that change while an instance waits for them: what its dates are counted from has been written anew.

Only what waits for a written date (`timeDate`) can move: of a duration nobody knows any more when it began. An event beside
an activity whose date had come already waits once more, if its date lies ahead again.
"""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.bpmn.specs.control import BoundaryEventSplit
from SpiffWorkflow.bpmn.specs.event_definitions.multiple import MultipleEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.timer import TimeDateEventDefinition

from engine import clock
from engine.feel import compile_expression
from engine.spiff.clock import NEVER, VALUE, written_date
from engine.spiff.events import Boundary
from engine.spiff.intervals import parse_moment
from engine.spiff.keep import LIVE


def redate(workflow: Any, names: frozenset[str]) -> None:
    """Let every date that is read from one of these variables be read again.

    Raises: BadTimer, FeelError.
    """
    for task in list(workflow.event_manager.tasks.values()):
        if (date := _date(task, task.task_spec, names)) is not None:
            task._set_internal_data(**{VALUE: _read(task, date)})
    for scope in workflow.living():
        for split in [task for task in scope.tasks.values() if isinstance(task.task_spec, BoundaryEventSplit)]:
            for event in _passed(split):
                if (date := _date(split, event, names)) is not None and _is_ahead(moment := _read(split, date)):
                    event.wait_beside(split, moment)


def _date(task: Any, event: Any, names: frozenset[str]) -> str | None:
    """The expression of the date an event waits for, if it reads one of these variables."""
    definition, functions = event.event_definition, task.workflow.script_engine.environment.functions
    several = isinstance(definition, MultipleEventDefinition)
    for one in definition.event_definitions if several else [definition]:
        if isinstance(one, TimeDateEventDefinition) and compile_expression(one.expression, functions).names & names:
            return str(one.expression)
    return None


def _read(task: Any, date: str) -> str:
    return written_date(task.workflow.script_engine.evaluate(task, date))


def _is_ahead(moment: str) -> bool:
    return moment != NEVER and parse_moment(moment) > clock.now()


def _passed(split: Any) -> list[Boundary]:
    """The events beside an activity that is still open which do not wait any more."""
    waiting = {child.task_spec.name for child in split.children if child._state & LIVE}
    beside = [spec for spec in split.task_spec.outputs if isinstance(spec, Boundary)]
    if not waiting - {spec.name for spec in beside}:
        return []
    return [spec for spec in beside if not spec.cancel_activity and spec.name not in waiting]
