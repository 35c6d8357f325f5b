"""Two things the library does at every change of every task, done at less cost: ids, and words for a log nobody reads.

An id is a text (its hash is computed once, and in C) of 20 hexadecimal digits: short, because it is kept with every task of
a state, and long enough to tell the tasks of one instance apart. What the library would say in its log is gathered only while
somebody listens.
"""

from __future__ import annotations

import logging
import os
from typing import Any
from uuid import uuid4

from SpiffWorkflow import task as library
from SpiffWorkflow.task import Task
from SpiffWorkflow.workflow import Workflow

_log = logging.getLogger("spiff")
_of_task, _of_workflow = Task.collect_log_extras, Workflow.collect_log_extras


def new_id() -> str:
    """A random id: of a million drawn, two are alike once in two million million times."""
    return os.urandom(10).hex()


def apply() -> None:
    """Let the library save it; done when this module is loaded."""
    library.uuid4, Task.collect_log_extras, Workflow.collect_log_extras = new_id, _task_extras, _workflow_extras


def undo() -> None:
    """Leave the library as it was published: the base of a comparison must not profit."""
    library.uuid4, Task.collect_log_extras, Workflow.collect_log_extras = uuid4, _of_task, _of_workflow


def _task_extras(task: Any, extra: dict[str, Any] | None = None) -> dict[str, Any]:
    return _of_task(task, extra) if _log.isEnabledFor(logging.INFO) else {}


def _workflow_extras(workflow: Any, extra: dict[str, Any] | None = None) -> dict[str, Any]:
    return _of_workflow(workflow, extra) if _log.isEnabledFor(logging.INFO) else {}


apply()
