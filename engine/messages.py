"""Events from outside: found by name and correlation key among the subscriptions, then handed to their instances."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from engine import instances, registry
from engine.base import session
from engine.errors import Invalid, MessageNotAwaited, Problem
from engine.models import Subscription
from engine.spiff import Run


def deliver(name: str, correlation_key: str, payload: Mapping[str, Any], *, by: str) -> int:
    """Hand a message to every instance that waits for it; how many took it.

    Raises: MessageNotAwaited when none does (any more); Invalid for a payload the engine could not keep.
    """
    if "self" in payload:
        raise Invalid([Problem("self", "reserved_name")])
    query = select(Subscription.instance_id).distinct().order_by(Subscription.instance_id)
    waiting = query.where(Subscription.message_name == name, Subscription.correlation_key == correlation_key)
    taken = sum(_hand_over(found, name, payload, by) for found in list(session().scalars(waiting)))
    if not taken:
        raise MessageNotAwaited(name, correlation_key)
    return taken


def is_awaited(name: str, correlation_key: str) -> bool:
    """Whether some instance waits for this message."""
    query = select(Subscription.id).where(
        Subscription.message_name == name, Subscription.correlation_key == correlation_key
    )
    return session().scalar(query.limit(1)) is not None


@registry.handler("deliver_bpmn_message")
def _deliver_thrown(name: str, correlation_key: str, payload: dict[str, Any]) -> None:
    """A message one instance threw: it may be for another one, or for nobody."""
    try:
        deliver(name, correlation_key, payload, by="system")
    except MessageNotAwaited:
        return


def _hand_over(instance_id: int, name: str, payload: Mapping[str, Any], by: str) -> bool:
    taken: list[bool] = []

    def receive(run: Run) -> None:
        taken.append(run.receive(name, payload))

    instances.advance(instance_id, receive, by=by)
    return taken == [True]
