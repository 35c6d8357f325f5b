"""The transaction every door opens."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import text

from engine.base import UtcDateTime, after_commit, session, transaction
from engine.errors import ChangedAtOnce


@pytest.mark.parametrize("code", ["40P01", "40001", "55P03"])
def test_giving_way_to_another_transaction_is_a_conflict_and_no_crash(app: Flask, code: str) -> None:
    with pytest.raises(ChangedAtOnce), transaction():
        session().execute(text(f"DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '{code}'; END $$"))


def test_what_waits_for_the_commit_is_done_once_and_after_it(app: Flask) -> None:
    done: list[str] = []
    with transaction():
        for _ in range(2):
            after_commit("letter", lambda: done.append("sent"))
        assert done == []

    assert done == ["sent"]


def test_what_waits_for_a_commit_that_fails_is_never_done(app: Flask) -> None:
    done: list[str] = []

    def plan_and_fail() -> None:
        with transaction():
            after_commit("letter", lambda: done.append("sent"))
            raise LookupError

    with pytest.raises(LookupError):
        plan_and_fail()
    with transaction():
        pass

    assert done == []


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="naive"):
        UtcDateTime().process_bind_param(datetime(2026, 11, 23, 8), None)  # type: ignore[arg-type]  # noqa: DTZ001  # naive on purpose
