"""The model city as the people who work there find it, each at a browser of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from flask import Flask

from cases.models import Case
from engine.base import transaction
from engine.models import Definition
from tests import town as cast
from tests.conftest import Client
from tests.web.staff.desk import Desk
from web.security import limiter

DeskOf = Callable[..., Desk]


@pytest.fixture
def town(app: Flask, frozen_clock: datetime) -> Definition:
    """The model city on a Monday morning, its process deployed."""
    with transaction():
        return cast.found()


@pytest.fixture
def desk(app: Flask, town: Definition) -> Iterator[DeskOf]:
    """Sign somebody in; they read English unless said otherwise, and may come as often as they like."""

    def sit_down(username: str, locale: str = "en") -> Desk:
        with transaction():
            cast.person(username).locale = locale
        return Desk(Client(app, app.response_class), username)

    limiter.enabled = False
    yield sit_down
    limiter.enabled = True


@pytest.fixture
def case(town: Definition) -> Case:
    """A new report with a photo."""
    with transaction():
        return cast.report(photos=[cast.photo()]).case


@pytest.fixture
def assigned(town: Definition) -> Case:
    """A case its official has to resolve."""
    with transaction():
        return cast.accepted()
