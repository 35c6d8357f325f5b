"""What is wrong with a form, for its summary and its fields; some fields of a report have sentences of their own."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _

import words
from engine.errors import Problem


def problems(found: Iterable[Problem]) -> dict[str, object]:
    """`summary` for `error_summary`, `errors` by field."""
    texts = [(problem.where, sentence(problem)) for problem in found]
    return {
        "summary": [{"where": where, "text": text} for where, text in texts],
        "errors": dict(reversed(texts)),
    }


def sentence(problem: Problem) -> str:
    """One problem, saying what to do."""
    own = {
        ("text", "required"): _("Describe the problem or add a photo."),
        ("category", "required"): _("Choose what it is about."),
        ("category", "unknown"): _("Choose what it is about."),
        ("area", "required"): _("Choose a place on the map, type an address, or choose a ward or commune."),
        ("contact", "required"): _("Choose how we should tell you the result."),
        ("contact_email", "required"): _("Type your e-mail address, or choose another way."),
        ("contact_phone", "required"): _("Type your phone number, or choose another way."),
        ("verdict", "required"): _("Choose whether the problem has been fixed."),
        ("verdict", "unknown"): _("Choose whether the problem has been fixed."),
        ("", "trapped"): _("The hidden field was filled in, as programs do. Please send once more."),
    }
    text = own.get((problem.where, problem.code)) or words.problem_text(problem)
    filename = problem.params.get("filename")
    return f"{filename}: {text}" if filename else text
