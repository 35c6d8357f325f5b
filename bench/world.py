"""A city of its own for measuring: durable PostgreSQL and Valkey in a temporary directory, the model city, its process."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import flask_migrate
from flask import Flask

import handlers  # noqa: F401  # registers the topics of the process
from cases import city, city_file, shipped
from engine.base import db, transaction
from servers import children, places, postgres, shortlived, valkey
from servers.children import Child
from servers.places import Place
from settings import ROOT, Settings
from wsgi import create_app

PATIENCE = 60.0


@dataclass(frozen=True)
class World:
    """The running servers and the application on them."""

    app: Flask
    settings: Settings
    #: PostgreSQL's data directory.
    database: Path

    @contextmanager
    def web(self) -> Iterator[str]:
        """`caseway web` with its usual two processes; the address."""
        port = _free_port()
        command, surroundings = [sys.executable, "-m", "cli", "web"], self.environment(PORT=str(port))
        with subprocess.Popen(command, cwd=ROOT, env=surroundings, stderr=subprocess.DEVNULL) as started:  # noqa: S603  # our own program
            url = f"http://127.0.0.1:{port}"
            _wait(f"{url}/readyz")
            try:
                yield url
            finally:
                started.terminate()

    def environment(self, **more: str) -> dict[str, str]:
        """What a process of this city is started with."""
        s = self.settings
        return {
            **os.environ,
            "DATABASE_URL": s.database_url,
            "REDIS_URL": s.redis_url,
            "SECRET_KEY": s.secret_key,
            "STORAGE_URL": s.storage_url,
            "PUBLIC_URL": s.public_url,
            "VAR": str(s.var),
            "RATE_LIMITS": "off",
            "PYTHONPATH": str(ROOT),
            **more,
        }


@contextmanager
def world() -> Iterator[World]:
    """Start everything, and leave nothing behind."""
    directory = shortlived.new_directory()
    place = shortlived.place_in(directory)
    running: list[Child] = []
    try:
        places.prepare(place)
        running.append(postgres.launch(place, postgres.prepare(place)))
        running.append(valkey.launch(place))
        until(lambda: postgres.is_ready(place) and valkey.is_ready(place))
        yield _founded(place)
    finally:
        children.stop(running)
        shutil.rmtree(directory)


def _founded(place: Place) -> World:
    postgres.ensure_database(place)
    settings = Settings(
        database_url=place.database_url(),
        redis_url=place.redis_url,
        secret_key="only-for-measuring-only-for-measuring",  # noqa: S106  # guards nothing
        storage_url=str(place.var / "storage"),
        public_url="http://localhost",
        var=place.var,
        rate_limits=False,
    )
    app = create_app(settings)
    with app.app_context():
        flask_migrate.upgrade(directory=str(ROOT / "migrations"))
        with transaction():
            city.load(city_file.read(ROOT / "cities/pleiku/city.toml"))
            shipped.deploy_if_missing(by="bench")
        db.engine.dispose()
    return World(app, settings, place.database)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(url: str) -> None:
    def answers() -> bool:
        try:
            with urllib.request.urlopen(url, timeout=2) as response:  # noqa: S310  # our own address
                return bool(response.status == 200)  # OK
        except OSError:
            return False

    until(answers)


def until(is_so: object) -> None:
    """Wait for something, but not for ever."""
    end = time.monotonic() + PATIENCE
    while not is_so():  # type: ignore[operator]  # a function
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(0.05)
