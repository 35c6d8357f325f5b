"""The tasks of a process in a period, as columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TypeVarTuple
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
from sqlalchemy import ColumnElement, Select, func, select

from cases import city
from cases.finding import Wanted, narrowed
from cases.models import Area, Case
from engine import clock
from engine.base import session
from engine.models import Definition, Instance, TaskState, UserTask

#: Tasks looked at, the last ones; more would not change what one sees.
MOST = 200_000
Columns = TypeVarTuple("Columns")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Asked:
    """Which tasks: of cases of a process that were begun between two days, of some versions, units and categories."""

    key: str
    from_on: date
    to_on: date
    version: int | None = None
    wanted: Wanted = field(default_factory=Wanted)


@dataclass(frozen=True)
class Steps:
    """Tasks in the order they came, by instance: their elements and moments in microseconds since 1970 (-1: not yet)."""

    instances: npt.NDArray[np.int64]
    elements: Sequence[str]
    created: npt.NDArray[np.int64]
    claimed: npt.NDArray[np.int64]
    ended: npt.NDArray[np.int64]
    due: npt.NDArray[np.int64]
    states: Sequence[str]
    now: int
    is_cut: bool = False

    def __len__(self) -> int:
        return len(self.elements)


@dataclass(frozen=True)
class Standing:
    """A case that waits at a step, since when, and for whom."""

    case: Case
    task: UserTask


def processes() -> list[Definition]:
    """The newest version of every process that ever had an instance."""
    used = select(Instance.definition_id).distinct()
    newest = (
        select(Definition.key, func.max(Definition.version).label("version"))
        .where(Definition.id.in_(used))
        .group_by(Definition.key)
        .subquery()
    )
    query = select(Definition).join(newest, (Definition.key == newest.c.key) & (Definition.version == newest.c.version))
    return list(session().scalars(query.order_by(Definition.key)))


def versions(key: str) -> list[Definition]:
    """The versions of a process that ever had an instance, newest first."""
    used = select(Instance.definition_id).distinct()
    query = select(Definition).where(Definition.key == key, Definition.id.in_(used))
    return list(session().scalars(query.order_by(Definition.version.desc())))


def read(asked: Asked) -> Steps:
    """The tasks of the cases asked for. Raises: Invalid (`unit`, `category`, `area` unknown)."""
    columns = (
        UserTask.instance_id, UserTask.element_id, UserTask.created_at, UserTask.claimed_at, UserTask.ended_at,
        UserTask.due_at, UserTask.state,
    )  # fmt: skip
    query = _of(select(*columns), asked).order_by(UserTask.id.desc()).limit(MOST + 1)
    rows = session().execute(query).all()
    kept = sorted(rows[:MOST], key=lambda row: row[0])  # stable: within an instance from the last to the first
    kept = kept[::-1]
    return Steps(
        instances=np.array([row[0] for row in kept], np.int64),
        elements=[row[1] for row in kept],
        created=_moments(kept, 2),
        claimed=_moments(kept, 3),
        ended=_moments(kept, 4),
        due=_moments(kept, 5),
        states=[row[6] for row in kept],
        now=instant(clock.now()),
        is_cut=len(rows) > MOST,
    )


def standing(asked: Asked, element_id: str, condition: ColumnElement[bool], limit: int) -> list[Standing]:
    """The cases waiting at a step now, the longest first; `condition` says which of them may be seen."""
    query = _of(select(Case, UserTask), asked, is_open=True).where(condition, UserTask.element_id == element_id)
    rows = session().execute(query.order_by(UserTask.created_at, UserTask.id).limit(limit))
    return [Standing(case, task) for case, task in rows]


def _of(query: Select[*Columns], asked: Asked, *, is_open: bool = False) -> Select[*Columns]:
    query = of_cases(
        query.select_from(UserTask).join(Instance, Instance.id == UserTask.instance_id), asked, is_any_day=is_open
    )
    return query.where(UserTask.state == TaskState.OPEN) if is_open else query


def of_cases(query: Select[*Columns], asked: Asked, *, is_any_day: bool = False) -> Select[*Columns]:
    """What a query finds about instances, narrowed to the cases asked for, begun on the days asked for or on any.

    Raises: Invalid (`unit`, `category`, `area` unknown).
    """
    query = (
        query.join(Definition, Definition.id == Instance.definition_id)
        .join(Case, Case.instance_id == Instance.id)
        .outerjoin(Area, Area.id == Case.area_id)
        .where(Definition.key == asked.key, *narrowed(asked.wanted))
    )
    if asked.version is not None:
        query = query.where(Definition.version == asked.version)
    if is_any_day:
        return query
    zone = ZoneInfo(city.settings().time_zone)
    begin, end = (datetime.combine(day, time(), zone) for day in (asked.from_on, asked.to_on + timedelta(days=1)))
    return query.where(Instance.started_at >= begin, Instance.started_at < end)


def _moments(rows: Sequence[Any], column: int) -> npt.NDArray[np.int64]:
    return np.array([-1 if row[column] is None else instant(row[column]) for row in rows], np.int64)


def instant(at: datetime) -> int:
    """Microseconds since 1970."""
    return (at - _EPOCH) // timedelta(microseconds=1)
