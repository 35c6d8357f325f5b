"""Reports of performance by mail: one's own."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app

from api.doors import Doors
from api.fields import InvalidInput
from api.guards import allowed, person
from api.shapes.subscriptions import Subscriptions, SubscriptionShape, SubscriptionTaken
from cases import access, subscriptions
from cases.models import ReportSubscription
from engine.base import transaction
from engine.errors import Invalid

doors = Doors(
    "subscriptions", __name__, url_prefix="/api/performance/subscriptions", description="Reports of performance by mail"
)


@doors.door("GET", "", guard=allowed(access.may_see_performance), gives=Subscriptions)
def own() -> dict[str, Any]:
    """One's own reports by mail."""
    return {"subscriptions": subscriptions.of(person())}


@doors.door(
    "POST", "", guard=allowed(access.may_see_performance), body=SubscriptionTaken, gives=SubscriptionShape, status=201
)
def subscribe(values: dict[str, Any]) -> ReportSubscription:
    """Have a report sent to one's address; one that is wanted already stays as it is."""
    scope = {name: values[name] or "" for name in subscriptions.SCOPE}
    try:
        with transaction():
            return subscriptions.subscribe(person(), values["rhythm"], scope)
    except Invalid as error:
        raise InvalidInput(list(error.problems)) from error


@doors.door("DELETE", "/<row:number>", guard=allowed(access.may_see_performance), status=204)
def cancel(number: int) -> Response:
    """Have it sent no more."""
    with transaction():
        subscriptions.cancel(number, person())
    return current_app.response_class(status=204)


@doors.door("POST", "/<row:number>/copies", guard=allowed(access.may_see_performance), status=202)
def send_now(number: int) -> Response:
    """Have the last one sent at once."""
    with transaction():
        subscriptions.send_now(number, person())
    return current_app.response_class(status=202)
