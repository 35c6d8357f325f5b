"""The pages, one family a module. `PUBLIC` ones exist in both languages by address."""

from __future__ import annotations

from web.pages import health, metrics, public, sign_in, staff, wall, wall_admin, wall_control

PUBLIC = [public.pages]
BLUEPRINTS = [
    health.pages,
    metrics.pages,
    sign_in.pages,
    wall.pages,
    wall_admin.pages,
    wall_control.pages,
    *staff.BLUEPRINTS,
]
