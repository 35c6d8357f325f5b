"""Photos: published ones for everybody, a reporter's own ones for the holder of the owner link."""

from __future__ import annotations

from flask import Response, send_file

from cases import attachments, owner, publications
from cases.attachments import PhotoNotFound
from cases.models import Attachment
from web.guards import public
from web.pages.public.blueprint import pages
from web.pages.public.tracking import sealed, secret_sent

SIZES = ("small", "large")


@pages.get("/photos/<int:photo_id>/<size>")
@public
def photo(photo_id: int, size: str) -> Response:
    """A published photo. Raises: PhotoNotFound."""
    response = _file(publications.photo(photo_id), size)
    response.cache_control.public = True
    response.cache_control.max_age = int(publications.PHOTO_KEPT_FOR.total_seconds())
    response.cache_control.must_revalidate = True
    return response


@pages.get("/c/<code>/photos/<int:photo_id>/<size>")
@public
def own_photo(code: str, photo_id: int, size: str) -> Response:
    """A photo of one's own report. Raises: CaseNotFound, NotTheOwner, PhotoNotFound."""
    found = owner.photo(owner.case_for(code, secret_sent()), photo_id)
    response: Response = sealed(_file(found, size), is_private=True)
    return response


def _file(found: Attachment, size: str) -> Response:
    if size not in SIZES:
        raise PhotoNotFound(found.id)
    path = attachments.open_image(found, thumbnail=size == "small")
    return send_file(path, mimetype=attachments.MEDIA_TYPE, conditional=True)
