"""Instances an operator begins by hand, and how every process that is live may begin."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from engine import definitions, instances, operations
from engine.base import session
from engine.entries import StartEvent
from engine.errors import Conflict, Invalid, Problem
from engine.models import Definition, DefinitionState, Instance
from engine.spiff import Process
from engine.spiff.intervals import ENDLESS, Cycle

#: Characters of a business key.
LONGEST_KEY = 200


class BusinessKeyTaken(Conflict):
    """There is a process instance with this business key already."""

    def __init__(self, key: str = "", message: str = "") -> None:
        self.key = key
        super().__init__(message)


@dataclass(frozen=True)
class Start:
    """A start event of a live version: `left` moments are still to come (for ever: None), the next one at `due_at`.

    `is_all`: moments that were missed are caught up one by one.
    """

    definition: Definition
    element_id: str
    name: str
    kind: str
    message: str | None = None
    due_at: datetime | None = None
    left: int | None = 0
    is_all: bool = False


def begin(
    key: str, *, variables: Mapping[str, Any], business_key: str | None, at: str | None, by: str, reason: str
) -> Instance:
    """Start an instance on the live version, at its plain start event or the one named; a key is made if none is given.

    Raises: Invalid, BusinessKeyTaken; as `instances.start`.
    """
    definition_id, _name = definitions.startable(key)
    operations.check_variables({}, variables)
    element_id = _start_event(definitions.process_of(definition_id), at)
    called = business_key or str(uuid.uuid4())
    if len(called) > LONGEST_KEY:
        raise Invalid([Problem("business_key", "too_long", {"max": LONGEST_KEY})])
    session().execute(select(func.pg_advisory_xact_lock(func.hashtextextended(called, 0))))
    if session().scalar(select(Instance.id).where(Instance.business_key == called)) is not None:
        raise BusinessKeyTaken(called)
    try:
        instance = instances.start(key, variables, business_key=called, by=by, at=element_id)
    except IntegrityError as error:  # somebody who takes no such lock was faster
        if "uq_instance_business_key" in str(error.orig):
            raise BusinessKeyTaken(called) from error
        raise
    said: dict[str, Any] = {"after": dict(variables)} if variables else {}
    operations.record("instance_begun", by=by, reason=reason, instance=instance, element_id=element_id, **said)
    return instance


def starts() -> list[Start]:
    """Every start event of every live version, in the order of keys and of their diagrams."""
    active = select(Definition).where(Definition.state == DefinitionState.ACTIVE).order_by(Definition.key)
    found = list(session().scalars(active))
    rows: dict[tuple[int, str], StartEvent] = {}
    for row in session().scalars(select(StartEvent).order_by(StartEvent.id.desc())):
        rows[row.definition_id, row.element_id] = row
    return [
        _start(definition, element_id, rows.get((definition.id, element_id)))
        for definition in found
        for element_id in definitions.process(definition).starts(definition.key)
    ]


def _start(definition: Definition, element_id: str, row: StartEvent | None) -> Start:
    element = definitions.process(definition).elements[element_id]
    kind = element.trigger or "plain"
    if row is None:
        return Start(definition, element_id, element.name, kind)
    if row.cycle is None:
        return Start(definition, element_id, element.name, "message", row.message_name)
    left = Cycle.load(row.cycle).left
    left_or_ever = None if left == ENDLESS else left
    return Start(definition, element_id, element.name, "timer", None, row.due_at, left_or_ever, row.every_one)


def _start_event(process: Process, at: str | None) -> str:
    """Raises: Invalid."""
    known = process.starts(process.key)
    if at is not None:
        if at not in known:
            raise _wrong("unknown_start_event", known)
        return at
    plain = [name for name in known if process.elements[name].trigger is None]
    if len(known) > 1 and len(plain) != 1:
        raise _wrong("start_event_needed", known)
    return (plain or known)[0]


def _wrong(code: str, known: list[str]) -> Invalid:
    listed = ", ".join(known)
    said = "there is no such start event" if code == "unknown_start_event" else "say at which start event"
    return Invalid([Problem("start_event", code, {"known": listed}, f"{said}: {listed}")])
