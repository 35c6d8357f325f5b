"""Open deadlines follow what they are counted by: days off, calendars, targets. First what would move, then, if wanted, it moves.

A change is planned and looked at (`plan_days`, `plan`, `moves`), then applied: what is promised from then on follows it at
once, open deadlines case by case in the background, each with an event that says from when to when and why. What was
promised by another process in the second of the change is looked at once more a little later.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import selectinload

from cases import calendars, city, deadlines, targets
from cases.models import Case, Deadline, DeadlinePause, Redating, RedatingState
from cases.models.deadlines import DeadlineKind
from cases.own_days import OwnDay, check, laid_over
from cases.targets import Limit
from cases.working_time import Calendar
from engine import clock
from engine.base import session
from engine.errors import Conflict, Invalid, NotFound, Problem

SHORTEST_REASON, LONGEST_REASON = 10, 500
#: Deadlines looked at in one query.
CHUNK = 1000


class RedatingNotFound(NotFound):
    """There is no such change of deadlines."""


class RedatingOver(Conflict):
    """This change has been applied or dropped already."""


class DaysChangedMeanwhile(Conflict):
    """The days have been changed since this was looked at; plan it again."""


@dataclass(frozen=True)
class Move:
    """A deadline that moves: `to` None means that nothing is promised any more."""

    deadline_id: int
    case_id: int
    code: str
    kind: str
    unit_id: int | None
    was: datetime
    to: datetime | None
    limit: Limit | None = None  # another limit, when the targets changed
    calendar: str = ""
    soon_percent: float = targets.SOON_PERCENT


# ------------------------------------------------------------------------------------------------------------ planning


def plan_day(day: OwnDay, reason: str, *, by: str) -> Redating:
    """Another day off, worked or closed. Raises: Invalid with everything that is wrong with it."""
    now = city.own_days()
    problems = _in_reason(reason)
    try:
        check(day, now, city.loaded_file())
    except Invalid as refused:
        problems = [*refused.problems, *problems]
    if problems:
        raise Invalid(problems)
    return _plan("days", reason, by=by, days=sorted([*now, day], key=lambda one: (one.first, one.kind)))


def plan_without(number: int, reason: str, *, by: str) -> Redating:
    """Take one of the city's own days back, by its place in the list. Raises: Invalid."""
    now = city.own_days()
    problems = _in_reason(reason)
    if not 0 <= number < len(now):
        problems.append(Problem("day", "unknown"))
    if problems:
        raise Invalid(problems)
    return _plan("days", reason, by=by, days=[*now[:number], *now[number + 1 :]])


def plan(source: str, reason: str, *, by: str) -> Redating:
    """Count open deadlines again as `calendars` or `targets` are now. Raises: Invalid."""
    problems = _in_reason(reason)
    if source not in ("calendars", "targets"):
        problems.append(Problem("source", "unknown"))
    if problems:
        raise Invalid(problems)
    return _plan(source, reason, by=by)


def _plan(source: str, reason: str, *, by: str, days: list[OwnDay] | None = None) -> Redating:
    change = Redating(
        source=source,
        days=None if days is None else [one.written() for one in days],
        base_id=_in_force(),
        reason=reason.strip(),
        state=RedatingState.PLANNED,
        planned_at=clock.now(),
        planned_by=by,
        failed=[],
    )
    session().add(change)
    session().flush()
    change.seen = sum(1 for _ in moves(change))
    return change


def _in_reason(reason: str) -> list[Problem]:
    text = reason.strip()
    if len(text) < SHORTEST_REASON:
        return [Problem("reason", "too_short", {"min": SHORTEST_REASON})]
    return [Problem("reason", "too_long", {"max": LONGEST_REASON})] if len(text) > LONGEST_REASON else []


def get(change_id: int, *, lock: bool = False) -> Redating:
    """One change. Raises: RedatingNotFound."""
    found = session().get(Redating, change_id, with_for_update=lock, populate_existing=lock)
    if found is None:
        raise RedatingNotFound(change_id)
    return found


def history(limit: int = 50) -> Sequence[Redating]:
    """What was planned and applied, the last first."""
    return session().scalars(select(Redating).order_by(Redating.id.desc()).limit(limit)).all()


def drop(change_id: int) -> Redating:
    """Do nothing of it. Raises: RedatingNotFound, RedatingOver."""
    change = _planned(change_id)
    change.state = RedatingState.DROPPED
    return change


