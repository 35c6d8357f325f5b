"""`caseway run` on a stand-in house: starts in order, says where it is, stops in order, leaves nothing behind."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from servers import places
from tests.servers.house import PATIENCE, House, command_of, free_port, until


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


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_it_stops_in_order_when_nobody_listens_any_more(
    start: Callable[..., House], city: dict[str, str], number: signal.Signals
) -> None:
    house = start(**city)
    house.wait_for("Caseway is ready")
    assert until(lambda: len(house.diary()) == 5)
    assert house.process.stdout
    house.process.stdout.close()  # as `make run | head` or a closed terminal window does
    house.process.send_signal(number)
    assert house.process.wait(PATIENCE) == 0
    assert house.diary()[-4:] == ["left web", "left clock", "left worker", "left worker"]
    assert house.children() == []


def test_a_signal_in_the_middle_of_starting_a_process_is_not_lost(
    start: Callable[..., House], city: dict[str, str], root: Path
) -> None:
    (root / "stop-at-fork").touch()  # Python drops what is raised while it forks
    code, said = start(**city).end()
    assert (code, said.splitlines()[-1].endswith("Stopped.")) == (0, True)
    assert "Starting web" not in said


def test_a_hangup_that_somebody_had_ignored_stays_ignored(start: Callable[..., House], city: dict[str, str]) -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # as `nohup make run` does
    try:
        house = start(**city)
    finally:
        signal.signal(signal.SIGHUP, before)
    house.wait_for("Caseway is ready")
    status = Path(f"/proc/{house.process.pid}/status").read_text()
    ignored = int(next(line for line in status.splitlines() if line.startswith("SigIgn")).split()[1], 16)
    assert ignored & 1 << (signal.SIGHUP - 1)


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
    clock = next(pid for pid in house.children() if command_of(pid).endswith("\0clock\0"))
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
    code, said = start(**{**city, "DATABASE_URL": f"postgresql://a@127.0.0.1:{free_port()}/a"}).end()
    assert code == 1
    assert "DATABASE_URL" in said
    assert "Starting" not in said
