"""Reports of performance by mail."""

from __future__ import annotations

from marshmallow import Schema, fields

from api import fields as take
from api.shapes.names import moment
from cases.subscriptions import LONGEST_CODE, Rhythm

WEEKLY_OR_MONTHLY = "weekly: every Monday, the week before; monthly: with every reporting month, the one before"


class SubscriptionShape(Schema):
    """A report that comes by mail; empty codes are everything."""

    id = fields.Integer()
    rhythm = fields.String(metadata={"description": WEEKLY_OR_MONTHLY})
    unit = fields.String()
    area = fields.String()
    category = fields.String()
    channel = fields.String()
    next_at = moment(can_miss=False)
    sent_at = moment()


class Subscriptions(Schema):
    """One's own reports by mail, in the order they were asked for."""

    subscriptions = fields.List(fields.Nested(SubscriptionShape))


class SubscriptionTaken(take.Taken):
    """A report that is wanted: the figures of the city or of a part of it."""

    rhythm = take.one_of(WEEKLY_OR_MONTHLY, [one.value for one in Rhythm], required=True)
    unit = take.text("The code of a unit, with everything below it", most=LONGEST_CODE)
    area = take.text("The code of an area", most=LONGEST_CODE)
    category = take.text("The code of a category", most=LONGEST_CODE)
    channel = take.text("How reports came in", most=LONGEST_CODE)
