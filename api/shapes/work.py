"""What officials send and see: tasks, cases, their history."""

from __future__ import annotations

from marshmallow import Schema, fields

import words
from api import fields as take
from api.shapes.corrections import PublicationShape
from api.shapes.names import DeadlineShape, Name, StatusWords, maybe_text, moment
from cases import deadlines
from cases.finding import ORDERS, PROMISES
from cases.models import Deadline
from engine import clock

LONGEST_PAGE = 200
LONGEST_WORD = 100


# ------------------------------------------------------------------------------------------------------------ cases


class CaseLine(Schema):
    """A case in a list."""

    tracking_code = fields.String()
    title = fields.String()
    status = fields.String()
    status_text = StatusWords(attribute="status", dump_only=True)
    category = fields.Nested(Name)
    area = fields.Nested(Name, allow_none=True)
    unit = fields.Nested(Name, allow_none=True)
    official = maybe_text()
    address = maybe_text()
    priority = fields.Integer()
    urgency = fields.String(metadata={"description": "urgent, normal or complex, as the intake desk sees it"})
    is_sensitive = fields.Boolean()
    supporters = fields.Integer()
    opened_at = moment(can_miss=False)
    closed_at = moment()
    changed_at = moment(can_miss=False)


class ListedCase(Schema):
    """A case with its promise that is due next."""

    case = fields.Nested(CaseLine)
    deadline = fields.Nested(DeadlineShape, allow_none=True)
    risk = fields.Float(
        metadata={"description": "With `order=risk`: the share of such cases that miss the promise; null: not known"},
        allow_none=True,
    )


class Cases(Schema):
    """A page of cases, in the order asked for."""

    cases = fields.List(fields.Nested(ListedCase))
    next = fields.String(allow_none=True, metadata={"description": "Pass it as `after`; null on the last page"})


class CasesQuery(take.Taken):
    """Which cases are looked for."""

    text = take.text("Words of title, address or tracking code, accents or not")
    status = take.one_of("Where the case stands", words.STATUSES)
    unit = take.text("The code of the unit that handles it, with everything below it", most=LONGEST_WORD)
    category = take.text("The code of a category", most=LONGEST_WORD)
    area = take.text("The code of an area", most=LONGEST_WORD)
    promise = take.one_of("Of open cases: any, the nearest promise overdue, due soon, or nothing promised", PROMISES)
    received_from = take.day("Received on this day or later", data_key="from")
    received_to = take.day("Received on this day or earlier", data_key="to")
    order = take.one_of("newest first, or open promises to resolve by the risk of missing them", ORDERS)
    after = take.text("`next` of the page before, in the same order")
    limit = take.whole("Cases at most", least=1, most=LONGEST_PAGE, default=50)


class AttachmentShape(Schema):
    """A photo of a case."""

    id = fields.Integer()
    kind = fields.String(metadata={"description": "report or result"})
    width = fields.Integer()
    height = fields.Integer()
    caption = maybe_text()
    added_at = moment(can_miss=False)
    added_by = fields.String()


class ReportShape(Schema):
    """What a citizen said; who it was is behind a door of its own."""

    text = fields.String()
    channel = fields.String()
    locale = fields.String()
    received_at = moment(can_miss=False)
    address = maybe_text()
    latitude = fields.Float(allow_none=True)
    longitude = fields.Float(allow_none=True)
    accuracy_m = fields.Float(allow_none=True)
    photos = fields.List(fields.Nested(AttachmentShape), attribute="attachments")


class ContactShape(Schema):
    """Who sent a report, as far as they said."""

    received_at = moment(can_miss=False)
    contact_name = maybe_text()
    contact_email = maybe_text()
    contact_phone = maybe_text()


class Reporters(Schema):
    """Who reported; whoever looks is written down in the history."""

    reporters = fields.List(fields.Nested(ContactShape))


class NoteShape(Schema):
    """An internal remark."""

    text = fields.String()
    written_at = moment(can_miss=False)
    written_by = fields.String()


class CaseShape(CaseLine):
    """A case as the officials see it."""

    latitude = fields.Float(allow_none=True)
    longitude = fields.Float(allow_none=True)
    accepted_at = moment()
    resolved_at = moment()
    outcome = maybe_text()
    reopened_count = fields.Integer()


class FullCase(Schema):
    """A case with everything in it."""

    case = fields.Nested(CaseShape)
    reports = fields.List(fields.Nested(ReportShape), metadata={"description": "Its own, then those merged into it"})
    deadlines = fields.List(fields.Nested(DeadlineShape))
    notes = fields.List(fields.Nested(NoteShape))
    result_photos = fields.List(fields.Nested(AttachmentShape))
    publication = fields.Nested(PublicationShape, allow_none=True)
    merged_into = maybe_text()
    open_tasks = fields.List(fields.Integer(), metadata={"description": "Ids of tasks this person may see"})


class EventShape(Schema):
    """Something that happened; `hash` seals it and everything before."""

    sequence = fields.Integer()
    name = fields.String()
    at = moment(can_miss=False)
    by = maybe_text()
    public_step = maybe_text()
    particulars = fields.Dict()
    hash = fields.String()


class History(Schema):
    """Everything that happened to a case, oldest first."""

    events = fields.List(fields.Nested(EventShape))
    is_whole = fields.Boolean(metadata={"description": "Whether no event was changed or taken away"})


class NoteTaken(take.Taken):
    """An internal remark."""

    text = take.text("Only officials see it", least=1, most=5000, required=True)


class ExtensionTaken(take.Taken):
    """Asking for more time for the promise to resolve."""

    days = take.whole("Working days more", least=1, most=30, required=True)
    reason = take.text(
        "Why; told to the reporter and to the public when it is granted", least=10, most=2000, required=True
    )


class CancellationTaken(take.Taken):
    """Dropping a case."""

    reason = take.text("Why; only officials see it", least=1, most=2000, required=True)


def seen(deadline: Deadline | None) -> deadlines.DeadlineView | None:
    """A promise as it stands now."""
    return None if deadline is None else deadlines.view(deadline, at=clock.now())
