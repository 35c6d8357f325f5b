"""What operators send and see: processes and instances from inside."""

from __future__ import annotations

from marshmallow import Schema, fields

from api import fields as take
from api.shapes.design import IncidentShape, VersionShape
from api.shapes.names import maybe_text, moment
from engine import overview

LARGEST_ID = 2**31 - 1
STATES = ("running", "suspended", "ended")


def following() -> fields.String:
    """Where the next page begins."""
    return fields.String(allow_none=True, metadata={"description": "Pass it as `after` to read on; null at the end"})


class Page(take.Taken):
    """A part of a list."""

    after = take.whole("`next` of the page before", least=1, most=LARGEST_ID)
    limit = take.whole("Rows at most", least=1, most=200, default=50)


class WhyTaken(take.Taken):
    """Why something is done; written into the log."""

    reason = take.text("Why, for whoever reads the log", least=3, most=2000, required=True)


# ------------------------------------------------------------------------------------------------------ definitions


class CountsShape(Schema):
    """Instances of a version by state."""

    running = fields.Integer()
    suspended = fields.Integer()
    ended = fields.Integer()


class OperatedShape(VersionShape):
    """A version with its instances."""

    is_suspended = fields.Boolean()
    instances = fields.Nested(CountsShape)


class Operated(Schema):
    """Every version of every process, newest first."""

    definitions = fields.List(fields.Nested(OperatedShape))


class HeatShape(Schema):
    """How much waits at one element."""

    element_id = fields.String()
    element_name = fields.String()
    tasks = fields.Integer()
    timers = fields.Integer()
    messages = fields.Integer()
    jobs = fields.Integer()
    incidents = fields.Integer()


class Heat(Schema):
    """A version with what waits at its elements."""

    definition = fields.Nested(OperatedShape)
    diagram = fields.String(metadata={"description": "Address of the drawing"})
    elements = fields.List(fields.Nested(HeatShape))


class SuspensionTaken(WhyTaken):
    """Which version of a process."""

    version = take.whole("One version; every one unless said", least=1, most=LARGEST_ID)


# -------------------------------------------------------------------------------------------------------- instances


class InstancesQuery(Page):
    """Which instances."""

    key = take.text("Of this process", most=200)
    version = take.whole("Of this version", least=1, most=LARGEST_ID)
    state = take.one_of("In this state", STATES)
    element = take.text("A task waits at this element", most=200)
    business_key = take.text("What their business key begins with", most=200)
    is_stuck = take.flag("Only those with an open incident", default=False)


class InstanceShape(Schema):
    """An instance."""

    id = fields.Integer()
    business_key = fields.String()
    key = fields.String(attribute="definition.key")
    version = fields.Integer(attribute="definition.version")
    state = fields.Function(overview.state_of, metadata={"type": "string", "enum": list(STATES)})
    outcome = maybe_text()
    revision = fields.Integer()
    started_at = moment(can_miss=False)
    ended_at = moment()
    is_suspended = fields.Boolean(metadata={"description": "By itself, not with its definition"})


class Instances(Schema):
    """Instances, the newest first."""

    instances = fields.List(fields.Nested(InstanceShape))
    next = following()


class WaitsShape(Schema):
    """Something an instance waits for."""

    kind = fields.String(metadata={"description": "task, timer, message or job"})
    uid = fields.String(metadata={"description": "What a token is moved by"})
    id = fields.String(metadata={"description": "Of its row"})
    element_id = fields.String()
    element_name = fields.String()
    since = moment()
    due_at = moment()
    state = maybe_text()
    assignee = maybe_text()
    message = maybe_text()
    correlation_key = maybe_text()


class TokenShape(Schema):
    """How an element of the drawing is marked."""

    element_id = fields.String()
    waits = fields.Integer()
    incidents = fields.Integer()


class PassageShape(Schema):
    """An element that was passed, and when (to the second)."""

    element_id = fields.String()
    at = moment(can_miss=False)


class LineShape(Schema):
    """One line of an instance's history."""

    at = moment(can_miss=False)
    what = fields.String()
    element_id = maybe_text()
    by = maybe_text()
    particulars = fields.Dict(keys=fields.String())


class FullInstance(Schema):
    """An instance from inside."""

    instance = fields.Nested(InstanceShape)
    variables = fields.Dict(keys=fields.String(), allow_none=True)
    failure = fields.String(allow_none=True, metadata={"description": "Why its state cannot be read"})
    waiting = fields.List(fields.Nested(WaitsShape))
    diagram = fields.String(metadata={"description": "Address of the drawing"})
    tokens = fields.List(fields.Nested(TokenShape))
    trail = fields.List(
        fields.Nested(PassageShape),
        metadata={"description": "Every element that was passed, gateways and events too, in order"},
    )
    incidents = fields.List(fields.Nested(IncidentShape))
    history = fields.List(fields.Nested(LineShape))


class MoveTaken(WhyTaken):
    """Where a token goes."""

    uid = take.text("`uid` of what waits", least=1, most=36, required=True)
    to = take.text("The element it goes to", least=1, most=200, required=True)


class VariablesTaken(WhyTaken):
    """New values of process variables."""

    variables = take.answers("Values by name")
