"""Connections that were cut while nobody used them: noticed before a transaction begins, at the cost of a look at the socket.

Asking the server at each beginning costs as much as a statement. A server that ended a connection has said so: there is
something to read. Only a connection that fell silent (a cut cable, a firewall that forgets) must be asked, after a while.
"""

from __future__ import annotations

import select
import time
from typing import Any

import psycopg
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.exc import InvalidatePoolError

#: Seconds after which a connection nobody used is asked.
SILENCE_S = 30.0
_SINCE = "unused_since"


def watch(engine: Engine) -> None:
    """Have every connection of a pool looked at when it is taken out; a cut one is replaced, and so are all its elders."""

    def put_back(_connection: Any, record: Any) -> None:
        record.info[_SINCE] = time.monotonic()

    def take_out(connection: Any, record: Any, _proxy: Any) -> None:
        since = record.info.get(_SINCE)
        if since is None or (time.monotonic() - since < SILENCE_S and _has_nothing_to_say(connection)):
            return
        try:
            engine.dialect.do_ping(connection)
        except psycopg.Error as error:
            raise InvalidatePoolError from error

    event.listen(engine, "checkin", put_back)
    event.listen(engine, "checkout", take_out)


def _has_nothing_to_say(connection: psycopg.Connection) -> bool:
    poll = select.poll()
    try:
        poll.register(connection.fileno(), select.POLLIN)
    except psycopg.Error:  # it is closed on this side already
        return False
    return not poll.poll(0)
