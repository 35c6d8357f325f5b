"""What the library does at every change of every task, done at less cost: ids, words for a log nobody reads, and foresight.

An id is a text (its hash is computed once, and in C) of 20 hexadecimal digits: short, because it is kept with every task of
a state, and long enough to tell the tasks of one instance apart. What the library would say in its log is gathered only while
somebody listens. And where it draws the whole way ahead of every task, again at every step, only the next tasks are made here,
those behind them when they are reached: no join of ours asks for what is merely foreseen (`engine.spiff.joins`).
"""

from __future__ import annotations

import logging
import os
import time
from typing import Any

from SpiffWorkflow import task as library
from SpiffWorkflow.specs.base import TaskSpec
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState
from SpiffWorkflow.workflow import Workflow

_log = logging.getLogger("spiff")
_UNDECIDED = TaskState.PREDICTED_MASK | TaskState.FUTURE


def new_id() -> str:
    """A random id: of a million drawn, two are alike once in two million million times."""
    return os.urandom(10).hex()


def _task_extras(task: Any, extra: dict[str, Any] | None = None) -> dict[str, Any]:
    return _published[Task, "collect_log_extras"](task, extra) if _is_heard() else {}


def _workflow_extras(workflow: Any, extra: dict[str, Any] | None = None) -> dict[str, Any]:
    return _published[Workflow, "collect_log_extras"](workflow, extra) if _is_heard() else {}


def _is_heard() -> bool:
    return _log.isEnabledFor(logging.INFO)


def _set_state(task: Any, value: int) -> None:
    if _is_heard():
        _published[Task, "_set_state"](task, value)
    elif value != task._state:
        task.last_state_change, task._state = time.time(), value


def _predict_next(spec: Any, my_task: Any, *, mask: int = TaskState.PREDICTED_MASK) -> None:
    if my_task._state & mask:
        spec._predict_hook(my_task)


def _update_predicted(spec: Any, my_task: Any) -> None:
    if my_task._state & _UNDECIDED or not my_task._children:
        spec._predict_hook(my_task)
    if spec._update_hook(my_task):
        my_task._ready()


_ours: dict[tuple[Any, str], Any] = {
    (library, "uuid4"): new_id,
    (Task, "collect_log_extras"): _task_extras,
    (Workflow, "collect_log_extras"): _workflow_extras,
    (Task, "_set_state"): _set_state,
    (TaskSpec, "_predict"): _predict_next,
    (TaskSpec, "_update"): _update_predicted,
}
_published = {(owner, name): getattr(owner, name) for owner, name in _ours}


def apply() -> None:
    """Let the library save it; done when this module is loaded."""
    for (owner, name), ours in _ours.items():
        setattr(owner, name, ours)


def undo() -> None:
    """Leave the library as it was published: the base of a comparison must not profit."""
    for (owner, name), published in _published.items():
        setattr(owner, name, published)


apply()
