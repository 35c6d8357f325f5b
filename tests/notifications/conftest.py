"""A city that writes letters, and the post office they go to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

import notifications
from tests import town
from tests.notifications.post_office import PostOffice, opened

if TYPE_CHECKING:
    from flask import Flask


@pytest.fixture
def now(app: Flask, frozen_clock: datetime) -> datetime:
    """A Monday morning in a city that has just been founded."""
    town.found()
    return frozen_clock


@pytest.fixture
def send_to(app: Flask, now: datetime) -> Iterator[Callable[..., PostOffice]]:
    """Have the city's letters go to a post office, whose address may be written in another way than its own."""
    settings = app.config["CASEWAY"]
    with ExitStack() as offices:

        def send_to(office: PostOffice, written: str = "smtp://127.0.0.1:{port}") -> PostOffice:
            offices.enter_context(opened(office))
            url = written.format(port=office.port)
            notifications.configure(
                replace(settings, smtp_url=url, mail_from="paht@pleiku.vn", public_url="https://hotro.pleiku.vn")
            )
            return office

        yield send_to
        notifications.configure(settings)
