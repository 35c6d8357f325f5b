"""Open deadlines counted again at a terminal."""

from __future__ import annotations

from contextlib import nullcontext

import pytest
from click.testing import CliRunner, Result
from flask import Flask

import cli
from cases import deadlines
from engine import definitions
from engine.base import session
from engine.models import Definition
from tests import town as cast
from tests.cases.conftest import town  # a fixture
from tests.handlers.test_targets import rewritten

__all__ = ["town"]


@pytest.fixture(autouse=True)
def _here(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    class Here:
        def app_context(self) -> nullcontext[None]:
            return nullcontext()

    monkeypatch.setattr(cli, "application", Here)


def ask(*words: str) -> Result:
    return CliRunner().invoke(cli.main, ["redate", *words], catch_exceptions=False)


def test_nothing_moves_where_nothing_has_changed(town: Definition) -> None:
    cast.report()
    session().commit()
    assert ask().output.strip() == "No open deadline would move."


def test_what_would_move_is_shown_and_moved_only_when_told_to(town: Definition) -> None:
    case = cast.accepted()
    definitions.deploy(rewritten(("resolve_amount", "5")), by="designer1")
    session().commit()

    shown = ask("--source", "targets")
    assert shown.output.splitlines()[1].split() == [
        case.tracking_code, "resolve", "2026-11-27", "10:00:00Z", "2026-12-01", "10:00:00Z",
    ]  # fmt: skip
    moved = ask("--source", "targets", "--apply", "--reason", "Quyết định 900 của thành phố")

    assert moved.output.splitlines()[-1] == "1 deadlines moved"
    made = deadlines.latest(case, "resolve")
    assert made is not None
    session().refresh(made)
    assert f"{made.due_at:%Y-%m-%d}" == "2026-12-01"


@pytest.mark.parametrize("words", [("--apply",), ("--apply", "--reason", "kurz"), ("--source", "moon")])
def test_wrong_use_is_told(town: Definition, words: tuple[str, ...]) -> None:
    session().commit()
    assert ask(*words).exit_code == 2
