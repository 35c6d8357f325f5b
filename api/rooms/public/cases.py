"""Following cases: one by its code, or what is public."""

from __future__ import annotations

import math
from typing import Any

from sqlalchemy import select

from api.fields import InvalidInput
from api.guards import public
from api.rooms.public.front import doors
from api.rooms.public.owners import HEADER, shown_key
from api.shapes.public import PublicCases, PublicCaseShape, PublicCasesQuery
from cases import cases, owner, public_list, publications
from cases.models import Area, Category
from cases.public_list import Filters
from cases.publications import Name, PublicCase, Spot
from engine.base import session
from engine.errors import Problem

Box = tuple[float, float, float, float]
FILTERS = ("text", "category", "field", "area", "status")


@doors.door("GET", "/cases/<code>", guard=public, gives=PublicCaseShape, parameters=[HEADER])
def follow(code: str) -> PublicCase:
    """Where a case stands; its owner also sees what the city asks."""
    key = shown_key()
    if key:
        return publications.view(owner.case_for(code, key), owner=True)
    return publications.view(cases.find_by_code(code))


@doors.door("GET", "/cases", guard=public, query=PublicCasesQuery, gives=PublicCases)
def public_cases(query: dict[str, Any]) -> dict[str, Any]:
    """What is public, newest first, or in a part of the map."""
    if query["bbox"]:
        return {"cases": _within(query), "next": None}
    filters = Filters(**{name: query[name] or "" for name in FILTERS})
    page = public_list.page(filters, limit=query["limit"], older_than=query["before"])
    return {"cases": page.lines, "next": page.older_than}


def _within(query: dict[str, Any]) -> list[dict[str, Any]]:
    """Raises: InvalidInput."""
    together = [name for name in (*FILTERS, "before") if query[name]]
    if together:
        raise InvalidInput([Problem(name, "not_together") for name in together])
    spots = publications.on_map(_box(query["bbox"]), query["limit"])
    categories = {row.code: Name.of(row) for row in session().scalars(select(Category))}
    areas = {row.code: Name.of(row) for row in session().scalars(select(Area))}
    return [_line(spot, categories, areas) for spot in spots]


def _line(spot: Spot, categories: dict[str, Name], areas: dict[str, Name]) -> dict[str, Any]:
    return {
        "tracking_code": spot.tracking_code,
        "status": spot.status,
        "category": categories[spot.category],
        "area": areas[spot.area] if spot.area else None,
        "title": spot.title,
        "position": spot.position,
    }


def _box(written: str) -> Box:
    """South, west, north, east, from the order of GeoJSON. Raises: InvalidInput."""
    try:
        west, south, east, north = (float(part) for part in written.split(","))
        fits = -180 <= west <= east <= 180 and -90 <= south <= north <= 90
    except ValueError:
        fits = False
        west = south = east = north = math.nan
    if not fits:
        raise InvalidInput([Problem("bbox", "not_a_box")])
    return south, west, north, east
