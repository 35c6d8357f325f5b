"""What is wrong with an input, and with a wish that cannot be granted: one sentence for each code, saying what to do."""

from __future__ import annotations

from flask_babel import gettext as _

from engine.errors import CasewayError, Problem


def text(problem: Problem) -> str:
    """The sentence for one problem."""
    said = {
        "required": _("This is needed. Please fill it in."),
        "too_short": _("Write at least %(min)s characters."),
        "too_long": _("Write at most %(max)s characters."),
        "too_small": _("Give a number of at least %(min)s."),
        "too_big": _("This is too big. At most %(max)s."),
        "too_many": _("These are too many. At most %(max)s."),
        "unknown": _("This is not known here. Choose one from the list."),
        "not_an_option": _("Choose one of the options offered."),
        "unknown_field": _("There is no such field here."),
        "wrong_type": _("This has the wrong form."),
        "not_a_number": _("Give a number."),
        "out_of_area": _("This place lies outside the city. Choose a place inside it."),
        "bad_email": _("This is no e-mail address, for example name@example.org."),
        "bad_phone": _("A phone number has 10 digits, for example 0905 123 456."),
        "not_an_image": _("This file is no photo we can read. Send a JPEG, PNG, WebP or HEIC photo."),
        "not_a_moment": _("Give a day and a time."),
        "in_the_past": _("Choose a moment in the future."),
        "after_due": _("Choose a moment before the task is due."),
        "before_from": _("The last day lies before the first one."),
        "duplicate_name": _("Another file has this name."),
        "reserved_name": _("This name cannot be used."),
    }
    sentence = said.get(problem.code)
    if sentence is None:
        return problem.message or problem.code.replace("_", " ")
    return _fill(sentence, problem)


def error(error: CasewayError) -> str:
    """The sentence for an error that is not about one field."""
    said = {
        "case_not_found": _("There is no such code. Check it and try again."),
        "task_not_found": _("There is no such task."),
        "definition_not_found": _("There is no such process."),
        "incident_not_found": _("There is no such incident."),
        "not_your_task": _("This task is meant for somebody else."),
        "may_not_open": _("You are not allowed to open this page. An administrator can give you the right."),
        "task_already_claimed": _("Somebody else has already claimed this task."),
        "task_already_completed": _("This task has already been completed."),
        "instance_ended": _("This case has already ended."),
        "message_not_awaited": _("This is not awaited (any more). Reload the page to see where the case stands."),
        "changed_at_once": _("Somebody else was changing the same thing at the same moment. Try again."),
        "execution_failed": _("The process cannot go on here. The administrators have been told."),
        "wrong_secret": _("This link does not give these rights. Use the link from our first message to you."),
        "wrong_credentials": _("The user name or the password is wrong."),
        "incident_resolved": _("This incident has already been resolved."),
    }
    return said.get(error.code) or error.message


def _fill(sentence: str, problem: Problem) -> str:
    try:
        return sentence % problem.params if "%(" in sentence else sentence
    except KeyError:
        return sentence.split("%(", maxsplit=1)[0].rstrip()
