"""The model city as its citizens find it."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask

from engine.base import session, transaction
from engine.models import Definition
from tests import town as cast
from tests.conftest import Client
from tests.web.public.visitor import Steps, Visitor


@pytest.fixture
def town(app: Flask, frozen_clock: datetime) -> Definition:
    """The model city on a Monday morning, its process deployed."""
    with transaction():
        definition = cast.found()
    session().expunge(definition)  # the cast keeps it beyond this test, and a request makes everything fresh
    return definition


@pytest.fixture
def visitor(client: Client, town: Definition) -> Visitor:
    """Somebody who reads English."""
    return Visitor(client, "/en")


@pytest.fixture
def stranger(app: Flask, town: Definition) -> Visitor:
    """Somebody else, in another browser."""
    return Visitor(Client(app, app.response_class), "/en")


@pytest.fixture
def steps(visitor: Visitor) -> Steps:
    """The three steps of reporting."""
    return Steps(visitor)
