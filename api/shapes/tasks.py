"""What officials are asked to do: tasks with their cases, processes and forms."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields

from api import fields as take
from api.shapes.names import DeadlineShape, maybe_text, moment
from api.shapes.work import LONGEST_PAGE, LONGEST_WORD, CaseLine, seen
from cases import inbox
from cases.models import Case, Deadline
from engine.models import UserTask


class TaskShape(Schema):
    """Something a person is asked to do."""

    id = fields.Integer()
    element_id = fields.String(metadata={"description": "The task in the diagram"})
    name = fields.String(metadata={"description": "As drawn"})
    name_en = maybe_text()
    state = fields.String(metadata={"description": "open, completed or cancelled"})
    public_step = maybe_text()
    candidate_groups = fields.List(fields.String())
    assignee = maybe_text()
    form_key = maybe_text()
    priority = fields.Integer()
    due_at = moment()
    follow_up_at = moment()
    created_at = moment(can_miss=False)
    claimed_at = moment()
    ended_at = moment()
    ended_by = maybe_text()


class ProcessLine(Schema):
    """The process a task belongs to, and what it runs for."""

    key = fields.String()
    name = fields.String()
    business_key = fields.String(metadata={"description": "The tracking code, where there is a case"})


class ListedTask(Schema):
    """A task with its case and the promise that is due next; the case is null where the process runs for none."""

    task = fields.Nested(TaskShape)
    process = fields.Nested(ProcessLine)
    case = fields.Nested(CaseLine, allow_none=True)
    deadline = fields.Nested(DeadlineShape, allow_none=True)


class Tasks(Schema):
    """A page of a view of the inbox, due first."""

    view = fields.String()
    tasks = fields.List(fields.Nested(ListedTask))
    next = fields.String(allow_none=True, metadata={"description": "Pass it as `after`; null on the last page"})
    counts = fields.Dict(keys=fields.String(), values=fields.Integer(), metadata={"description": "Tasks in each view"})


class TasksQuery(take.Taken):
    """Which tasks are looked for."""

    view = take.one_of("A view of the inbox, `mine` unless said", tuple(inbox.VIEWS))
    text = take.text("Words of title, address or tracking code, accents or not")
    after = take.text("`next` of the page before")
    limit = take.whole("Tasks at most", least=1, most=LONGEST_PAGE, default=50)


class Choice(Schema):
    """Something that may be chosen in a form."""

    value = fields.String()
    label = fields.String()


class Rights(Schema):
    """What the person who asks may do with a task now."""

    complete = fields.Boolean()
    delegate = fields.Boolean()


class FullTask(ListedTask):
    """A task with its form."""

    documentation = fields.String(metadata={"description": "What the diagram says about it"})
    form = fields.Dict(metadata={"description": "The form as drawn (form-js)"})
    schema = fields.Dict(metadata={"description": "The answers it takes, as JSON Schema"})
    choices = fields.Dict(
        keys=fields.String(),
        values=fields.List(fields.Nested(Choice)),
        metadata={"description": "What may be chosen, by the `valuesKey` of the form"},
    )
    may = fields.Nested(Rights)


class AssignmentTaken(take.Taken):
    """Who is to do a task."""

    assignee = take.text("A person of its groups; oneself unless said", most=LONGEST_WORD)


class FollowUpTaken(take.Taken):
    """Putting a task off."""

    until = take.moment_to_come("Until when it is out of sight, before it is due; null brings it back")


class CompletionTaken(take.Taken):
    """The answers to a task's form."""

    answers = take.answers("By the keys of the form's questions; in multipart/form-data as JSON")
    photos = take.photos("Photos of the result; only in multipart/form-data")


def listed(task: UserTask, case: Case | None, deadline: Deadline | None) -> dict[str, Any]:
    """A task with its case and its process as JSON takes it."""
    instance = task.instance
    process = {"key": instance.definition.key, "name": instance.definition.name, "business_key": instance.business_key}
    return {"task": task, "case": case, "process": process, "deadline": seen(deadline)}
