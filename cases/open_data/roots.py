"""The published roots, each linked to the one before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from cases.models import OpenDataRoot
from cases.open_data.tree import chained
from engine.base import session


@dataclass(frozen=True)
class History:
    """The roots, the last first."""

    roots: list[OpenDataRoot]

    def as_json(self) -> list[dict[str, Any]]:
        """For programs: day, root, link to the day before."""
        return [
            {"day": one.day.isoformat(), "rows": one.rows, "root": one.root, "previous": one.previous, "link": one.link}
            for one in self.roots
        ]


def history(limit: int = 4000) -> History:
    """What was published."""
    return History(list(session().scalars(select(OpenDataRoot).order_by(OpenDataRoot.day.desc()).limit(limit))))


def of_day(day: date) -> OpenDataRoot | None:
    """What was published of a day."""
    return session().get(OpenDataRoot, day)


def publish(day: date, root: str, rows: int, as_of: datetime, files: dict[str, Any]) -> OpenDataRoot:
    """Write down the root of a day, linked to the one before; the first that was published of a day stays."""
    known = of_day(day)
    if known is not None:
        return known
    last = session().scalar(select(OpenDataRoot).order_by(OpenDataRoot.day.desc()).limit(1))
    previous = last.link if last else ""
    link = chained(previous, day.isoformat(), root)
    made = OpenDataRoot(day=day, root=root, previous=previous, link=link, rows=rows, as_of=as_of, files=files)
    session().add(made)
    session().flush()
    return made
