"""Figures that other systems hand in for the walls."""

from __future__ import annotations

from marshmallow import Schema, fields

from api import fields as take
from api.shapes.names import moment
from cases import indicators


class IndicatorShape(Schema):
    """The last value of an indicator, and the one before."""

    code = fields.String()
    board = fields.String()
    name = fields.String()
    name_en = fields.String()
    value = fields.Float()
    previous = fields.Float(allow_none=True)
    unit = fields.String()
    target = fields.Float(allow_none=True)
    lower_is_better = fields.Boolean()
    source = fields.String()
    at = moment(can_miss=False)
    fresh_minutes = fields.Integer()
    is_fresh = fields.Function(indicators.is_fresh, metadata={"type": "boolean"})
    is_good = fields.Function(indicators.is_good, metadata={"type": "boolean", "nullable": True})


class Indicators(Schema):
    """All indicators, by board and name."""

    indicators = fields.List(fields.Nested(IndicatorShape))


class IndicatorTaken(take.Taken):
    """A value as it is handed in."""

    board = take.one_of("The board it stands on", list(indicators.BOARDS), required=True)
    name = take.text("What it is called", least=1, most=indicators.LONGEST_NAME, required=True)
    name_en = take.text("The same in English", most=indicators.LONGEST_NAME)
    value = take.number("The value", required=True)
    unit = take.text("What it is measured in", most=indicators.LONGEST_UNIT)
    target = take.number("What it should be")
    lower_is_better = take.flag("Whether the target is reached from above", default=False)
    source = take.text("Who measured it", most=indicators.LONGEST_SOURCE)
    at = take.moment("When it was measured; now unless said")
    fresh_minutes = take.whole(
        "For how long it stands for now; a day unless said",
        least=1,
        most=indicators.LONGEST_FRESH,
        default=indicators.FRESH,
    )
