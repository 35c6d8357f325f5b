"""Forms: what is read of the drawing, and which answers fit."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import forms
from engine.errors import Invalid, InvalidAnswers
from engine.forms import Form, FormNotFound
from engine.models import Definition, DefinitionFile
from settings import ROOT


def drawn(*components: dict[str, Any], key: str = "visit") -> Form:
    return forms.read(json.dumps({"type": "default", "id": key, "components": list(components)}).encode())


def question(key: str, kind: str, **more: Any) -> dict[str, Any]:
    return {"key": key, "type": kind, "label": key.title(), **more}


def options(*values: object) -> list[dict[str, object]]:
    return [{"value": value, "label": str(value)} for value in values]


def problems(form: Form, answers: dict[str, object], **choices: list[object]) -> dict[str, str]:
    with pytest.raises(InvalidAnswers) as refused:
        forms.check(form, answers, choices=choices)
    return {problem.where: problem.code for problem in refused.value.problems}


DECISION = question("decision", "radio", values=options("accept", "refuse"), validate={"required": True})
REASON = question(
    "reason",
    "textarea",
    validate={"required": True, "minLength": 5, "maxLength": 20},
    conditional={"hide": '= decision != "refuse"'},
)


def test_answers_to_hidden_questions_are_left_out() -> None:
    answers = {"decision": "accept", "reason": "typed before the mind was changed, and far too long"}
    assert forms.check(drawn(DECISION, REASON), answers) == {"decision": "accept"}


def test_a_required_question_must_be_answered_only_when_it_is_shown() -> None:
    form = drawn(DECISION, REASON)
    assert forms.check(form, {"decision": "accept"}) == {"decision": "accept"}
    assert problems(form, {"decision": "refuse"}) == {"reason": "required"}
    assert problems(form, {"decision": "refuse", "reason": " \n "}) == {"reason": "required"}


def test_all_problems_are_told_together() -> None:
    form = drawn(DECISION, REASON, question("stars", "number", validate={"min": 1, "max": 5}))
    answers: dict[str, object] = {"decision": "refuse", "reason": "no", "stars": 9, "colour": "red"}
    assert problems(form, answers) == {"reason": "too_short", "stars": "too_big", "colour": "unknown_field"}


def test_a_problem_says_the_limit_that_was_passed() -> None:
    with pytest.raises(InvalidAnswers) as refused:
        forms.check(drawn(DECISION, REASON), {"decision": "refuse", "reason": "x" * 21})
    assert refused.value.problems[0].params == {"max": 20}


def test_a_question_hidden_by_a_hidden_question_is_hidden_too() -> None:
    form = drawn(
        DECISION,
        REASON,
        question("letter", "checkbox", conditional={"hide": "= reason = null"}),
    )
    assert forms.shown(form, {"decision": "refuse", "reason": "not our town"}) == ["decision", "reason", "letter"]
    assert forms.shown(form, {"decision": "accept", "reason": "not our town"}) == ["decision"]


def test_questions_in_a_group_are_hidden_with_the_group() -> None:
    group = {"type": "group", "components": [question("a", "textfield")], "conditional": {"hide": "= quiet"}}
    form = drawn(question("quiet", "checkbox"), group)
    assert forms.check(form, {"quiet": True, "a": "x"}) == {"quiet": True}
    assert forms.check(form, {"quiet": False, "a": "x"}) == {"quiet": False, "a": "x"}


@pytest.mark.parametrize(
    ("written", "read"),
    [("3", 3), (" 3,5 ", 3.5), (3, 3), (3.0, 3), ("-2", -2), (0, 0), ("1e3", 1000)],
)
def test_numbers_are_read_as_people_and_programs_write_them(written: object, read: object) -> None:
    result = forms.check(drawn(question("n", "number")), {"n": written})["n"]
    assert result == read
    assert type(result) is type(read)


@pytest.mark.parametrize(
    ("written", "code"),
    [("three", "not_a_number"), ("NaN", "not_a_number"), (float("inf"), "not_a_number"), ("1e400", "not_a_number"),
     (True, "wrong_type"), ([1], "wrong_type"), ({"a": 1}, "wrong_type"), ("1.5.2", "not_a_number")],
)  # fmt: skip
def test_what_is_no_number_is_refused(written: object, code: str) -> None:
    assert problems(drawn(question("n", "number")), {"n": written}) == {"n": code}


def test_a_number_must_be_in_range_and_as_precise_as_asked() -> None:
    form = drawn(question("n", "number", decimalDigits=0, validate={"min": 1, "max": 5}))
    assert problems(form, {"n": 0}) == {"n": "too_small"}
    assert problems(form, {"n": 6}) == {"n": "too_big"}
    assert problems(form, {"n": "2.5"}) == {"n": "not_a_number"}
    assert forms.check(form, {"n": "5"}) == {"n": 5}


def test_a_choice_must_be_among_the_options() -> None:
    form = drawn(question("colour", "select", values=options("red", "blue")))
    assert forms.check(form, {"colour": "red"}) == {"colour": "red"}
    assert problems(form, {"colour": "green"}) == {"colour": "not_an_option"}
    assert problems(form, {"colour": ["red"]}) == {"colour": "wrong_type"}


def test_a_choice_from_outside_is_checked_against_what_is_offered_now() -> None:
    form = drawn(question("official", "select", valuesKey="officials"))
    assert forms.check(form, {"official": "lan"}, choices={"officials": ["lan", "minh"]}) == {"official": "lan"}
    assert problems(form, {"official": "someone"}, officials=["lan", "minh"]) == {"official": "not_an_option"}
    assert problems(form, {"official": "lan"}) == {"official": "not_an_option"}


def test_a_page_sends_texts_where_options_are_numbers() -> None:
    form = drawn(question("floor", "radio", values=options(1, 2)))
    assert forms.check(form, {"floor": "2"}) == {"floor": 2}


def test_a_checklist_is_a_list_without_repetition() -> None:
    form = drawn(question("days", "checklist", values=options("mon", "tue"), validate={"required": True}))
    assert forms.check(form, {"days": ["tue", "mon", "tue"]}) == {"days": ["tue", "mon"]}
    assert forms.check(form, {"days": "mon"}) == {"days": ["mon"]}
    assert problems(form, {"days": []}) == {"days": "required"}
    assert problems(form, {"days": ["mon", "sun"]}) == {"days": "not_an_option"}


def test_a_required_checkbox_must_be_ticked() -> None:
    form = drawn(question("agreed", "checkbox", validate={"required": True}), question("other", "checkbox"))
    assert forms.check(form, {"agreed": "on"}) == {"agreed": True}
    assert forms.check(form, {"agreed": True, "other": "false"}) == {"agreed": True, "other": False}
    assert problems(form, {"agreed": False}) == {"agreed": "required"}
    assert problems(form, {"agreed": "perhaps"}) == {"agreed": "wrong_type"}


@pytest.mark.parametrize(
    ("subtype", "right", "wrong"),
    [("date", "2026-11-24", "24/11/2026"), ("time", "16:30", "half past four"), ("datetime", "2026-11-24T16:30", "x")],
)
def test_moments_are_iso_texts_of_the_kind_asked_for(subtype: str, right: str, wrong: str) -> None:
    form = drawn(question("when", "datetime", subtype=subtype))
    assert str(forms.check(form, {"when": right})["when"]).startswith(right)
    assert problems(form, {"when": wrong}) == {"when": "not_a_moment"}


def test_one_file_or_several_as_the_question_says() -> None:
    form = drawn(question("photo", "filepicker"), question("more", "filepicker", multiple=True))
    assert form.file_keys == ("photo", "more")
    assert forms.check(form, {"photo": "a.jpg", "more": ["b.jpg", 7]}) == {"photo": ["a.jpg"], "more": ["b.jpg", 7]}
    assert problems(form, {"photo": ["a.jpg", "b.jpg"], "more": [{}]}) == {"photo": "too_many", "more": "wrong_type"}


def test_texts_keep_their_lines_and_lose_what_no_keyboard_writes() -> None:
    form = drawn(question("t", "textarea"))
    assert forms.check(form, {"t": " một\r\nhai\0\x07\ud800 "}) == {"t": "một\nhai"}
    assert forms.check(form, {"t": "e\u0302\u0301"}) == {"t": "\u1ebf"}


def test_what_only_shows_something_asks_nothing() -> None:
    form = drawn({"type": "text", "text": "# Hello"}, question("gone", "textfield", disabled=True), {"type": "button"})
    assert form.components == ()
    assert problems(form, {"gone": "x"}) == {"gone": "unknown_field"}


def test_questions_and_options_speak_both_languages() -> None:
    option = {"value": "a", "label": "Tiếp nhận", "label_en": "Accept"}
    properties = {"label_en": "Decision", "description_en": "Choose one"}
    form = drawn({"key": "d", "type": "radio", "label": "Quyết định", "values": [option], "properties": properties})
    part = form.components[0]
    assert (part.label("vi"), part.label("en"), part.description("vi")) == ("Quyết định", "Decision", "")
    assert (part.options[0].label("vi"), part.options[0].label("en")) == ("Tiếp nhận", "Accept")


def test_the_schema_tells_programs_what_the_form_takes() -> None:
    form = drawn(DECISION, REASON, question("n", "number", decimalDigits=0, validate={"min": 1}))
    schema: Any = forms.schema(form)
    assert schema["required"] == ["decision"]
    assert schema["properties"]["decision"]["enum"] == ["accept", "refuse"]
    assert schema["properties"]["reason"]["maxLength"] == 20
    assert schema["properties"]["n"] == {"title": "N", "type": "integer", "minimum": 1.0}


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"{}", b'{"components": 1}', b"\xff", b'{"components": [{"key": "a", "type": "radio", "values": [1]}]}',
     b'{"components": [{"key": "a", "type": "number", "validate": {"min": "x"}}]}'],
)  # fmt: skip
def test_a_file_that_is_no_form_is_refused(content: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        forms.read(content, "visit.form")
    assert [problem.where for problem in refused.value.problems] == ["visit.form"]


def test_a_condition_that_is_no_expression_is_refused() -> None:
    with pytest.raises(Invalid):
        drawn(question("a", "textfield", conditional={"hide": "= a ! b"}))


SHIPPED = sorted((ROOT / "bpmn").rglob("*.form"))


@pytest.mark.parametrize("path", SHIPPED, ids=[path.stem for path in SHIPPED])
def test_a_shipped_form_is_named_after_its_file_and_speaks_both_languages(path: Any) -> None:
    form = forms.read(path.read_bytes(), path.name)
    assert form.key == path.stem
    assert form.components
    assert all("en" in part.labels for part in form.components)
    assert all("en" in option.labels for part in form.components for option in part.options)


KINDS = st.sampled_from(
    ["textfield", "textarea", "number", "checkbox", "radio", "select", "checklist", "taglist", "datetime", "filepicker"]
)
KEYS = st.sampled_from(["a", "b", "c", "d"])
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None), max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)
LIMITS = st.fixed_dictionaries(
    {},
    optional={"required": st.booleans(), "min": st.integers(-3, 3), "max": st.integers(-3, 3),
              "minLength": st.integers(0, 5), "maxLength": st.integers(0, 5)},
)  # fmt: skip
TRUE = True
CONDITIONS = st.sampled_from(["", "= a", "= b != null", "= not(c = 1)", '= d = "x" or a = b', "= count(a) > 1"])
QUESTIONS = st.builds(
    lambda key, kind, limits, hide, chosen: question(
        key, kind, validate=limits, conditional={"hide": hide}, values=options("x", 1, TRUE), valuesKey=chosen
    ),
    KEYS, KINDS, LIMITS, CONDITIONS, st.sampled_from([None, "things"]),
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(
    st.lists(QUESTIONS, max_size=4, unique_by=lambda part: str(part["key"])),
    st.dictionaries(KEYS | st.text(max_size=3), JSON_VALUES, max_size=5),
)
def test_whatever_is_sent_the_answer_is_typed_answers_or_a_refusal(
    parts: list[dict[str, Any]], answers: dict[str, object]
) -> None:
    form = drawn(*parts)
    try:
        checked = forms.check(form, answers, choices={"things": ["x", 7]})
    except InvalidAnswers:
        return
    json.dumps(checked, allow_nan=False).encode()
    assert set(checked) <= {part.key for part in form.components}
    assert forms.check(form, checked, choices={"things": ["x", 7]}) == checked


def test_the_form_of_a_version_is_found_by_its_id() -> None:
    content = json.dumps({"id": "visit", "components": [question("a", "textfield")]}).encode()
    definition = Definition(
        id=9, key="k", version=1, checksum="c", files=[DefinitionFile(name="x.form", content=content)]
    )
    assert forms.load(definition, "visit").components[0].key == "a"
    with pytest.raises(FormNotFound):
        forms.load(definition, "other")
