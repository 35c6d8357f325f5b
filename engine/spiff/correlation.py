"""What tells the messages of one name apart: the business key of an instance, or what the diagram says instead.

An element with `caseway:correlationKey` is found by that key alone, read when it begins to wait; what it sends goes out under it.
Everything else is found by the business key, and hears what is sent inside its own instance.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from SpiffWorkflow.bpmn.specs.defaults import EventBasedGateway

from engine.spiff.elements import Element

LONGEST = 200


class BadCorrelationKey(Exception):
    """An expression gave nothing by which a message could be found."""


def key_of(element: Element, variables: Mapping[str, Any]) -> str | None:
    """The key an element names; None when it goes by the business key.

    Raises: BadCorrelationKey for anything but a text or a number, FeelError.
    """
    if element.correlation_key is None:
        return None
    value = element.correlation_key(variables)
    if isinstance(value, Decimal | int | float) and not isinstance(value, bool):
        value = f"{Decimal(str(value)).normalize():f}"
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST:
        raise BadCorrelationKey(f"{element.id}: the correlation key is {value!r}, not a text or a number")
    return value


def element_of(my_task: Any, definition: Any) -> Element | None:
    """The element a message definition belongs to: the task's own, or the one behind an event gateway."""
    found = my_task.task_spec
    if isinstance(found, EventBasedGateway):  # it has the definitions of what stands behind it, in their order
        found = found.outputs[found.event_definition.event_definitions.index(definition)]
    elements: Mapping[str, Element] = my_task.workflow.script_engine.run.process.elements
    return elements.get(found.bpmn_id or found.name.removesuffix(" [child]"))
