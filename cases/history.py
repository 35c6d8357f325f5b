"""The history of a case: one `Event` for everything that happened, each sealed with the hash of the one before.

Events say what happened and who did it, in codes. What people wrote stands in its own rows, but for the few texts meant
for the reporter or the public. The chain of a case grows under a lock on its row, so it cannot fork.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from cases import codes
from cases.models import Case, Event, KpiDirty
from engine import clock, registry
from engine.base import session
from engine.models import Instance
from engine.registry import Occurrence

#: What the first event of a case stands on.
GENESIS = "0" * 64
#: Occurrences of the engine that are told as they are; what handlers do is told by the city's own verbs.
TOLD = frozenset(
    {
        "task_completed",
        "task_claimed",
        "task_released",
        "task_delegated",
        "task_put_off",
        "timer_fired",
        "message_received",
        "incident_opened",
        "incident_resolved",
    }
)
#: The ways a case ends. What happens afterwards no longer changes its status.
FINAL = frozenset({"closed", "rejected", "merged", "withdrawn", "cancelled"})

_EXPECTED = ("submitted", "received", "in_progress", "resolved", "closed")
_AFTER_REOPENING = ("submitted", "received", "reopened", "in_progress", "resolved", "closed")
_SHOWN_AS = {"awaiting_approval": "in_progress"}
_KEPT = ("task_id", "assignee", "groups", "kind", "name_en")


class StepState(StrEnum):
    DONE = "done"
    NOW = "now"
    NEXT = "next"


@dataclass(frozen=True)
class Step:
    """One step of the progress tracker; `at` is when it was reached."""

    code: str
    state: StepState
    at: datetime | None


def record(
    case: Case,
    name: str,
    *,
    by: str,
    at: datetime | None = None,
    public_step: str | None = None,
    **particulars: Any,
) -> Event:
    """Add an event to the case's chain, in the caller's transaction; locks the case."""
    tails = _tails()
    sequence, previous = tails.get(case.id) or _tail(case)
    event = Event(
        case_id=case.id,
        sequence=sequence + 1,
        name=name,
        at=at or clock.now(),
        by=by,
        public_step=public_step,
        particulars=_plain(particulars),
        previous_hash=previous,
    )
    event.hash = _seal(case.tracking_code, event)
    session().add(event)
    _tails()[case.id] = event.sequence, event.hash  # finding the tail may have begun a transaction
    case.changed_at = max(event.at, case.changed_at)
    return event


def begin(case: Case) -> None:
    """Say that a case is new in this transaction: nobody else can see it, so its chain needs no look and no lock."""
    _tails()[case.id] = 0, GENESIS
    _mark(case)


def timeline(case: Case) -> list[Event]:
    """Everything that happened, oldest first."""
    return list(session().scalars(select(Event).where(Event.case_id == case.id).order_by(Event.sequence)))


def verify(case: Case) -> bool:
    """Whether the chain is whole: no event changed, missing in between, or moved."""
    previous = GENESIS
    for sequence, event in enumerate(timeline(case), start=1):
        whole = event.sequence == sequence and event.previous_hash == previous
        if not whole or event.hash != _seal(case.tracking_code, event):
            return False
        previous = event.hash
    return True


# --------------------------------------------------------------------------------------------------------- the chain


def _tails() -> dict[int, tuple[int, str]]:
    """The ends of the chains locked in this transaction; a new (or nested) one begins with none."""
    unit = session()
    now = (unit.get_transaction(), unit.get_nested_transaction())
    known, tails = unit.info.get("chain_tails", (None, {}))
    if known != now:
        tails = {}
        unit.info["chain_tails"] = now, tails
    return tails  # type: ignore[no-any-return]  # session.info is untyped


def _tail(case: Case) -> tuple[int, str]:
    """Lock the case, so that its chain grows in one place at a time, and look where it ends."""
    lock = select(Case).where(Case.id == case.id).with_for_update(key_share=True)
    session().scalars(lock.execution_options(populate_existing=True)).one()
    last = select(Event.sequence, Event.hash).where(Event.case_id == case.id).order_by(Event.sequence.desc()).limit(1)
    row = session().execute(last).first()
    _mark(case)
    return (row.sequence, row.hash) if row else (0, GENESIS)


def _mark(case: Case) -> None:
    """Once in each transaction: what the case contributes to the figures is to be looked at again (`cases.performance`)."""
    session().add(KpiDirty(case_id=case.id))


def _seal(tracking_code: str, event: Event) -> str:
    sealed = [
        tracking_code,
        event.sequence,
        event.name,
        event.at.astimezone(UTC).isoformat(),
        event.by,
        event.public_step,
        event.particulars,
        event.previous_hash,
    ]
    written = json.dumps(sealed, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(written.encode()).hexdigest()


def _plain(value: Any) -> Any:
    """Particulars as the database gives them back, so that they seal alike before and after."""
    match value:
        case None | bool() | int():
            return value
        case str():
            return value.replace("\0", "").encode("utf-8", "replace").decode()
        case datetime():
            return value.astimezone(UTC).isoformat()
        case Mapping():
            return {str(key): _plain(one) for key, one in value.items() if one is not None}
        case list() | tuple() | set() | frozenset():
            return [_plain(one) for one in value]
        case _:
            return str(value)


# ---------------------------------------------------------------------------------------------------------- observer


@registry.observe
def _hear(instance: Instance, occurrences: list[Occurrence]) -> None:
    """Tell what happened in an instance as events of its case, and let the case's status follow the public steps."""
    case = case_of(instance)
    if case is None:
        return
    for occurrence in occurrences:
        if occurrence.name in TOLD:
            record(case, occurrence.name, by=occurrence.by or "system", at=occurrence.at, **_particulars(occurrence))
        step = occurrence.public_step
        if step and step != case.status and case.status not in FINAL:
            record(case, "step_reached", by=occurrence.by or "system", at=occurrence.at, public_step=step)
            case.status = step


