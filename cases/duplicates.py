"""Open cases of the same kind close by: what somebody else may have reported already.

Tells only what the public may see of a case: its code, where it stands, how far away it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from math import asin, cos, radians, sin, sqrt

from sqlalchemy import select

from cases import history
from cases.models import Case, Category
from engine.base import session

_EARTH_RADIUS_M = 6_371_000
_METRES_PER_DEGREE = 111_000
#: More open cases of one category than this within a radius are not told apart by distance any more.
_MOST_LOOKED_AT = 500


@dataclass(frozen=True)
class Nearby:
    """An open case close to a point."""

    tracking_code: str
    status: str
    opened_at: datetime
    supporters: int
    distance_m: int  # rounded to ten metres, so that nobody can measure out where it is


def nearby(category_code: str, latitude: float, longitude: float, *, limit: int = 3) -> list[Nearby]:
    """Open cases of this category within its radius, nearest first; none for a sensitive category."""
    query = select(Category).where(Category.code == category_code, Category.is_active)
    category = session().scalar(query)
    if category is None or category.is_sensitive or not category.duplicate_radius_m:
        return []
    found = sorted(_within(category, latitude, longitude), key=lambda pair: (pair[0], pair[1].tracking_code))
    return [one for _, one in found[:limit]]


def of(case: Case, *, limit: int = 5) -> list[Nearby]:
    """Open cases this one may be the same as, nearest first."""
    if case.latitude is None or case.longitude is None:
        return []
    near = nearby(case.category.code, case.latitude, case.longitude, limit=limit + 1)
    return [one for one in near if one.tracking_code != case.tracking_code][:limit]


def distance_m(from_point: tuple[float, float], to_point: tuple[float, float]) -> float:
    """Metres between two points (latitude, longitude) along the surface."""
    (lat1, lon1), (lat2, lon2) = (tuple(map(radians, point)) for point in (from_point, to_point))
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * _EARTH_RADIUS_M * asin(sqrt(half))


def _within(category: Category, latitude: float, longitude: float) -> Iterator[tuple[float, Nearby]]:
    radius = category.duplicate_radius_m
    up = radius / _METRES_PER_DEGREE * 1.01
    across = up / max(cos(radians(latitude)), 0.01)
    columns = (Case.tracking_code, Case.status, Case.opened_at, Case.supporters, Case.latitude, Case.longitude)
    query = (
        select(*columns)
        .where(Case.latitude.between(latitude - up, latitude + up))
        .where(Case.longitude.between(longitude - across, longitude + across))
        .where(Case.category_id == category.id, Case.closed_at.is_(None), Case.is_sensitive.is_(False))
        .order_by(Case.id.desc())
        .limit(_MOST_LOOKED_AT)
    )
    for code, status, opened_at, supporters, lat, lon in session().execute(query):
        metres = distance_m((latitude, longitude), (lat or 0.0, lon or 0.0))  # those without a place are not asked for
        if metres <= radius:
            yield metres, Nearby(code, history.shown_as(status), opened_at, supporters, round(metres / 10) * 10)
