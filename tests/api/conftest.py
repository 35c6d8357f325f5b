"""Programs that talk to the model city."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, cast

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from api.limits import limiter
from cases import accounts
from engine.base import transaction
from engine.models import Definition
from tests import town as model
from tests.conftest import Client

#: What every problem says.
PROBLEM_KEYS = {"type", "title", "status", "detail", "code"}


@pytest.fixture(autouse=True)
def _unlimited(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Programs of tests may come as often as they like, but for those that test the limit."""
    monkeypatch.setattr(limiter, "enabled", False)


@pytest.fixture
def town(app: Flask, frozen_clock: datetime) -> Definition:
    """The model city on a Monday morning, its process deployed."""
    with transaction():
        return model.found()


class Answer(TestResponse):
    """An answer of which one knows that it is JSON when one asks for it."""

    @property
    def json(self) -> Any:
        return self.get_json()


class Program:
    """A program that shows the API key of a person, or none."""

    def __init__(self, client: Client, key: str | None = None) -> None:
        self.client = client
        self.headers = {"Authorization": f"Bearer {key}"} if key else {}

    def ask(self, method: str, path: str, **sent: Any) -> Answer:
        """Send a request and look whether the answer is a whole one."""
        headers = {**self.headers, **sent.pop("headers", {})}
        response = self.client.open(path, method=method, headers=headers, **sent)
        assert response.status_code < 500, response.text
        if response.status_code >= 400:
            assert_problem(response)
        return cast("Answer", response)

    def get(self, path: str, **sent: Any) -> Answer:
        return self.ask("GET", path, **sent)

    def post(self, path: str, **sent: Any) -> Answer:
        return self.ask("POST", path, **sent)

    def put(self, path: str, **sent: Any) -> Answer:
        return self.ask("PUT", path, **sent)

    def delete(self, path: str, **sent: Any) -> Answer:
        return self.ask("DELETE", path, **sent)


def assert_problem(response: TestResponse) -> None:
    """The answer is problem details as promised."""
    assert response.mimetype == "application/problem+json", response.text
    problem = response.json
    assert problem is not None
    assert set(problem) >= PROBLEM_KEYS
    assert problem["status"] == response.status_code
    assert problem["type"] == f"/api/problems/{problem['code']}"
    assert all({"field", "code", "message"} <= set(error) for error in problem.get("errors", []))


@pytest.fixture
def stranger(client: Client) -> Program:
    """A program in a house without a city."""
    return Program(client)


@pytest.fixture
def citizen(client: Client, town: Definition) -> Program:
    """A program of nobody in particular."""
    return Program(client)


@pytest.fixture
def program_of(client: Client, town: Definition) -> Callable[[str], Program]:
    """The program of a person of the cast."""

    def issue(username: str) -> Program:
        with transaction():
            return Program(client, accounts.issue_api_key(model.person(username), "test"))

    return issue
