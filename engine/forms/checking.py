"""Whether answers fit a form: which questions are shown, which must be answered, and everything that is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.errors import InvalidAnswers, Problem
from engine.feel import FeelError
from engine.forms.answers import AnswerError, Choices, typed
from engine.forms.reading import FILE_KINDS, SOME_OF, TEXT_KINDS, Component, Form

Judged = Mapping[str, tuple[object, Problem | None]]


def check(form: Form, answers: Mapping[str, object], *, choices: Choices | None = None) -> dict[str, object]:
    """The answers as the process may have them: typed, in range, among the choices; those of hidden questions left out.

    Raises: InvalidAnswers with all problems together, `where` being the key of the question.
    """
    judged = _judge(form, answers, choices or {})
    visible = _visible(form, judged)
    problems = [Problem(str(key), "unknown_field") for key in answers if key not in judged]
    problems += [problem for key in visible if (problem := judged[key][1]) is not None]
    if problems:
        raise InvalidAnswers(problems)
    return {key: judged[key][0] for key in visible if judged[key][0] is not None}


def shown(form: Form, answers: Mapping[str, object]) -> list[str]:
    """The keys of the questions to show, in order, when these are the answers so far."""
    return _visible(form, _judge(form, answers, None))


def schema(form: Form) -> dict[str, object]:
    """The answers a form takes, as JSON Schema; what is asked only after certain answers is not required here."""
    required = [part.key for part in form.components if part.required and part.hide is None]
    properties = {part.key: {"title": part.label("en"), **_schema(part)} for part in form.components}
    return {"type": "object", "additionalProperties": False, "properties": properties, "required": required}


def _judge(form: Form, answers: Mapping[str, object], choices: Choices | None) -> Judged:
    return {part.key: _judge_one(part, answers.get(part.key), choices) for part in form.components}


def _judge_one(part: Component, given: object, choices: Choices | None) -> tuple[object, Problem | None]:
    """The typed answer (None when there is none, or it does not fit) and what is wrong with it."""
    try:
        value = typed(part, given, choices)
    except AnswerError as error:
        return None, Problem(part.key, error.code, error.params)
    is_missing = value is None or (part.kind == "checkbox" and value is False)
    return value, Problem(part.key, "required") if part.required and is_missing else None


def _visible(form: Form, judged: Judged) -> list[str]:
    """Answers to hidden questions count as not given, so hiding one may show or hide others: until nothing changes."""
    visible = [part.key for part in form.components]
    for _ in form.components:
        known = {key: value if key in visible else None for key, (value, _problem) in judged.items()}
        still = [part.key for part in form.components if not _is_hidden(part, known)]
        if still == visible:
            break
        visible = still
    return visible


def _is_hidden(part: Component, known: Mapping[str, object]) -> bool:
    try:
        return part.hide is not None and part.hide(known) is True
    except FeelError:
        return False  # a condition that cannot be computed hides nothing


def _schema(part: Component) -> dict[str, Any]:
    if part.kind in SOME_OF:
        return {"type": "array", "uniqueItems": True, "items": _one_of(part)}
    if part.kind in FILE_KINDS:
        return {"type": "array", "items": {"type": ["string", "integer"]}}
    if part.kind == "number":
        is_whole = part.decimal_digits == 0
        return _without_none(
            type="integer" if is_whole else "number", minimum=_float(part.min), maximum=_float(part.max)
        )
    if part.kind == "checkbox":
        return {"type": "boolean"}
    if part.kind in TEXT_KINDS:
        return _without_none(type="string", minLength=part.min_length, maxLength=part.max_length)
    return {"type": "string"} if part.kind == "datetime" else _one_of(part)


def _one_of(part: Component) -> dict[str, Any]:
    """What is chosen from is only known for a task when the choices come from outside."""
    if part.values_key is not None:
        return {"type": ["string", "number", "boolean"]}
    return {"enum": [option.value for option in part.options]}


def _without_none(**keywords: object) -> dict[str, Any]:
    return {name: value for name, value in keywords.items() if value is not None}


def _float(number: Any) -> float | None:
    return None if number is None else float(number)
