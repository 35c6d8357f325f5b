"""What is wrong with one value of an input: a sentence for each code, saying what to do."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext as _

from engine.errors import Problem
from words import operations


def problem_text(problem: Problem, own: Mapping[str, str] | None = None) -> str:
    """The sentence for one problem. `own` are sentences of a door, by code, which go before those of the house."""
    sentence = (sentences() | dict(own or {})).get(problem.code)
    if sentence is None:
        return problem.message or problem.code.replace("_", " ")
    return _filled(sentence, problem)


def _filled(sentence: str, problem: Problem) -> str:
    """A sentence whose numbers are not known ends before the first of them."""
    try:
        return sentence % problem.params if "%(" in sentence else sentence
    except KeyError:
        return sentence.split("%(", maxsplit=1)[0].rstrip()


def sentences() -> dict[str, str]:
    """What both doors say, by code, with blanks to fill."""
    return {
        "required": _("This is needed. Please fill it in."),
        "too_short": _("Write at least %(min)s characters."),
        "too_long": _("Write at most %(max)s characters."),
        "too_small": _("Give a number of at least %(min)s."),
        "too_big": _("This is too big. At most %(max)s."),
        "too_many": _("These are too many. At most %(max)s."),
        "unknown": _("This is not known here. Choose one from the list."),
        "not_an_option": _("Choose one of the options offered."),
        "not_a_period": _("This is no period. Write a month (2026-11), a quarter (2026-Q4) or a year (2026)."),
        "cannot_combine": _("This cannot be asked together with the others. Leave one of them out."),
        "unknown_field": _("There is no such field here."),
        "wrong_type": _("This has the wrong form."),
        "not_a_number": _("Give a number."),
        "not_a_moment": _("Give a day and a time."),
        "in_the_past": _("Choose a moment in the future."),
        "after_due": _("Choose a moment before the task is due."),
        "before_from": _("The last day lies before the first one."),
        "out_of_area": _("This place lies outside the city. Choose a place inside it."),
        "reserved_name": _("This name cannot be used."),
        "variables_too_large": _("The values of a process may take up %(limit)s bytes in all. Shorten this one."),
        **_about_files(),
        **_about_walls(),
        **_about_addresses(),
        **_about_days_and_measures(),
        **operations.about_fields(),
    }


def _about_files() -> dict[str, str]:
    return {
        "not_an_image": _("This file is no photo we can read. Send a JPEG, PNG, WebP or HEIC photo."),
        "no_case_for_files": _(
            "This process runs for no case, so there is nowhere to keep files. Send it without them."
        ),
        "duplicate_name": _("Another file has this name."),
        "bad_file_name": _("Name the file like report.bpmn, routing.dmn or intake.form."),
    }


def _about_walls() -> dict[str, str]:
    return {
        "not_a_slug": _("Write small letters without accents, digits and hyphens, for example left-wall."),
        "name_taken": _("There is one with this name already."),
        "in_future": _("This moment lies ahead. Give the one at which it was measured."),
        "older_than_known": _("A newer value is known already. This one was not taken."),
        "not_a_place": _("“%(text)s” is no place on a wall. Write a1 for the first panel, a1-b2 for several."),
        "not_a_tile": _("“%(text)s” is nothing a wall can show. Choose from the list."),
        "places_overlap": _("“%(text)s” lies on a place that is taken already."),
        "outside_the_wall": _("The grid has more columns or rows than the wall has panels."),
        "not_a_panel": _("Give the column and the row of one panel of this wall, such as 2,1."),
    }


def _about_addresses() -> dict[str, str]:
    return {
        "bad_email": _("This is no e-mail address, for example name@example.org."),
        "bad_phone": _("A phone number has 10 digits, for example 0905 123 456."),
        "no_address": _("There is no e-mail address of yours; an administrator can enter one."),
    }


def _about_days_and_measures() -> dict[str, str]:
    return {
        "out_of_range": _("This has to be between %(min)s and %(max)s."),
        "not_a_day": _("Give a day, such as 2026-12-24."),
        "before_first": _("The last day lies before the first one."),
        "single_day": _("Only days off may be more than one day. Leave the last day empty."),
        "too_long_break": _("A break has at most %(max)s days."),
        "overlapping_days": _("Another entry is about these days already."),
        "bad_hours": _("Write hours in their order, such as 07:00-11:30, 13:30-17:00; days off have none."),
    }
