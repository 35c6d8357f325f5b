"""The public log of a case: which of its events everybody may know, and what of them.

Only what stands here is told; an event that is new to the house stays private until somebody decides otherwise. No line
carries a person's name or words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from cases import history
from cases.models import Case, Event, Unit
from cases.publications import Name
from engine.base import session

#: Event → which of its particulars may be known: a unit, a tracking code, a kind of deadline, whether it was answered;
#: and why it takes longer, for which the forms say that everybody can read it.
TOLD: Mapping[str, tuple[str, ...]] = {
    "report_received": (),
    "case_routed": ("unit",),
    "case_accepted": ("unit",),
    "case_returned": (),
    "official_assigned": (),
    "question_asked": (),
    "question_answered": (),
    "clock_resumed": ("is_answered",),
    "deadline_breached": ("kind",),
    "extension_granted": ("moved_to", "reason"),
    "targets_revised": ("moved_to",),
    "deadline_redated": ("kind", "moved_to", "reason"),
    "waiting_began": ("body", "reason"),
    "body_answered": (),
    "result_published": (),
    "result_recorded": (),
    "publication_withdrawn": (),
    "publication_restored": (),
    "publication_changed": (),
    "feedback_given": (),
    "case_reopened": (),
    "report_joined": (),
    "case_refused": (),
    "case_merged": ("into",),
    "case_withdrawn": (),
    "case_cancelled": (),
    "case_closed": (),
}


@dataclass(frozen=True)
class Line:
    """Something that happened; what is None does not belong to it."""

    name: str
    at: datetime
    unit: Name | None = None
    kind: str | None = None
    into: str | None = None
    is_answered: bool | None = None
    moved_to: str | None = None
    body: str | None = None
    reason: str | None = None


def lines(case: Case, *, owner: bool = False) -> list[Line]:
    """What happened to a case, newest first; of a sensitive one only its owner learns."""
    if case.is_sensitive and not owner:
        return []
    told = [event for event in history.timeline(case) if event.name in TOLD and _is_for_all(event)]
    units = _units(event.particulars.get("unit") for event in told)
    return [_line(event, units) for event in reversed(told)]


def answer_until(case: Case) -> datetime | None:
    """Until when the reporter's answer to the last question is awaited."""
    asked = [event for event in history.timeline(case) if event.name == "question_asked"]
    until = asked[-1].particulars.get("answer_until") if asked else None
    return datetime.fromisoformat(until) if until else None


def _is_for_all(event: Event) -> bool:
    """Not what only the house needs to know: that the desk sees a case otherwise, but promises the result as before."""
    return event.name != "targets_revised" or event.particulars.get("moved_to") is not None


def _line(event: Event, units: Mapping[str, Name]) -> Line:
    kept = {name: event.particulars.get(name) for name in TOLD[event.name]}
    unit = units.get(str(kept.pop("unit", None)))
    return Line(event.name, event.at, unit=unit, **kept)


def _units(codes: Iterable[str | None]) -> dict[str, Name]:
    wanted = {code for code in codes if code}
    return {unit.code: Name.of(unit) for unit in session().scalars(select(Unit).where(Unit.code.in_(wanted)))}
