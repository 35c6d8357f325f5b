"""Who may open a door: programs with keys, pages with sessions and tokens, nobody else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from itsdangerous import URLSafeTimedSerializer

from cases import accounts
from engine import clock
from engine.base import transaction
from engine.models import Definition
from tests import town as cast
from tests.api.conftest import Program
from tests.conftest import Client

Issue = Callable[[str], Program]


def sign_in(client: Client, username: str) -> dict[str, str]:
    """Have a session as the pages make it; the header with its CSRF token."""
    with client.session_transaction() as session:
        session["username"] = username
        session["csrf_token"] = "raw"
    secret = client.application.secret_key
    assert isinstance(secret, str)
    return {"X-CSRFToken": str(URLSafeTimedSerializer(secret, salt="wtf-csrf-token").dumps("raw"))}


def test_every_door_has_a_guard(app: Flask) -> None:
    doors = {name: view for name, view in app.view_functions.items() if name.startswith("api_")}

    assert len(doors) > 30
    assert [name for name, view in doors.items() if not hasattr(view, "guard")] == []


def test_only_the_public_and_the_description_stand_open(app: Flask) -> None:
    doors = {name: view for name, view in app.view_functions.items() if name.startswith("api_")}
    is_open = {name.split(".")[0] for name, view in doors.items() if getattr(view, "guard", None) == "public"}

    assert is_open == {"api_public", "api_docs"}


def test_a_key_says_who_one_is(program_of: Issue) -> None:
    me = program_of(cast.OFFICIAL).get("/api/me").json

    assert (me["username"], me["groups"]) == (cast.OFFICIAL, ["official:dien-hong-infrastructure"])


@pytest.mark.parametrize("shown", ["Bearer cw_wrong_key", "Bearer", "Bearer  ", "Basic aW50YWtlMTpzZWNyZXQ=", "cw_x"])
def test_a_wrong_key_is_nobody(citizen: Program, shown: str) -> None:
    answer = citizen.get("/api/me", headers={"Authorization": shown})

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_an_old_or_revoked_key_is_nobody(program_of: Issue, citizen: Program) -> None:
    program = program_of(cast.INTAKE)
    issued = program.post(
        "/api/keys", json={"name": "kiosk", "expires_at": (clock.now() + timedelta(days=1)).isoformat()}
    ).json
    header = {"Authorization": f"Bearer {issued['secret']}"}

    assert citizen.get("/api/me", headers=header).status_code == 200
    with clock.at(clock.now() + timedelta(days=2)):
        assert citizen.get("/api/me", headers=header).status_code == 401
    assert program.delete(f"/api/keys/{issued['id']}").status_code == 204
    assert citizen.get("/api/me", headers=header).status_code == 401


def test_the_key_of_somebody_who_left_is_nobody(program_of: Issue) -> None:
    program = program_of(cast.INTAKE)
    with transaction():
        cast.person(cast.INTAKE).is_active = False

    assert program.get("/api/me").status_code == 401


def test_a_session_may_look(client: Client, town: Definition) -> None:
    sign_in(client, cast.INTAKE)

    assert Program(client).get("/api/me").json["username"] == cast.INTAKE


def test_a_session_needs_its_token_to_change_anything(client: Client, town: Definition) -> None:
    token = sign_in(client, cast.INTAKE)
    program = Program(client)

    without = program.post("/api/keys", json={"name": "script"})
    wrong = program.post("/api/keys", json={"name": "script"}, headers={"X-CSRFToken": "forged"})
    proper = program.post("/api/keys", json={"name": "script"}, headers=token)

    assert [answer.status_code for answer in (without, wrong, proper)] == [403, 403, 201]
    assert without.json["code"] == "csrf_token_missing"


def test_a_wrong_key_is_not_mended_by_a_session(client: Client, town: Definition) -> None:
    sign_in(client, cast.INTAKE)

    assert Program(client, "cw_wrong").get("/api/me").status_code == 401


def test_a_report_needs_no_token_even_with_a_session(client: Client, town: Definition) -> None:
    sign_in(client, cast.INTAKE)

    answer = Program(client).post("/api/public/reports", json={})

    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("username", "path", "status"),
    [
        (cast.OFFICIAL, "/api/performance", 403),
        (cast.SUPERVISOR, "/api/performance", 200),
        (cast.SUPERVISOR, "/api/incidents", 403),
        ("admin", "/api/incidents", 200),
        (cast.OFFICIAL, "/api/definitions", 200),
    ],
)
def test_some_doors_are_for_some_roles(program_of: Issue, username: str, path: str, status: int) -> None:
    assert program_of(username).get(path).status_code == status


def test_only_designers_deploy(program_of: Issue) -> None:
    assert program_of(cast.SUPERVISOR).post("/api/definitions").json["code"] == "may_not_open"


def test_what_is_private_is_not_kept_on_the_way(program_of: Issue) -> None:
    answer = program_of(cast.INTAKE).get("/api/me")

    assert answer.headers["Cache-Control"] == "no-store"
    assert {"Authorization", "Cookie"} <= {name.strip() for name in answer.headers["Vary"].split(",")}


def test_keys_are_listed_without_their_secrets(program_of: Issue) -> None:
    program = program_of(cast.INTAKE)
    secret = program.post("/api/keys", json={"name": "kiosk"}).json["secret"]

    listed = program.get("/api/keys")

    assert [key["name"] for key in listed.json["keys"]] == ["kiosk", "test"]
    assert secret not in listed.text


def test_the_key_of_another_person_cannot_be_ended(program_of: Issue) -> None:
    program_of(cast.SUPERVISOR)
    (key,) = accounts.api_keys(cast.person(cast.SUPERVISOR))

    answer = program_of(cast.INTAKE).delete(f"/api/keys/{key.id}")

    assert (answer.status_code, answer.json["code"]) == (404, "api_key_not_found")


def test_a_person_has_twenty_keys_at_most(program_of: Issue) -> None:
    program = program_of(cast.INTAKE)

    answers = [program.post("/api/keys", json={"name": f"program {number}"}) for number in range(20)]

    assert [answer.status_code for answer in answers] == [201] * 19 + [422]
    assert answers[-1].json["errors"][0]["code"] == "too_many"


@pytest.mark.parametrize("expires_at", ["yesterday", "2026-11-23", "2020-01-01T00:00:00Z", "2027-01-01T00:00:00"])
def test_a_key_expires_at_a_moment_to_come(program_of: Issue, expires_at: str) -> None:
    answer = program_of(cast.INTAKE).post("/api/keys", json={"name": "kiosk", "expires_at": expires_at})

    assert {error["field"] for error in answer.json["errors"]} == {"expires_at"}
