"""The embedded servers are what the house needs: PostgreSQL with Vietnamese letters and search, Valkey for RQ."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest
import redis

from servers import postgres, valkey
from servers.places import Place, ServerError


def test_letters_of_vietnamese_are_lowered_and_folded(place: Place) -> None:
    with psycopg.connect(postgres.dsn(place, "template1")) as connection:
        assert connection.execute("SELECT lower('ĐƯỜNG LÊ LỢI')").fetchone() == ("đường lê lợi",)
        connection.execute("CREATE EXTENSION unaccent")
        assert connection.execute("SELECT unaccent('đường Lê Lợi')").fetchone() == ("duong Le Loi",)
        connection.execute("CREATE EXTENSION pg_trgm")
        connection.rollback()


def test_the_server_keeps_utc(place: Place) -> None:
    with psycopg.connect(postgres.dsn(place, "postgres")) as connection:
        assert connection.execute("SHOW timezone").fetchone() == ("UTC",)


def test_valkey_moves_between_lists_as_reliable_queues_need(place: Place) -> None:
    with redis.Redis(unix_socket_path=str(place.redis_socket), db=1022) as server:
        server.rpush("a", "job")
        assert server.lmove("a", "b", "LEFT", "RIGHT") == b"job"
        server.flushdb()


def test_postgresql_named_by_the_operator_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("initdb", "postgres"):
        (tmp_path / name).touch()
    monkeypatch.setenv("PG_BIN", str(tmp_path))
    assert postgres.programs() == tmp_path


def test_a_machine_without_postgresql_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "_candidates", list)
    with pytest.raises(ServerError, match="DATABASE_URL"):
        postgres.programs()


def test_a_machine_without_redis_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(valkey, "_candidates", list)
    with pytest.raises(ServerError, match="REDIS_URL"):
        valkey.program()


def test_data_of_another_postgresql_are_not_touched(tmp_path: Path) -> None:
    place = Place(tmp_path, tmp_path, tmp_path / "run", None)
    place.database.mkdir()
    (place.database / "PG_VERSION").write_text("9\n")
    with pytest.raises(ServerError, match="made by PostgreSQL 9"):
        postgres.prepare(place)
