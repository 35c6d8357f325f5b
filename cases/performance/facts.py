"""What the rows say of cases, as values: everything a figure can be made of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import select

from cases.models import Attachment, Case, Deadline, DeadlinePause, Event, Feedback, Report
from cases.performance.measures import Dimensions
from engine.base import session

#: Events a figure is made of.
EVENTS = frozenset(
    {"case_reopened", "result_published", "result_recorded", "case_routed", "case_accepted", "case_returned"}
)

_Value = TypeVar("_Value")
Pause = tuple[datetime, datetime | None]


@dataclass(frozen=True)
class Promise:
    """A promise made to a case."""

    kind: str
    calendar: str
    started_at: datetime
    remind_at: datetime
    due_at: datetime
    met_at: datetime | None = None
    ended_at: datetime | None = None
    pauses: tuple[Pause, ...] = ()

    @property
    def is_running(self) -> bool:
        """Neither met nor fallen away, and its clock does not stand still."""
        return self.met_at is None and self.ended_at is None and all(end is not None for _, end in self.pauses)


@dataclass(frozen=True)
class Happened:
    """An event of the case, and the code of the unit it names."""

    name: str
    at: datetime
    unit: str | None = None


@dataclass(frozen=True)
class Answer:
    """What the reporter thought of a result."""

    verdict: str
    at: datetime


@dataclass(frozen=True)
class CaseFacts:
    """A case with all that belongs to it; promises, events and answers in the order they came."""

    case_id: int
    dimensions: Dimensions
    opened_at: datetime
    accepted_at: datetime | None = None
    resolved_at: datetime | None = None
    closed_at: datetime | None = None
    outcome: str | None = None
    promises: tuple[Promise, ...] = ()
    events: tuple[Happened, ...] = ()
    answers: tuple[Answer, ...] = ()
    has_result_photo: bool = False


def of(case_ids: Collection[int]) -> list[CaseFacts]:
    """The facts of cases; ids of cases that are not there are left out."""
    ids = list(case_ids)
    channels, promises = _first_channels(ids), _promises(ids)
    events, answers, shown = _events(ids), _answers(ids), _with_result_photo(ids)
    return [
        CaseFacts(
            case_id=row.id,
            dimensions=Dimensions(
                row.unit_id or 0, row.area_id or 0, row.category_id, channels.get(row.id, ""), row.official or ""
            ),
            opened_at=row.opened_at,
            accepted_at=row.accepted_at,
            resolved_at=row.resolved_at,
            closed_at=row.closed_at,
            outcome=row.outcome,
            promises=tuple(promises[row.id]),
            events=tuple(events[row.id]),
            answers=tuple(answers[row.id]),
            has_result_photo=row.id in shown,
        )
        for row in session().execute(_cases(ids))
    ]


def _cases(ids: list[int]) -> Any:
    columns = (Case.id, Case.unit_id, Case.area_id, Case.category_id, Case.official)
    moments = (Case.opened_at, Case.accepted_at, Case.resolved_at, Case.closed_at, Case.outcome)
    return select(*columns, *moments).where(Case.id.in_(ids))


def _first_channels(ids: list[int]) -> dict[int, str]:
    query = select(Report.case_id, Report.channel).where(Report.case_id.in_(ids)).order_by(Report.id.desc())
    return {row.case_id: row.channel for row in session().execute(query)}


def _promises(ids: list[int]) -> dict[int, list[Promise]]:
    query = select(DeadlinePause.deadline_id, DeadlinePause.started_at, DeadlinePause.ended_at).join(Deadline)
    query = query.where(Deadline.case_id.in_(ids)).order_by(DeadlinePause.id)
    pauses = _grouped(query, lambda row: (row.started_at, row.ended_at))
    made = select(
        Deadline.case_id,
        Deadline.id,
        Deadline.kind,
        Deadline.calendar,
        Deadline.started_at,
        Deadline.remind_at,
        Deadline.due_at,
        Deadline.met_at,
        Deadline.ended_at,
    ).where(Deadline.case_id.in_(ids))
    return _grouped(made.order_by(Deadline.id), lambda row: Promise(**_named(row), pauses=tuple(pauses[row.id])))


def _named(row: Any) -> dict[str, Any]:
    return {name: value for name, value in row._asdict().items() if name not in ("case_id", "id")}


def _events(ids: list[int]) -> dict[int, list[Happened]]:
    unit = Event.particulars["unit"].as_string()
    query = select(Event.case_id, Event.name, Event.at, unit).where(Event.case_id.in_(ids), Event.name.in_(EVENTS))
    return _grouped(query.order_by(Event.sequence), lambda row: Happened(*row[1:]))


def _with_result_photo(ids: list[int]) -> set[int]:
    query = select(Attachment.case_id).where(Attachment.case_id.in_(ids), Attachment.kind == "result")
    return set(session().scalars(query.distinct()))


def _answers(ids: list[int]) -> dict[int, list[Answer]]:
    query = select(Feedback.case_id, Feedback.verdict, Feedback.given_at).where(Feedback.case_id.in_(ids))
    return _grouped(query.order_by(Feedback.id), lambda row: Answer(*row[1:]))


def _grouped(query: Any, value: Callable[[Any], _Value]) -> dict[int, list[_Value]]:
    """The values of each row, by what stands in its first column."""
    found: dict[int, list[_Value]] = defaultdict(list)
    for row in session().execute(query):
        found[row[0]].append(value(row))
    return found
