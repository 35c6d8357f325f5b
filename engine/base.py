"""The metadata every table of the house belongs to, and the transaction every door opens.

Verbs use `session()` and never commit; doors wrap them in `transaction()`. Nothing else in the house commits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from flask_sqlalchemy import SQLAlchemy
from psycopg.errors import DeadlockDetected, LockNotAvailable, SerializationFailure
from sqlalchemy import DateTime, MetaData
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

from engine.errors import ChangedAtOnce

#: What PostgreSQL says when of two transactions one has to begin again.
GIVE_WAY = (DeadlockDetected, LockNotAvailable, SerializationFailure)

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Every table of the house."""

    metadata = MetaData(naming_convention=NAMING)


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: aware on the way in (any zone), aware UTC on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Raises: ValueError for a naive moment; a moment without a zone is a bug, never a guess."""
        if value is not None and value.tzinfo is None:
            raise ValueError(f"naive moment {value!r}")
        return value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Drivers answer in the connection's zone; the house thinks in UTC."""
        return None if value is None else value.astimezone(UTC)


def session() -> Session:
    """The current unit of work."""
    return db.session()


def is_passing(error: Exception) -> bool:
    """Whether the same may succeed on another connection, or when others are done."""
    return isinstance(error, ChangedAtOnce) or (isinstance(error, DBAPIError) and error.connection_invalidated)


@contextmanager
def transaction() -> Iterator[Session]:
    """One unit of work: committed at the end, rolled back on any error, then what waited for the commit is done.

    Raises: ChangedAtOnce when the database had to give way to another transaction (a deadlock, say).
    """
    unit = session()
    unit.info.pop("after_commit", None)
    try:
        yield unit
        unit.commit()
    except OperationalError as error:
        unit.rollback()
        if isinstance(error.orig, GIVE_WAY):
            raise ChangedAtOnce from error
        raise
    except BaseException:
        unit.rollback()
        raise
    for act in unit.info.pop("after_commit", {}).values():
        act()


def after_commit(key: str, act: Callable[[], None]) -> None:
    """Have `act` done once the current transaction is committed; the same key twice is done once."""
    session().info.setdefault("after_commit", {})[key] = act
