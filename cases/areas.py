"""Areas from a GeoJSON file: borders somebody else keeps, each with the unit responsible inside it."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
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
#: More than live in any city; what is above it is a slip.
MOST_INHABITANTS = 1_000_000_000


def import_file(
    path: Path, *, name_property: str, unit: str | None = None, inhabitants_property: str | None = None
) -> int:
    """Take every polygon of a GeoJSON file in as an area; several of one name are one area; how many areas.

    `unit` is the code of the unit responsible in all of them, by default the city's intake unit. Without an
    `inhabitants_property`, numbers of inhabitants stay as they are.
    Raises: Invalid with every problem of the file, UnitNotFound.
    """
    responsible = routing.unit_by_code(unit or city.settings().intake_unit)
    named = _named(_features(path), name_property, inhabitants_property)
    known = {area.code: area for area in session().scalars(select(Area))}
    for name, parts in named.items():
        area = known.setdefault(code_of(name), Area(code=code_of(name), aliases=[]))
        area.name_vi = area.name_en = name
        area.unit_id, area.valid_to = responsible.id, None
        area.polygon = dict(mapping(unary_union([part.surface for part in parts])))
        if inhabitants_property:
            area.inhabitants = _added(part.inhabitants for part in parts)
        session().add(area)
    session().flush()
    city.forget()
    return len(named)


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


@dataclass(frozen=True)
class _Feature:
    """What is taken of a feature; how many people live there may not be known."""

    name: str
    surface: Any
    inhabitants: int | None


def _named(
    features: list[Any], name_property: str, inhabitants_property: str | None
) -> Mapping[str, Sequence[_Feature]]:
    """The features by name. Raises: Invalid with everything that is wrong with any of them."""
    problems: list[Problem] = []
    named: dict[str, list[_Feature]] = {}
    for number, feature in enumerate(features):
        found = _read(feature, name_property, inhabitants_property, f"features[{number}]", problems)
        named.setdefault(found.name, []).append(found)
    everyone = [one for parts in named.values() for one in parts]
    if inhabitants_property and not problems and all(one.inhabitants is None for one in everyone):
        message = "no feature has it"
        problems.append(Problem(f"features[*].properties.{inhabitants_property}", "required", message=message))
    if problems:
        raise Invalid(problems)
    return named


def _read(
    feature: Any, name_property: str, inhabitants_property: str | None, where: str, problems: list[Problem]
) -> _Feature:
    """A feature; what is wrong with it is added to `problems`."""
    properties = (feature.get("properties") or {}) if isinstance(feature, dict) else {}
    name = str(properties.get(name_property) or "").strip()
    if not name:
        problems.append(Problem(f"{where}.properties.{name_property}", "required", message="a name is needed"))
    try:
        surface = make_valid(shape(feature["geometry"]), method="structure", keep_collapsed=False)
    except (KeyError, TypeError, ValueError, AttributeError, ShapelyError):
        surface = None
    if surface is None or surface.is_empty or surface.geom_type not in KINDS:
        problems.append(Problem(f"{where}.geometry", "wrong_type", message="a polygon is needed"))
    written = properties.get(inhabitants_property) if inhabitants_property else None
    try:
        inhabitants = None if written in (None, "") else _whole(written)
    except ValueError:
        inhabitants = None
        message = f"“{written}” is no number of inhabitants"
        problems.append(Problem(f"{where}.properties.{inhabitants_property}", "wrong_type", message=message))
    return _Feature(name, surface, inhabitants)


def _whole(written: object) -> int:
    """A whole number above 0, also as the text or the fraction exporting programs make of it. Raises: ValueError."""
    number = float(str(written))
    if not 0 < number < MOST_INHABITANTS or number != int(number):
        raise ValueError(written)
    return int(number)


def _added(numbers: Iterable[int | None]) -> int | None:
    """The sum, if all are known."""
    known = list(numbers)
    return None if None in known else sum(one or 0 for one in known)
