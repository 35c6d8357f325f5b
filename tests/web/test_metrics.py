"""Who may read the figures: programs on this machine, whoever shows the token, operators."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask

from cases import accounts
from engine import jobs
from engine.base import transaction
from tests import town as cast
from tests.conftest import Client

TOKEN = "a-token-only-for-these-tests"
FAR = {"REMOTE_ADDR": "203.0.113.7"}


@pytest.fixture
def client(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setitem(app.config, "CASEWAY", replace(app.config["CASEWAY"], metrics_token=TOKEN))
    return Client(app, app.response_class)


def test_programs_on_this_machine_may_read_what_stands(client: Client) -> None:
    with transaction():
        jobs.add("test_of_metrics", {})

    answer = client.get("/metrics")

    assert answer.status_code == 200
    assert answer.content_type == "text/plain; version=0.0.4; charset=utf-8"
    assert 'caseway_jobs{definition="test_of_metrics",state="due"} 1' in answer.text.splitlines()


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-Ip"])
def test_who_comes_through_a_proxy_on_this_machine_is_not_near(client: Client, header: str) -> None:
    assert client.get("/metrics", headers={header: "203.0.113.7"}).status_code == 401


@pytest.mark.parametrize(
    ("shown", "status"),
    [
        (f"Bearer {TOKEN}", 200),
        (f"bearer {TOKEN}", 200),
        ("Bearer wrong", 401),
        ("Bearer ", 401),
        (f"Basic {TOKEN}", 401),
        ("Bearer \u00e9", 401),
        ("", 401),
    ],
)
def test_from_elsewhere_only_with_the_token(client: Client, shown: str, status: int) -> None:
    answer = client.get("/metrics", headers={"Authorization": shown}, environ_base=FAR)

    assert answer.status_code == status


def test_without_a_token_in_the_settings_no_token_opens(app: Flask) -> None:
    answer = Client(app, app.response_class).get("/metrics", headers={"Authorization": "Bearer "}, environ_base=FAR)

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(("username", "status"), [("admin", 200), (cast.OFFICIAL, 401)])
def test_operators_may_read_them_in_a_browser(client: Client, username: str, status: int) -> None:
    with transaction():
        cast.found()
        accounts.set_password(cast.person(username), "mặt hồ phẳng lặng")
    with client.session_transaction() as kept:
        kept["username"] = username

    assert client.get("/metrics", environ_base=FAR).status_code == status
