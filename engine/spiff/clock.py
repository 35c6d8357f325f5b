"""Makes SpiffWorkflow's timers read `engine.clock` and fire *at* their moment (the library fires after it).

Only its timer module is touched: the name `datetime`, the zone of naive moments, and the three questions "is it due?".
What a timer's expression gives is checked here, so that a wrong one has a name. What is due is asked up to the workflow's
`horizon`, which `Run.advance` moves from due moment to due moment: timers that became due together fire one by one.
A repeating timer is one event after the other, each of which fires once (see `engine.spiff.events.Boundary`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, TypeVar, cast

from SpiffWorkflow.bpmn.specs.event_definitions import timer

from engine import clock
from engine.spiff.intervals import Cycle, Duration, parse_moment

T = TypeVar("T")
VALUE = "event_value"
#: What the expression of a date may give instead of a moment: it does not come, unless it is written anew.
NEVER = "never"


class BadTimer(Exception):
    """A timer's expression gave something that is no ISO 8601 moment, duration or interval."""


class EngineDatetime(dt.datetime):
    """datetime whose `now` is the engine's."""

    @classmethod
    def now(cls, tz: dt.tzinfo | None = None) -> dt.datetime:  # type: ignore[override]  # a plain datetime is wanted
        """The engine's moment in the zone asked for."""
        return clock.now().astimezone(tz)


def moment_of(task: Any) -> dt.datetime | None:
    """When a waiting timer is due; None for one that has nothing (more) to wait for."""
    value = task.internal_data.get(VALUE)
    text = value.get("next") if isinstance(value, dict) else value
    return parse_moment(text) if text and text != NEVER else None


def following(task: Any, *, every_one: bool) -> dict[str, int | str] | None:
    """What a repeating timer that fires waits for next; None after its last time or if it does not repeat.

    Moments that were missed count as one that has happened, unless every one is wanted.
    """
    value = task.internal_data.get(VALUE)
    if not isinstance(value, dict):
        return None
    cycle = Cycle.load(value)
    cycle = cycle.step() if every_one else cycle.past(clock.now())
    return _read(lambda _: cycle.dump(), value) if cycle.left else None


def _read(parse: Callable[[str], T], value: object) -> T:
    """What an expression gave, as a moment, a duration or a repeating interval.

    Raises: BadTimer.
    """
    try:
        return parse(cast("str", value))
    except (AttributeError, OverflowError, TypeError, ValueError) as error:
        raise BadTimer(f"not a moment or duration: {value!r}") from error


def written_date(written: object) -> str:
    """The moment a date's expression gave, in ISO 8601, or `NEVER`. Raises: BadTimer."""
    return NEVER if written == NEVER else _read(parse_moment, written).isoformat()


def _asking(begin: Callable[[object], str | dict[str, int | str]]) -> Callable[[Any, Any], bool]:
    """The question of one kind of timer: `begin` makes of what is written what a task keeps."""

    def has_fired(definition: Any, my_task: Any) -> bool:
        if my_task.internal_data.get(VALUE) is None:
            written = my_task.workflow.script_engine.evaluate(my_task, definition.expression)
            my_task._set_internal_data(**{VALUE: begin(written)})
        moment = moment_of(my_task)
        if moment is not None and moment <= my_task.workflow.top_workflow.horizon:
            my_task._set_internal_data(event_fired=True)
        return bool(my_task._get_internal_data("event_fired"))

    return has_fired


timer.datetime = EngineDatetime
timer.LOCALTZ = dt.UTC  # a naive moment in a diagram means UTC on every machine, not the zone of whoever imported first


def _after(written: object) -> str:
    return _read(lambda text: Duration.parse(text).after(clock.now()).isoformat(), written)


def _repeating(written: object) -> dict[str, int | str]:
    return _read(lambda text: Cycle.parse(text, clock.now()).dump(), written)


timer.TimeDateEventDefinition.has_fired = _asking(written_date)
timer.DurationTimerEventDefinition.has_fired = _asking(_after)
timer.CycleTimerEventDefinition.has_fired = _asking(_repeating)
timer.CycleTimerEventDefinition.update_task = lambda _definition, _my_task: None