def case_of(instance: Instance) -> Case | None:
    """The case an instance runs for; none when the process runs for something else."""
    if codes.normalise(instance.business_key) != instance.business_key:
        return None  # no tracking code
    for known in session().identity_map.values():
        if isinstance(known, Case) and known.tracking_code == instance.business_key:
            return known
    return session().scalar(select(Case).where(Case.tracking_code == instance.business_key))


def _particulars(occurrence: Occurrence) -> dict[str, Any]:
    kept = {name: occurrence.particulars[name] for name in _KEPT if occurrence.particulars.get(name)}
    return {"element": occurrence.element_id, "element_name": occurrence.element_name, **kept}


# ----------------------------------------------------------------------------------------------------------- tracker


def shown_as(status: str) -> str:
    """A status in the public's words: that a result waits for approval is the city's affair."""
    return _SHOWN_AS.get(status, status)


def public_status(case: Case) -> str:
    """Where the case stands, as the public sees it."""
    return shown_as(case.status)


def public_steps(case: Case) -> list[Step]:
    """The progress tracker: what was passed on the expected path, where the case is now, what comes next.

    A reopened case begins again at its reopening; a case that ended another way shows that end and nothing after it.
    """
    reached = _reached(case)
    status = public_status(case)
    if status in FINAL - {"closed"}:
        return [*_done(reached, until="resolved"), Step(status, StepState.NOW, reached.get(status))]
    expected = _AFTER_REOPENING if "reopened" in reached else _EXPECTED
    path = expected if status in expected else _with_detour(expected, status, reached)
    now = path.index(status)
    states = [StepState.DONE if at < now else StepState.NOW if at == now else StepState.NEXT for at in range(len(path))]
    return [
        Step(code, state, reached.get(code) if state != StepState.NEXT else None)
        for code, state in zip(path, states, strict=True)
    ]


def _with_detour(expected: tuple[str, ...], status: str, reached: Mapping[str, datetime]) -> tuple[str, ...]:
    """The path with a step that is not expected put behind those passed already."""
    passed = max((expected.index(code) for code in reached if code in expected), default=0)
    return (*expected[: passed + 1], status, *expected[passed + 1 :])


def _done(reached: Mapping[str, datetime], *, until: str) -> list[Step]:
    path = _EXPECTED[: _EXPECTED.index(until) + 1]
    return [Step(code, StepState.DONE, reached[code]) for code in path if code in reached]


def _reached(case: Case) -> dict[str, datetime]:
    """When each step was reached last, of those that count: a return to an earlier step unmakes the later ones."""
    query = select(Event.public_step, Event.at).where(Event.case_id == case.id, Event.public_step.is_not(None))
    reached: dict[str, datetime] = {}
    for step, at in session().execute(query.order_by(Event.sequence)):
        code = shown_as(step or "")
        if code == "reopened":
            reached = {kept: when for kept, when in reached.items() if kept in ("submitted", "received")}
        elif code in _EXPECTED:
            later = _EXPECTED[_EXPECTED.index(code) + 1 :]
            reached = {kept: when for kept, when in reached.items() if kept not in later}
        if code not in reached or code not in _EXPECTED:
            reached[code] = at
    return reached
