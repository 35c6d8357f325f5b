"""The doors of the public, hung by the modules beside this one."""

from __future__ import annotations

from api.doors import Doors

doors = Doors(
    "api_public",
    __name__,
    url_prefix="/api/public",
    description="Report something, follow it and say what became of it",
)
