"""Whatever is sent, the answer is a whole one: never a fault of ours, and problem details when something is refused."""

from __future__ import annotations

import io
import json
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases import accounts, codes
from cases.models import Role
from engine.base import transaction
from engine.models import Definition
from tests import town as cast
from tests.api.conftest import Program
from tests.api.test_guards import sign_in
from tests.conftest import Client

EVERYBODY = "everybody"
ANY = settings(
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)

MOSTLY = st.sampled_from([True, True, True, False])
WORDS = st.sampled_from(
    ["", "0", "-1", "true", "null", "pothole", "dien-hong", "2026-11-23", "vi", "\0", "' OR 1=1 --", "%"]
)
TEXTS = st.one_of(WORDS, st.text(max_size=40), st.integers().map(str), st.floats().map(str))
NUMBERS = st.one_of(st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.booleans())
VALUES = st.recursive(
    st.one_of(st.none(), NUMBERS, TEXTS),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=8), inner, max_size=3)),
    max_leaves=6,
)


NIL = "00000000-0000-0000-0000-000000000000"


class Doors:
    """Every door, as the API describes itself, with things that exist behind some of them."""

    def __init__(self, program: Program) -> None:
        self.program = program
        spec = program.get("/api/openapi.json").json
        self.schemas = spec["components"]["schemas"]
        self.all = [
            (method, path, door)
            for path, doors in sorted(spec["paths"].items())
            for method, door in sorted(doors.items())
            if method != "parameters"
        ]
        waiting, asked, resolved = cast.report().case, cast.report().case, cast.resolved()
        cast.do(asked, "intake_check", cast.INTAKE, decision="ask", message="Ở đâu?")
        self.codes = [case.tracking_code for case in (waiting, asked, resolved)]

    def path(self, draw: Any, template: str) -> str:
        """An address of this form, mostly one behind which something may be."""
        while "{" in template:
            start, _, rest = template.partition("{")
            name, _, rest = rest.partition("}")
            usual = st.sampled_from(self.real(name, template))
            template = start + quote(draw(usual if draw(MOSTLY) else TEXTS), safe="") + rest
        return template

    def real(self, name: str, template: str) -> list[str]:
        """What may stand in this place of an address."""
        if name == "code":
            return ["case_not_found"] if "problems" in template else self.codes
        known = {"key": ["report_case"], "version": ["1"], "name": ["report_case.bpmn"], "job_id": [NIL]}
        return known.get(name) or [str(number) for number in range(1, 12)]

    def bodies(self, door: dict[str, Any]) -> dict[str, st.SearchStrategy[Any]]:
        """By name what a door takes: a value of the kind described or, now and then, of any."""
        content = door["requestBody"]["content"]["application/json"]["schema"]
        properties = self.schemas[content["$ref"].rpartition("/")[2]]["properties"]
        return {name: st.one_of(_values(described), VALUES) for name, described in properties.items()}


def _values(described: dict[str, Any]) -> st.SearchStrategy[Any]:
    choices = [choice for choice in described.get("enum", []) if choice is not None]
    kinds = {
        "string": TEXTS,
        "integer": st.integers(0, 6),
        "boolean": st.booleans(),
        "object": st.just({"decision": "accept"}),
    }
    kind = described.get("type")
    kind = kind[0] if isinstance(kind, list) else kind
    return st.sampled_from(choices) if choices else kinds.get(kind or "", VALUES)


@pytest.fixture
def doors(client: Client, town: Definition) -> Doors:
    """The doors for somebody who may open all of them."""
    with transaction():
        roles = [("ioc", role) for role in Role]
        accounts.enrol(EVERYBODY, full_name="Mọi Vai", email="everybody@pleiku.example", memberships=roles)
    program = Program(client)
    program.headers = sign_in(client, EVERYBODY)
    return Doors(program)


@ANY
@given(data=st.data())
def test_no_request_is_answered_with_a_fault_of_ours(doors: Doors, data: st.DataObject) -> None:
    method, template, door = data.draw(st.sampled_from(doors.all))
    path = doors.path(data.draw, template)
    names = [parameter["name"] for parameter in door.get("parameters", []) if parameter.get("in") == "query"]
    query = data.draw(st.dictionaries(st.sampled_from(names), TEXTS, max_size=3)) if names else {}
    query |= data.draw(st.sampled_from([{}, {}, {}, {"lang": "en"}, {"colour": "red"}, {"lang": "\0"}]))
    sent = _body(doors, door, data.draw) if "requestBody" in door else {}
    headers = data.draw(_headers(doors))

    with doors.program.ask(method.upper(), path, query_string=query, headers=headers, **sent) as answer:
        assert answer.status_code < 500


def _body(doors: Doors, door: dict[str, Any], draw: Any) -> dict[str, Any]:
    values = doors.bodies(door)
    names = sorted(values)
    known = st.fixed_dictionaries({}, optional=values)
    kind = draw(st.sampled_from(["fields", "fields", "fields", "form", "form", "anything", "broken"]))
    if kind == "form":
        words = draw(st.dictionaries(st.sampled_from(names), TEXTS, max_size=len(names)))
        file = draw(st.one_of(st.binary(max_size=20), st.just(cast.photo().content)))
        form = {**words, draw(st.sampled_from([*names, "colour"])): (io.BytesIO(file), draw(TEXTS))}
        return {"data": form, "content_type": "multipart/form-data"}
    if kind == "broken":
        types = st.sampled_from(
            ["application/json", "text/plain", "multipart/form-data", "multipart/form-data; boundary=x"]
        )
        return {"data": draw(st.binary(max_size=40)), "content_type": draw(types)}
    return {"data": json.dumps(draw(known if kind == "fields" else VALUES)), "content_type": "application/json"}


def _headers(doors: Doors) -> st.SearchStrategy[dict[str, str]]:
    key = st.sampled_from([*map(codes.owner_key, doors.codes), "wrong"])
    plain = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=20)
    return st.fixed_dictionaries({}, optional={"X-Owner-Key": key, "Idempotency-Key": plain, "Accept-Language": plain})


@ANY
@given(changes=st.dictionaries(st.sampled_from(["text", "category", "latitude", "longitude", "address", "area", "contact_name",
                                                "contact_email", "contact_phone", "accuracy_m", "locale", "channel"]), VALUES, max_size=3))  # fmt: skip
def test_a_report_is_taken_in_or_its_fields_are_named(doors: Doors, changes: dict[str, Any]) -> None:
    report = {"text": cast.TEXT, "category": "pothole", "latitude": 13.9785, "longitude": 107.997, **changes}

    answer = doors.program.post("/api/public/reports", json=report)

    if answer.status_code != 201:
        assert answer.status_code == 422
        assert {error["field"].partition("[")[0].partition(".")[0] for error in answer.json["errors"]} <= set(report)


@ANY
@given(answers=st.dictionaries(st.sampled_from(["decision", "unit", "refusal_reason", "message", "duplicate_of", "x"]), VALUES, max_size=4))  # fmt: skip
def test_answers_are_taken_or_named(doors: Doors, answers: dict[str, Any]) -> None:
    task = cast.task(cast.report().case, "intake_check")

    answer = doors.program.post(f"/api/tasks/{task.id}/completion", json={"answers": answers})

    assert answer.status_code in {201, 422}
