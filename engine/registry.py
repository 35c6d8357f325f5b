"""The names a diagram may use: handlers behind service tasks and functions in expressions; and who hears what happened.

Rooms above register here when the composition root imports them; the engine never imports upwards.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from engine.retries import DEFAULT, Retry, of

if TYPE_CHECKING:
    from engine.lint import Finding
    from engine.models import Definition, Instance

#: How long an attempt of a job may take unless its handler or its diagram says something else.
TIME_LIMIT = timedelta(minutes=5)

HandlerFunction = Callable[..., Mapping[str, Any] | None]


@dataclass(frozen=True)
class Rate:
    """No more than `number` attempts begin within any `per`, however many workers there are."""

    number: int
    per: timedelta = timedelta(minutes=1)


@dataclass(frozen=True)
class Handler:
    """A function behind a service task."""

    topic: str
    function: HandlerFunction
    transactional: bool
    retries: Retry
    parameters: tuple[inspect.Parameter, ...]
    time_limit: timedelta = TIME_LIMIT
    rate: Rate | None = None

    def __call__(self, variables: Mapping[str, Any], **known: Any) -> dict[str, Any]:
        """Call the function with the process variables it names (absent ones as None or their default)."""
        offered = {**variables, "variables": dict(variables), **known}
        arguments = {p.name: offered[p.name] if p.name in offered else _absent(p) for p in self.parameters}
        return dict(self.function(**arguments) or {})


@dataclass(frozen=True)
class Occurrence:
    """One thing that happened to an instance, told to the observer in the same transaction."""

    name: str
    element_id: str
    element_name: str
    at: datetime
    public_step: str | None = None
    by: str | None = None
    particulars: dict[str, Any] = field(default_factory=dict)


Observer = Callable[["Instance", "list[Occurrence]"], None]
Objector = Callable[["Definition", Mapping[str, Any]], "Iterable[Finding]"]

_handlers: dict[str, Handler] = {}
_functions: dict[str, Callable[..., Any]] = {}
_observers: list[Observer] = []
_groups: list[Callable[[], Collection[str]]] = []
_periodic: list[Callable[[], None]] = []
_objectors: list[Objector] = []


def handler(
    topic: str,
    *,
    transactional: bool = False,
    retries: Retry | tuple[int, ...] | str = DEFAULT,
    time_limit: timedelta = TIME_LIMIT,
    rate: Rate | None = None,
) -> Callable[[HandlerFunction], HandlerFunction]:
    """Register a plain function under a topic: parameters are process variables, the returned dict the new ones.

    A transactional handler runs inside the step and may only use the database. Any other one is a job: at least once,
    before the instance is locked, so it must be idempotent under its `job_id`. `retries` are pauses in seconds or as in a
    diagram (`engine.retries`); what a diagram says goes before `retries` and `time_limit`.
    Raises: BadRetry for retries that say nothing.
    """
    schedule = of(retries)

    def register(function: HandlerFunction) -> HandlerFunction:
        parameters = tuple(inspect.signature(function).parameters.values())
        _handlers[topic] = Handler(topic, function, transactional, schedule, parameters, time_limit, rate)
        return function

    return register


def function(name: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register a function diagrams may call in expressions by this name."""

    def register(body: Callable[..., Any]) -> Callable[..., Any]:
        _functions[name] = body
        return body

    return register


def observe(observer: Observer) -> Observer:
    """Have `observer` told of every advance of every instance, in the transaction of the advance."""
    if observer not in _observers:
        _observers.append(observer)
    return observer


def tell(instance: Instance, occurrences: list[Occurrence]) -> None:
    """Pass on what happened."""
    for observer in _observers if occurrences else ():
        observer(instance, occurrences)


def periodic(work: Callable[[], None]) -> Callable[[], None]:
    """Have `work` done at every look of the clock: bounded, in transactions of its own, safe to be done by several at once."""
    if work not in _periodic:
        _periodic.append(work)
    return work


def periodic_work() -> tuple[Callable[[], None], ...]:
    """What is to be done at every look of the clock."""
    return tuple(_periodic)


def group_source(source: Callable[[], Collection[str]]) -> Callable[[], Collection[str]]:
    """Ask `source` which groups of people there are, whenever a diagram is checked."""
    if source not in _groups:
        _groups.append(source)
    return source


def groups() -> frozenset[str] | None:
    """Every group a task may name; nothing where there is none to choose from yet, and nothing to check against."""
    return frozenset(group for source in _groups for group in source()) or None


def objector(check: Objector) -> Objector:
    """Ask `check` about every version that is to be activated: what it gives is told, and errors keep it from running."""
    if check not in _objectors:
        _objectors.append(check)
    return check


def objections(definition: Definition, decisions: Mapping[str, Any]) -> list[Finding]:
    """What the rooms above have to say about a version and its decisions, by id."""
    return [finding for check in _objectors for finding in check(definition, decisions)]


def find(topic: str) -> Handler | None:
    """The handler of a topic, if one is registered."""
    return _handlers.get(topic)


def functions() -> Mapping[str, Callable[..., Any]]:
    """Every function an expression may call, beside the built-in ones."""
    return _functions


def topics() -> frozenset[str]:
    """Every topic a service task may name."""
    return frozenset(_handlers)


def _absent(parameter: inspect.Parameter) -> Any:
    return None if parameter.default is inspect.Parameter.empty else parameter.default
