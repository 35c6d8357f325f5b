"""What the public sends and sees."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from api import fields as take
from api import links
from api.shapes.names import DeadlineShape, Name, StatusWords, maybe_text, moment
from cases import new_report, public_list
from cases.new_report import NewReport, PhotoUpload
from cases.owner import VERDICTS
from engine.errors import InvalidReport, Problem

CHANNEL = r"^(?!answer$)[a-z][a-z0-9_-]{0,29}$"
DEFAULT_CHANNEL = "api"


# ---------------------------------------------------------------------------------------------------------- reports


class ReportTaken(take.Taken):
    """Something somebody wants the city to look after. A place is coordinates, an address or an area."""

    refusal = InvalidReport

    text = take.text("What is the matter: 10 to 5000 characters, fewer with a photo", most=new_report.LONGEST_TEXT)
    category = take.text("A code of GET /api/public/categories")
    latitude = take.number("WGS 84")
    longitude = take.number("WGS 84")
    accuracy_m = take.number("How exact the place is, in metres")
    address = take.text("Where it is, in words")
    area = take.text("A code of GET /api/public/areas, when there are no coordinates")
    contact_name = take.text()
    contact_email = take.text("Where to write when something happens")
    contact_phone = take.text()
    consent_version = take.text("The version of the privacy notice the reporter has agreed to")
    locale = take.one_of("The language to write to the reporter in", new_report.LOCALES)
    channel = fields.String(
        validate=validate.Regexp(CHANNEL, error="not_an_option"),
        load_default=DEFAULT_CHANNEL,
        error_messages={"invalid": "wrong_type", "null": "required"},
        metadata={"description": "Through which program the report came, a word like `zalo` or `kiosk`"},
    )
    photos = take.photos("At most 5 of 15 MB; only in multipart/form-data")

    def also_wrong(self, values: dict[str, Any]) -> list[Problem]:
        """What the city finds wrong with the rest, so that everything is told at once."""
        try:
            new_report.check(new_report.tidied(as_new_report(values)))
        except InvalidReport as error:
            return error.problems
        return []


def as_new_report(values: dict[str, Any], *, idempotency_key: str | None = None) -> NewReport:
    """What was sent, as the city takes it in."""
    given = {name: value for name, value in values.items() if value is not None and name != "photos"}
    return NewReport(**given, photos=uploads(values), idempotency_key=idempotency_key)


def uploads(values: dict[str, Any]) -> list[PhotoUpload]:
    """The photos that were sent."""
    return [PhotoUpload(photo.filename or "", _content(photo)) for photo in values.get("photos") or []]


def _content(photo: Any) -> bytes:
    photo.stream.seek(0)  # whoever asks twice gets all of it twice
    content: bytes = photo.read()
    return content


class Receipt(Schema):
    """What came of a report. The owner key and link are told once; keep them."""

    tracking_code = fields.String()
    tracking_url = fields.Url(metadata={"description": "The public page of the case"})
    owner_key = maybe_text()
    owner_url = fields.Url(allow_none=True, metadata={"description": "The page with the rights of the reporter"})
    status = fields.String()
    received_at = moment(can_miss=False)
    deadline = fields.Nested(
        DeadlineShape, allow_none=True, metadata={"description": "Until when it is to be resolved"}
    )


# ------------------------------------------------------------------------------------------------------------ owner


class OwnerTaken(take.Taken):
    """The owner key, unless it stands in the header X-Owner-Key."""

    refusal = take.InvalidInput
    owner_key = take.text("Unless it stands in the header X-Owner-Key", most=200)


class AnswerTaken(OwnerTaken):
    """An answer to a question of the city."""

    text = take.text("The answer; not needed with a photo", most=new_report.LONGEST_TEXT)
    photos = take.photos("At most 5 of 15 MB; only in multipart/form-data")


class WithdrawalTaken(OwnerTaken):
    """Taking a report back."""

    reason = take.text("Why; only the city sees it", most=2000)


class FeedbackTaken(OwnerTaken):
    """What the reporter thinks of a result."""

    verdict = take.one_of("What became of it", VERDICTS, required=True)
    stars = take.whole("One to five", least=1, most=5)
    comment = take.text(most=2000)


class Supporters(Schema):
    """How many people have the problem too."""

    tracking_code = fields.String(metadata={"description": "The case that counts them, when merged another one"})
    supporters = fields.Integer()


# ------------------------------------------------------------------------------------------------------------ cases


class StepShape(Schema):
    """A step of the progress tracker."""

    code = fields.String()
    text = StatusWords(attribute="code", dump_only=True)
    state = fields.String(metadata={"description": "done, now or next"})
    at = moment()


class PhotoUrl(fields.Url):
    """Where a public photo is, from its id."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **_kwargs: object) -> str | None:
        return None if value is None else links.photo(value)


class PublicPhotoShape(Schema):
    """A photo chosen to be public."""

    id = fields.Integer()
    url = PhotoUrl(attribute="id", dump_only=True)
    width = fields.Integer()
    height = fields.Integer()
    kind = fields.String(metadata={"description": "report or result"})
    caption = maybe_text()


