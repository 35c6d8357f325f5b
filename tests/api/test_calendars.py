"""Days of the city through the API: planned, looked at, put into force."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cases import city
from engine import jobs
from engine.base import transaction
from tests import town as cast
from tests.api.conftest import Program

Issue = Callable[[str], Program]
DAY = {
    "kind": "off",
    "first": "2026-11-26",
    "name_vi": "Nghỉ bù",
    "name_en": "Day in lieu",
    "reason": "Quyết định 812/QĐ-UBND",
}


def test_a_day_off_is_planned_looked_at_and_applied(program_of: Issue) -> None:
    admin = program_of("admin")
    with transaction():
        case = cast.accepted()

    planned = admin.post("/api/calendars/days", json=DAY)

    assert planned.status_code == 201
    assert planned.json["state"] == "planned"
    (move,) = planned.json["moves"]
    assert (move["code"], move["kind"]) == (case.tracking_code, "resolve")
    assert (move["was"], move["to"]) == ("2026-11-27T10:00:00+00:00", "2026-11-30T10:00:00+00:00")
    where = planned.headers["Location"]
    assert admin.post(f"{where}/application").json["state"] == "running"
    jobs.run_waiting()
    done = admin.get(where).json
    assert (done["state"], done["moved"], done["moves"]) == ("done", 1, [])
    assert admin.get("/api/calendars/days").json["days"][0]["name_vi"] == "Nghỉ bù"
    assert admin.post(f"{where}/application").status_code == 409


def test_a_day_is_taken_back(program_of: Issue) -> None:
    admin = program_of("admin")
    admin.post(f"{admin.post('/api/calendars/days', json=DAY).headers['Location']}/application")

    planned = admin.post("/api/calendars/days/removals", json={"day": 0, "reason": "Quyết định bị bãi bỏ"})

    admin.post(f"{planned.headers['Location']}/application")
    assert city.own_days() == []


def test_what_is_planned_may_be_dropped(program_of: Issue) -> None:
    admin = program_of("admin")
    asked = {"source": "targets", "reason": "Bảng thời hạn mới"}
    where = admin.post("/api/calendars/redatings", json=asked).headers["Location"]
    assert admin.post(f"{where}/drop").json["state"] == "dropped"
    assert admin.post(f"{where}/drop").status_code == 409


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"kind": "holiday"}, "kind", "not_an_option"),
        ({"first": "tomorrow"}, "first", "not_a_day"),
        ({"first": None}, "first", "required"),
        ({"last": "2026-11-01"}, "last", "before_first"),
        ({"kind": "closed", "hours": ["9-7"]}, "hours", "bad_hours"),
        ({"kind": "closed", "hours": ["11:30-07:00"]}, "hours", "bad_hours"),
        ({"calendars": ["office"]}, "calendars", "unknown"),
        ({"name_vi": ""}, "name_vi", "required"),
        ({"reason": "kurz"}, "reason", "too_short"),
        ({"colour": "red"}, "colour", "unknown_field"),
    ],
)
def test_a_day_that_cannot_be_is_refused(program_of: Issue, changes: dict[str, Any], field: str, code: str) -> None:
    answer = program_of("admin").post("/api/calendars/days", json={**DAY, **changes})
    assert answer.status_code == 422
    assert [(one["field"], one["code"]) for one in answer.json["errors"]] == [(field, code)]


def test_only_administrators_may(program_of: Issue) -> None:
    assert program_of(cast.SUPERVISOR).post("/api/calendars/days", json=DAY).status_code == 403
    assert program_of("admin").get("/api/calendars/redatings/4711").status_code == 404
