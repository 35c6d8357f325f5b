"""The doors through which operators begin instances, and see how processes begin by themselves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cases.models import Unit
from engine import definitions
from engine.base import session, transaction
from engine.ledger import Operation
from engine.models import Instance
from tests import town as cast
from tests.api.conftest import Program
from tests.engine import drawing as d
from tests.engine.test_beginnings import CAUGHT, daily, drawn

Issue = Callable[[str], Program]
ROOT = "/api/operations"
ASKED: dict[str, Any] = {"key": "demo", "reason": "asked for by phone"}


@pytest.fixture
def admin(program_of: Issue) -> Program:
    """The program of the administrator; there is a process with three ways to begin."""
    program = program_of("admin")
    deploy(drawn(("plain", ""), ("asked", CAUGHT), ("daily", daily())))
    return program


def deploy(xml: bytes) -> None:
    with transaction():
        session().add(Unit(code="roads", name_vi="Đường", name_en="Roads", kind="room"))
        definitions.deploy({"demo.bpmn": xml}, by="mai")


def test_an_instance_is_begun_and_has_an_address(admin: Program) -> None:
    asked = {**ASKED, "start_event": "daily", "business_key": "D-1", "variables": {"street": "Lê Lợi"}}

    begun = admin.post(f"{ROOT}/instances", json=asked)

    assert (begun.status_code, begun.json["business_key"], begun.json["state"]) == (201, "D-1", "running")
    seen = admin.get(begun.headers["Location"]).json
    assert (seen["variables"], [one["element_id"] for one in seen["waiting"]]) == ({"street": "Lê Lợi"}, ["work_daily"])
    told = admin.get(f"{ROOT}/log?kind=instance_begun").json["operations"]
    assert [(one["by"], one["reason"]) for one in told] == [("admin", "asked for by phone")]


def test_little_has_to_be_said(admin: Program) -> None:
    begun = admin.post(f"{ROOT}/instances", json=ASKED)

    assert begun.status_code == 201
    assert len(begun.json["business_key"]) == 36


@pytest.mark.parametrize(
    ("asked", "status", "code", "field"),
    [
        ({"key": "x"}, 404, "definition_not_found", None),
        ({"business_key": "D-1"}, 409, "business_key_taken", None),
        ({"start_event": "nowhere"}, 422, "invalid_input", "start_event"),
        ({"variables": {"a b": 1}}, 422, "invalid_input", "variables.a b"),
        ({"variables": [1]}, 422, "invalid_input", "variables"),
        ({"business_key": "k" * 201}, 422, "invalid_input", "business_key"),
        ({"reason": ""}, 422, "invalid_input", "reason"),
        ({"wish": 1}, 422, "invalid_input", "wish"),
    ],
)
def test_what_cannot_begin_is_told(
    admin: Program, asked: dict[str, Any], status: int, code: str, field: str | None
) -> None:
    admin.post(f"{ROOT}/instances", json={**ASKED, "business_key": "D-1"})

    refused = admin.post(f"{ROOT}/instances", json={**ASKED, **asked})

    assert (refused.status_code, refused.json["code"]) == (status, code)
    assert [one["field"] for one in refused.json.get("errors", [])] == ([field] if field else [])
    assert (session().query(Instance).count(), session().query(Operation).count()) == (1, 1)


def test_a_process_that_fails_at_once_begins_nothing(program_of: Issue) -> None:
    admin = program_of("admin")
    late = d.boundary("late", "work", d.timer("timeDate", "due"), interrupting=False)
    deploy(d.process(d.start(), d.user("work"), d.end(), d.path("start", "work", "end"), late, d.end("noted"),
                     d.path("late", "noted")))  # fmt: skip

    refused = admin.post(f"{ROOT}/instances", json={**ASKED, "variables": {"due": "some day"}})

    assert (refused.status_code, refused.json["code"]) == (409, "execution_failed")
    assert session().query(Instance).count() == 0


def test_the_starts_of_live_processes_are_listed(admin: Program) -> None:
    found = [one for one in admin.get(f"{ROOT}/starts").json["starts"] if one["key"] == "demo"]

    assert [(one["element_id"], one["kind"], one["message"], one["left"]) for one in found] == [
        ("plain", "plain", None, 0), ("asked", "message", "asked", 0), ("daily", "timer", None, None)
    ]  # fmt: skip
    assert [one["name"] for one in found] == ["Begin plain", "Begin asked", "Begin daily"]
    assert {(one["version"], one["catches_up"]) for one in found} == {(1, False)}
    assert [one["due_at"] is None for one in found] == [True, True, False]


@pytest.mark.parametrize("username", [cast.SUPERVISOR, cast.OFFICIAL, "designer1"])
def test_others_begin_nothing(program_of: Issue, username: str) -> None:
    program = program_of(username)

    assert program.post(f"{ROOT}/instances", json=ASKED).status_code == 403
    assert program.get(f"{ROOT}/starts").status_code == 403
