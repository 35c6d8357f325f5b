"""The inbox: what a person is asked to do, and doing it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.doors import Doors
from api.fields import InvalidInput
from api.guards import person, signed_in
from api.shapes.public import uploads
from api.shapes.tasks import (
    AssignmentTaken,
    CompletionTaken,
    FollowUpTaken,
    FullTask,
    ListedTask,
    Tasks,
    TasksQuery,
    listed,
)
from cases import access, deadlines, inbox
from cases.inbox.choices import case_of
from engine import forms
from engine import tasks as engine_tasks
from engine.base import transaction
from engine.errors import Invalid, Problem
from engine.models import UserTask

doors = Doors("api_tasks", __name__, url_prefix="/api/tasks", description="The inbox of a person")


@doors.door("GET", "", guard=signed_in, query=TasksQuery, gives=Tasks)
def view(query: dict[str, Any]) -> dict[str, Any]:
    """A view of the inbox, page by page."""
    name = query["view"] or "mine"
    page = inbox.tasks(person(), name, limit=query["limit"], after=query["after"], text=query["text"] or "")
    rows = [listed(row.task, row.case, row.deadline) for row in page.rows]
    return {"view": name, "tasks": rows, "next": page.next, "counts": inbox.counts(person())}


@doors.door("GET", "/<row:task_id>", guard=signed_in, gives=FullTask)
def look(task_id: int) -> dict[str, Any]:
    """A task with its form and what may be chosen there."""
    task = inbox.get(task_id, person=person())
    shown = _with_case(task)
    form = inbox.form(task)
    choices = {key: _pairs(pairs) for key, pairs in inbox.choices(task, person()).items()}
    rights = {"complete": access.may_do_task(person(), task), "delegate": access.may_delegate(person(), task)}
    return {
        **shown,
        "documentation": engine_tasks.documentation(task),
        "form": form.drawn,
        "schema": forms.schema(form),
        "choices": choices,
        "may": rights,
    }


@doors.door("PUT", "/<row:task_id>/assignment", guard=signed_in, body=AssignmentTaken, gives=ListedTask)
def assign(values: dict[str, Any], task_id: int) -> dict[str, Any]:
    """Take a task, or give it to somebody of its groups."""
    assignee = values["assignee"]
    with transaction():
        if assignee in (None, person().username):
            task = inbox.claim(task_id, person=person())
        else:
            task = _delegate(task_id, assignee)
    return _with_case(task)


@doors.door("DELETE", "/<row:task_id>/assignment", guard=signed_in, gives=ListedTask)
def release(task_id: int) -> dict[str, Any]:
    """Give a task of one's own back to its groups."""
    with transaction():
        task = inbox.release(task_id, person=person())
    return _with_case(task)


@doors.door("PUT", "/<row:task_id>/follow-up", guard=signed_in, body=FollowUpTaken, gives=ListedTask)
def put_off(values: dict[str, Any], task_id: int) -> dict[str, Any]:
    """Put a task of one's own out of sight for a while; its deadline goes on."""
    with transaction():
        task = inbox.put_off(task_id, until=values["until"], person=person())
    return _with_case(task)


@doors.door("POST", "/<row:task_id>/completion", guard=signed_in, form=CompletionTaken, gives=ListedTask, status=201)
def complete(values: dict[str, Any], task_id: int) -> dict[str, Any]:
    """Complete a task; the case goes on. One that nobody has is claimed with it."""
    photos = [(photo.filename, photo.content) for photo in uploads(values)]
    with transaction():
        task = _complete(task_id, values["answers"], photos)
    return _with_case(task)


def _complete(task_id: int, answers: Mapping[str, object], photos: list[tuple[str, bytes]]) -> UserTask:
    """Raises: what the inbox refuses with, its problems at the fields of this door."""
    try:
        return inbox.complete(task_id, answers, person=person(), photos=photos)
    except Invalid as error:
        file_keys = inbox.form(engine_tasks.get(task_id)).file_keys
        wheres = dict.fromkeys(file_keys, "photos")
        error.problems = [_at(one, wheres.get(one.where) or f"answers.{one.where}") for one in error.problems]
        raise


def _delegate(task_id: int, assignee: str) -> UserTask:
    try:
        return inbox.delegate(task_id, to=assignee, person=person())
    except Invalid as error:
        raise InvalidInput([_at(problem, "assignee") for problem in error.problems]) from error


def _at(problem: Problem, where: str) -> Problem:
    return Problem(where, problem.code, problem.params, problem.message)


def _with_case(task: UserTask) -> dict[str, Any]:
    case = case_of(task)
    return listed(task, case, deadlines.current(case) if case else None)


def _pairs(pairs: list[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"value": value, "label": label} for value, label in pairs]
