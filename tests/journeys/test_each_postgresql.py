"""The same life on every PostgreSQL this machine has: the embedded one, and those of the system from version 15 on."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import flask_migrate
import pytest
from flask import Flask

from engine.base import db, transaction
from servers import children, postgres, shortlived
from servers.places import Place, prepare
from settings import ROOT
from tests import databases, town
from tests.databases import SharedApp
from tests.journeys import steps
from tests.journeys.test_whole_lives import STRAIGHT

OLDEST = 15
#: Beside the Redis databases of the tests' own applications.
REDIS = 1000


def found() -> dict[str, Path]:
    """Programs by their version, each version once."""
    named = [Path(os.environ["PG_BIN"])] if "PG_BIN" in os.environ else [postgres.programs()]
    programs = [*named, *sorted(Path("/usr/lib/postgresql").glob("*/bin"))]
    by_version = {_major(one): one for one in reversed(programs) if (one / "initdb").is_file()}
    return {str(version): one for version, one in sorted(by_version.items()) if version >= OLDEST}


def _major(programs: Path) -> int:
    said = subprocess.run([programs / "postgres", "--version"], capture_output=True, text=True, check=True).stdout  # noqa: S603
    return int(re.findall(r"\d+", said)[0])


@pytest.fixture(params=found().items(), ids=lambda one: f"PostgreSQL {one[0]}")
def city(
    request: pytest.FixtureRequest,
    place: Place,
    shared_app: SharedApp,
    worker_number: int,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Flask]:
    """The model city on a server of this version that has nothing else to do."""
    _version, programs = request.param
    monkeypatch.setenv("PG_BIN", str(programs))
    directory = shortlived.new_directory()
    own = shortlived.place_in(directory)
    prepare(own)
    server = postgres.launch(own, postgres.prepare(own), options=shortlived.CARELESS)
    try:
        shortlived.wait(lambda: postgres.is_ready(own), own)
        postgres.ensure_database(own)
        settings = databases.settings(place, "caseway", REDIS + worker_number)
        app = databases.make_app(replace(settings, database_url=own.database_url()))
        yield app
        databases.close(app)
    finally:
        children.stop([server], hurry=lambda: True)
        shutil.rmtree(directory)
        shared_app.forget()


def test_a_whole_life_and_the_way_back_through_all_migrations(city: Flask) -> None:
    with city.app_context():
        migrations = str(ROOT / "migrations")
        flask_migrate.upgrade(directory=migrations)
        with transaction():
            town.found()
        code = ""
        for name, hours in STRAIGHT:
            code = steps.play(name, code, hours)
        end = steps.end_of(code)
        db.session.remove()
        flask_migrate.downgrade(directory=migrations, revision="base")

        assert end["status"] == "closed"
