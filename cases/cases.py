"""What happens to a case: each verb writes the facts and one event.

What may happen next is drawn in the diagram; a verb does not ask whether it may, it is called when it should. Status
follows the public steps of the diagram (`cases.history`) and is never set here. Publishing is in `publications`, what
reporters do in `owner`.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select, update

from cases import city, codes, deadlines, history, new_report
from cases.models import Case, Deadline, Event, Feedback, Note, Person
from cases.models.deadlines import DeadlineKind
from cases.routing import Desk
from engine import clock, errors, messages, registry
from engine.base import session
from engine.models import Instance
from engine.registry import Occurrence

#: How long a reporter has to answer a question.
ANSWER_WITHIN = timedelta(days=7)

_OUTCOMES = {"satisfied": "closed_satisfied", "partly": "closed_partly", "not_fixed": "closed_unsatisfied"}


class CaseNotFound(errors.CaseNotFound):
    """There is no case with this code."""

    def __init__(self, key: str | int = "", near: list[str] | None = None) -> None:
        self.near = near or []
        super().__init__(key)


# --------------------------------------------------------------------------------------------------------- finding


def get(case_id: int) -> Case:
    """The case with this row id. Raises: CaseNotFound."""
    case = session().get(Case, case_id)
    if case is None:
        raise CaseNotFound(case_id)
    return case


def find_by_code(code: str) -> Case:
    """The case of a tracking code as people write it. Raises: CaseNotFound with existing codes one typo away."""
    prefix = city.settings().prefix
    normal = codes.normalise(code, prefix)
    case = session().scalar(select(Case).where(Case.tracking_code == normal)) if normal else None
    if case is None:
        existing = select(Case.tracking_code).where(Case.tracking_code.in_(codes.near(code, prefix)))
        raise CaseNotFound(code, near=list(session().scalars(existing.order_by(Case.tracking_code))))
    return case


def find_open_by_code(code: str) -> Case:
    """The open case behind a code, mergers followed. Raises: CaseNotFound, also when that case has ended."""
    case = head_of(find_by_code(code))
    if case.closed_at is not None:
        raise CaseNotFound(code)
    return case


def head_of(case: Case) -> Case:
    """The case this one was merged into in the end; itself if it was not."""
    while case.merged_into_id is not None:
        case = get(case.merged_into_id)
    return case


def lock(case: Case) -> None:
    """Lock the case's instance, as the engine does before it touches a case, so that no two doors block each other."""
    if case.instance_id is not None:
        session().execute(select(Instance.id).where(Instance.id == case.instance_id).with_for_update())


# ------------------------------------------------------------------------------------------------------- reception


def acknowledge(case: Case, *, by: str = "system") -> None:
    """Say that the report has arrived."""
    history.record(case, "report_acknowledged", by=by)


def route(case: Case, desk: Desk, *, asked_for: str, by: str = "system") -> None:
    """Hand the case to the unit it was routed to."""
    history.record(case, "case_routed", by=by, unit=desk.unit)
    _hand_over(case, desk, asked_for=asked_for, by=by)


def accept(case: Case, desk: Desk, *, asked_for: str, by: str) -> None:
    """Take the case on for a unit, perhaps another one than it was routed to."""
    history.record(case, "case_accepted", by=by, unit=desk.unit)
    _hand_over(case, desk, asked_for=asked_for, by=by)
    deadlines.hand_over(case, desk.unit_id)
    case.accepted_at = case.accepted_at or clock.now()


def return_to_intake(case: Case, reason: str, *, by: str) -> None:
    """A leader says that the case is not for the unit."""
    history.record(case, "case_returned", by=by, unit=case.unit.code if case.unit else None, reason=reason)
    case.official = None


def assign_official(case: Case, username: str | None, *, by: str) -> str | None:
    """Give the case to an official, or to whoever of the unit takes it; who got it. Keeps the promise to accept."""
    query = select(Person.username).where(Person.username == username, Person.is_active)
    official = session().scalar(query) if username else None
    history.record(case, "official_assigned", by=by, official=official)
    case.official = official
    deadlines.meet(case, DeadlineKind.ACCEPT, at=clock.now())
    return official


def refuse(case: Case, reason: str, message: str, *, by: str) -> None:
    """Not accepted: a reason code and words for the reporter, both public."""
    history.record(case, "case_refused", by=by, reason=reason, message=message)
    _end(case, "refused")


def merge(case: Case, duplicate_of: str, *, by: str) -> Case:
    """The case is the same as the open one with this code, which goes on for both; its supporters go with it.

    Raises: CaseNotFound when there is no such case (any more), or it is this one.
    """
    into = find_open_by_code(duplicate_of)
    if into is case:
        raise CaseNotFound(duplicate_of)
    history.record(case, "case_merged", by=by, into=into.tracking_code)
    history.record(into, "report_joined", by=by, joined=case.tracking_code)
    case.merged_into_id = into.id
    _add_supporters(into, 1 + case.supporters)
    _end(case, "merged")
    return into


def ask(case: Case, question: str, *, by: str) -> datetime:
    """Ask the reporter; the clock stands until the answer, or until the moment returned."""
    at = clock.now()
    answer_until = at + ANSWER_WITHIN
    history.record(case, "question_asked", by=by, question=question, answer_until=answer_until)
    deadlines.pause(case, "awaiting_info", at=at)
    return answer_until


