"""Why a wish cannot be granted: a sentence for each code, saying what to do. Programs rely on the codes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask_babel import gettext as _

from engine.errors import CasewayError, MoveRefused, TaskAlreadyClaimed, TaskAlreadyCompleted
from words import operations
from words.moments import moment


def error_text(error: CasewayError, *, named: Callable[[str], str] = str) -> str:
    """What is wrong this time; `named` gives the name of somebody who was faster (by default, as they sign in)."""
    if isinstance(error, TaskAlreadyCompleted) and error.by:
        return completed(named(error.by), error.at)
    if isinstance(error, TaskAlreadyClaimed) and error.by:
        return _("%(person)s has claimed this task.", person=named(error.by))
    if isinstance(error, MoveRefused) and error.why in operations.about_moves():
        return operations.about_moves()[error.why]
    return title(error.code) or error.message


def title(code: str) -> str | None:
    """The sentence for a kind of error; None for a code that only one door knows, or nobody."""
    return titles().get(code)


def titles() -> dict[str, str]:
    """Every kind of error that both doors may tell."""
    return _of_requests() | _of_inputs() | _of_cases() | _of_processes() | operations.titles()


def completed(person: str, at: datetime | None) -> str:
    """Who was faster, and when."""
    if at is None:
        return _("%(person)s has completed this task.", person=person)
    return _("%(person)s completed this step at %(moment)s.", person=person, moment=moment(at))


def _of_requests() -> dict[str, str]:
    return {
        "too_large": _("What you sent is too big. Send at most 5 photos of 15 MB each."),
        "too_many_requests": _("You have sent a lot in a short time. Try again in 10 minutes or call the hotline."),
        "internal_error": _("Something went wrong on our side. Please try again."),
        "may_not_open": _("You are not allowed to do this. An administrator can give you the right."),
        "changed_at_once": _("Somebody else was changing the same thing at the same moment. Try again."),
        "city_not_loaded": _("No city has been loaded yet."),
    }


def _of_inputs() -> dict[str, str]:
    """What is wrong with each field is told beside them."""
    return {
        "invalid": _("Some values in this request have to be mended."),
        "invalid_report": _("Some details of this report have to be mended."),
        "invalid_answers": _("Some answers of this form have to be mended."),
        "invalid_definition": _("This process cannot be executed as drawn. The findings say what to mend."),
        "invalid_cursor": _("This is not the place of a row in this list."),
        "wrong_credentials": _("The user name or the password is wrong."),
    }


def _of_cases() -> dict[str, str]:
    return {
        "case_not_found": _("There is no such code. Check it and try again."),
        "photo_not_found": _("There is no such photo."),
        "never_published": _("This case has no result that was once meant for the public."),
        "not_published": _("The public sees no result of this case (any more)."),
        "nothing_to_publish": _("This case has no result that was once meant for the public."),
        "task_not_found": _("There is no such task."),
        "not_your_task": _("This task is meant for somebody else."),
        "not_the_owner": _("This link or key does not give these rights. Use the one from our first message to you."),
        "task_already_claimed": _("Somebody else has already claimed this task."),
        "task_already_completed": _("This task has already been completed."),
        "instance_ended": _("This case has already ended."),
        "message_not_awaited": _("This is not awaited (any more). Look where the case stands."),
        "nothing_to_extend": _(
            "No deadline is running that could be extended: it was met, has passed or stands still."
        ),
        "already_extended": _("This deadline was extended before. It can be extended only once."),
        "extension_pending": _("More time was asked for already. A leader has to decide first."),
        "not_for_the_wall": _("This case is not shown to everybody in the room: it is sensitive, or over."),
        "subscription_not_found": _("There is no such report by mail."),
        "layout_not_found": _("There is no such layout of the wall."),
        "indicator_not_found": _("There is no such indicator."),
        "display_not_found": _("There is no such display, or it was revoked."),
        "redating_not_found": _("There is no such change of deadlines."),
        "redating_over": _("This has been done or dropped already."),
        "days_changed_meanwhile": _("The days have been changed since you looked. Plan it again and look once more."),
        "feedback_not_awaited": _("Feedback is not awaited (any more). Look where the case stands."),
    }


def _of_processes() -> dict[str, str]:
    return {
        "definition_not_found": _("There is no such process."),
        "form_not_found": _("There is no such form."),
        "incident_not_found": _("There is no such incident."),
        "incident_resolved": _("This incident has already been resolved."),
        "api_key_not_found": _("There is no such key."),
        "step_budget_exceeded": _("The process took too many steps without waiting. The designers have to mend it."),
        "too_much_work": _("The process has too much to compute in one step. The designers have to mend it."),
        "too_many_rounds": _("The process would repeat a step too often. The designers have to mend it."),
        "call_depth_exceeded": _("The process calls itself too deeply. The designers have to mend it."),
        "start_event_not_found": _("This process cannot be started here. The designers have to mend it."),
        "variables_too_large": _("These values take up too much room. Shorten them."),
        "execution_failed": _("The process cannot go on here. The administrators have been told."),
    }
