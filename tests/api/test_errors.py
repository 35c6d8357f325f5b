"""Whatever goes wrong is told as problem details, in the language asked for."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from cases import cases
from tests import town as cast
from tests.api.conftest import Program, assert_problem
from tests.conftest import Client

JSON = "application/json"


@pytest.mark.parametrize(
    ("method", "path", "sent", "status", "code"),
    [
        ("GET", "/api/nothing", {}, 404, "not_found"),
        ("GET", "/api/tasks/99999999999999999999", {}, 404, "not_found"),
        ("GET", "/api/public/cases/%00", {}, 404, "not_found"),
        ("PUT", "/api/public/reports", {}, 405, "method_not_allowed"),
        ("POST", "/api/public/reports", {"data": "text=x"}, 415, "unsupported_media_type"),
        ("POST", "/api/public/reports", {"data": "<a/>", "content_type": "text/xml"}, 415, "unsupported_media_type"),
        ("POST", "/api/public/reports", {"data": "{", "content_type": JSON}, 400, "malformed_json"),
        ("POST", "/api/public/reports", {"data": '{"text": NaN}', "content_type": JSON}, 400, "malformed_json"),
        ("POST", "/api/public/reports", {"data": '{"a": "\\ud800"}', "content_type": JSON}, 400, "malformed_json"),
        ("POST", "/api/public/reports", {"data": b"\xff\xfe", "content_type": JSON}, 400, "malformed_json"),
        ("POST", "/api/public/reports", {"data": b"[" * 5000, "content_type": JSON}, 400, "malformed_json"),
        ("POST", "/api/public/reports", {"data": b" " * 2_000_000, "content_type": JSON}, 413, "too_large"),
        ("GET", "/api/public/categories?colour=red", {}, 422, "invalid_input"),
        ("GET", "/api/problems?lang=fr", {}, 422, "invalid_input"),
        ("GET", "/api/problems?lang=vi&lang=en", {}, 422, "invalid_input"),
        ("GET", "/api/me", {}, 401, "not_signed_in"),
        ("GET", "/api/problems/dragons", {}, 404, "problem_not_found"),
    ],
)
def test_an_error_has_its_status_and_code(
    stranger: Program, method: str, path: str, sent: dict[str, Any], status: int, code: str
) -> None:
    answer = stranger.ask(method, path, **sent)

    assert (answer.status_code, answer.json["code"]) == (status, code)


def test_a_body_that_is_no_object_is_refused(citizen: Program) -> None:
    assert citizen.post("/api/public/reports", json=[1, 2]).json["errors"][0]["code"] == "wrong_type"


def test_malformed_json_is_told_with_its_place(stranger: Program) -> None:
    answer = stranger.post("/api/public/reports", data='{\n  "text": "a",\n  oops\n}', content_type=JSON)

    assert answer.json["errors"][0]["params"] == {"line": 3, "column": 3}


def test_a_wrong_method_is_told_the_right_ones(stranger: Program) -> None:
    assert "POST" in stranger.put("/api/public/reports").headers["Allow"]


def test_a_deep_document_is_refused_and_not_tripped_over(citizen: Program) -> None:
    deep = b'{"text":' + b"[" * 1000 + b"]" * 1000 + b"}"

    assert citizen.post("/api/public/reports", data=deep, content_type=JSON).status_code == 422


@pytest.mark.parametrize(
    ("query", "header", "locale"),
    [
        ("", {}, "vi"),
        ("", {"Accept-Language": "en-GB,en;q=0.9"}, "en"),
        ("", {"Accept-Language": "fr"}, "vi"),
        ("?lang=en", {"Accept-Language": "vi"}, "en"),
    ],
)
def test_the_language_is_the_one_asked_for(citizen: Program, query: str, header: dict[str, str], locale: str) -> None:
    answer = citizen.get(f"/api/public/cases/PK-0000-000{query}", headers=header)

    assert answer.headers["Content-Language"] == locale


def test_an_unknown_code_comes_with_those_it_may_have_been(citizen: Program) -> None:
    code = cast.report().tracking_code
    typo = code[:-1] + ("0" if code[-1] != "0" else "1")

    answer = citizen.get(f"/api/public/cases/{typo}")

    assert answer.status_code == 404
    assert answer.json["did_you_mean"] == [code]


def test_the_type_of_a_problem_leads_to_its_explanation(citizen: Program) -> None:
    problem = citizen.get("/api/public/cases/PK-0000-000").json

    assert citizen.get(problem["type"]).json == {"code": "case_not_found", "title": problem["title"]}


def test_every_error_of_the_house_is_explained(stranger: Program) -> None:
    known = {kind["code"] for kind in stranger.get("/api/problems").json["problems"]}

    assert {"case_not_found", "task_already_claimed", "invalid_definition", "feedback_not_awaited"} <= known


def test_a_fault_of_ours_tells_a_reference_and_nothing_else(
    client: Client, app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fall(_code: str) -> None:
        raise ZeroDivisionError("secret plans")

    monkeypatch.setattr(cases, "find_by_code", fall)
    answer = client.get("/api/public/cases/PK-0000-000")

    assert answer.status_code == 500
    assert_problem(answer)
    assert "secret" not in answer.text
    assert answer.json is not None
    assert answer.json["reference"] in caplog.text


def test_errors_of_pages_stay_pages(client: Client, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.extensions, "caseway_page_error", lambda _error: ("a page", 418))

    assert client.get("/no-such-page-anywhere").text == "a page"
