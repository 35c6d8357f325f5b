"""Makes SpiffWorkflow's timers read `engine.clock` and fire *at* their moment (the library fires after it).

Only its timer module is touched: the name `datetime`, the zone of naive moments, and the three questions "is it due?".
What a timer's expression gives is checked here, so that a wrong one has a name.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from SpiffWorkflow.bpmn.specs.event_definitions import timer

from engine import clock

Definition = timer.TimerEventDefinition


class BadTimer(Exception):
    """A timer's expression gave something that is no ISO 8601 moment, duration or interval."""


class EngineDatetime(dt.datetime):
    """datetime whose `now` is the engine's."""

    @classmethod
    def now(cls, tz: dt.tzinfo | None = None) -> dt.datetime:  # type: ignore[override]  # a plain datetime is wanted
        """The engine's moment in the zone asked for."""
        return clock.now().astimezone(tz)


def _checked(parse: Callable[[str], Any]) -> Callable[[Any], Any]:
    def check(value: Any) -> Any:
        if not isinstance(value, str):
            raise BadTimer(f"not a moment or duration: {value!r}")
        try:
            return parse(value)
        except Exception as error:  # the library raises bare Exception, TypeError, ValueError and AttributeError
            raise BadTimer(f"not a moment or duration: {value!r}") from error

    return check


def _evaluated(definition: Any, my_task: Any) -> Any:
    return my_task.workflow.script_engine.evaluate(my_task, definition.expression)


def _fired(my_task: Any, moment: dt.datetime) -> bool:
    if moment <= clock.now():
        my_task._set_internal_data(event_fired=True)
    return bool(my_task._get_internal_data("event_fired"))


def _date_has_fired(self: Any, my_task: Any) -> bool:
    value = my_task._get_internal_data("event_value")
    if value is None:
        value = _evaluated(self, my_task)
        Definition.parse_time_or_duration(value)
        my_task._set_internal_data(event_value=value)
    return _fired(my_task, Definition.get_datetime(value))


def _duration_has_fired(self: Any, my_task: Any) -> bool:
    value = my_task._get_internal_data("event_value")
    if value is None:
        duration = Definition.parse_iso_duration(_evaluated(self, my_task))
        value = (clock.now() + Definition.get_timedelta_from_start(duration)).isoformat()
        my_task._set_internal_data(event_value=value)
    return _fired(my_task, Definition.get_datetime(value))


def _cycle_complete(self: Any, my_task: Any) -> bool:
    value = my_task._get_internal_data("event_value")
    if value is None:
        cycles, start, duration = Definition.parse_iso_recurring_interval(_evaluated(self, my_task))
        value = {"cycles": cycles, "next": start.isoformat(), "duration": duration.total_seconds()}
    ready = False
    if value["cycles"] == 0:
        my_task.internal_data.pop("event_value", None)
        my_task.internal_data["event_fired"] = True
    elif (due := dt.datetime.fromisoformat(value["next"])) <= clock.now():
        following = (due + dt.timedelta(seconds=value["duration"])).isoformat()
        value = {**value, "next": following, "cycles": value["cycles"] - 1}
        ready = True
    my_task._set_internal_data(event_value=value)
    return ready


timer.datetime = EngineDatetime
timer.LOCALTZ = dt.UTC  # a naive moment in a diagram means UTC on every machine, not the zone of whoever imported first
Definition.parse_time_or_duration = staticmethod(_checked(Definition.parse_time_or_duration))
Definition.parse_iso_duration = staticmethod(_checked(Definition.parse_iso_duration))
Definition.parse_iso_recurring_interval = staticmethod(_checked(Definition.parse_iso_recurring_interval))
timer.TimeDateEventDefinition.has_fired = _date_has_fired
timer.DurationTimerEventDefinition.has_fired = _duration_has_fired
timer.CycleTimerEventDefinition.cycle_complete = _cycle_complete
