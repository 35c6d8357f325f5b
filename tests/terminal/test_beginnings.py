"""Instances begun at a terminal, and how processes begin by themselves."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from engine.base import session, transaction
from engine.definitions import deploy
from engine.ledger import Operation
from engine.models import Instance
from tests.engine.conftest import monday, open_tasks  # fixtures
from tests.engine.test_beginnings import CAUGHT, daily, drawn
from tests.terminal.test_commands import Ask, ask

__all__ = ["ask", "monday"]

WHY = ("--reason", "by phone")


def several() -> None:
    with transaction():
        deploy({"demo.bpmn": drawn(("plain", ""), ("asked", CAUGHT), ("daily", daily("R3/P1D")))}, by="mai")


def test_an_instance_is_begun_with_values_from_a_file(ask: Ask, tmp_path: Path) -> None:
    several()
    (tmp_path / "values.json").write_text('{"street": "Lê Lợi"}', encoding="utf-8")

    said = ask(
        "start", "demo", "--at", "daily", "--business-key", "D-1", "--variables", f"@{tmp_path}/values.json", *WHY
    )

    assert said.output == "Started D-1.\n"
    assert list(open_tasks(session().scalars(select(Instance)).one())) == ["work_daily"]
    told = session().scalars(select(Operation)).one()
    assert (told.kind, told.by, told.particulars["after"]) == ("instance_begun", "operator", {"street": "Lê Lợi"})


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (("x",), 1, "There is no process definition with this key or version."),
        (("demo", "--at", "nowhere"), 1, "there is no such start event: plain, asked, daily"),
        (("demo", "--business-key", "D-1"), 1, "There is a process instance with this business key already."),
        (("demo", "--variables", "@/nowhere"), 2, "cannot be read"),
        (("demo", "--variables", "{"), 2, "no JSON"),
        (("demo", "--variables", "[1]"), 2, "no JSON object"),
        (("demo", "--variables", '{"a": "\\u0000"}'), 2, "U+0000"),
        (("demo", "--variables", '{"a b": 1}'), 1, "not a name"),
    ],
)
def test_what_cannot_begin_ends_the_command_with_a_sentence(
    ask: Ask, words: tuple[str, ...], code: int, sentence: str
) -> None:
    several()
    ask("start", "demo", "--business-key", "D-1", *WHY)

    said = ask("start", *words, *WHY)

    assert (said.exit_code, sentence in said.output) == (code, True), said.output
    assert session().query(Instance).count() == 1


def test_the_starts_are_listed(ask: Ask) -> None:
    several()

    assert ask("starts").output.splitlines() == [
        "PROCESS  AT     KIND     MESSAGE  NEXT                  LEFT  MISSED",
        "demo 1   plain  plain",
        "demo 1   asked  message  asked",
        "demo 1   daily  timer             2026-11-24 01:00:00Z  3     once",
    ]


def test_there_may_be_no_process(ask: Ask) -> None:
    assert ask("starts").output == "No live process.\n"