def resume(case: Case, *, is_answered: bool, by: str) -> list[Deadline]:
    """Who was waited for has answered, or has not in time: the clock goes on; the promises as they are now."""
    history.record(case, "clock_resumed", by=by, is_answered=is_answered)
    return deadlines.resume(case, at=clock.now())


# -------------------------------------------------------------------------------------------------------- promises


def remind(case: Case, kind: str, reminder: str, *, by: str) -> list[Deadline]:
    """Say that a promise is half used up ("half") or comes due ("soon"); the deadlines meant.

    None when that was said before or the promise was kept; who is reminded that it comes due needs no word that half of
    the time is over.
    """
    said = select(Event.particulars["deadline_id"].as_integer(), Event.particulars["reminder"].as_string())
    said = said.where(Event.case_id == case.id, Event.name == "deadline_reminded")
    known = {(deadline_id, which or "soon") for deadline_id, which in session().execute(said)}
    near = [
        one
        for one in deadlines.open_ones(case, kind)
        if not one.is_paused and known.isdisjoint({(one.id, reminder), (one.id, "soon")})
    ]
    for deadline in near:
        due_at, number = deadline.due_at, deadline.id
        history.record(
            case, "deadline_reminded", by=by, kind=kind, due_at=due_at, deadline_id=number, reminder=reminder
        )
    return near


def breach(case: Case, kind: str, *, by: str) -> list[Deadline]:
    """Say that a promise was broken; the deadlines meant, none when that was said before or the promise was kept."""
    passed = deadlines.breach(case, kind, at=clock.now())
    for deadline in passed:
        history.record(case, "deadline_breached", by=by, kind=kind, due_at=deadline.due_at, deadline_id=deadline.id)
    return passed


# ------------------------------------------------------------------------------------------------------------- end


def reopen(case: Case, *, by: str) -> None:
    """The reporter is not satisfied: handled again."""
    history.record(case, "case_reopened", by=by, times=case.reopened_count + 1)
    case.reopened_count += 1
    case.resolved_at = None


def close(case: Case, *, by: str) -> str:
    """The end as hoped for; the outcome says what the reporter thought of the last result, or that nothing was said."""
    given = select(Feedback.verdict).where(Feedback.case_id == case.id).order_by(Feedback.id.desc()).limit(1)
    since = case.resolved_at or case.opened_at
    outcome = _OUTCOMES.get(session().scalar(given.where(Feedback.given_at >= since)) or "", "closed_silent")
    history.record(case, "case_closed", by=by, outcome=outcome)
    _end(case, outcome)
    return outcome


def withdraw(case: Case, *, by: str) -> None:
    """The reporter takes the report back."""
    history.record(case, "case_withdrawn", by=by)
    _end(case, "withdrawn")


def cancel(case: Case, *, by: str) -> None:
    """The city drops the case."""
    history.record(case, "case_cancelled", by=by)
    _end(case, "cancelled")


def call_off(case: Case, reason: str, *, by: str) -> None:
    """Have the diagram cancel the case. Raises: Invalid without a reason, MessageNotAwaited when the case has ended."""
    lock(case)
    note(case, reason, by=by)
    messages.deliver("case_cancelled", case.tracking_code, {}, by=by)


@registry.observe
def _hear(instance: Instance, occurrences: list[Occurrence]) -> None:
    """A case whose instance an operator cancelled ends with it, for no diagram will end it any more."""
    stopped = next((one for one in occurrences if one.name == "instance_cancelled"), None)
    case = history.case_of(instance) if stopped else None
    if stopped is None or case is None or case.closed_at is not None:
        return
    by = stopped.by or "system"
    note(case, stopped.particulars["reason"], by=by)
    history.record(case, "step_reached", by=by, at=stopped.at, public_step="cancelled")
    case.status = "cancelled"
    cancel(case, by=by)


# ---------------------------------------------------------------------------------------------------------- beside


def note(case: Case, text: str, *, by: str) -> Note:
    """Write an internal remark. Raises: Invalid for one that says nothing or too much."""
    text = new_report.tidy_text(text)
    if not text:
        raise errors.Invalid([errors.Problem("text", "required")])
    if len(text) > new_report.LONGEST_TEXT:
        raise errors.Invalid([errors.Problem("text", "too_long", {"max": new_report.LONGEST_TEXT})])
    remark = Note(case_id=case.id, text=text, written_at=clock.now(), written_by=by)
    session().add(remark)
    history.record(case, "note_written", by=by)
    return remark


def support(case: Case, *, by: str = "public") -> Case:
    """One more person has this problem; the case that counts it (mergers followed). Raises: CaseNotFound when it ended."""
    case = head_of(case)
    if case.closed_at is not None:
        raise CaseNotFound(case.tracking_code)
    history.record(case, "supporter_added", by=by)
    _add_supporters(case, 1)
    return case


def _add_supporters(case: Case, more: int) -> None:
    session().execute(update(Case).where(Case.id == case.id).values(supporters=Case.supporters + more))
    session().refresh(case, ["supporters"])


def _hand_over(case: Case, desk: Desk, *, asked_for: str, by: str) -> None:
    if desk.is_rerouted:
        history.record(case, "rerouted", by=by, asked_for=asked_for, unit=desk.unit)
    case.unit_id = desk.unit_id
    session().expire(case, ["unit"])


def _end(case: Case, outcome: str) -> None:
    case.closed_at, case.outcome = clock.now(), outcome
    deadlines.end_all(case, at=case.closed_at)
