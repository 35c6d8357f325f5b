"""What the public may read of a result, and how it is corrected."""

from __future__ import annotations

from marshmallow import Schema, fields

from api import fields as take
from api.shapes.names import maybe_text, moment
from cases import corrections


class PublicationShape(Schema):
    """What the public may read of a result; `withdrawn_at` says since when it may not (any more)."""

    title = fields.String()
    result = maybe_text()
    photo_ids = fields.Function(lambda row: [photo.attachment_id for photo in row.photos])
    published_at = moment(can_miss=False)
    published_by = fields.String()
    withdrawn_at = moment()


class PublicationWithdrawalTaken(take.Taken):
    """Taking a result off the public pages."""

    reason = take.text("Why; only officials see it", least=1, most=corrections.LONGEST_REASON, required=True)


class PublicationTaken(PublicationWithdrawalTaken):
    """Showing a result again, or in other words; what is left out stays as it was."""

    title = take.text("Its title", least=1, most=corrections.LONGEST_TITLE)
    result = take.text("Its words; empty takes them away", most=corrections.LONGEST_RESULT)
    photo_ids = take.row_ids("Photos of the case, in the order they are shown", most=50, missing=None)
