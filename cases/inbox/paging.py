"""Pages of a list that changes while it is read: the next page begins after the last row seen, not at a number."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVarTuple

from sqlalchemy import ColumnElement, Select, and_, or_

from engine.errors import Invalid, Problem

Columns = TypeVarTuple("Columns")

LARGEST_KEY = 2**31


class InvalidCursor(Invalid):
    """The cursor names no row of this list."""


@dataclass(frozen=True)
class Order:
    """A total order by a moment, rows without one last, ties broken by `key`."""

    moment: Any
    key: Any
    newest_first: bool = False

    def apply(self, query: Select[*Columns]) -> Select[*Columns]:
        """Sort, soonest (or newest) first."""
        if self.newest_first:
            return query.order_by(self.moment.desc().nulls_last(), self.key.desc())
        return query.order_by(self.moment.asc().nulls_last(), self.key.asc())

    def after(self, cursor: str) -> ColumnElement[bool]:
        """The rows behind a cursor.

        Raises: InvalidCursor.
        """
        moment, key = read_cursor(cursor)
        next_key = self.key < key if self.newest_first else self.key > key
        if moment is None:
            return and_(self.moment.is_(None), next_key)
        later = self.moment < moment if self.newest_first else self.moment > moment
        return or_(later, and_(self.moment == moment, next_key), self.moment.is_(None))


def write_cursor(moment: datetime | None, key: int) -> str:
    """An opaque text that names a row's place."""
    text = f"{moment.isoformat() if moment else ''}|{key}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> tuple[datetime | None, int]:
    """Raises: InvalidCursor."""
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        moment, _, key = text.partition("|")
        read = (datetime.fromisoformat(moment) if moment else None), int(key)
    except (ValueError, binascii.Error) as error:
        raise InvalidCursor([Problem("after", "unknown")]) from error
    if (read[0] is not None and read[0].tzinfo is None) or not 0 <= read[1] < LARGEST_KEY:
        raise InvalidCursor([Problem("after", "unknown")])
    return read
