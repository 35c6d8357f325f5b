"""Areas from a GeoJSON file: borders somebody else keeps, each with the unit responsible inside it."""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path
from typing import Any

from shapely import make_valid
from shapely.errors import ShapelyError
from shapely.geometry import mapping, shape
from shapely.ops import unary_union
from sqlalchemy import select

from cases import city, routing
from cases.models import Area
from engine.base import session
from engine.errors import Invalid, Problem

KINDS = ("Polygon", "MultiPolygon")


def import_file(path: Path, *, name_property: str, unit: str | None = None) -> int:
    """Take every polygon of a GeoJSON file in as an area; several of one name are one area; how many areas.

    `unit` is the code of the unit responsible in all of them, by default the city's intake unit.
    Raises: Invalid with every problem of the file, UnitNotFound.
    """
    features = _features(path)
    responsible = routing.unit_by_code(unit or city.settings().intake_unit)
    problems: list[Problem] = []
    surfaces: dict[str, list[Any]] = {}
    for number, feature in enumerate(features):
        name, surface = _read(feature, name_property, f"features[{number}]", problems)
        surfaces.setdefault(name, []).append(surface)
    if problems:
        raise Invalid(problems)
    known = {area.code: area for area in session().scalars(select(Area))}
    for name, parts in surfaces.items():
        area = known.setdefault(code_of(name), Area(code=code_of(name), aliases=[]))
        area.name_vi = area.name_en = name
        area.unit_id, area.polygon, area.valid_to = responsible.id, dict(mapping(unary_union(parts))), None
        session().add(area)
    session().flush()
    city.forget()
    return len(surfaces)


def code_of(name: str) -> str:
    """`Greater Echo Park` → `greater-echo-park`."""
    plain = unicodedata.normalize("NFKD", name.replace("đ", "d").replace("Đ", "D")).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-") or "area"


def _features(path: Path) -> list[dict[str, Any]]:
    try:
        collection = json.loads(path.read_text(encoding="utf-8"))
        features = collection["features"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Invalid([Problem(path.name, "not_geojson", message=f"no GeoJSON feature collection: {error}")]) from error
    if not isinstance(features, list) or not features:
        raise Invalid([Problem(path.name, "not_geojson", message="there are no features")])
    return features


def _read(feature: Any, name_property: str, where: str, problems: list[Problem]) -> tuple[str, Any]:
    """Name and surface of a feature; what is wrong with it is added to `problems`."""
    name = str((feature.get("properties") or {}).get(name_property) or "").strip() if isinstance(feature, dict) else ""
    if not name:
        problems.append(Problem(f"{where}.properties.{name_property}", "required", message="a name is needed"))
        return "", None
    try:
        surface = make_valid(shape(feature["geometry"]), method="structure", keep_collapsed=False)
    except (KeyError, TypeError, ValueError, AttributeError, ShapelyError):
        surface = None
    if surface is None or surface.is_empty or surface.geom_type not in KINDS:
        problems.append(Problem(f"{where}.geometry", "wrong_type", message="a polygon is needed"))
    return name, surface
