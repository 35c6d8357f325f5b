"""What is wrong with a request: a sentence for each code, saying what to do. Programs rely on the codes."""

from __future__ import annotations

from flask_babel import gettext as _

from engine.errors import CasewayError, MoveRefused, Problem, TaskAlreadyClaimed, TaskAlreadyCompleted


def message(problem: Problem) -> str:
    """The sentence for one field."""
    sentence = (_about_fields() | _about_operations()).get(problem.code)
    if sentence is None:
        return problem.message or problem.code.replace("_", " ")
    return _filled(sentence, problem)


def title(code: str) -> str | None:
    """The sentence for a kind of problem; None for a code nobody has."""
    return (_of_requests() | _of_things()).get(code)


def titles() -> dict[str, str]:
    """Every kind of problem there is."""
    return dict(sorted((_of_requests() | _of_things()).items()))


def detail(error: CasewayError) -> str:
    """What is wrong this time."""
    if isinstance(error, TaskAlreadyCompleted) and error.by:
        return str(_("%(person)s has completed this task.", person=error.by))
    if isinstance(error, TaskAlreadyClaimed) and error.by:
        return str(_("%(person)s has claimed this task.", person=error.by))
    if isinstance(error, MoveRefused):
        return _about_moves().get(error.why) or title(error.code) or error.message
    return title(error.code) or error.message


def _filled(sentence: str, problem: Problem) -> str:
    try:
        return sentence % problem.params if "%(" in sentence else sentence
    except KeyError:
        return sentence.split("%(", maxsplit=1)[0].rstrip()


def _about_fields() -> dict[str, str]:
    return {
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
        "not_a_day": _("Give a day of this century like 2026-11-23."),
        "not_a_moment": _("Give a moment with its time zone like 2026-11-23T08:00:00+07:00."),
        "not_to_come": _("Give a moment in the future."),
        "not_a_box": _("Give west, south, east and north in degrees: 107.9,13.9,108.1,14.1"),
        "not_together": _("These two cannot be asked for together."),
        "before_from": _("The last day lies before the first one."),
        "in_the_past": _("Give a moment in the future."),
        "after_due": _("Give a moment before the task is due."),
        "bad_character": _("This contains a character that cannot be kept."),
        "bad_file_name": _("Name the file like report.bpmn, routing.dmn or intake.form."),
        "malformed_json": _("This is no JSON: look at line %(line)s, column %(column)s."),
        "out_of_area": _("This place lies outside the city. Choose a place inside it."),
        "bad_email": _("This is no e-mail address, for example name@example.org."),
        "bad_phone": _("A phone number has 10 digits, for example 0905 123 456."),
        "not_an_image": _("This file is no photo we can read. Send a JPEG, PNG, WebP or HEIC photo."),
        "reserved_name": _("This name cannot be used."),
    }


def _of_requests() -> dict[str, str]:
    """What can be wrong with any request."""
    return {
        "bad_request": _("This request could not be understood."),
        "malformed_json": _("This is no JSON."),
        "not_found": _("There is nothing at this address."),
        "method_not_allowed": _("This address cannot be used with this method."),
        "too_large": _("What you sent is too big. Send at most 5 photos of 15 MB each."),
        "unsupported_media_type": _("Send JSON (application/json), or multipart/form-data where files are taken."),
        "too_many_requests": _("You have sent a lot in a short time. Try again in 10 minutes or call the hotline."),
        "internal_error": _("Something went wrong on our side. Please try again."),
        "not_signed_in": _("Sign in first, or send a valid API key."),
        "may_not_open": _("You are not allowed to do this. An administrator can give you the right."),
        "problem_not_found": _("There is no such kind of problem."),
        "csrf_token_missing": _("Send the CSRF token of your session in the header X-CSRFToken."),
        "invalid": _("Some values in this request have to be mended."),
        "invalid_input": _("Some values in this request have to be mended."),
        "invalid_cursor": _("This is not the place of a row in this list."),
        "idempotency_key_reused": _("This idempotency key was used for another report. Choose a new one."),
    }


