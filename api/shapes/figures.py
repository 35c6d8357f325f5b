"""Performance: figures and the number each share rests on."""

from __future__ import annotations

from marshmallow import Schema, fields

from api import fields as take
from api.shapes.names import DeadlineShape, Name
from api.shapes.work import CaseLine
from cases.performance import LINES


class PerformanceQuery(take.Taken):
    """The period, both days included, and of what."""

    from_on = take.day("The first day, 30 days before the last unless said", data_key="from")
    to_on = take.day("The last day, today unless said", data_key="to")
    unit = take.text("The code of a unit, with everything below it", most=100)
    category = take.text("The code of a category", most=100)
    area = take.text("The code of an area", most=100)
    channel = take.text("How reports came in", most=100)
    period = take.text("A reporting period instead of its days: 2026-11, 2026-Q4 or 2026", most=10)
    by = take.text(f"What to list, with commas between: {', '.join(LINES)}; unit and category unless said", most=100)
    compare = take.flag("Also the totals and lines of the period before", default=False)


class Share(Schema):
    """A share of `n`; null while there is nothing to divide."""

    n = fields.Integer()
    share = fields.Float(allow_none=True)


class ValueShape(Schema):
    """A figure of the definitions: what it rests on and what it is; minutes for durations, parts for numbers by age."""

    n = fields.Integer()
    value = fields.Float(allow_none=True)
    parts = fields.List(fields.Integer())


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
    values = fields.Dict(
        keys=fields.String(),
        values=fields.Nested(ValueShape),
        metadata={"description": "Every figure by its code in the definitions"},
    )


class UnitFigures(Schema):
    """The figures of a unit with everything below it."""

    unit = fields.Nested(Name)
    depth = fields.Integer(metadata={"description": "0 is the highest unit listed"})
    figures = fields.Nested(Figures)


class CategoryFigures(Schema):
    """The figures of a category."""

    category = fields.Nested(Name)
    figures = fields.Nested(Figures)


class AreaFigures(Schema):
    """The figures of an area."""

    area = fields.Nested(Name)
    figures = fields.Nested(Figures)


class ChannelFigures(Schema):
    """The figures of a way reports come in."""

    channel = fields.String()
    figures = fields.Nested(Figures)


class OverdueCase(Schema):
    """An open promise that is late now."""

    case = fields.Nested(CaseLine)
    deadline = fields.Nested(DeadlineShape)


class PeriodShape(Schema):
    """The figures of a period; lists that were not asked for are empty."""

    from_on = fields.Date(data_key="from")
    to_on = fields.Date(data_key="to")
    totals = fields.Nested(Figures)
    by_unit = fields.List(fields.Nested(UnitFigures))
    by_category = fields.List(fields.Nested(CategoryFigures))
    by_area = fields.List(fields.Nested(AreaFigures))
    by_channel = fields.List(fields.Nested(ChannelFigures))


class PerformanceShape(PeriodShape):
    """The figures of a period, and what is late now."""

    before = fields.Nested(PeriodShape, allow_none=True, metadata={"description": "The period before, if asked for"})
    overdue = fields.List(fields.Nested(OverdueCase), metadata={"description": "Of those one may see, worst first"})


class OwnQuery(take.Taken):
    """The period, both days included."""

    from_on = take.day("The first day, 30 days before the last unless said", data_key="from")
    to_on = take.day("The last day, today unless said", data_key="to")


class OwnShape(Schema):
    """One's own figures."""

    from_on = fields.Date(data_key="from")
    to_on = fields.Date(data_key="to")
    totals = fields.Nested(Figures)


class KpiShape(Schema):
    """What a figure is, in words."""

    code = fields.String()
    kind = fields.String(metadata={"description": "count, share, rate (per 1,000 inhabitants), minutes or ages"})
    grain = fields.String(metadata={"description": "By which day it is counted, or now"})
    name_vi = fields.String()
    name_en = fields.String()
    formula_vi = fields.String()
    formula_en = fields.String()
    explanation_vi = fields.String()
    explanation_en = fields.String()
    numerator = fields.List(fields.String())
    denominator = fields.List(fields.String())
    is_official = fields.Boolean(metadata={"description": "An indicator of Decision 766"})


class KpisShape(Schema):
    """Every figure there is."""

    figures = fields.List(fields.Nested(KpiShape))
