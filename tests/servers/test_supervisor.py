"""`caseway run` on a stand-in house: starts in order, says where it is, stops in order, leaves nothing behind."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from servers import places, shortlived
from servers.places import Place
from settings import ROOT

PATIENCE = 60.0
#: Stands in for the house: as the real command line, each process notes in a diary when it comes and goes.
STAND_IN = """
import http.server, os, pathlib, signal, sys, time
name = sys.argv[1]
def note(what):
    with open("diary", "a") as diary:
        diary.write(f"{what} {name}\\n")
if name == "run":
    from servers.supervisor import Supervisor
    from settings import Settings
    sys.exit(Supervisor(Settings.from_environment(), pathlib.Path.cwd()).run())
if name == "seed":
    pathlib.Path(sys.argv[-1]).write_text("hanh  intake\\n")
if name in ("migrate", "seed", "demo-past"):
    note("did")
    sys.exit(int(pathlib.Path("fail-" + name).exists()))
def leave(*_):
    note("left")
    sys.exit(0)
signal.signal(signal.SIGTERM, leave)
note("came")
class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == "/readyz" else 404)
        self.end_headers()
if name == "web":
    http.server.HTTPServer(("127.0.0.1", int(os.environ["PORT"])), Page).serve_forever()
while True:
    time.sleep(60)
"""
MIGRATION = "revision = 'first'\ndown_revision = None\n"


@dataclass
class House:
    """A stand-in house and the supervisor that runs it."""

    root: Path
    port: int
    process: subprocess.Popen[str]

    def wait_for(self, text: str) -> str:
        """What it has said until (and with) this text."""
        assert self.process.stdout
        said = ""
        for line in self.process.stdout:
            said += line
            if text in line:
                return said
        raise AssertionError(f"ended without saying {text!r}: {said}")

    def end(self) -> tuple[int, str]:
        """Its exit code and what it still had to say."""
        said, _ = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, said

    def diary(self) -> list[str]:
        return (self.root / "diary").read_text().splitlines()

    def children(self) -> list[int]:
        """The processes that run from this house now."""
        return [pid for pid in _pids() if str(self.root) in _command(pid) and pid != self.process.pid]


def _pids() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdecimal()]


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return ""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


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
        port = port or _free_port()
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


def until(is_so: Callable[[], bool]) -> bool:
    """Whether it became so in time."""
    end = time.monotonic() + PATIENCE
    while not is_so() and time.monotonic() < end:
        time.sleep(0.05)
    return is_so()


def test_everything_starts_in_order_and_stops_in_order(start: Callable[..., House]) -> None:
    house = start()
    said = house.wait_for("Caseway is ready")
    assert said.endswith(f"Caseway is ready: http://127.0.0.1:{house.port}\n")
    assert "hanh  intake" in said
    with urllib.request.urlopen(f"http://127.0.0.1:{house.port}/readyz") as answer:
        assert answer.status == 200
    house.wait_for("The demo city has its past.")
    assert until(lambda: len(house.diary()) == 6)
    assert house.diary()[:2] == ["did seed", "came web"]
    assert sorted(house.diary()[2:]) == ["came clock", "came worker", "came worker", "did demo-past"]
    house.process.send_signal(signal.SIGINT)
    assert house.end()[0] == 0
    assert house.diary()[6:] == ["left web", "left clock", "left worker", "left worker"]
    assert house.children() == []


def test_a_killed_supervisor_leaves_no_orphans_and_the_next_start_finds_its_data(start: Callable[..., House]) -> None:
    killed = start()
    killed.wait_for("Caseway is ready")
    assert killed.children()
    killed.process.kill()
    assert until(lambda: killed.children() == [])
    house = start()
    house.wait_for("Caseway is ready")
    house.process.terminate()
    assert house.end()[0] == 0
    assert house.diary().count("did seed") == 1


def test_a_past_that_fails_is_told_and_tried_again_at_the_next_start(start: Callable[..., House], root: Path) -> None:
    (root / "fail-demo-past").touch()
    house = start()
    house.wait_for("demo-past failed; its log is ")
    with urllib.request.urlopen(f"http://127.0.0.1:{house.port}/readyz") as answer:
        assert answer.status == 200
    (root / "fail-demo-past").unlink()
    for said, often in (("has its past", 2), ("is ready", 2)):
        house.process.terminate()
        house.end()
        house = start()
        house.wait_for(said)
        assert house.diary().count("did demo-past") == often


def test_make_passing_the_same_signal_on_does_not_hurry_it(start: Callable[..., House], city: dict[str, str]) -> None:
    house = start(**city)
    house.wait_for("Caseway is ready")
    assert until(lambda: len(house.diary()) == 5)
    for _ in range(2):
        house.process.send_signal(signal.SIGTERM)
    assert house.end()[0] == 0
    assert house.diary()[-4:] == ["left web", "left clock", "left worker", "left worker"]


def test_below_a_directory_only_we_may_enter_it_runs_too(start: Callable[..., House], root: Path) -> None:
    root.chmod(0o700)
    place = places.of(root / "var")
    try:
        house = start()
        said = house.wait_for("Caseway is ready")
        assert (f"data lies in {place.home}" in said) == (os.geteuid() == 0)
        assert (place.database / "PG_VERSION").exists()
        house.process.terminate()
        code, _ = house.end()
        assert code == 0
    finally:
        if place.is_outside:
            shutil.rmtree(place.home)


def test_a_city_with_servers_of_its_own_gets_no_others(start: Callable[..., House], city: dict[str, str]) -> None:
    house = start(**city)
    assert "PostgreSQL" not in house.wait_for("Caseway is ready")
    assert until(lambda: len(house.diary()) == 5)
    assert sorted(house.diary()[2:]) == ["came clock", "came worker", "came worker"]
    assert not (house.root / "var/postgresql").exists()
    house.process.terminate()
    assert house.end()[0] == 0


def test_the_end_of_one_is_the_end_of_all_and_names_its_log(start: Callable[..., House], city: dict[str, str]) -> None:
    house = start(**city)
    house.wait_for("Caseway is ready")
    clock = next(pid for pid in house.children() if _command(pid).endswith("\0clock\0"))
    os.kill(clock, signal.SIGKILL)
    code, said = house.end()
    assert code == 1
    assert "clock ended unexpectedly" in said
    assert str(house.root / "var/log/clock.log") in said
    assert house.children() == []


def test_a_failing_migration_stops_the_start(start: Callable[..., House], city: dict[str, str], root: Path) -> None:
    (root / "fail-migrate").touch()
    house = start(**city)
    code, said = house.end()
    assert code == 1
    assert "var/log/migrate.log" in said
    assert house.diary() == ["did migrate"]


def test_one_directory_runs_once(start: Callable[..., House], city: dict[str, str]) -> None:
    first = start(**city)
    first.wait_for("Starting web")
    code, said = start(**city).end()
    assert code == 1
    assert f"process {first.process.pid}" in said
    first.process.terminate()
    assert first.end()[0] == 0


def test_a_taken_port_is_told_before_anything_starts(start: Callable[..., House]) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        code, said = start(port=other.getsockname()[1]).end()
    assert code == 1
    assert "PORT=" in said
    assert "Starting" not in said


def test_a_database_that_does_not_answer_is_named(start: Callable[..., House], city: dict[str, str]) -> None:
    code, said = start(**{**city, "DATABASE_URL": f"postgresql://a@127.0.0.1:{_free_port()}/a"}).end()
    assert code == 1
    assert "DATABASE_URL" in said
    assert "Starting" not in said
