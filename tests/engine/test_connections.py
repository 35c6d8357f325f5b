"""Connections that were cut while nobody used them never reach a transaction; those that were just used are not asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from flask import Flask
from sqlalchemy import text

from engine import connections
from engine.base import db, session, transaction

BACKENDS = text("SELECT pg_backend_pid()")


@pytest.fixture
def asked(own_app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """Every connection the server was asked about, in an application with a pool of its own."""
    with own_app.app_context():
        seen: list[Any] = []
        ping = db.engine.dialect.do_ping

        def ask(connection: Any) -> bool:
            seen.append(connection)
            return ping(connection)

        monkeypatch.setattr(db.engine.dialect, "do_ping", ask)
        yield seen


def backend() -> int:
    with transaction():
        return int(session().scalar(BACKENDS) or 0)


def cut(*backends: int) -> None:
    """End these connections from outside, and see them gone."""
    url = db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True) as other:
        for one in backends:
            other.execute("SELECT pg_terminate_backend(%s, 5000)", (one,))


def test_a_connection_that_was_just_used_is_not_asked(asked: list[Any]) -> None:
    assert len({backend() for _ in range(5)}) == 1
    assert asked == []


def test_a_connection_that_was_cut_is_replaced_before_anything_begins(asked: list[Any]) -> None:
    before = backend()
    cut(before)
    assert backend() != before
    assert len(asked) == 1


def test_when_the_server_cut_them_all_the_first_that_is_noticed_tells_of_the_others(asked: list[Any]) -> None:
    with db.engine.connect() as first, db.engine.connect() as second, db.engine.connect() as third:
        before = {one.scalar(BACKENDS) for one in (first, second, third)}
        for one in (first, second, third):
            one.rollback()
    cut(*before)
    assert backend() not in before
    assert len(asked) == 1


def test_a_connection_nobody_used_for_long_is_asked(asked: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    before = backend()
    monkeypatch.setattr(connections, "SILENCE_S", 0.0)
    assert backend() == before
    assert len(asked) == 1


def test_a_connection_closed_on_this_side_is_replaced(asked: list[Any]) -> None:
    before = backend()
    with transaction() as unit:
        held = unit.connection().connection.driver_connection
    assert held is not None
    held.close()
    assert backend() != before
