"""Public things as templates want them: lines of lists, points and areas of maps, deadlines in words."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from shapely.geometry import mapping, shape
from sqlalchemy import or_, select

import words
from cases import city
from cases.deadlines import DeadlineView
from cases.models import Area
from cases.public_list import PublicLine
from engine import clock
from engine.base import session

#: A border is drawn with steps of at least this share of the map's width: finer is not seen.
FINEST = 1 / 700
#: How much of the neighbours is seen around an area.
MARGIN = 0.15

_areas: dict[str, list[dict[str, Any]]] = {}


@city.on_forget
def _forget_areas() -> None:
    _areas.clear()


def locale() -> str:
    """The language of this page."""
    return str(get_locale())


def bounds() -> tuple[float, float, float, float]:
    """The edges of the city's map: south, west, north, east."""
    return city.settings().bounding_box


def bounds_around(code: str | None) -> tuple[float, float, float, float]:
    """The edges of a map of one area with a margin; of the whole city without one."""
    area = next((area for area in areas() if area["code"] == code), None)
    if area is None:
        return bounds()
    west, south, east, north = shape(area["polygon"]).bounds
    margin = MARGIN * max(north - south, east - west)
    return south - margin, west - margin, north + margin, east + margin


def areas() -> list[dict[str, Any]]:
    """The wards and communes for a map, with borders as fine as can be seen."""
    if locale() not in _areas:
        _areas[locale()] = [
            {"code": area.code, "name": words.local_name(area), "polygon": _coarse(area.polygon)}
            for area in area_rows()
        ]
    return _areas[locale()]


def area_rows() -> list[Area]:
    """The areas of today."""
    is_valid = or_(Area.valid_to.is_(None), Area.valid_to > clock.now().date())
    return list(session().scalars(select(Area).where(is_valid).order_by(Area.id)))


def line(found: PublicLine) -> dict[str, Any]:
    """A case for `case_list`: under its published title, or until then under its category."""
    category = words.local_name(found.category)
    return {
        "title": found.title or category,
        "href": url_for(".case", code=found.tracking_code),
        "place": words.local_name(found.area),
        "category": category if found.title else "",
        "status": found.status,
        "deadline": badge(found.deadline),
        "photo": url_for(".photo", photo_id=found.photo_id, size="small") if found.photo_id else None,
        "supporters": found.supporters,
        "updated_text": _day(found),
    }


def point(found: PublicLine) -> dict[str, Any]:
    """A case for a map; only for lines that have a position."""
    latitude, longitude = found.position or (0.0, 0.0)
    title = found.title or words.local_name(found.category)
    return {
        "lat": latitude,
        "lon": longitude,
        "state": found.deadline.state.value if found.deadline else "ontime",
        "title": f"{title} – {words.status(found.status)}",
        "href": url_for(".case", code=found.tracking_code),
    }


def badge(view: DeadlineView | None) -> words.SaidDeadline | None:
    """A deadline in words; none for a promise that fell away."""
    return None if view is None or view.state == "ended" else words.deadline(view)


def _day(found: PublicLine) -> str:
    if found.resolved_at:
        return _("Resolved on %(day)s", day=words.day(found.resolved_at))
    return _("Reported on %(day)s", day=words.day(found.opened_at))


def _coarse(polygon: dict[str, Any]) -> dict[str, Any]:
    _south, west, _north, east = bounds()
    drawn = mapping(shape(polygon).simplify((east - west) * FINEST))
    return {"type": drawn["type"], "coordinates": _rounded(drawn["coordinates"])}


def _rounded(coordinates: Any) -> Any:
    if isinstance(coordinates, float):
        return round(coordinates, 4)
    return [_rounded(inner) for inner in coordinates]
