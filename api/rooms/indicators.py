"""Figures that other systems hand in for the walls."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app

from api.doors import Doors
from api.fields import InvalidInput
from api.guards import allowed, person
from api.shapes.indicators import Indicators, IndicatorShape, IndicatorTaken
from cases import access, indicators
from cases.indicators import Reading
from cases.models import Indicator
from engine.base import transaction
from engine.errors import Invalid

doors = Doors(
    "indicator_values",
    __name__,
    url_prefix="/api/indicators",
    description="Figures that other systems hand in for walls",
)
TEXTS = ("name", "name_en", "unit", "source")


@doors.door("GET", "", guard=allowed(access.may_see_performance), gives=Indicators)
def listed() -> dict[str, Any]:
    """All of them with their last values."""
    return {"indicators": indicators.every()}


@doors.door("PUT", "/<code>", guard=allowed(access.may_administer), body=IndicatorTaken, gives=IndicatorShape)
def hand_in(values: dict[str, Any], code: str) -> Indicator:
    """Hand in the newest value; the indicator is made when there is none. Done twice it is the same."""
    said: dict[str, Any] = {name: value or "" if name in TEXTS else value for name, value in values.items()}
    reading = Reading(**said)
    try:
        with transaction():
            return indicators.hand_in(code, reading, by=person().username)
    except Invalid as error:
        raise InvalidInput(list(error.problems)) from error


@doors.door("DELETE", "/<code>", guard=allowed(access.may_administer), status=204)
def remove(code: str) -> Response:
    """Forget one."""
    with transaction():
        indicators.remove(code)
    return current_app.response_class(status=204)
