"""More time for the promise to resolve, once: asked for with a reason, granted or refused by a leader.

The reason is told to the reporter and to the public together with the new date. Who decides, and on what the diagram's
timers go on waiting, is drawn in the diagram.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from cases import cases, city, deadlines, history, new_report
from cases import working_time as wt
from cases.models import Case, Deadline, Event
from cases.models.deadlines import DeadlineKind
from engine import clock, messages
from engine.base import session
from engine.errors import Conflict, Invalid, Problem

#: The message of the diagram.
MESSAGE = "extension_asked"
MOST_DAYS = 30
SHORTEST_REASON, LONGEST_REASON = 10, 2000

_STEPS = ("extension_asked", "extension_granted", "extension_refused", "extension_lapsed")


class NothingToExtend(Conflict):
    """No promise to resolve is running: it was kept, has passed, or stands still."""


class AlreadyExtended(Conflict):
    """This promise was extended before; it can be only once."""


class ExtensionPending(Conflict):
    """An extension was asked for and is not decided yet."""


@dataclass(frozen=True)
class Asked:
    """A request nobody has decided: so many working days, why, by whom and when; until when it would be."""

    days: int
    reason: str
    by: str
    at: datetime
    until: datetime


def may_be_asked(case: Case) -> bool:
    """Whether somebody could ask now."""
    promise = _running(case)
    return promise is not None and not promise.extended_days and pending(case) is None and _is_drawn(case)


def pending(case: Case) -> Asked | None:
    """What a leader has to decide."""
    event = _last(case)
    promise = deadlines.latest(case, DeadlineKind.RESOLVE)
    if event is None or promise is None or event.name != "extension_asked":
        return None
    told = event.particulars
    if told["deadline_id"] != promise.id or not promise.is_open:
        return None
    return Asked(told["days"], told["reason"], event.by or "system", event.at, _later(promise, told["days"]))


def ask(case: Case, days: int, reason: str, *, by: str) -> Asked:
    """Ask for so many working days more.

    Raises: Invalid (`days`, `reason`), NothingToExtend, AlreadyExtended, ExtensionPending, MessageNotAwaited when the
    diagram of this case knows no extensions.
    """
    reason = new_report.tidy_text(reason)
    _check(days, reason)
    cases.lock(case)
    promise = _running(case)
    if promise is None:
        raise NothingToExtend
    if promise.extended_days:
        raise AlreadyExtended
    if pending(case) is not None:
        raise ExtensionPending
    event = history.record(case, "extension_asked", by=by, days=days, reason=reason, deadline_id=promise.id)
    session().flush()
    messages.deliver(MESSAGE, case.tracking_code, {"extension_days": days}, by=by)
    return Asked(days, reason, by, event.at, _later(promise, days))


def grant(case: Case, *, by: str) -> tuple[Deadline, str] | None:
    """Move the promise as asked; the promise and the reason. None when it has passed meanwhile: too late to be moved."""
    asked, promise = pending(case), _running(case)
    if asked is None or promise is None:
        history.record(case, "extension_lapsed", by=by)
        return None
    history.record(
        case,
        "extension_granted",
        by=by,
        days=asked.days,
        reason=asked.reason,
        deadline_id=promise.id,
        due_at=promise.due_at,
        moved_to=asked.until,
    )
    promise.extended_days, promise.extended_at = asked.days, clock.now()
    promise.due_at = asked.until
    promise.remind_at = deadlines.due_soon_at(promise, promise.due_at)
    return promise, asked.reason


def refuse(case: Case, reason: str, *, by: str) -> None:
    """The promise stays as it is."""
    history.record(case, "extension_refused", by=by, reason=reason)


def _check(days: int, reason: str) -> None:
    problems = []
    if days < 1:
        problems.append(Problem("days", "too_small", {"min": 1}))
    if days > MOST_DAYS:
        problems.append(Problem("days", "too_big", {"max": MOST_DAYS}))
    if len(reason) < SHORTEST_REASON:
        problems.append(Problem("reason", "too_short", {"min": SHORTEST_REASON}))
    if len(reason) > LONGEST_REASON:
        problems.append(Problem("reason", "too_long", {"max": LONGEST_REASON}))
    if problems:
        raise Invalid(problems)


def _running(case: Case) -> Deadline | None:
    """The open promise to resolve, if its clock runs and it has not passed."""
    promise = next(iter(deadlines.open_ones(case, DeadlineKind.RESOLVE)), None)
    if promise is None or promise.is_paused or promise.due_at <= clock.now():
        return None
    return promise


def _is_drawn(case: Case) -> bool:
    return messages.is_awaited(MESSAGE, case.tracking_code)


def _last(case: Case) -> Event | None:
    query = select(Event).where(Event.case_id == case.id, Event.name.in_(_STEPS))
    return session().scalars(query.order_by(Event.sequence.desc()).limit(1)).first()


def _later(promise: Deadline, days: int) -> datetime:
    calendar = city.calendar(promise.calendar)
    length: timedelta = calendar.day_length * days
    return wt.add_working_hours(calendar, promise.due_at, length)
