"""Figures that other systems hand in."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests import town as cast
from tests.api.conftest import Program

Issue = Callable[[str], Program]
DOOR = "/api/indicators"
SPEED = {"board": "traffic", "name": "Tốc độ", "value": 28.5, "unit": "km/h", "target": 30, "source": "Camera"}


def test_a_value_is_handed_in_and_told(program_of: Issue) -> None:
    admin = program_of("admin")
    assert admin.put(f"{DOOR}/speed", json=SPEED).json["value"] == 28.5
    assert admin.put(f"{DOOR}/speed", json=SPEED).status_code == 200
    (told,) = program_of(cast.SUPERVISOR).get(DOOR).json["indicators"]
    assert (told["code"], told["is_good"], told["is_fresh"], told["at"]) == (
        "speed",
        False,
        True,
        "2026-11-23T01:00:00+00:00",
    )
    assert admin.delete(f"{DOOR}/speed").status_code == 204
    assert admin.delete(f"{DOOR}/speed").status_code == 404


@pytest.mark.parametrize(
    ("code", "changed", "fields"),
    [
        ("speed", {"board": "moon"}, ["board"]), ("speed", {"value": "much"}, ["value"]), ("speed", {"value": None}, ["value"]),
        ("Speed!", {}, ["code"]), ("speed", {"at": "2026-11-24T08:00:00+07:00"}, ["at"]), ("speed", {"at": "noon"}, ["at"]),
        ("speed", {"fresh_minutes": 0, "unit": "x" * 21}, ["fresh_minutes", "unit"]), ("speed", {"moon": 1}, ["moon"]),
    ],
)  # fmt: skip
def test_what_is_none_is_refused(program_of: Issue, code: str, changed: dict[str, object], fields: list[str]) -> None:
    answer = program_of("admin").put(f"{DOOR}/{code}", json={**SPEED, **changed})
    assert (answer.status_code, sorted(one["field"] for one in answer.json["errors"])) == (422, fields)


def test_only_administrators_hand_in(program_of: Issue) -> None:
    assert program_of(cast.SUPERVISOR).put(f"{DOOR}/speed", json=SPEED).status_code == 403
    assert program_of(cast.OFFICIAL).get(DOOR).status_code == 403
