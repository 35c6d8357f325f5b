"""Where a process spends its time: its elements, its flows, the ways cases went."""

from __future__ import annotations

from marshmallow import Schema, fields

from api import fields as take


class ProcessQuery(take.Taken):
    """Cases begun in a period, both days included, and of what."""

    from_on = take.day("The first day, 30 days before the last unless said", data_key="from")
    to_on = take.day("The last day, today unless said", data_key="to")
    version = take.whole("One version of the process; all of them unless said", least=1, most=2**31 - 1)
    unit = take.text("The code of a unit, with everything below it", most=100)
    category = take.text("The code of a category", most=100)
    area = take.text("The code of an area", most=100)
    clock = take.flag("Times by the clock instead of in working time", default=False)


class Quantiles(Schema):
    """Minutes within which the half and nine of ten were done; null where nothing was measured."""

    median = fields.Float(allow_none=True)
    p90 = fields.Float(allow_none=True)


class ElementShape(Schema):
    """One element of the drawing. For tasks of people visits are tasks that came; for everything else, passages."""

    element_id = fields.String()
    name = fields.String()
    name_en = fields.String(allow_none=True)
    kind = fields.String(metadata={"description": "As BPMN calls it"})
    visits = fields.Integer()
    cases = fields.Integer()
    again = fields.Integer(metadata={"description": "Visits after the first of the same case"})
    standing = fields.Integer(attribute="open_now", metadata={"description": "Waiting there now"})
    late = fields.Integer(metadata={"description": "Done or open after they were due"})
    with_due = fields.Integer(metadata={"description": "With a due moment: what `late` is a part of"})
    measured = fields.Integer(metadata={"description": "On how many the times rest"})
    waiting = fields.Nested(Quantiles)
    working = fields.Nested(Quantiles)


class FlowShape(Schema):
    """A flow that was taken."""

    flow_id = fields.String()
    name = fields.String()
    source = fields.String()
    target = fields.String()
    times = fields.Integer()
    back = fields.Integer(metadata={"description": "Of these, to what the case had passed before"})


class WayShape(Schema):
    """The steps of people in order, as so many finished cases went them."""

    steps = fields.List(fields.String(), attribute="path")
    cases = fields.Integer()
    share = fields.Float()


class ProcessFiguresShape(Schema):
    """The figures of a process."""

    key = fields.String()
    from_on = fields.Date(data_key="from")
    to_on = fields.Date(data_key="to")
    cases = fields.Integer()
    is_cut = fields.Boolean(metadata={"description": "There are more cases; these are the last ones"})
    elements = fields.List(fields.Nested(ElementShape))
    flows = fields.List(fields.Nested(FlowShape))
    ways = fields.List(fields.Nested(WayShape), metadata={"description": "The one most cases went comes first"})
