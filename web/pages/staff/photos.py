"""Photos of cases for people who may see the case; the public gets chosen ones elsewhere."""

from __future__ import annotations

from flask import Blueprint, Response, request, send_file

from cases import access, attachments, cases
from cases.models import Attachment
from engine.base import session
from web.guards import MayNotOpen, person, signed_in

KEEP_S = 3600

pages = Blueprint("photos", __name__)


@pages.get("/work/photos/<int:photo_id>")
@signed_in
def photo(photo_id: int) -> Response:
    """A photo, `?size=small` for its thumbnail; kept by this browser only."""
    found = session().get(Attachment, photo_id)
    if found is None:
        raise attachments.PhotoNotFound(photo_id)
    if not access.may_see_case(person(), cases.get(found.case_id)):
        raise MayNotOpen
    path = attachments.open_image(found, thumbnail=request.args.get("size") == "small")
    response = send_file(path, mimetype=found.media_type, max_age=KEEP_S, etag=found.sha256)
    response.cache_control.public = False
    response.cache_control.private = True
    return response
