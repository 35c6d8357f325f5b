"""What operators send and see of how instances begin."""

from __future__ import annotations

from marshmallow import Schema, fields

from api import fields as take
from api.shapes.names import maybe_text, moment
from api.shapes.operations import WhyTaken
from engine.beginnings import LONGEST_KEY


class InstanceTaken(WhyTaken):
    """An instance to be begun by hand."""

    key = take.text("Of this process", least=1, most=200, required=True)
    start_event = take.text("Id of the start event; the plain one unless said", most=200)
    business_key = take.text("Its business key, which no other has; one is made unless said", most=LONGEST_KEY)
    variables = take.answers("Values by name; its first variables")


class StartShape(Schema):
    """A start event of a live version."""

    key = fields.String(attribute="definition.key")
    version = fields.Integer(attribute="definition.version")
    is_suspended = fields.Boolean(attribute="definition.is_suspended")
    element_id = fields.String()
    name = fields.String()
    kind = fields.String(metadata={"description": "plain, message or timer"})
    message = maybe_text()
    due_at = moment("The next moment it starts an instance by itself")
    left = fields.Integer(
        allow_none=True,
        metadata={"description": "Moments still to come; null: for ever. 0: it starts nothing by itself"},
    )
    catches_up = fields.Boolean(attribute="is_all", metadata={"description": "Missed moments are made up for, each"})


class Starts(Schema):
    """Every start event of every live version."""

    starts = fields.List(fields.Nested(StartShape))
