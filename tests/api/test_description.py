"""The API describes itself: every door, truly."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask

from settings import ROOT
from tests import town as cast
from tests.api.conftest import Program

Issue = Callable[[str], Program]

#: What stands before a name in an address: `<row:task_id>` is `{task_id}` in OpenAPI.
CONVERTER = re.compile(r"<(\w+:)?")


@pytest.fixture
def spec(stranger: Program) -> dict[str, Any]:
    """The description as a program reads it."""
    described: dict[str, Any] = stranger.get("/api/openapi.json").json
    return described


def operations(spec: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Every door by `GET /path`."""
    return {
        f"{method.upper()} {path}": door
        for path, doors in spec["paths"].items()
        for method, door in doors.items()
        if method != "parameters"
    }


def references(node: object) -> Iterator[str]:
    """Everything that is referred to."""
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for inner in node.values():
            yield from references(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from references(inner)


def test_it_is_openapi_3_1_of_this_version(spec: dict[str, Any]) -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]

    assert (spec["openapi"], spec["info"]["title"], spec["info"]["version"]) == ("3.1.0", "Caseway", version)


def test_every_door_is_described(app: Flask, spec: dict[str, Any]) -> None:
    hung = {
        f"{method} {CONVERTER.sub(r'{', rule.rule).replace('>', '}')}"
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.rule.startswith("/api/")
    }

    assert set(operations(spec)) == hung


def test_everything_referred_to_is_there(spec: dict[str, Any]) -> None:
    missing = []
    for reference in set(references(spec)):
        node: Any = spec
        for part in reference.removeprefix("#/").split("/"):
            node = node.get(part, {}) if isinstance(node, dict) else {}
        if not node:
            missing.append(reference)

    assert missing == []


def test_every_door_says_what_it_does_gives_and_refuses(spec: dict[str, Any]) -> None:
    for name, door in operations(spec).items():
        assert door["summary"], name
        assert any(status.startswith("2") for status in door["responses"]), name
        assert "$ref" in door["responses"]["default"], name


def test_doors_with_a_guard_say_which_keys_open_them(app: Flask, spec: dict[str, Any]) -> None:
    guarded = {name for name, door in operations(spec).items() if door["security"]}

    assert "GET /api/tasks" in guarded
    assert not any(name.split()[1].startswith("/api/public") for name in guarded)
    assert set(spec["components"]["securitySchemes"]) == {"key", "session"}


def test_fields_have_their_limits(spec: dict[str, Any]) -> None:
    report = spec["components"]["schemas"]["ReportTaken"]

    assert report["properties"]["text"]["maxLength"] == 5000
    assert report["additionalProperties"] is False


def test_answers_have_the_shape_that_was_promised(program_of: Issue, spec: dict[str, Any]) -> None:
    case = cast.accepted()
    promised = spec["components"]["schemas"]

    answer = program_of(cast.LEADER).get(f"/api/cases/{case.tracking_code}").json

    assert set(answer) == set(promised["FullCase"]["properties"])
    assert set(answer["case"]) == set(promised["CaseShape"]["properties"])
    assert set(answer["reports"][0]) == set(promised["ReportShape"]["properties"])


def test_there_is_a_page_for_people(stranger: Program, spec: dict[str, Any]) -> None:
    page = stranger.get("/api/")

    assert page.mimetype == "text/html"
    assert all(f"<code>{name}</code>" in page.text for name in operations(spec))
