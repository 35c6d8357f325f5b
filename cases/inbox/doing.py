"""What a person does with a task. Each verb asks first whether this person may, then tells the engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from cases import access, attachments
from cases import cases as handling
from cases.inbox.choices import case_of, choices, delegates
from cases.models import Case, Person
from engine import clock, forms
from engine import tasks as engine_tasks
from engine.errors import Invalid, InvalidAnswers, NotYourTask, Problem, TaskAlreadyCompleted
from engine.forms import Form
from engine.models import TaskState, UserTask

#: A photo from a page or a program: file name and content.
Photo = tuple[str, bytes]
MOST_PHOTOS = 5
NO_FORM = Form("")


def get(task_id: int, *, person: Person) -> UserTask:
    """A task this person may see.

    Raises: TaskNotFound, NotYourTask.
    """
    task = engine_tasks.get(task_id)
    if not access.may_see_task(person, task):
        raise NotYourTask
    return task


def form(task: UserTask) -> Form:
    """The form of a task, of the version of the process the case runs on; an empty one when it has none.

    Raises: FormNotFound.
    """
    return forms.load(task.instance.definition, task.form_key) if task.form_key else NO_FORM


def claim(task_id: int, *, person: Person) -> UserTask:
    """Take a task that is offered to this person.

    Raises: TaskNotFound, NotYourTask, TaskAlreadyClaimed, TaskAlreadyCompleted.
    """
    task = engine_tasks.get(task_id)
    is_offered = not set(task.candidate_groups).isdisjoint(access.groups(person))
    if task.assignee == access.REPORTER or not (is_offered or access.may_do_task(person, task)):
        raise NotYourTask
    return engine_tasks.claim(task_id, by=person.username)


def release(task_id: int, *, person: Person) -> UserTask:
    """Give a task of one's own back to its groups.

    Raises: TaskNotFound, NotYourTask, TaskAlreadyClaimed, TaskAlreadyCompleted.
    """
    get(task_id, person=person)
    return engine_tasks.release(task_id, by=person.username)


def delegate(task_id: int, *, to: str, person: Person) -> UserTask:
    """Give a task to somebody of its groups.

    Raises: TaskNotFound, NotYourTask, Invalid (`to` is not among `delegates`), TaskAlreadyCompleted.
    """
    task = get(task_id, person=person)
    if task.state == TaskState.OPEN and not access.may_delegate(person, task):
        raise NotYourTask
    if to not in {delegate.username for delegate in delegates(task)}:
        raise Invalid([Problem("to", "unknown")])
    return engine_tasks.delegate(task_id, to=to, by=person.username)


def put_off(task_id: int, *, until: datetime | None, person: Person) -> UserTask:
    """Put a task of one's own out of sight until a moment before it is due; None brings it back.

    Raises: TaskNotFound, NotYourTask, TaskAlreadyClaimed, TaskAlreadyCompleted, Invalid (in_the_past, after_due).
    """
    task = get(task_id, person=person)
    if until is not None and until <= clock.now():
        raise Invalid([Problem("until", "in_the_past")])
    if until is not None and task.due_at is not None and until > task.due_at:
        raise Invalid([Problem("until", "after_due", {"due_at": task.due_at.isoformat()})])
    return engine_tasks.follow_up(task_id, at=until, by=person.username)


def complete(task_id: int, answers: Mapping[str, object], *, person: Person, photos: Sequence[Photo] = ()) -> UserTask:
    """Complete a task with what was filled in; a task nobody has is claimed with it.

    Photos become attachments of the case, their ids the answer to the form's question for files.
    Raises: TaskNotFound, NotYourTask, TaskAlreadyClaimed, TaskAlreadyCompleted, InvalidAnswers.
    """
    task = get(task_id, person=person)
    if task.state != TaskState.OPEN:
        raise TaskAlreadyCompleted(task.ended_by, task.ended_at)
    if task.assignee != person.username:
        claim(task_id, person=person)
    checked = _checked(task, answers, photos, case=case_of(task), person=person)
    engine_tasks.complete(task_id, checked, by=person.username)
    return task


def _checked(
    task: UserTask, answers: Mapping[str, object], photos: Sequence[Photo], *, case: Case | None, person: Person
) -> dict[str, object]:
    drawn = form(task)
    given: dict[str, object] = {key: value for key, value in answers.items() if key not in drawn.file_keys}
    if photos:
        given[next(iter(drawn.file_keys), "photos")] = [name for name, _ in photos]
    checked = forms.check(drawn, given, choices=_offered(drawn, task, person))
    _check_duplicate(checked, case)
    for key in drawn.file_keys:
        if key in checked:
            checked[key] = _stored(case, photos, where=key, person=person)
    return checked


def _offered(drawn: Form, task: UserTask, person: Person) -> dict[str, list[str]]:
    keys = {part.values_key for part in drawn.components if part.values_key}
    return {key: [value for value, _ in pairs] for key, pairs in choices(task, person, keys=keys).items()}


def _check_duplicate(answers: Mapping[str, object], case: Case | None) -> None:
    """Raises: InvalidAnswers when the case to merge into is none, is closed, or is this one."""
    code = answers.get("duplicate_of")
    if code is None or case is None:
        return
    try:
        other = handling.find_open_by_code(str(code))
    except handling.CaseNotFound:
        raise InvalidAnswers([Problem("duplicate_of", "unknown")]) from None
    if other.id == case.id:
        raise InvalidAnswers([Problem("duplicate_of", "unknown")])


def _stored(case: Case | None, photos: Sequence[Photo], *, where: str, person: Person) -> list[int]:
    """Raises: InvalidAnswers for what is no photo, all of them together, and where there is no case to keep them."""
    if not photos:
        return []
    if case is None:
        raise InvalidAnswers([Problem(where, "no_case_for_files")])
    if len(photos) > MOST_PHOTOS:
        raise InvalidAnswers([Problem(where, "too_many", {"max": MOST_PHOTOS})])
    pictures, problems = [], []
    for _, content in photos:
        try:
            pictures.append(attachments.read(content, where=where))
        except Invalid as error:
            problems += error.problems
    if problems:
        raise InvalidAnswers(problems)
    return [attachments.keep(case, picture, kind="result", by=person.username).id for picture in pictures]
