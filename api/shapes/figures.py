"""Performance: figures and the number each share rests on."""

from __future__ import annotations

from marshmallow import Schema, fields

from api import fields as take
from api.shapes.names import DeadlineShape, Name
from api.shapes.work import CaseLine


class PerformanceQuery(take.Taken):
    """The period, both days included, and of what."""

    from_on = take.day("The first day, 30 days before the last unless said", data_key="from")
    to_on = take.day("The last day, today unless said", data_key="to")
    unit = take.text("The code of a unit, with everything below it", most=100)
    category = take.text("The code of a category", most=100)


class Share(Schema):
    """A share of `n`; null while there is nothing to divide."""

    n = fields.Integer()
    share = fields.Float(allow_none=True)


class Figures(Schema):
    """What is counted. Hours are clock hours."""

    received = fields.Integer()
    closed = fields.Integer()
    open = fields.Integer()
    overdue_now = fields.Integer()
    due_soon = fields.Integer()
    on_time_share = fields.Nested(Share, metadata={"description": "Promises to resolve kept, of all due in the period"})
    handling_hours_median = fields.Float(allow_none=True)
    handling_hours_p90 = fields.Float(allow_none=True)
    satisfaction = fields.Nested(Share)
    reopened = fields.Integer()


class UnitFigures(Schema):
    """The figures of a unit with everything below it."""

    unit = fields.Nested(Name)
    depth = fields.Integer(metadata={"description": "0 is the highest unit listed"})
    figures = fields.Nested(Figures)


class CategoryFigures(Schema):
    """The figures of a category."""

    category = fields.Nested(Name)
    figures = fields.Nested(Figures)


class OverdueCase(Schema):
    """An open promise that is late now."""

    case = fields.Nested(CaseLine)
    deadline = fields.Nested(DeadlineShape)


class PerformanceShape(Schema):
    """The figures of a period."""

    from_on = fields.Date(data_key="from")
    to_on = fields.Date(data_key="to")
    totals = fields.Nested(Figures)
    by_unit = fields.List(fields.Nested(UnitFigures))
    by_category = fields.List(fields.Nested(CategoryFigures))
    overdue = fields.List(fields.Nested(OverdueCase), metadata={"description": "Of those one may see, worst first"})
