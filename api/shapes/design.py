"""What designers and administrators send and see: process definitions, incidents, jobs, keys, people."""

from __future__ import annotations

from marshmallow import Schema, fields

from api import fields as take
from api.shapes.names import MembershipShape, maybe_text, moment

# ------------------------------------------------------------------------------------------------------ definitions


class FindingShape(Schema):
    """Something the linter says about a drawing."""

    file = fields.String()
    line = fields.Integer(allow_none=True)
    column = fields.Integer(allow_none=True)
    rule = fields.String()
    element_id = maybe_text()
    element_name = maybe_text()
    severity = fields.String(metadata={"description": "error, warning, or info: put right at upload"})
    message_vi = fields.String()
    message_en = fields.String()
    remedy_vi = fields.String()
    remedy_en = fields.String()


class VersionShape(Schema):
    """An immutable version of a process."""

    key = fields.String()
    version = fields.Integer()
    name = fields.String()
    state = fields.String(metadata={"description": "draft, active or retired"})
    checksum = fields.String()
    deployed_at = moment(can_miss=False)
    deployed_by = fields.String()
    release_note = fields.String()


class FileShape(Schema):
    """A file of a version."""

    name = fields.String()
    bytes = fields.Integer()


class FullVersion(Schema):
    """A version with its files and what was put right in them, and the linter says now."""

    definition = fields.Nested(VersionShape)
    files = fields.List(fields.Nested(FileShape))
    findings = fields.List(fields.Nested(FindingShape))


class DefinitionShape(Schema):
    """A process with its versions, the newest first."""

    key = fields.String()
    name = fields.String()
    active_version = fields.Integer(allow_none=True, metadata={"description": "What new instances start on"})
    versions = fields.List(fields.Nested(VersionShape))


class Definitions(Schema):
    """Every process."""

    definitions = fields.List(fields.Nested(DefinitionShape))


class UploadTaken(take.Taken):
    """The files of a process, checked and kept together."""

    files = take.photos("One `.bpmn`, any number of `.dmn` and `.form`; by their file names")
    activate = take.flag("Whether new instances start on it at once; without, it is a draft", default=True)
    note = take.text("What has changed", most=2000)
    accept_proposals = take.flag(
        "Whether to do what the check proposes where the diagram leaves something open", default=False
    )
    people = take.text("The group for tasks that name nobody", most=200)


# -------------------------------------------------------------------------------------------------------- incidents


class IncidentShape(Schema):
    """What is left for a person when retries are used up."""

    id = fields.Integer()
    job_id = fields.UUID(allow_none=True)
    instance_id = fields.Integer(allow_none=True)
    business_key = fields.String(attribute="instance.business_key", dump_default=None, allow_none=True)
    element_id = maybe_text()
    cause = fields.String()
    message = fields.String()
    opened_at = moment(can_miss=False)
    resolved_at = moment()
    resolved_by = maybe_text()


class Incidents(Schema):
    """What waits for a person, oldest first."""

    incidents = fields.List(fields.Nested(IncidentShape))


class IncidentsQuery(take.Taken):
    """How many incidents are wanted."""

    limit = take.whole("Incidents at most", least=1, most=500, default=100)


# ----------------------------------------------------------------------------------------------------------- people


class KeyShape(Schema):
    """An API key without its secret."""

    id = fields.Integer()
    name = fields.String()
    prefix = fields.String(metadata={"description": "What the secret begins with after `cw_`"})
    created_at = moment(can_miss=False)
    expires_at = moment()
    last_used_at = moment()


class IssuedKey(KeyShape):
    """A new API key. The secret is told once."""

    secret = fields.String()


class Keys(Schema):
    """One's own keys, the newest first."""

    keys = fields.List(fields.Nested(KeyShape))


class KeyTaken(take.Taken):
    """A key that is wanted."""

    name = take.text("What it is for", least=1, most=100, required=True)
    expires_at = take.moment_to_come("Until when it is valid; for ever unless said")


class Me(Schema):
    """Whoever asks."""

    username = fields.String()
    full_name = fields.String()
    email = fields.String()
    locale = fields.String()
    memberships = fields.List(fields.Nested(MembershipShape))
    groups = fields.List(fields.String(), metadata={"description": "The candidate groups of user tasks"})


# ------------------------------------------------------------------------------------------------------ the problems


class ProblemKind(Schema):
    """A kind of problem."""

    code = fields.String()
    title = fields.String()


class ProblemKinds(Schema):
    """Every kind of problem there is."""

    problems = fields.List(fields.Nested(ProblemKind))
