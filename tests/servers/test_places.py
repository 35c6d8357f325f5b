"""Where data and sockets lie, above all when root starts us below a directory nobody else may enter."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from servers import places
from servers.places import OsUser, Place, ServerError

SOMEBODY = OsUser("somebody", 54321, 54321)


def place_of(var: Path, owner: OsUser | None, monkeypatch: pytest.MonkeyPatch) -> Place:
    monkeypatch.setattr(places, "database_owner", lambda: owner)
    return places.of(var)


def test_everything_usually_lies_in_the_clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = place_of(tmp_path / "var", None, monkeypatch)
    assert not place.is_outside
    assert place.database == tmp_path / "var/postgresql"
    assert place.redis_socket.is_relative_to(tmp_path)


def test_where_the_database_account_cannot_enter_its_data_lie_outside_and_always_at_the_same_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    first, again, other = (place_of(closed / name, SOMEBODY, monkeypatch) for name in ("var", "var", "var2"))
    assert first.is_outside
    assert first == again
    assert first.home != other.home
    assert not first.home.is_relative_to(closed)
    assert first.logs == closed / "var/log"


def test_data_of_a_clone_that_lasts_last_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "enterable", lambda *_: False)
    assert place_of(Path("/srv/caseway/var"), SOMEBODY, monkeypatch).home.is_relative_to(places.LASTING)
    assert place_of(places.SHORT / "trial/var", SOMEBODY, monkeypatch).home.is_relative_to(places.SHORT)


@pytest.mark.parametrize(("mode", "may"), [(0o755, True), (0o711, True), (0o750, False), (0o700, False)])
def test_an_account_may_enter_what_is_open_to_others(tmp_path: Path, mode: int, may: bool) -> None:  # noqa: FBT001 - a case of the table
    room = tmp_path / "room"
    room.mkdir()
    room.chmod(mode)
    tmp_path.chmod(0o755)
    way_there = all(stat.S_IMODE(step.stat().st_mode) & 1 for step in tmp_path.parents)
    assert places.enterable(room / "not/there/yet", SOMEBODY) == (may and way_there)


def test_a_deep_directory_gets_its_sockets_at_a_short_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deep = tmp_path / ("d" * 100)
    place = place_of(deep, None, monkeypatch)
    assert place.home == deep
    assert len(str(place.run / ".s.PGSQL.5432")) < places.SOCKET_LIMIT
    assert place == place_of(deep, None, monkeypatch)


def test_directories_are_made_for_their_owner_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = place_of(tmp_path / "var", None, monkeypatch)
    places.prepare(place)
    places.prepare(place)
    assert stat.S_IMODE(place.run.stat().st_mode) == 0o700
    assert place.logs.is_dir()


def test_a_directory_put_there_by_somebody_else_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = place_of(tmp_path / "var", None, monkeypatch)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    place.run.parent.mkdir()
    place.run.symlink_to(elsewhere)
    with pytest.raises(ServerError, match="somebody else"):
        places.prepare(place)


def test_what_vanished_clones_left_is_removed_and_what_living_ones_have_stays(tmp_path: Path) -> None:
    living = tmp_path / "clone/var"
    living.mkdir(parents=True)
    for name, clone in (("caseway-gone", tmp_path / "gone/var"), ("caseway-there", living)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "clone").write_text(str(clone))
    places.forget_vanished(tmp_path)
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["caseway-there", "clone"]


def test_copied_programs_can_be_run_by_others(tmp_path: Path) -> None:
    base = tmp_path / "base"
    (base / "part/bin").mkdir(parents=True)
    program = base / "part/bin/program"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o700)
    place = Place(tmp_path, tmp_path / "home", tmp_path / "home/run", SOMEBODY)
    first = places.copied(base, ("part",), place)
    assert stat.S_IMODE((first / "part/bin/program").stat().st_mode) == 0o755
    assert stat.S_IMODE(first.stat().st_mode) == 0o755
    assert places.copied(base, ("part",), place) == first


def test_root_without_an_account_for_postgresql_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setenv("PG_OS_USER", "no-such-account")
    with pytest.raises(ServerError, match="PG_OS_USER"):
        places.database_owner()
