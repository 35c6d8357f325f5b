"""Migrations of running instances: what would become of them, and what did."""

from __future__ import annotations

from marshmallow import Schema, fields

from api import fields as take
from api.shapes.names import maybe_text, moment
from api.shapes.operations import LARGEST_ID, Page

STATES = ("waiting", "migrated", "refused", "ended", "undoing", "undone", "moved_on")
MOST_CHOSEN = 1000


class PlanTaken(take.Taken):
    """Where the instances of a process are to go."""

    key = take.text("Of this process", least=1, most=200, required=True)
    to_version = take.whole("To this version", least=1, most=LARGEST_ID)
    from_version = take.whole("From this version; from every other one unless said", least=1, most=LARGEST_ID)
    mapping = take.names("Elements that are called otherwise there: new id by old id; all others keep theirs")


class OutlookTaken(PlanTaken):
    """What would become of some instances."""

    after = take.whole("`next` of the page before", least=1, most=LARGEST_ID)
    limit = take.whole("Instances at most", least=1, most=100, default=50)


class MigrationTaken(PlanTaken):
    """A migration that is wanted."""

    instances = take.row_ids("Only these; all unless said", most=MOST_CHOSEN)
    reason = take.text("Why, for whoever reads the log", least=3, most=2000, required=True)


class ObstacleShape(Schema):
    """Why an instance cannot go."""

    element_id = fields.String(metadata={"description": "May be empty"})
    code = fields.String()
    message = fields.String()


class WaitedShape(Schema):
    """What an instance waits for, in one version."""

    kind = fields.String(metadata={"description": "task, timer, message or job"})
    uid = fields.String(metadata={"description": "The same before and after"})
    element_id = fields.String()
    element_name = fields.String()
    due_at = moment()
    message = maybe_text()


class OutlookShape(Schema):
    """What would become of one instance."""

    instance_id = fields.Integer()
    business_key = fields.String()
    from_version = fields.Integer()
    can_go = fields.Boolean()
    goes_on = fields.Boolean(metadata={"description": "Something would happen at once, such as a timer that is due"})
    obstacles = fields.List(fields.Nested(ObstacleShape))
    before = fields.List(fields.Nested(WaitedShape))
    after = fields.List(fields.Nested(WaitedShape))


class Outlooks(Schema):
    """What would become of instances; nothing is changed."""

    count = fields.Integer(metadata={"description": "How many would be asked to go in all"})
    instances = fields.List(fields.Nested(OutlookShape))
    next = fields.Integer(allow_none=True)


class ProgressShape(Schema):
    """A migration and how far it is."""

    id = fields.Integer()
    key = fields.String(attribute="to_definition.key")
    to_version = fields.Integer(attribute="to_definition.version")
    from_version = fields.Integer(allow_none=True)
    mapping = fields.Dict(keys=fields.String(), values=fields.String())
    reason = fields.String()
    state = fields.String(metadata={"description": "running, done, undoing or undone"})
    started_at = moment(can_miss=False)
    started_by = fields.String()
    ended_at = moment()
    instances = fields.Dict(keys=fields.String(), values=fields.Integer(), metadata={"description": "By state"})


class Migrations(Schema):
    """Migrations, the newest first."""

    migrations = fields.List(fields.Nested(ProgressShape))
    next = fields.String(allow_none=True)


class ResultsQuery(Page):
    """Which results."""

    state = take.one_of("In this state", STATES)


class MigratedShape(Schema):
    """What became of one instance."""

    id = fields.Integer()
    instance_id = fields.Integer()
    business_key = fields.String(attribute="instance.business_key")
    state = fields.String()
    obstacles = fields.List(fields.Nested(ObstacleShape), attribute="problems")
    ended_at = moment()


class Results(Schema):
    """What became of the instances of a migration."""

    results = fields.List(fields.Nested(MigratedShape))
    next = fields.String(allow_none=True)
