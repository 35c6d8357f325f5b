"""What everybody may: report, follow, judge. No cookie is read here, so none can be misused."""

from api.rooms.public import cases, owners, performance, places, reports
from api.rooms.public.front import doors

__all__ = ["cases", "doors", "owners", "performance", "places", "reports"]
