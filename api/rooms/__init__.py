"""The doors, one noun a module."""

from __future__ import annotations

from api.doors import Doors
from api.operations import doors as operations_doors
from api.rooms import (
    calendars,
    definitions,
    documentation,
    incidents,
    indicators,
    keys,
    performance,
    process_view,
    subscriptions,
    tasks,
)
from api.rooms.cases import doors as case_doors
from api.rooms.public import doors as public_doors

ROOMS: tuple[Doors, ...] = (
    public_doors,
    tasks.doors,
    case_doors,
    definitions.doors,
    incidents.doors,
    operations_doors,
    performance.doors,
    process_view.doors,
    indicators.doors,
    subscriptions.doors,
    calendars.doors,
    keys.doors,
    documentation.doors,
)
