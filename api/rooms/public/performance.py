"""How the city's figures are made, for everybody."""

from __future__ import annotations

from typing import Any

from api.guards import public
from api.rooms.public.front import doors
from api.shapes.figures import KpisShape
from cases import performance


@doors.door("GET", "/performance/definitions", guard=public, gives=KpisShape)
def definitions() -> dict[str, Any]:
    """What each figure is: its formula in words, what it is made of, and what one has to know to read it."""
    return {"figures": list(performance.kpis().values())}
