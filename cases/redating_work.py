"""Moving open deadlines after a change, case by case in the background; see `cases.redating`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import groupby

from sqlalchemy import select

from cases import cases, city, deadlines, performance, redating
from cases import history as events
from cases.models import Case, Deadline, Redating, RedatingState
from cases.models.deadlines import DeadlineKind
from cases.own_days import OwnDay
from cases.redating import Move
from engine import clock, instances, jobs, registry
from engine.base import session, transaction
from engine.errors import CasewayError

TOPIC = "redate_deadlines"
#: Lets whoever reported a case know when its result is due now (None: nothing is promised any more), and why.
Tell = Callable[[Case, datetime | None, str], None]
#: Cases whose deadlines move in one transaction.
BATCH = 20
#: When what was promised in the second of a change is looked at again, and how long before it counts.
SETTLE_AFTER, MARGIN = timedelta(seconds=15), timedelta(minutes=1)

_listeners: list[Tell] = []


def apply(change_id: int, *, by: str) -> Redating:
    """Put a planned change into force; open deadlines follow in the background.

    Raises: RedatingNotFound, RedatingOver, DaysChangedMeanwhile.
    """
    before = city.own_days()
    change = redating.begin(change_id, by=by)
    if change.source == "days" and _is_about_the_past(before, change):
        performance.mark_all()  # finished durations are counted on other days now
    jobs.add(TOPIC, {"change_id": change.id})
    return change


def _is_about_the_past(before: Sequence[OwnDay], change: Redating) -> bool:
    now = [OwnDay.read(one) for one in change.days or ()]
    today = clock.now().date()
    return any(one.first <= today for one in {*before} ^ {*now})


def on_move(listener: Tell) -> Tell:
    """Have `listener` told of every case whose result is promised for another moment."""
    if listener not in _listeners:
        _listeners.append(listener)
    return listener


@registry.handler(TOPIC)
def go_on(change_id: int) -> None:
    """Move the deadlines of the next cases; another job goes on where this one ends."""
    change = redating.get(change_id, lock=True)
    if change.state != RedatingState.RUNNING:
        return
    ids = _next_cases(change)
    _move_all(change, ids)
    if len(ids) == BATCH:
        change.through_case_id = ids[-1]
        jobs.add(TOPIC, {"change_id": change.id})
    else:
        change.state = RedatingState.DONE


@registry.periodic
def settle() -> None:
    """Look again at what was promised while other processes did not know of a change yet."""
    with transaction():
        _settle()


def _settle() -> None:
    due = select(Redating.id).where(
        Redating.state == RedatingState.DONE, ~Redating.is_settled, Redating.applied_at <= clock.now() - SETTLE_AFTER
    )
    change_id = session().scalar(due.order_by(Redating.id).limit(1))
    change = redating.get(change_id, lock=True) if change_id is not None else None
    if change is not None and not change.is_settled:
        change.is_settled = True
        _move_all(change, redating.recent(change, MARGIN))


def _next_cases(change: Redating) -> list[int]:
    query = select(Deadline.case_id).distinct().where(Deadline.met_at.is_(None), Deadline.ended_at.is_(None))
    return list(
        session().scalars(
            query.where(Deadline.case_id > change.through_case_id).order_by(Deadline.case_id).limit(BATCH)
        )
    )


def _move_all(change: Redating, case_ids: list[int]) -> None:
    found = redating.moves(change, case_ids=case_ids) if case_ids else ()
    for case_id, moves in groupby(list(found), key=lambda move: move.case_id):
        case = session().get_one(Case, case_id)
        try:
            with session().begin_nested():
                change.moved += _move_case(change, case, list(moves))
        except CasewayError as error:
            change.failed = [*change.failed, {"code": case.tracking_code, "error": str(error)}]


def _move_case(change: Redating, case: Case, seen: list[Move]) -> int:
    """Move the deadlines of one case, its instance locked first: what was met meanwhile stays."""
    cases.lock(case)
    now = {move.deadline_id: move for move in redating.moves(change, case_ids=[case.id])}
    moved = [move for move in (now.get(one.deadline_id) for one in seen) if move is not None]
    made = [deadline for move in moved if (deadline := _move(change, case, move)) is not None]
    variables = deadlines.variables(made, kinds=[move.kind for move in moved if move.to is None])
    if variables and case.instance_id is not None:
        instances.redate(case.instance_id, variables, by=change.applied_by or "system")
    resolve = next((move for move in moved if move.kind == DeadlineKind.RESOLVE), None)
    if resolve is not None:
        for tell in _listeners:
            tell(case, resolve.to, change.reason)
    return len(moved)


def _move(change: Redating, case: Case, move: Move) -> Deadline | None:
    deadline = session().get_one(Deadline, move.deadline_id)
    events.record(
        case,
        "deadline_redated",
        by=change.applied_by or "system",
        kind=move.kind,
        due_at=move.was,
        moved_to=move.to,
        reason=change.reason,
        deadline_id=move.deadline_id,
        redating_id=change.id,
    )
    if move.to is None:
        deadline.ended_at = clock.now()
        return None
    if move.limit is not None:
        deadlines.set_limit(deadline, move.limit, move.calendar, soon_percent=move.soon_percent)
    deadlines.count_again(deadline)
    return deadline
