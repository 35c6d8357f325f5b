"""Answers of a form: read from what a browser sends, and said in words afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import request
from flask_babel import gettext as _

import words
from cases.inbox.doing import Photo
from engine.errors import Invalid
from engine.forms import Component, Form
from web.pages.staff import naming

UNITS, OFFICIALS = "units", "officials"
MANY = frozenset({"checklist", "taglist"})
WRITTEN = frozenset({"textarea", "textfield"})


@dataclass(frozen=True)
class Given:
    """What was sent: values by question, and photos."""

    values: dict[str, object] = field(default_factory=dict)
    photos: list[Photo] = field(default_factory=list)


def given(form: Form) -> Given:
    """The answers in this request; what the form does not ask is not looked at."""
    values: dict[str, object] = {}
    for part in form.components:
        if part.key in form.file_keys:
            continue
        if part.kind in MANY:
            values[part.key] = request.form.getlist(part.key)
        elif part.key in request.form:
            values[part.key] = request.form[part.key]
    uploads = [upload for key in form.file_keys for upload in request.files.getlist(key) if upload.filename]
    return Given(values, [(upload.filename or "", upload.read()) for upload in uploads])


def problems(error: Invalid, sent: Given, form: Form) -> list[dict[str, str]]:
    """What is wrong, for the summary above the form; chosen photos have to be chosen again, a browser cannot keep them."""
    said = [
        {"where": problem.where, "text": said_of(form, problem.where, words.problem_text(problem))}
        for problem in error.problems
    ]
    named = {problem["where"] for problem in said}
    if sent.photos:
        again = _("Choose the photos again; they were not kept.")
        said += [{"where": key, "text": again} for key in form.file_keys[:1] if key not in named]
    return said


def said_of(form: Form, where: str, text: str) -> str:
    """A problem with the question it is about."""
    part = form.component(where)
    return f"{part.label(naming.locale())}: {text}" if part else text


def in_words(form: Form, answers: Mapping[str, object]) -> list[dict[str, object]]:
    """Questions and answers as read by a person; files are told by their ids as `photos`."""
    said: list[dict[str, object]] = []
    for part in form.components:
        value = answers.get(part.key)
        if value in (None, "", []):
            continue
        label = part.label(naming.locale())
        if part.key in form.file_keys or part.values_key == "photos_available":
            ids = value if isinstance(value, list) else [value]
            said.append({"term": label, "text": "", "photos": [int(str(one)) for one in ids if str(one).isdecimal()]})
        else:
            said.append({"term": label, "text": _word(part, value), "photos": [], "is_written": part.kind in WRITTEN})
    return said


def _word(part: Component, value: object) -> str:
    if isinstance(value, list):
        return ", ".join(_word(part, one) for one in value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if part.values_key == UNITS:
        return naming.unit(value)
    if part.values_key == OFFICIALS:
        return naming.person_name(str(value))
    option = next((option for option in part.options if str(option.value) == str(value)), None)
    return option.label(naming.locale()) if option else str(value)


def has_substance(form: Form, answers: Mapping[str, object] | None) -> bool:
    """Whether somebody wrote or showed something, rather than only choosing."""
    written = {part.key for part in form.components if part.kind in WRITTEN} | set(form.file_keys)
    return any((answers or {}).get(key) for key in written)
