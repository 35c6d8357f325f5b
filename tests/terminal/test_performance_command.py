"""The figures made again at a terminal."""

from __future__ import annotations

from contextlib import nullcontext

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import select, text

import cli
from cases.models import KpiCase, KpiCell
from engine.base import session
from engine.models import Definition
from tests import town as cast
from tests.cases.conftest import town  # a fixture

__all__ = ["town"]


@pytest.fixture(autouse=True)
def _here(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    class Here:
        def app_context(self) -> nullcontext[None]:
            return nullcontext()

    monkeypatch.setattr(cli, "application", Here)


def ask(*words: str) -> Result:
    return CliRunner().invoke(cli.main, ["performance", *words], catch_exceptions=False)


def test_every_case_is_looked_at_and_wrong_sums_stay_until_they_are_made_anew(town: Definition) -> None:
    for _ in range(2):
        cast.report()
    cast.counted()
    session().execute(text("UPDATE kpi_cell SET counts[1] = 77"))
    session().commit()

    said = ask("rebuild")
    assert (said.exit_code, said.output.splitlines()[-1]) == (0, "2 cases looked at")
    assert 77 in {counts[0] for counts in session().scalars(select(KpiCell.counts))}

    assert ask("rebuild", "--anew").exit_code == 0
    assert {counts[0] for counts in session().scalars(select(KpiCell.counts))} == {0, 2}
    assert len(session().scalars(select(KpiCase.case_id)).all()) == 2


def test_an_unknown_word_is_refused() -> None:
    assert ask("rebuild", "--now").exit_code == 2
