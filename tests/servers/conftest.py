"""Stand-in houses in directories of their own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from servers import shortlived
from servers.places import Place
from settings import ROOT
from tests.servers.house import MIGRATION, STAND_IN, House, free_port


@pytest.fixture
def root() -> Iterator[Path]:
    """The directory of a stand-in house, open to every account of the machine as usual ones are."""
    directory = shortlived.new_directory()
    yield directory
    shutil.rmtree(directory)


@pytest.fixture
def start(root: Path) -> Iterator[Callable[..., House]]:
    """Starts stand-in houses."""
    (root / "cli.py").write_text(STAND_IN)
    (root / "migrations/versions").mkdir(parents=True)
    (root / "migrations/versions/first.py").write_text(MIGRATION)
    houses: list[House] = []

    def start_one(port: int = 0, **named: str) -> House:
        port = port or free_port()
        own = {"PORT": str(port), "VAR": str(root / "var"), "PYTHONPATH": str(ROOT)}
        environment = {**os.environ, **own, **named}
        environment.pop("CASEWAY_STARTED", None)
        process = subprocess.Popen(
            [sys.executable, "cli.py", "run"],
            cwd=root,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        houses.append(House(root, port, process))
        return houses[-1]

    yield start_one
    for house in houses:
        with house.process:
            house.process.terminate()


@pytest.fixture
def city(place: Place) -> dict[str, str]:
    """The settings of a city with servers of its own."""
    said = {"PUBLIC_URL": "https://hotro.example.vn", "SECRET_KEY": "k" * 40, "STORAGE_URL": str(place.var / "files")}
    return {**said, "DATABASE_URL": place.database_url("postgres"), "REDIS_URL": place.redis_url}
