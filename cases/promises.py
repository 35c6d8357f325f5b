"""What the city promises a case: made when it comes in, made anew when the desk sees it otherwise or it is reopened."""

from __future__ import annotations

from datetime import datetime

from cases import deadlines, history
from cases.models import Case, Deadline
from cases.models.deadlines import DeadlineKind
from cases.targets import Limit, Promise
from engine import clock
from engine.base import session

#: What is promised from the beginning, both counted from when the report came in.
FROM_THE_BEGINNING = (DeadlineKind.ACCEPT, DeadlineKind.RESOLVE)


def make(case: Case, promise: Promise) -> dict[str, str]:
    """Make the promises a case begins with; the moments the diagram waits for."""
    case.priority = promise.priority
    made = [_begin(case, kind, limit, promise, at=case.opened_at) for kind, limit in _limits(promise) if limit]
    return deadlines.variables(made, kinds=FROM_THE_BEGINNING)


def revise(case: Case, promise: Promise, *, urgency: str, by: str) -> dict[str, str]:
    """The desk knows better what the case is: what is still to be kept follows what the table says now, counted from when
    the report came in. The moments the diagram waits for; nothing where all stays as it was.
    """
    changed = [kind for kind, limit in _limits(promise) if _differs(case, kind, limit, promise)]
    if not changed and urgency == case.urgency:
        return {}
    before = {kind: deadlines.latest(case, kind) for kind in changed}
    was_due = {kind: one.due_at for kind, one in before.items() if one is not None}
    case.urgency, case.priority = urgency, promise.priority
    now = {kind: _revised(case, kind, limit, promise) for kind, limit in _limits(promise) if kind in changed}
    session().flush()
    resolve = now.get(DeadlineKind.RESOLVE)
    moved = [_told(kind, was_due.get(kind), now[kind]) for kind in changed]
    moved_to = resolve.due_at if resolve else None
    history.record(case, "targets_revised", by=by, urgency=urgency, moved=moved, moved_to=moved_to)
    return deadlines.variables([one for one in now.values() if one is not None], kinds=changed)


def again(case: Case, promise: Promise) -> dict[str, str]:
    """Promise another result, counted from now."""
    limit = promise.resolve
    made = [_begin(case, DeadlineKind.RESOLVE, limit, promise, at=clock.now())] if limit else []
    return deadlines.variables(made, kinds=[DeadlineKind.RESOLVE])


def answer(case: Case, promise: Promise) -> dict[str, str]:
    """A result is approved: promise when whoever reported it will have it; a promise made before goes on."""
    made = deadlines.open_ones(case, DeadlineKind.ANSWER)
    if not made and promise.answer is not None:
        made = [_begin(case, DeadlineKind.ANSWER, promise.answer, promise, at=clock.now())]
    return deadlines.variables(made, kinds=[DeadlineKind.ANSWER])


def _limits(promise: Promise) -> tuple[tuple[DeadlineKind, Limit | None], ...]:
    return ((DeadlineKind.ACCEPT, promise.accept), (DeadlineKind.RESOLVE, promise.resolve))


def _begin(case: Case, kind: str, limit: Limit, promise: Promise, *, at: datetime) -> Deadline:
    made = deadlines.promise(
        case, kind, limit, promise.calendar, unit_id=case.unit_id, at=at, soon_percent=promise.soon_percent
    )
    made.is_agreed = kind in promise.agreed
    return made


def _differs(case: Case, kind: str, limit: Limit | None, promise: Promise) -> bool:
    """Whether something else is to be promised; what was kept already stays kept."""
    made = deadlines.latest(case, kind)
    if made is None or made.ended_at is not None:
        return limit is not None
    if made.met_at is not None:
        return False
    return limit is None or (made.amount, made.measure, made.calendar) != (
        limit.amount,
        limit.measure,
        promise.calendar,
    )


def _revised(case: Case, kind: str, limit: Limit | None, promise: Promise) -> Deadline | None:
    """The promise as it is now; None when there is none any more."""
    made = deadlines.latest(case, kind)
    if made is None or not made.is_open:
        return _begin(case, kind, limit, promise, at=case.opened_at) if limit else None
    if limit is None:
        made.ended_at = clock.now()
        return None
    deadlines.set_limit(made, limit, promise.calendar, soon_percent=promise.soon_percent)
    return made


def _told(kind: str, was_due: datetime | None, made: Deadline | None) -> dict[str, object]:
    return {"kind": kind, "from": was_due, "to": made.due_at if made else None}