def _of_things() -> dict[str, str]:
    """What can be wrong with a wish."""
    return {
        "invalid_report": _("Some details of this report have to be mended."),
        "invalid_answers": _("Some answers of this form have to be mended."),
        "invalid_definition": _("This process cannot be executed as drawn. The findings say what to mend."),
        "case_not_found": _("There is no such code. Check it and try again."),
        "photo_not_found": _("There is no such photo."),
        "task_not_found": _("There is no such task."),
        "form_not_found": _("There is no such form."),
        "definition_not_found": _("There is no such process."),
        "file_not_found": _("There is no such file in this version."),
        "incident_not_found": _("There is no such incident."),
        "job_not_found": _("There is no such job."),
        "job_not_failed": _("This job has not failed, so there is nothing to try again."),
        "api_key_not_found": _("There is no such key."),
        "not_your_task": _("This task is meant for somebody else."),
        "not_the_owner": _("This key does not give these rights. Use the one from our first message to you."),
        "task_already_claimed": _("Somebody else has already claimed this task."),
        "task_already_completed": _("This task has already been completed."),
        "instance_ended": _("This case has already ended."),
        "message_not_awaited": _("This is not awaited (any more). Look where the case stands."),
        "feedback_not_awaited": _("Feedback is not awaited (any more). Look where the case stands."),
        "step_budget_exceeded": _("The process took too many steps without waiting. The designers have to mend it."),
        "changed_at_once": _("Somebody else was changing the same thing at the same moment. Try again."),
        "execution_failed": _("The process cannot go on here. The administrators have been told."),
        "incident_resolved": _("This incident has already been resolved."),
        "city_not_loaded": _("No city has been loaded yet."),
        **_of_operations(),
    }


def _about_operations() -> dict[str, str]:
    """What can be wrong with a variable, and what keeps an instance from another version."""
    return {
        "not_a_name": _("A name has letters, digits and underscores, and begins with no digit."),
        "too_deep": _("This is nested too deeply. At most %(max)s levels."),
        "node_gone": _("Something waits here, and the other version has no such element. Say what it is called there."),
        "kind_changed": _("Something waits here, and in the other version this is another kind of element."),
        "scope_changed": _("Something waits here, and in the other version this stands in another subprocess."),
        "called_process_changed": _(
            "Something waits in the process called here, and the other version calls another one."
        ),
        "cannot_go_on": _("The instance cannot be read, or cannot go on in the other version."),
    }


def _of_operations() -> dict[str, str]:
    """What can be wrong with a wish of an operator."""
    return {
        "instance_not_found": _("There is no such process instance."),
        "instance_suspended": _("This is suspended: nothing happens until an administrator lets it go on."),
        "definition_suspended": _(
            "This process is suspended: nothing new starts until an administrator lets it go on."
        ),
        "already_so": _("It is so already. Nothing was changed."),
        "move_refused": _("The token cannot be moved there safely."),
        "cannot_migrate": _("This instance cannot go to that version."),
        "migration_not_found": _("There is no such migration."),
        "migration_not_done": _("This migration is not at rest. Wait until it is done; it can be undone once."),
    }


def _about_moves() -> dict[str, str]:
    """Why a token cannot be moved."""
    return {
        "move_to_nowhere": _("The process has no such element."),
        "move_out_of_scope": _("That element stands in another subprocess."),
        "move_across_branches": _("That element stands in another parallel branch, so something would wait for ever."),
        "move_to_this_kind": _("A token can be put before a task, a waiting event or a subprocess only."),
        "move_of_repetition": _("A token cannot be moved into or out of something that is repeated."),
        "move_behind_event_gateway": _("That event belongs to an event gateway. Move the token to the gateway."),
        "move_of_boundary_event": _("A boundary event holds no token. Move that of its activity."),
    }
