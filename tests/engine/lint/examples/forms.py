"""Forms and decision tables."""

from __future__ import annotations

from tests.engine.lint.asking import Example, example, form, person, row, with_form
from tests.engine.lint.examples.tasks import DECISION, asked

TEXT = {"type": "textfield", "key": "words"}
OPTIONS = [{"label": "Yes", "value": "yes"}, {"label": "No", "value": "no"}]
RADIO = {"type": "radio", "key": "verdict", "values": OPTIONS}
GOOD = with_form(TEXT)


def two_forms(second: str) -> dict[str, bytes]:
    asked = row(person("a", formKey="ask"))
    return {"demo.bpmn": asked, "forms/ask.form": form(TEXT), "forms/b.form": form(TEXT, key=second)}


def depending(on: str) -> dict[str, bytes]:
    return dict(with_form(RADIO, {**TEXT, "conditional": {"hide": f'= {on} = "no"'}}))


EXAMPLES: dict[str, Example] = {
    "form-unreadable": example({**GOOD, "forms/ask.form": b'{"components": ['}, GOOD),
    "form-without-id": example({**GOOD, "forms/ask.form": b'{"components": []}'}, GOOD),
    "form-computed-value": example(with_form({**TEXT, "readonly": "= true"}), with_form({**TEXT, "readonly": False})),
    "form-condition-field": example(depending("decision"), depending("verdict")),
    "unknown-form": example(row(person("a", formKey="ask")), GOOD),
    "duplicate-form": example(two_forms("ask"), two_forms("answer")),
    "form-component-type": example(with_form({"type": "iframe", "key": "x"}), GOOD),
    "form-key-missing": example(with_form({"type": "textfield", "key": "self"}), GOOD),
    "form-key-twice": example(with_form(TEXT, {"type": "textarea", "key": "words"}), with_form(TEXT, RADIO)),
    "form-without-options": example(
        with_form({"type": "select", "key": "unit"}), with_form({"type": "select", "key": "unit", "valuesKey": "units"})
    ),
    "form-option-twice": example(with_form({**RADIO, "values": [OPTIONS[0], OPTIONS[0]]}), with_form(RADIO)),
    "unknown-answer": example(with_form(TEXT, answers="word"), with_form(TEXT, answers="words")),
    "decision-unreadable": example({**asked("route"), "route.dmn": DECISION.replace(b'"ioc"', b"if")}, asked("route")),
    "duplicate-decision": example({**asked("route"), "again.dmn": DECISION}, asked("route")),
}
