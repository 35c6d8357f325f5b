"""Reports by mail through the API."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select

from cases import subscriptions
from engine.base import session
from engine.models import Job
from tests import town as cast
from tests.api.conftest import Program

Issue = Callable[[str], Program]
PATH = "/api/performance/subscriptions"


def test_a_report_is_asked_for_seen_sent_and_stopped(program_of: Issue) -> None:
    program = program_of(cast.SUPERVISOR)

    made = program.post(PATH, json={"rhythm": "weekly", "unit": "dien-hong"})
    assert made.status_code == 201
    assert (made.json["unit"], made.json["area"], made.json["sent_at"]) == ("dien-hong", "", None)
    assert program.post(PATH, json={"rhythm": "weekly", "unit": "dien-hong"}).json["id"] == made.json["id"]
    assert program.get(PATH).json == {"subscriptions": [made.json]}

    assert program.post(f"{PATH}/{made.json['id']}/copies").status_code == 202
    assert len(session().scalars(select(Job.id).where(Job.topic == subscriptions.TOPIC)).all()) == 1
    assert program.delete(f"{PATH}/{made.json['id']}").status_code == 204
    assert program.delete(f"{PATH}/{made.json['id']}").status_code == 404


def test_what_cannot_be_wanted_is_told_by_field(program_of: Issue) -> None:
    wrong = program_of(cast.SUPERVISOR).post(PATH, json={"rhythm": "weekly", "unit": "moon", "category": "sun"})

    assert wrong.status_code == 422
    assert {(one["field"], one["code"]) for one in wrong.json["errors"]} == {
        ("unit", "unknown"),
        ("category", "unknown"),
    }


def test_nobody_reaches_those_of_others_or_without_the_right(program_of: Issue) -> None:
    made = program_of(cast.SUPERVISOR).post(PATH, json={"rhythm": "monthly"}).json

    assert program_of(cast.LEADER).delete(f"{PATH}/{made['id']}").status_code == 404
    assert program_of(cast.LEADER).get(PATH).json == {"subscriptions": []}
    assert program_of(cast.OFFICIAL).get(PATH).status_code == 403
