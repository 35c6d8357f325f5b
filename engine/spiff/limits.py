"""What one advance of an instance may ask of the machine, and how much an instance may carry."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import orjson

from engine.errors import StepBudgetExceeded, TooMuchWork, VariablesTooLarge

#: Steps one advance may take without waiting; a diagram that needs more runs in a circle.
STEP_BUDGET = 1000
#: Seconds of computing one advance may take. Waiting for the database does not count.
SECONDS = 5.0
#: Bytes of all variables of an instance, as JSON: they steer its way; files and texts belong elsewhere.
VARIABLES = 4096


class Meter:
    """Counts what one advance does."""

    def __init__(self) -> None:
        self.steps = 0
        self.ends_at = time.thread_time() + SECONDS

    def count(self) -> None:
        """One more step.

        Raises: StepBudgetExceeded, TooMuchWork.
        """
        self.steps += 1
        if self.steps > STEP_BUDGET:
            raise StepBudgetExceeded(f"more than {STEP_BUDGET} steps")
        self.look()

    def look(self) -> None:
        """Raises: TooMuchWork when the time is up."""
        if time.thread_time() > self.ends_at:
            raise TooMuchWork(f"more than {SECONDS:.0f} seconds of computing")


def check_size(variables: Mapping[str, Any]) -> None:
    """Raises: VariablesTooLarge, naming the largest of the variables."""
    if _size(variables) > VARIABLES:
        sizes = {name: _size(value) for name, value in variables.items()}
        largest = max(sizes, key=lambda name: sizes[name])
        raise VariablesTooLarge(largest, sizes[largest], VARIABLES)


def _size(value: Any) -> int:
    return len(orjson.dumps(value, default=str))
