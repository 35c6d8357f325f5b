"""Every door has a guard, and the ones that stand open are known by name."""

from __future__ import annotations

from flask import Flask


def guards(app: Flask) -> dict[str, str | None]:
    return {name: getattr(view, "guard", None) for name, view in app.view_functions.items()}


def test_every_route_has_a_guard(app: Flask) -> None:
    without = sorted(name for name, guard in guards(app).items() if guard is None)

    assert without == []


def test_only_known_rooms_stand_open(app: Flask) -> None:
    open_doors = {name.split(".")[0] for name, guard in guards(app).items() if guard == "public"}

    assert open_doors <= {"assets", "health", "session", "public", "public_en", "api_public", "api_docs", "styleguide"}
