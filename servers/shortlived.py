"""PostgreSQL and Valkey for one run of the tests: nothing is kept, nothing is safe from a power cut, all is fast.

`python -m servers.shortlived DIRECTORY PID` serves until the process PID ends (however it ends), then removes DIRECTORY.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from servers import children, places, postgres, valkey
from servers.children import Child
from servers.places import Place, ServerError

PATIENCE = 60.0
READY = "ready"
#: Speed over safety: the data do not outlive the run.
CARELESS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=300", "log_statement=none")
DATABASES = 1024


def place_in(directory: Path) -> Place:
    """Where the servers of a test run in `directory` lie."""
    owner = places.database_owner()
    return Place(var=directory, home=directory, run=directory / "run", owner=owner)


def new_directory() -> Path:
    """An empty directory that the database's account may enter too, with a path short enough for sockets."""
    directory = Path(tempfile.mkdtemp(prefix="caseway-test-", dir=places.SHORT))
    directory.chmod(0o755)
    return directory


def serve(directory: Path, until_ends: int) -> None:
    """Start both servers, say so with a file, and stay as long as the process `until_ends` does."""
    place = place_in(directory)
    running: list[Child] = []
    try:
        places.prepare(place)
        binaries = postgres.prepare(place)
        running.append(postgres.launch(place, binaries, options=CARELESS))
        running.append(valkey.launch(place, options=("--databases", str(DATABASES), "--appendonly", "no")))
        wait(lambda: postgres.is_ready(place) and valkey.is_ready(place), place)
        (directory / READY).touch()
        while _is_alive(until_ends):
            time.sleep(0.2)
    finally:
        children.stop(running, hurry=lambda: True)
        shutil.rmtree(directory)


def wait(is_ready: Callable[[], bool], place: Place) -> None:
    """Wait until servers answer. Raises: ServerError when they do not for a minute."""
    end = time.monotonic() + PATIENCE
    while not is_ready():
        if time.monotonic() > end:
            raise ServerError(f"The servers for the tests did not start; see {place.logs}")
        time.sleep(0.02)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    serve(Path(sys.argv[1]), int(sys.argv[2]))
