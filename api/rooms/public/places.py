"""What a report is about and where: categories, areas; and the photos that were published."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify, request, send_file
from sqlalchemy import or_, select

from api import fields as take
from api.guards import public
from api.rooms.public.front import doors
from api.shapes.public import Areas, Categories
from cases import attachments, publications, suggestions
from cases.models import Area, Category
from engine import clock
from engine.base import session

#: Seconds a program may keep what hardly ever changes.
KEPT_FOR = 300
PHOTO = {"200": {"description": "The photo", "content": {"image/jpeg": {}}}}


class PhotoQuery(take.Taken):
    """How big a photo is wanted."""

    size = take.one_of("`small` is 480 pixels at most", ("small", "full"))


@doors.door("GET", "/categories", guard=public, gives=Categories)
def categories() -> Response:
    """The kinds of report, in the order they are shown."""
    return _kept(Categories().dump({"categories": [_category(row) for row in suggestions.categories()]}))


@doors.door("GET", "/areas", guard=public, gives=Areas)
def areas() -> Response:
    """The areas of the city with their borders, as GeoJSON."""
    is_valid = or_(Area.valid_to.is_(None), Area.valid_to > clock.now().date())
    rows = session().scalars(select(Area).where(is_valid).order_by(Area.id))
    return _kept(Areas().dump({"features": [_feature(row) for row in rows]}))


@doors.door(
    "GET", "/photos/<row:photo_id>", guard=public, query=PhotoQuery,
    responses=PHOTO,
)  # fmt: skip
def photo(query: dict[str, Any], photo_id: int) -> Response:
    """A photo that was published."""
    found = publications.photo(photo_id)
    path = attachments.open_image(found, thumbnail=query["size"] == "small")
    response = send_file(
        path, mimetype=found.media_type, max_age=int(publications.PHOTO_KEPT_FOR.total_seconds()), etag=found.sha256
    )
    response.cache_control.must_revalidate = True
    return response


def _category(row: Category) -> dict[str, Any]:
    return {
        "code": row.code,
        "name": {"vi": row.name_vi, "en": row.name_en},
        "field": {"code": row.field, "name": {"vi": row.field_vi, "en": row.field_en}},
        "is_sensitive": row.is_sensitive,
        "emergency_numbers": row.danger,
    }


def _feature(row: Area) -> dict[str, Any]:
    properties = {
        "code": row.code,
        "name": {"vi": row.name_vi, "en": row.name_en},
        "unit": row.unit,
        "former_names": row.aliases,
    }
    return {"type": "Feature", "id": row.code, "properties": properties, "geometry": row.polygon}


def _kept(told: Any) -> Response:
    """An answer a program may keep for a while and ask again whether it has changed."""
    response = jsonify(told)
    response.cache_control.public = True
    response.cache_control.max_age = KEPT_FOR
    response.add_etag()
    response.make_conditional(request)
    return response
