"""Events from outside: found by name and correlation key among the subscriptions, then handed to their instances.

A message nobody waits for yet may start an instance, or is kept for a while: the clock hands it over as soon as somebody
waits. So the two never have to wait for one another, and whichever is stored second finds the first.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from engine import clock, instances, jobs, registry
from engine.base import session
from engine.entries import StartEvent
from engine.errors import DefinitionSuspended, InstanceEnded, InstanceSuspended, Invalid, MessageNotAwaited, Problem
from engine.models import Definition, DefinitionState, Instance, Subscription
from engine.received import MessageState, ReceivedMessage
from engine.spiff import Run, check_size

#: How long the id of a message is known at least, so that it is not taken twice.
MEMORY = timedelta(days=7)
#: Kept messages that are handed to workers at one look of the clock.
BATCH = 500


@dataclass(frozen=True)
class Receipt:
    """What became of a message: taken (by these instances), started (this one), kept, or duplicate."""

    result: str
    business_keys: tuple[str, ...] = ()


def publish(
    name: str,
    correlation_key: str,
    payload: Mapping[str, Any],
    *,
    by: str,
    message_id: str | None = None,
    keep_for: timedelta = timedelta(0),
) -> Receipt:
    """Hand a message to whoever waits for it, else let it start an instance, else keep it for a while.

    The same `message_id` again changes nothing. A message that starts an instance gives it its correlation key as business
    key; with one key, one instance. Raises: Invalid; when it is not to be kept, MessageNotAwaited when nobody wants it,
    InstanceSuspended or InstanceEnded when who waits for it cannot go on.
    """
    _check(payload)
    row = _note(name, correlation_key, payload, by=by, message_id=message_id, keep_for=keep_for)
    if row is None:
        return Receipt("duplicate")
    try:
        taken = _taken(name, correlation_key, payload, by)
    except (InstanceEnded, InstanceSuspended):
        if keep_for <= timedelta(0):
            raise
        receipt = None
    else:
        receipt = Receipt("taken", taken) if taken else _started(name, correlation_key, payload, by)
        if receipt is None and keep_for <= timedelta(0):
            raise MessageNotAwaited(name, correlation_key)
    row.state = MessageState.WAITING if receipt is None else MessageState.TAKEN
    session().flush()
    return receipt or Receipt("kept")


def deliver(name: str, correlation_key: str, payload: Mapping[str, Any], *, by: str) -> int:
    """Hand a message to every instance that waits for it; how many took it.

    Raises: MessageNotAwaited when none does (any more); Invalid for a payload the engine could not keep.
    """
    _check(payload)
    taken = _taken(name, correlation_key, payload, by)
    if not taken:
        raise MessageNotAwaited(name, correlation_key)
    return len(taken)


def is_awaited(name: str, correlation_key: str) -> bool:
    """Whether some instance waits for this message."""
    query = select(Subscription.id).where(
        Subscription.message_name == name, Subscription.correlation_key == correlation_key
    )
    return session().scalar(query.limit(1)) is not None


def look_after_kept() -> int:
    """Have workers hand over the kept messages somebody waits for now, or that start something; let others expire.

    Returns how many are handed over.
    """
    now = clock.now()
    waiting = ReceivedMessage.state == MessageState.WAITING
    expired = update(ReceivedMessage).where(waiting, ReceivedMessage.expires_at <= now)
    session().execute(expired.values(state=MessageState.EXPIRED))
    session().execute(delete(ReceivedMessage).where(ReceivedMessage.forget_at <= now, ~waiting))
    awaited = (
        select(Subscription.id)
        .join(Instance, Instance.id == Subscription.instance_id)
        .where(Subscription.message_name == ReceivedMessage.name)
        .where(Subscription.correlation_key == ReceivedMessage.correlation_key)
    )
    is_awaited = awaited.exists() & ~awaited.where(Instance.is_held).exists()
    taken = select(Instance.id).where(Instance.business_key == ReceivedMessage.correlation_key)
    begins = _beginning(ReceivedMessage.name).exists() & ~taken.exists()
    found = select(ReceivedMessage).where(waiting, is_awaited | begins).order_by(ReceivedMessage.id).limit(BATCH)
    rows = list(session().scalars(found.with_for_update(skip_locked=True)))
    for row in rows:
        row.state = MessageState.TAKEN
        jobs.add("deliver_kept_message", {"received": row.id})
    session().flush()
    return len(rows)


@registry.handler("deliver_kept_message")
def _deliver_kept(received: int) -> None:
    """Hand over a kept message, or let it start an instance; if nobody wants it any more, it is kept on."""
    row = session().get(ReceivedMessage, received, with_for_update=True)
    if row is None:
        return
    said = (row.name, row.correlation_key, row.payload, row.received_by)
    try:
        if not _taken(*said) and not _started(*said):
            row.state = MessageState.WAITING
    except (DefinitionSuspended, InstanceEnded, InstanceSuspended):
        row.state = MessageState.WAITING


@registry.handler("deliver_bpmn_message")
def _deliver_thrown(name: str, correlation_key: str, payload: dict[str, Any]) -> None:
    """A message one instance threw: it may be for another one, or for nobody."""
    try:
        deliver(name, correlation_key, payload, by="system")
    except MessageNotAwaited:
        return


def _check(payload: Mapping[str, Any]) -> None:
    if "self" in payload:
        raise Invalid([Problem("self", "reserved_name")])
    check_size(payload)


def _note(
    name: str, correlation_key: str, payload: Mapping[str, Any], *, by: str, message_id: str | None, keep_for: timedelta
) -> ReceivedMessage | None:
    """The row of a message; None if one with its id is known. Of two at once, the second waits for the first."""
    now = clock.now()
    values = {
        "message_id": message_id,
        "name": name,
        "correlation_key": correlation_key,
        "payload": dict(payload),
        "state": MessageState.TAKEN,
        "received_at": now,
        "received_by": by,
        "expires_at": now + keep_for,
        "forget_at": now + max(keep_for, MEMORY),
    }
    writing = insert(ReceivedMessage).values(values).on_conflict_do_nothing().returning(ReceivedMessage)
    return session().scalar(writing)


def _taken(name: str, correlation_key: str, payload: Mapping[str, Any], by: str) -> tuple[str, ...]:
    """The business keys of those that took it. All or none: raises InstanceSuspended when one cannot."""
    query = select(Subscription.instance_id, Subscription.task_uid, Instance.is_held, Instance.business_key)
    query = query.join(Instance, Instance.id == Subscription.instance_id).order_by(Subscription.instance_id)
    waiting = query.where(Subscription.message_name == name, Subscription.correlation_key == correlation_key)
    uids: dict[int, set[str]] = {}
    for found in session().execute(waiting):
        if found.is_held:
            raise InstanceSuspended(found.business_key)
        uids.setdefault(found.instance_id, set()).add(found.task_uid)
    handed = [_hand_over(instance_id, name, payload, some, by) for instance_id, some in uids.items()]
    return tuple(key for key in handed if key is not None)


def _hand_over(instance_id: int, name: str, payload: Mapping[str, Any], uids: set[str], by: str) -> str | None:
    taken: list[bool] = []

    def receive(run: Run) -> None:
        taken.append(run.receive(name, payload, uids))

    instance = instances.advance(instance_id, receive, by=by)
    return instance.business_key if taken == [True] else None


def _started(name: str, correlation_key: str, payload: Mapping[str, Any], by: str) -> Receipt | None:
    """Start an instance of the process a message starts, unless there is one with its key.

    Where several begin with a message of that name, it is for the one whose key comes first in the alphabet.
    """
    for found in session().execute(_beginning(name).order_by(Definition.key).limit(1)):
        key = correlation_key or str(uuid.uuid4())
        session().execute(select(func.pg_advisory_xact_lock(func.hashtextextended(key, 0))))
        if session().scalar(select(Instance.id).where(Instance.business_key == key)) is None:
            instances.start(found.key, payload, business_key=key, by=by, at=found.element_id)
            return Receipt("started", (key,))
    return None


def _beginning(name: Any) -> Select[str, str]:
    """The processes that can begin with a message now."""
    found = select(Definition.key, StartEvent.element_id).join(StartEvent, StartEvent.definition_id == Definition.id)
    active = found.where(Definition.state == DefinitionState.ACTIVE, ~Definition.is_suspended)
    return active.where(StartEvent.message_name == name)