def begin(change_id: int, *, by: str) -> Redating:
    """Let the change be in force from now on; open deadlines have still to follow (`cases.redating_work`).

    Raises: RedatingNotFound, RedatingOver, DaysChangedMeanwhile.
    """
    change = _planned(change_id)
    if change.source == "days" and change.base_id != _in_force():
        raise DaysChangedMeanwhile
    change.state, change.applied_at, change.applied_by = RedatingState.RUNNING, clock.now(), by
    session().flush()
    city.forget()
    return change


def _planned(change_id: int) -> Redating:
    change = get(change_id, lock=True)
    if change.state != RedatingState.PLANNED:
        raise RedatingOver
    return change


def _in_force() -> int | None:
    in_force = Redating.state.in_((RedatingState.RUNNING, RedatingState.DONE))
    query = select(Redating.id).where(Redating.source == "days", in_force).order_by(Redating.id.desc()).limit(1)
    return session().scalar(query)


# ----------------------------------------------------------------------------------------------------------- reckoning


def moves(change: Redating, *, case_ids: Iterable[int] | None = None) -> Iterator[Move]:
    """The open deadlines that are due at another moment by this change, by case; of all cases or of some."""
    counting = _counting(change)
    last = (0, 0)
    while True:
        rows = session().execute(_open_ones(last, case_ids)).all()
        for deadline, case in rows:
            move = _move(deadline, case, change.source, counting)
            if move is not None:
                yield move
        if len(rows) < CHUNK:
            return
        last = rows[-1][0].case_id, rows[-1][0].id


def recent(change: Redating, margin: timedelta) -> list[int]:
    """Cases with an open deadline that was promised, moved or resumed since shortly before the change."""
    since = (change.applied_at or change.planned_at) - margin
    query = select(Deadline.case_id).distinct().outerjoin(DeadlinePause)
    query = query.where(Deadline.met_at.is_(None), Deadline.ended_at.is_(None))
    late = or_(Deadline.started_at >= since, Deadline.extended_at >= since, DeadlinePause.ended_at >= since)
    return list(session().scalars(query.where(late).order_by(Deadline.case_id)))


def _counting(change: Redating) -> Mapping[str, Calendar]:
    """The calendars as this change has them, by code."""
    if change.source != "days" or change.state != RedatingState.PLANNED:
        return {code: city.calendar(code) for code in city.calendar_codes()}
    days = [OwnDay.read(one) for one in change.days or ()]
    return calendars.build_all(laid_over(city.loaded_file(), days))


def _open_ones(last: tuple[int, int], case_ids: Iterable[int] | None) -> Select[Deadline, Case]:
    query = select(Deadline, Case).join(Case, Case.id == Deadline.case_id)
    query = query.where(Deadline.met_at.is_(None), Deadline.ended_at.is_(None))
    case_id, number = last
    query = query.where(or_(Deadline.case_id > case_id, (Deadline.case_id == case_id) & (Deadline.id > number)))
    if case_ids is not None:
        query = query.where(Deadline.case_id.in_(list(case_ids)))
    loaded = (selectinload(Deadline.pauses), selectinload(Case.category), selectinload(Case.area))
    return query.options(*loaded).order_by(Deadline.case_id, Deadline.id).limit(CHUNK)


def _move(deadline: Deadline, case: Case, source: str, counting: Mapping[str, Calendar]) -> Move | None:
    if deadline.is_agreed:
        return None
    known: dict[str, Any] = {"calendar": deadline.calendar, "soon_percent": deadline.soon_percent}
    if source == "targets":
        promise = targets.promise_for(case.category, area=case.area.code if case.area else None, urgency=case.urgency)
        limit: Limit | None = getattr(promise, DeadlineKind(deadline.kind))
        to = _by_target(deadline, limit, promise.calendar)
        known = {"limit": limit, "calendar": promise.calendar, "soon_percent": promise.soon_percent}
    else:
        hours = counting.get(deadline.calendar)  # a calendar the city has given up counts no more
        to = deadlines.reckoned(deadline, hours)[1] if hours else deadline.due_at
    if to == deadline.due_at:
        return None
    return Move(deadline.id, case.id, case.tracking_code, deadline.kind, deadline.unit_id, deadline.due_at, to, **known)


def _by_target(deadline: Deadline, limit: Limit | None, calendar: str) -> datetime | None:
    """When the deadline is due if this is what is promised."""
    if limit is None:
        return None
    if (deadline.amount, deadline.measure, deadline.calendar) == (limit.amount, limit.measure, calendar):
        return deadline.due_at
    return deadlines.reckoned(deadline, city.calendar(calendar), limit)[1]
