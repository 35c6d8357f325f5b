"""Real servers, real databases and a real browser for the tests; each test finds its database as if it were the first.

`app` undoes everything after the test, fast, on one connection; `own_app` has a database and a Redis of its own, for what
several processes or threads see of each other.
"""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings
from werkzeug.serving import ThreadedWSGIServer

from engine import clock
from servers import browser as browsers
from servers import shortlived
from servers.places import Place
from tests import databases
from tests.databases import Client, SharedApp

if TYPE_CHECKING:
    from flask import Flask
    from playwright.sync_api import Browser, Page

__all__ = ["MONDAY_MORNING", "Client"]

#: 08:00 in Viet Nam.
MONDAY_MORNING = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)

# `make test` draws the same examples every time, so that what fails fails again; `make fuzz` draws others every time.
settings.register_profile("steady", derandomize=True, deadline=None)
settings.register_profile("far", deadline=None, print_blob=True)
settings.load_profile("far" if "CASEWAY_WALKS" in os.environ else "steady")


@pytest.fixture(scope="session")
def worker_number(request: pytest.FixtureRequest) -> int:
    """Which of the processes of this run we are, from 0."""
    name: str = getattr(request.config, "workerinput", {}).get("workerid", "gw0")
    return int(re.sub(r"\D", "", name))


@pytest.fixture(scope="session")
def run_directory(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory all processes of this run share."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if hasattr(request.config, "workerinput") else own


@pytest.fixture(scope="session")
def place(request: pytest.FixtureRequest, run_directory: Path) -> Place:
    """PostgreSQL and Valkey for this run; the first process that asks starts them, they end with the run."""
    with databases.one_at_a_time(run_directory / "servers.lock"):
        known = run_directory / "servers"
        if not known.exists():
            run = os.getppid() if hasattr(request.config, "workerinput") else os.getpid()
            started = databases.start_servers(run_directory / "servers.log", until_ends=run)
            known.write_text(str(started.var), encoding="utf-8")
        return shortlived.place_in(Path(known.read_text(encoding="utf-8")))


@pytest.fixture(scope="session")
def template(place: Place, run_directory: Path) -> str:
    """The name of a database as the migrations make it; the first process that asks makes it."""
    with databases.one_at_a_time(run_directory / "template.lock"):
        made = run_directory / "template"
        if not made.exists():
            databases.make_template(place)
            made.touch()
    return databases.TEMPLATE


@pytest.fixture(scope="session")
def shared_app(place: Place, template: str, worker_number: int) -> Iterator[SharedApp]:
    """One database and application for all tests of this process; tests ask for `app` instead."""
    name = f"shared_{worker_number}"
    databases.copy_template(place, name)
    shared = SharedApp(databases.settings(place, name, worker_number))
    yield shared
    shared.forget()


@pytest.fixture
def redis_url(shared_app: SharedApp) -> str:
    """An empty Redis database, the one of `app`."""
    databases.empty_redis(shared_app.settings.redis_url)
    return shared_app.settings.redis_url


@pytest.fixture
def app(shared_app: SharedApp, redis_url: str) -> Iterator[Flask]:
    """The application, its context open, on a database that forgets all of this test (commits too)."""
    app = shared_app.get()
    with databases.forgetting(app):
        yield app


@pytest.fixture
def own_app(place: Place, template: str, shared_app: SharedApp, worker_number: int) -> Iterator[Flask]:
    """The application on a database and Redis of its own: what is committed here, other processes see."""
    name = f"own_{worker_number}"
    databases.copy_template(place, name)
    settings = databases.settings(place, name, databases.OWN_REDIS + worker_number)
    databases.empty_redis(settings.redis_url)
    app = databases.make_app(settings)
    yield app
    databases.close(app)
    databases.drop(place, name)
    shared_app.forget()


@pytest.fixture
def client(app: Flask) -> Client:
    """Somebody's browser without a screen."""
    return Client(app, app.response_class)


@pytest.fixture
def frozen_clock() -> Iterator[datetime]:
    """The clock stands still on a Monday morning, in this thread."""
    with clock.at(MONDAY_MORNING):
        yield MONDAY_MORNING


@pytest.fixture
def live_url(own_app: Flask) -> Iterator[str]:
    """The address at which `own_app` answers a browser."""
    server = ThreadedWSGIServer("127.0.0.1", 0, own_app)
    server.daemon_threads = False  # what is still being answered is waited for, before its database goes
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A real Chromium."""
    from playwright.sync_api import sync_playwright

    program, environment, arguments = browsers.chromium()
    with sync_playwright() as playwright:
        chromium = playwright.chromium
        started = chromium.launch(executable_path=program, env={**os.environ, **environment}, args=arguments)
        yield started
        started.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A new window of somebody in Viet Nam who has never been here."""
    context = browser.new_context(locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh")
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()
