"""Days of the city, and deadlines that follow them."""

from __future__ import annotations

from marshmallow import Schema, fields

from api import fields as take
from api.shapes.names import maybe_text, moment

KINDS = ("off", "worked", "closed")
SOURCES = ("calendars", "targets")


class DayTaken(take.Taken):
    """A day that is wanted."""

    kind = take.one_of("off, worked although it would be off, or closed for some hours", KINDS, required=True)
    first = take.day("2026-11-26", required=True)
    last = take.day("Of days off; the first one unless said")
    hours = take.texts("Of worked or closed days, such as 07:00-11:30; the whole day unless said", most=10)
    calendars = take.texts("Of closed days, by code; all that keep public holidays unless said", most=10)
    name_vi = take.text("In Vietnamese", most=200, required=True)
    name_en = take.text("In English", most=200, required=True)
    reason = take.text(
        "The decision behind it; whoever's deadline moves can read it", least=10, most=500, required=True
    )


class RemovalTaken(take.Taken):
    """A day to be taken back."""

    day = take.whole("Its place in the list, from 0", least=0, most=10_000, default=None)
    reason = take.text("Why; whoever's deadline moves can read it", least=10, most=500, required=True)


class CountAgainTaken(take.Taken):
    """Deadlines to be counted again."""

    source = take.one_of("By what", SOURCES, required=True)
    reason = take.text("Why; whoever's deadline moves can read it", least=10, most=500, required=True)


class OwnDayShape(Schema):
    """A day the city has decided on."""

    kind = fields.String(metadata={"description": ", ".join(KINDS)})
    first = fields.String()
    last = fields.String()
    hours = fields.List(fields.List(fields.String()), metadata={"description": "From and to; none is the whole day"})
    calendars = fields.List(fields.String())
    name_vi = fields.String()
    name_en = fields.String()


class OwnDays(Schema):
    """The days the city has decided on."""

    days = fields.List(fields.Nested(OwnDayShape))


class MoveShape(Schema):
    """A deadline that would move."""

    code = fields.String()
    kind = fields.String(metadata={"description": "accept, resolve or answer"})
    was = moment(can_miss=False)
    to = moment("Null where nothing would be promised any more")


class FailureShape(Schema):
    """A case that could not follow."""

    code = fields.String()
    error = fields.String()


class RedatingShape(Schema):
    """A change, what would move by it, and how far it has got."""

    id = fields.Integer()
    source = fields.String(metadata={"description": "days, calendars or targets"})
    state = fields.String(metadata={"description": "planned, running, done or dropped"})
    reason = fields.String()
    planned_at = moment(can_miss=False)
    planned_by = fields.String()
    applied_at = moment()
    applied_by = maybe_text()
    seen = fields.Integer(metadata={"description": "Deadlines that would move, when it was planned"})
    moved = fields.Integer()
    failed = fields.List(fields.Nested(FailureShape))
    moves = fields.List(fields.Nested(MoveShape), metadata={"description": "While it is only planned; at most 1000"})
