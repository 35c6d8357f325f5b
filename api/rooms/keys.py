"""Who one is, and the keys one's programs come with."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app

from api.doors import Doors
from api.fields import InvalidInput
from api.guards import person, signed_in
from api.shapes.design import IssuedKey, Keys, KeyTaken, Me
from cases import access, accounts
from cases.models import ApiKey
from engine.base import transaction
from engine.errors import Problem

doors = Doors("api_keys", __name__, url_prefix="/api", description="Who one is, and the keys of one's programs")

#: Keys of one person at a time; whoever needs more has forgotten some.
MOST_KEYS = 20
KEPT = ("id", "name", "prefix", "created_at", "expires_at", "last_used_at")


@doors.door("GET", "/me", guard=signed_in, gives=Me)
def me() -> dict[str, Any]:
    """Who one is."""
    names = ("username", "full_name", "email", "locale", "memberships")
    return {name: getattr(person(), name) for name in names} | {"groups": access.groups(person())}


@doors.door("GET", "/keys", guard=signed_in, gives=Keys)
def own() -> dict[str, Any]:
    """One's own keys."""
    return {"keys": accounts.api_keys(person())}


@doors.door("POST", "/keys", guard=signed_in, body=KeyTaken, gives=IssuedKey, status=201)
def issue(values: dict[str, Any]) -> dict[str, Any]:
    """A new key with one's own rights; the answer tells its secret once."""
    if len(accounts.api_keys(person())) >= MOST_KEYS:
        raise InvalidInput([Problem("", "too_many", {"max": MOST_KEYS})])
    with transaction():
        secret = accounts.issue_api_key(person(), values["name"], expires_at=values["expires_at"])
        key: ApiKey = accounts.api_keys(person())[0]
    return {name: getattr(key, name) for name in KEPT} | {"secret": secret}


@doors.door("DELETE", "/keys/<row:key_id>", guard=signed_in, status=204)
def revoke(key_id: int) -> Response:
    """End a key."""
    with transaction():
        accounts.revoke_api_key(person(), key_id)
    return current_app.response_class(status=204)
