"""What one case adds to which day: a pure function of its facts, the only place where a figure gets its meaning.

Days are those of the city's clocks. A case counts under the unit, area, category, channel and official it has now: when it
moves, all it ever contributed moves with it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from cases import working_time as wt
from cases.models.deadlines import DeadlineKind
from cases.performance.buckets import bucket
from cases.performance.facts import CaseFacts, Promise
from cases.performance.measures import Count, Part, Spread

Calendars = Callable[[str], wt.Calendar]
_Dated = tuple[Count, datetime]
_Interval = tuple[datetime, datetime]

ANSWERS = {"satisfied": Count.SATISFIED, "partly": Count.PARTLY, "not_fixed": Count.NOT_FIXED}
OUTCOMES = {
    "merged": Count.MERGED,
    "refused": Count.REFUSED,
    "withdrawn": Count.WITHDRAWN,
    "cancelled": Count.CANCELLED,
}
RESULTS = ("result_published", "result_recorded")
#: From so many changes of unit on a case was sent around; a promise is met at the last moment within this part of its time.
SENT_AROUND, LAST_PART = 3, 20


class Nearest(NamedTuple):
    """When the nearest running promises of an open case come due."""

    remind_at: datetime | None = None
    due_at: datetime | None = None
    resolve_due_at: datetime | None = None


def contributions(facts: CaseFacts, calendars: Calendars, zone: ZoneInfo) -> list[Part]:
    """Everything a case adds, sorted; each day, measure and bucket once."""
    counted: Counter[tuple[int, int, int]] = Counter()
    for measure, at in (*_counts(facts), *_at_last(facts, calendars)):
        counted[_day(at, zone), measure, 0] += 1
    for spread, at, took in _durations(facts, calendars):
        counted[_day(at, zone), spread, bucket(took)] += 1
    return [Part(*key, value) for key, value in sorted(counted.items())]


def nearest(facts: CaseFacts) -> Nearest:
    """What an open case has still to keep; promises that stand still do not count."""
    running = [one for one in facts.promises if one.is_running] if facts.closed_at is None else []
    resolve = [one.due_at for one in running if one.kind == DeadlineKind.RESOLVE]
    return Nearest(
        min((one.remind_at for one in running), default=None),
        min((one.due_at for one in running), default=None),
        min(resolve, default=None),
    )


# ---------------------------------------------------------------------------------------------------------- counted


def _at_last(facts: CaseFacts, calendars: Calendars) -> Iterator[_Dated]:
    """Promises to resolve that were met in time, but only just."""
    for one in facts.promises:
        if (
            one.kind != DeadlineKind.RESOLVE
            or one.met_at is None
            or one.ended_at is not None
            or one.met_at > one.due_at
        ):
            continue
        hours = calendars(one.calendar)
        left = wt.working_time_between(hours, one.met_at, one.due_at)
        if left * LAST_PART <= wt.working_time_between(hours, one.started_at, one.due_at):
            yield Count.LAST_MOMENT, one.met_at


def _counts(facts: CaseFacts) -> Iterator[_Dated]:
    yield Count.RECEIVED, facts.opened_at
    if not _target(facts):
        yield Count.NO_TARGET, facts.opened_at
    if facts.resolved_at:
        yield Count.RESOLVED, facts.resolved_at
    for promise in facts.promises:
        yield from _kept_or_not(promise)
    for answer in facts.answers:
        if answer.verdict in ANSWERS:
            yield ANSWERS[answer.verdict], answer.at
    yield from _happened(facts)
    yield from _end(facts) if facts.closed_at else _open(facts)


def _kept_or_not(promise: Promise) -> Iterator[_Dated]:
    if promise.met_at is None or promise.ended_at is not None:
        return
    in_time = promise.met_at <= promise.due_at
    if promise.kind == DeadlineKind.RESOLVE:
        yield Count.KEPT if in_time else Count.BROKEN, promise.due_at
        yield Count.MET_ON_TIME if in_time else Count.MET_LATE, promise.met_at
    elif promise.kind == DeadlineKind.ACCEPT:
        yield Count.ACCEPT_KEPT if in_time else Count.ACCEPT_BROKEN, promise.due_at
    elif promise.kind == DeadlineKind.ANSWER:
        yield Count.ANSWER_KEPT if in_time else Count.ANSWER_BROKEN, promise.due_at


def _happened(facts: CaseFacts) -> Iterator[_Dated]:
    for event in facts.events:
        if event.name == "case_reopened":
            yield Count.REOPENED, event.at
        elif event.name in RESULTS:
            yield Count.RESULTS, event.at
    routed = next((event.unit for event in facts.events if event.name == "case_routed"), None)
    if facts.accepted_at and routed:
        yield Count.ROUTED, facts.accepted_at
        if not any(_is_elsewhere(event.name, event.unit, routed) for event in facts.events):
            yield Count.ROUTED_RIGHT, facts.accepted_at


def _is_elsewhere(name: str, unit: str | None, routed: str) -> bool:
    return name == "case_returned" or (name == "case_accepted" and unit != routed)


def _end(facts: CaseFacts) -> Iterator[_Dated]:
    closed_at = facts.closed_at or facts.opened_at
    yield Count.CLOSED, closed_at
    if _changes_of_unit(facts) >= SENT_AROUND:
        yield Count.SENT_AROUND, closed_at
    if facts.outcome in OUTCOMES:
        yield OUTCOMES[facts.outcome], closed_at
    elif facts.resolved_at:
        yield Count.CLOSED_WITH_RESULT, closed_at
        if not facts.has_result_photo:
            yield Count.CLOSED_NO_PHOTO, closed_at
        target = _target(facts)
        is_late = target is not None and target.met_at is not None and target.met_at > target.due_at
        if is_late or (facts.answers and facts.answers[-1].verdict == "not_fixed"):
            yield Count.CLOSED_POOR, closed_at


def _changes_of_unit(facts: CaseFacts) -> int:
    """How often the case went to another unit, or back to the desk."""
    units = [event.unit for event in facts.events if event.name in ("case_routed", "case_accepted") and event.unit]
    sent_back = sum(1 for event in facts.events if event.name == "case_returned")
    return sent_back + sum(1 for one, other in pairwise(units) if one != other)


def _open(facts: CaseFacts) -> Iterator[_Dated]:
    yield Count.OPEN, facts.opened_at
    if not _target(facts):
        yield Count.OPEN_NO_TARGET, facts.opened_at
    measures = (Count.OPEN_REMIND, Count.OPEN_DUE, Count.OPEN_RESOLVE_DUE)
    for measure, at in zip(measures, nearest(facts), strict=True):
        if at is not None:
            yield measure, at


def _target(facts: CaseFacts) -> Promise | None:
    """The promise to resolve made last."""
    return next((one for one in reversed(facts.promises) if one.kind == DeadlineKind.RESOLVE), None)


# --------------------------------------------------------------------------------------------------------- durations


def _durations(facts: CaseFacts, calendars: Calendars) -> Iterator[tuple[Spread, datetime, timedelta]]:
    target = _target(facts)
    hours = calendars(target.calendar) if target else None
    if facts.accepted_at:
        took = [(facts.opened_at, facts.accepted_at)]
        yield from _both(Spread.REACTION_WORK, Spread.REACTION_CLOCK, facts.accepted_at, took, hours)
    if facts.resolved_at:
        waiting = _waiting(facts, facts.resolved_at)
        own = _without((facts.opened_at, facts.resolved_at), waiting)
        for work, clock, spans in (
            (Spread.HANDLING_WORK, Spread.HANDLING_CLOCK, [(facts.opened_at, facts.resolved_at)]),
            (Spread.WAITING_WORK, Spread.WAITING_CLOCK, waiting),
            (Spread.OWN_WORK, Spread.OWN_CLOCK, own),
        ):
            yield from _both(work, clock, facts.resolved_at, spans, hours)


def _both(
    work: Spread, clock: Spread, at: datetime, spans: list[_Interval], hours: wt.Calendar | None
) -> Iterator[tuple[Spread, datetime, timedelta]]:
    """Clock time, and working time where the case has a calendar."""
    yield clock, at, sum((end - begin for begin, end in spans), timedelta())
    if hours is not None:
        worked = (wt.working_time_between(hours, begin, end) for begin, end in spans)
        yield work, at, sum(worked, timedelta())


def _waiting(facts: CaseFacts, until: datetime) -> list[_Interval]:
    """When promises stood still before the result, overlaps once."""
    stood = [(begin, end or until) for promise in facts.promises for begin, end in promise.pauses]
    found: list[_Interval] = []
    for begin, end in sorted((max(begin, facts.opened_at), min(end, until)) for begin, end in stood):
        fresh = max(begin, found[-1][1]) if found else begin
        if fresh < end:
            found.append((fresh, end))
    return found


def _without(span: _Interval, gaps: list[_Interval]) -> list[_Interval]:
    edges = [span[0], *(edge for gap in gaps for edge in gap), span[1]]
    return [(begin, end) for begin, end in zip(edges[::2], edges[1::2], strict=True) if begin < end]


def _day(at: datetime, zone: ZoneInfo) -> int:
    return at.astimezone(zone).date().toordinal()
