"""What the fixtures of conftest.py are made of: one PostgreSQL and one Valkey for a whole run, copies of a template."""

from __future__ import annotations

import fcntl
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import flask_migrate
import psycopg
import redis
from flask.testing import FlaskClient
from psycopg import sql

from engine.base import db
from servers import places, postgres, shortlived
from servers.places import Place
from settings import ROOT, Settings

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.test import TestResponse

TEMPLATE = "caseway_template"
START_PATIENCE = 60.0
OWN_REDIS = 512  # numbers below it belong to the databases that are rolled back

# With a connection in the place of the engine, a commit of the tested code ends a savepoint only.
db.session.session_factory.configure(join_transaction_mode="create_savepoint")


@contextmanager
def one_at_a_time(path: Path) -> Iterator[None]:
    """Hold the lock file `path` against the other processes of this run."""
    with path.open("w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def start_servers(log: Path, *, until_ends: int) -> Place:
    """Start PostgreSQL and Valkey to serve until the process `until_ends` does.

    Raises: ServerError with what they said when they do not start.
    """
    directory = shortlived.new_directory()
    write = (os.POSIX_SPAWN_OPEN, 1, str(log), os.O_WRONLY | os.O_CREAT, 0o600)
    os.posix_spawn(
        sys.executable,
        [sys.executable, "-m", "servers.shortlived", str(directory), str(until_ends)],
        {**os.environ, "PYTHONPATH": str(ROOT)},
        file_actions=[write, (os.POSIX_SPAWN_DUP2, 1, 2)],
        setsid=True,
    )
    end = time.monotonic() + START_PATIENCE
    while not (directory / shortlived.READY).exists():
        if time.monotonic() > end or not directory.exists():
            raise places.ServerError(f"the servers for the tests did not start: {log.read_text(encoding='utf-8')}")
        time.sleep(0.02)
    return shortlived.place_in(directory)


def settings(place: Place, database: str, redis_number: int) -> Settings:
    """The settings of an application on one database and one Redis number of these servers."""
    return Settings(
        database_url=place.database_url(database),
        redis_url=f"{place.redis_url}?db={redis_number}",
        secret_key="only-for-tests-only-for-tests-only",
        storage_url=str(place.var / "storage" / database),
        public_url="http://localhost",
        var=place.var,
    )


def make_app(with_settings: Settings) -> Flask:
    """The whole application; loaded late, for tests of pure arithmetic need not wait for the whole house."""
    from wsgi import create_app

    return create_app(with_settings)


def make_template(place: Place) -> None:
    """Make a database as the migrations make it, to be copied."""
    postgres.ensure_database(place, TEMPLATE)
    app = make_app(settings(place, TEMPLATE, OWN_REDIS - 1))
    with app.app_context():
        flask_migrate.upgrade(directory=str(ROOT / "migrations"))
    close(app)


def copy_template(place: Place, name: str) -> None:
    """Make the database `name` a fresh copy of the template."""
    drop(place, name)
    with psycopg.connect(postgres.dsn(place, "postgres"), autocommit=True) as connection:
        copy = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        connection.execute(copy.format(sql.Identifier(name), sql.Identifier(TEMPLATE)))


def drop(place: Place, name: str) -> None:
    """Remove the database `name`, whoever may still use it."""
    with psycopg.connect(postgres.dsn(place, "postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def empty_redis(url: str) -> None:
    """Forget everything in one Redis database."""
    with redis.Redis.from_url(url) as server:
        server.flushdb()


def close(app: Flask) -> None:
    """Give back the application's database connections."""
    with app.app_context():
        db.engine.dispose()


@contextmanager
def forgetting(app: Flask) -> Iterator[None]:
    """Within the block, with the application's context open, everything happens on one connection; then it is undone."""
    with app.app_context():
        engines: dict[str | None, Any] = db.engines  # type: ignore[assignment]  # a plain dict, promised as read-only
        engine = engines[None]
        with engine.connect() as connection, connection.begin() as outermost:
            engines[None] = connection
            try:
                yield
            finally:
                db.session.remove()
                engines[None] = engine
                outermost.rollback()


class Client(FlaskClient):
    """A test client whose requests have a context and a database session of their own, as real ones have."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Send a request: what the test wrote is committed before, and the test's objects are fresh afterwards."""
        db.session.commit()
        with self.application.app_context():
            response = super().open(*args, **kwargs)
        db.session.expire_all()
        return response


@dataclass
class SharedApp:
    """The application of all tests of one process; made again after a test has made another one beside it."""

    settings: Settings
    made: list[Flask] = field(default_factory=list)

    def get(self) -> Flask:
        """The application, as if it were the only one of this process."""
        if not self.made:
            self.made.append(make_app(self.settings))
        return self.made[0]

    def forget(self) -> None:
        """Another application has been configured; the next test needs this one configured anew."""
        for app in self.made:
            close(app)
        self.made.clear()
