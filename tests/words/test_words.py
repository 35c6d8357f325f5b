"""What both doors say: every code has its sentence, blanks are filled, names are those of the reader's language."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import force_locale

import words
from cases.deadlines import DeadlineState, DeadlineView
from engine.errors import (
    CasewayError,
    Conflict,
    Invalid,
    NotFound,
    NotYourTask,
    Problem,
    Refused,
    TaskAlreadyClaimed,
    TaskAlreadyCompleted,
)
from engine.feel import FeelError
from settings import ROOT
from words import problems

#: In the city it is eight.
MORNING = datetime(2026, 11, 23, 1, tzinfo=UTC)
#: Whose problems are told to the person at a terminal, in English, and never through a door.
AT_THE_TERMINAL = ("cases/city_file", "cases/importing", "cases/areas.py", "cases/demo")
#: What a linter finds comes with its own sentences in both languages; so do files that cannot be read.
SAID_BY_THE_LINTER = ("engine/lint", "engine/dmn", "engine/feel", "engine/spiff", "engine/forms/reading.py")
#: Never raised by anything a door calls, or turned into something else on the way.
INSIDE = {
    "caseway_error", "not_found", "refused", "conflict", "instance_not_found", "person_not_found",
    "unit_not_found", "category_not_found", "deadline_not_found", "stuck", "import_failed",
    "limit_exceeded",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _english(app: Flask) -> Iterator[None]:
    with app.test_request_context(), force_locale("en"):
        yield


def modules() -> Iterator[tuple[str, ast.Module]]:
    for room in ("cases", "engine", "handlers"):
        for path in sorted(Path(ROOT / room).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def codes() -> set[str]:
    """The codes of problems that a door may have to tell."""
    apart = (*AT_THE_TERMINAL, *SAID_BY_THE_LINTER)
    calls = [
        (node, node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", ""))
        for name, tree in modules()
        if not name.startswith(apart)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
    ]
    places = {"Problem": 1, "AnswerError": 0}
    given = [
        node.args[places[called]] for node, called in calls if called in places and len(node.args) > places[called]
    ]
    written = [one for argument in given for one in ast.walk(argument) if isinstance(one, ast.Constant)]
    return {one.value for one in written if isinstance(one.value, str) and one.value}


def kinds(kind: type[CasewayError]) -> Iterator[type[CasewayError]]:
    yield kind
    for below in kind.__subclasses__():
        yield from kinds(below)


def test_codes_are_found() -> None:
    assert {"required", "too_long", "out_of_area", "not_an_option", "after_due", "reserved_name"} <= codes()


@pytest.mark.parametrize("code", sorted(codes()))
def test_every_problem_of_the_house_has_a_sentence(code: str) -> None:
    assert code in problems.sentences()


def test_every_error_of_the_house_has_a_sentence() -> None:
    house = {kind for kind in kinds(CasewayError) if kind.__module__.split(".")[0] in ("cases", "engine")}
    known = {kind("").code for kind in house if not issubclass(kind, Invalid | FeelError)}

    assert sorted(known - words.titles().keys() - INSIDE) == []


def test_every_kind_of_invalid_input_has_a_sentence() -> None:
    house = {kind for kind in kinds(Invalid) if kind.__module__.split(".")[0] in ("cases", "engine")}

    assert sorted({kind().code for kind in house} - words.titles().keys() - INSIDE) == []


def test_blanks_are_filled() -> None:
    assert words.problem_text(Problem("text", "too_short", {"min": 10})) == "Write at least 10 characters."


def test_a_sentence_without_its_number_ends_before_it() -> None:
    assert words.problem_text(Problem("photos", "too_many")) == "These are too many. At most"


def test_a_door_may_say_it_in_its_own_way() -> None:
    own = {"not_a_moment": "Write it like %(example)s."}
    problem = Problem("until", "not_a_moment", {"min": 1})

    assert words.problem_text(problem) == "Give a day and a time."
    assert words.problem_text(Problem("until", "not_a_moment", {}), own) == "Write it like"


def test_a_problem_nobody_knows_says_what_it_brings_along() -> None:
    assert words.problem_text(Problem("a", "odd_thing", message="This is odd.")) == "This is odd."
    assert words.problem_text(Problem("a", "odd_thing")) == "odd thing"


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (TaskAlreadyClaimed("lan"), "Ms lan has claimed this task."),
        (TaskAlreadyClaimed(), "Somebody else has already claimed this task."),
        (TaskAlreadyCompleted("lan", MORNING), "Ms lan completed this step at 08:00, Mon 23/11/2026."),
        (TaskAlreadyCompleted("lan"), "Ms lan has completed this task."),
        (TaskAlreadyCompleted(), "This task has already been completed."),
        (NotYourTask(), "This task is meant for somebody else."),
        (Conflict("Nobody has written this down."), "Nobody has written this down."),
    ],
)
def test_who_was_faster_is_named(error: CasewayError, said: str) -> None:
    assert words.error_text(error, named=lambda username: f"Ms {username}") == said


@pytest.mark.parametrize("kind", [NotFound, Refused, Conflict])
def test_families_speak_for_themselves(kind: type[CasewayError]) -> None:
    assert words.error_text(kind()) == kind().message


@pytest.mark.parametrize("code", words.STATUSES)
def test_every_status_has_a_word_in_both_languages(code: str) -> None:
    said = words.status(code)
    with force_locale("vi"):
        assert words.status(code) not in (said, code)


def view(state: DeadlineState) -> DeadlineView:
    return DeadlineView("resolve", state, 2, "working_days", MORNING, MORNING, "office", "Office hours")


@pytest.mark.parametrize(
    ("state", "text"),
    [
        (DeadlineState.SOON, "2 working days left"),
        (DeadlineState.OVERDUE, "2 working days overdue"),
        (DeadlineState.PAUSED, "Clock paused"),
        (DeadlineState.MET, "Done on time"),
        (DeadlineState.LATE, "Done late"),
    ],
)
def test_a_deadline_is_said_with_what_is_left_of_it(state: DeadlineState, text: str) -> None:
    said = words.deadline(view(state))

    assert said is not None
    assert (said.text, said.title) == (text, "Deadline: 08:00, Mon 23/11/2026")


def test_a_deadline_that_fell_away_is_not_said() -> None:
    assert words.deadline(view(DeadlineState.ENDED)) is None
    assert words.deadline(None) is None
