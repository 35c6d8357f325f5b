"""Days off, worked days and closures of the city, and open deadlines that follow a change, looked at first."""

from __future__ import annotations

from datetime import time
from itertools import islice
from typing import Any

from api.doors import Doors
from api.fields import InvalidInput
from api.guards import allowed, person
from api.shapes.calendars import (
    CountAgainTaken,
    DayTaken,
    OwnDays,
    RedatingShape,
    RemovalTaken,
)
from cases import access, city, redating, redating_work
from cases.models import Redating, RedatingState
from cases.own_days import OwnDay
from cases.working_time import Intervals
from engine.base import transaction
from engine.errors import Invalid, Problem

doors = Doors(
    "api_calendars", __name__, url_prefix="/api/calendars", description="Days off, and open deadlines that follow them"
)
administrator = allowed(access.may_administer)
#: Deadlines listed of a change; all are counted.
LISTED = 1000


@doors.door("GET", "/days", guard=administrator, gives=OwnDays)
def days() -> dict[str, Any]:
    """The days the city has decided on, in the order by which they are taken back."""
    return {"days": [one.written() for one in city.own_days()]}


@doors.door("POST", "/days", guard=administrator, body=DayTaken, gives=RedatingShape, status=201)
def plan_day(values: dict[str, Any]) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Plan another day; the answer says which deadlines would move. Nothing changes before it is applied."""
    day = OwnDay(
        kind=values["kind"],
        first=values["first"],
        last=values["last"] or values["first"],
        name_vi=values["name_vi"],
        name_en=values["name_en"],
        hours=_hours(values["hours"] or []),
        calendars=tuple(values["calendars"] or ()),
    )
    return _planned(lambda: redating.plan_day(day, values["reason"], by=person().username))


@doors.door("POST", "/days/removals", guard=administrator, body=RemovalTaken, gives=RedatingShape, status=201)
def plan_removal(values: dict[str, Any]) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Plan to take one of the city's days back."""
    return _planned(lambda: redating.plan_without(values["day"], values["reason"], by=person().username))


@doors.door("POST", "/redatings", guard=administrator, body=CountAgainTaken, gives=RedatingShape, status=201)
def plan_again(values: dict[str, Any]) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Plan to count open deadlines again as calendars or targets are now."""
    return _planned(lambda: redating.plan(values["source"], values["reason"], by=person().username))


@doors.door("GET", "/redatings/<row:change_id>", guard=administrator, gives=RedatingShape)
def look(change_id: int) -> dict[str, Any]:
    """What would move, or how far it has got."""
    return _shown(redating.get(change_id))


@doors.door("POST", "/redatings/<row:change_id>/application", guard=administrator, gives=RedatingShape)
def apply(change_id: int) -> dict[str, Any]:
    """Put it into force; open deadlines follow in the background."""
    with transaction():
        return _shown(redating_work.apply(change_id, by=person().username))


@doors.door("POST", "/redatings/<row:change_id>/drop", guard=administrator, gives=RedatingShape)
def drop(change_id: int) -> dict[str, Any]:
    """Do nothing of it."""
    with transaction():
        return _shown(redating.drop(change_id))


def _planned(plan: Any) -> tuple[dict[str, Any], int, dict[str, str]]:
    try:
        with transaction():
            change = plan()
            return _shown(change), 201, {"Location": f"/api/calendars/redatings/{change.id}"}
    except Invalid as error:
        raise InvalidInput(error.problems) from error


def _hours(written: list[str]) -> Intervals:
    """Raises: InvalidInput for what are no hours."""
    try:
        pairs = [one.replace(" ", "").split("-") for one in written]
        return tuple((time.fromisoformat(opening), time.fromisoformat(closing)) for opening, closing in pairs)
    except ValueError as error:
        raise InvalidInput([Problem("hours", "bad_hours")]) from error


def _shown(change: Redating) -> dict[str, Any]:
    is_planned = change.state == RedatingState.PLANNED
    moves = list(islice(redating.moves(change), LISTED)) if is_planned else []
    columns = {name: getattr(change, name) for name in Redating.__table__.columns.keys()}  # noqa: SIM118  # no mapping
    return {**columns, "moves": moves}
