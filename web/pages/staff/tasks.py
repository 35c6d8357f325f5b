"""One task: looked at, taken, given on, put off, completed. Nothing that was typed is lost when somebody was faster."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

import words
from cases import inbox
from cases.inbox.choices import case_of
from engine.base import transaction
from engine.errors import Conflict, Invalid, Problem, TaskAlreadyCompleted
from engine.models import UserTask
from web.guards import person, signed_in
from web.pages.staff import answers, naming, rows, task_page

pages = Blueprint("tasks", __name__)

#: Pages besides the task's own to come back to after a completion.
BACK = {"approve": "/work/approve"}


@pages.get("/work/tasks/<int:task_id>")
@signed_in
def task(task_id: int) -> ResponseReturnValue:
    """A task beside the list it was opened from."""
    return task_page.render(inbox.get(task_id, person=person()))


@pages.post("/work/tasks/<int:task_id>/completion")
@signed_in
def complete(task_id: int) -> ResponseReturnValue:
    """Complete it and go on to the next one."""
    found = inbox.get(task_id, person=person())
    form = inbox.form(found)
    sent = answers.given(form)
    try:
        with transaction():
            inbox.complete(task_id, sent.values, person=person(), photos=sent.photos)
    except Invalid as error:
        return task_page.render(found, sent=sent, problems=answers.problems(error, sent, form), status=422)
    except Conflict as error:
        return task_page.render(found, sent=sent, conflict=faster(error), status=409)
    case = case_of(found)
    code = case.tracking_code if case else found.instance.business_key
    flash(_("Completed “%(step)s” for %(code)s.", step=_name(found), code=code), "toast")
    return redirect(BACK.get(request.form.get("back", "")) or rows.next_href(person(), found), 303)


@pages.post("/work/tasks/<int:task_id>/assignment")
@signed_in
def claim(task_id: int) -> ResponseReturnValue:
    """Take it."""
    found = inbox.get(task_id, person=person())
    try:
        with transaction():
            inbox.claim(task_id, person=person())
    except Conflict as error:
        return task_page.render(found, conflict=faster(error), status=409)
    flash(_("This task is yours now."), "toast")
    return _here(found)


@pages.post("/work/tasks/<int:task_id>/release")
@signed_in
def release(task_id: int) -> ResponseReturnValue:
    """Give it back to its groups."""
    found = inbox.get(task_id, person=person())
    try:
        with transaction():
            inbox.release(task_id, person=person())
    except Conflict as error:
        return task_page.render(found, conflict=faster(error), status=409)
    flash(_("The task is back with the unit."), "toast")
    return _here(found)


@pages.post("/work/tasks/<int:task_id>/delegation")
@signed_in
def delegate(task_id: int) -> ResponseReturnValue:
    """Give it to somebody else."""
    found, to = inbox.get(task_id, person=person()), request.form.get("to", "")
    try:
        with transaction():
            inbox.delegate(task_id, to=to, person=person())
    except Invalid as error:
        return task_page.render(found, problems=_plainly(error), status=422)
    except Conflict as error:
        return task_page.render(found, conflict=faster(error), status=409)
    flash(_("Given to %(person)s.", person=naming.person_name(to)), "toast")
    return _here(found)


@pages.post("/work/tasks/<int:task_id>/follow-up")
@signed_in
def put_off(task_id: int) -> ResponseReturnValue:
    """Put it out of sight for a while, or bring it back."""
    found = inbox.get(task_id, person=person())
    try:
        with transaction():
            inbox.put_off(task_id, until=_moment(request.form.get("until", "")), person=person())
    except Invalid as error:
        return task_page.render(found, problems=_plainly(error), status=422)
    except Conflict as error:
        return task_page.render(found, conflict=faster(error), status=409)
    is_away = found.follow_up_at is not None
    flash(
        _("Put off until %(moment)s.", moment=words.moment(found.follow_up_at)) if is_away else _("Brought back."),
        "toast",
    )
    return redirect(rows.list_href(view=request.form.get("view"))) if is_away else _here(found)


def faster(error: Conflict) -> str:
    """Who was faster, by full name, and that nothing typed is lost."""
    kept = _("What you typed is kept below.")
    if isinstance(error, TaskAlreadyCompleted) and not error.by:
        said = _("This step is no longer awaited: the case has gone another way.")
    else:
        said = words.error_text(error, named=naming.person_name)
    return f"{said} {kept}" if request.endpoint == "tasks.complete" else said


def _plainly(error: Invalid) -> list[dict[str, str]]:
    return [{"where": problem.where, "text": words.problem_text(problem)} for problem in error.problems]


def _moment(written: str) -> datetime | None:
    """Raises: Invalid."""
    if not written:
        return None
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        raise Invalid([Problem("until", "wrong_type")]) from None
    if moment.tzinfo is None:
        raise Invalid([Problem("until", "wrong_type")])
    return moment


def _name(task: UserTask) -> str:
    return naming.step(task.element_id, task.name, task.name_en)


def _here(task: UserTask) -> ResponseReturnValue:
    asked = {name: request.form.get(name, "") for name in ("view", "q", "after")}
    return redirect(rows.task_href(task, **asked), 303)
