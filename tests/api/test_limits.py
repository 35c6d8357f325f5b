"""One address may not send in as much as it likes."""

from __future__ import annotations

import pytest

from api.limits import limiter
from tests.api.conftest import Program


@pytest.fixture
def limited(citizen: Program, monkeypatch: pytest.MonkeyPatch) -> Program:
    """A program whose requests are counted, as they usually are."""
    monkeypatch.setattr(limiter, "enabled", True)
    return citizen


def test_the_twenty_first_report_within_ten_minutes_is_refused(limited: Program) -> None:
    answers = [limited.post("/api/public/reports", json={}) for _ in range(21)]

    assert [answer.status_code for answer in answers] == [422] * 20 + [429]
    assert answers[-1].json["code"] == "too_many_requests"
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 601


def test_reports_that_cannot_even_be_read_are_counted_too(limited: Program) -> None:
    answers = [limited.post("/api/public/reports", data="{", content_type="application/json") for _ in range(21)]

    assert [answer.status_code for answer in answers] == [400] * 20 + [429]


def test_another_address_is_counted_apart(limited: Program) -> None:
    for _ in range(21):
        limited.post("/api/public/reports", json={})
    other = limited.post("/api/public/reports", json={}, environ_overrides={"REMOTE_ADDR": "10.0.0.9"})

    assert other.status_code == 422


def test_looking_is_not_counted(limited: Program) -> None:
    answers = [limited.get("/api/public/cases?limit=1") for _ in range(30)]

    assert {answer.status_code for answer in answers} == {200}