class ResultShape(Schema):
    """A published result."""

    title = fields.String()
    result = maybe_text()
    published_at = moment(can_miss=False)
    photos = fields.List(fields.Nested(PublicPhotoShape))


class RefusalShape(Schema):
    """Why a report was not accepted."""

    reason = fields.String()
    message = fields.String()


class UsualShape(Schema):
    """How long cases of this kind take, those still open counted too; null for longer than was ever seen."""

    half = fields.Float(allow_none=True, metadata={"description": "Minutes within which half have a result"})
    most = fields.Float(allow_none=True, metadata={"description": "Minutes within which nine of ten have a result"})
    results = fields.Integer(metadata={"description": "Results of the last 90 days it rests on"})
    is_of_area = fields.Boolean(metadata={"description": "Of this area; else of the whole city"})


class PublicCaseShape(Schema):
    """A case as the public sees it; what is null is not for everybody, or not there yet."""

    tracking_code = fields.String()
    status = fields.String()
    status_text = StatusWords(attribute="status", dump_only=True)
    is_sensitive = fields.Boolean(metadata={"description": "Then nothing but status, steps and deadline is told"})
    is_owner = fields.Boolean()
    steps = fields.List(fields.Nested(StepShape))
    deadline = fields.Nested(DeadlineShape, allow_none=True)
    category = fields.Nested(Name, allow_none=True)
    area = fields.Nested(Name, allow_none=True)
    unit = fields.Nested(Name, allow_none=True)
    opened_at = moment()
    usual = fields.Nested(UsualShape, allow_none=True, metadata={"description": "While there is no result yet"})
    resolved_at = moment()
    closed_at = moment()
    outcome = maybe_text()
    publication = fields.Nested(ResultShape, allow_none=True)
    refusal = fields.Nested(RefusalShape, allow_none=True)
    merged_into = fields.String(allow_none=True, metadata={"description": "The tracking code that goes on for both"})
    supporters = fields.Integer()
    position = fields.List(fields.Float(), allow_none=True, metadata={"description": "Latitude, longitude, rounded"})
    question = fields.String(allow_none=True, metadata={"description": "What the city asks; for the owner only"})
    can_give_feedback = fields.Boolean()


class PublicCasesQuery(take.Taken):
    """What is public, newest first; or everything public in a part of the map."""

    text = take.text("Words of what is public")
    category = take.text("A code of GET /api/public/categories")
    field = take.text("A group of categories")
    area = take.text("A code of GET /api/public/areas")
    status = take.one_of("Where the case stands", (*public_list.STATUSES, public_list.OVERDUE))
    before = take.text("`next` of the page before")
    bbox = take.text("west,south,east,north in degrees; then nothing else is asked but `limit`", most=100)
    limit = take.whole("Cases at most", least=1, most=500, default=20)


class PublicCaseLine(Schema):
    """A case in a public list. The title and the photo are those of a published result."""

    tracking_code = fields.String()
    status = fields.String()
    category = fields.Nested(Name)
    area = fields.Nested(Name, allow_none=True)
    title = maybe_text()
    photo = PhotoUrl(attribute="photo_id", dump_only=True, allow_none=True)
    position = fields.List(fields.Float(), allow_none=True, metadata={"description": "Latitude, longitude, rounded"})
    supporters = fields.Integer()
    opened_at = moment()
    resolved_at = moment()
    deadline = fields.Nested(DeadlineShape, allow_none=True)


class PublicCases(Schema):
    """A page of cases."""

    cases = fields.List(fields.Nested(PublicCaseLine))
    next = fields.String(allow_none=True, metadata={"description": "Pass it as `before`; null on the last page"})


# ----------------------------------------------------------------------------------------------------------- places


class CategoryShape(Schema):
    """A kind of report."""

    code = fields.String()
    name = fields.Dict(keys=fields.String(), values=fields.String())
    field = fields.Nested(Schema.from_dict({"code": fields.String(), "name": fields.Dict()}, name="Field"))
    is_sensitive = fields.Boolean(metadata={"description": "Such cases are never public"})
    emergency_numbers = fields.List(fields.String(), metadata={"description": "Call these first"})


class Categories(Schema):
    """Every kind of report that may be sent, in the order they are shown."""

    categories = fields.List(fields.Nested(CategoryShape))


class AreaProperties(Schema):
    """An area without its border."""

    code = fields.String()
    name = fields.Dict(keys=fields.String(), values=fields.String())
    unit = fields.Nested(Name, metadata={"description": "Whose leaders are responsible there"})
    former_names = fields.List(fields.String())


class Feature(Schema):
    """An area in GeoJSON."""

    type = fields.Constant("Feature")
    id = fields.String()
    properties = fields.Nested(AreaProperties)
    geometry = fields.Dict(metadata={"description": "A Polygon or MultiPolygon"})


class Areas(Schema):
    """The areas of the city as a GeoJSON FeatureCollection."""

    type = fields.Constant("FeatureCollection")
    features = fields.List(fields.Nested(Feature))
