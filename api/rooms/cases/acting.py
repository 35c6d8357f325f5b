"""What is done with a case beside the diagram: a remark, calling it off, correcting what was published. Everything else is a task."""

from __future__ import annotations

from typing import Any

from api.guards import MayNotOpen, person, signed_in
from api.rooms.cases.desk import doors, shown
from api.shapes.corrections import PublicationShape, PublicationTaken, PublicationWithdrawalTaken
from api.shapes.work import CancellationTaken, CaseShape, ExtensionTaken, NoteShape, NoteTaken
from cases import access, cases, corrections, extensions, waiting
from cases.models import Case, Note, Publication, Role
from engine.base import transaction

#: Auditors read everything and change nothing.
WRITING = tuple(role for role in Role if role != Role.AUDITOR)
#: Who may drop a case on the city's behalf.
DECIDING = (Role.SUPERVISOR, Role.ADMINISTRATOR)


@doors.door("POST", "/<code>/notes", guard=signed_in, body=NoteTaken, gives=NoteShape, status=201)
def note(values: dict[str, Any], code: str) -> Note:
    """Write an internal remark."""
    case = _shown_to(code, *WRITING)
    with transaction():
        return cases.note(case, values["text"], by=person().username)


@doors.door("POST", "/<code>/cancellation", guard=signed_in, body=CancellationTaken, gives=CaseShape, status=201)
def cancel(values: dict[str, Any], code: str) -> Case:
    """Drop a case; its diagram ends it."""
    case = _shown_to(code, *DECIDING)
    with transaction():
        cases.call_off(case, values["reason"], by=person().username)
    return case


@doors.door("POST", "/<code>/extension", guard=signed_in, body=ExtensionTaken, gives=CaseShape, status=201)
def ask_for_time(values: dict[str, Any], code: str) -> Case:
    """Ask the leaders of the unit for more time, once for each promise; a task of theirs decides."""
    case = _workable(code)
    with transaction():
        extensions.ask(case, values["days"], values["reason"], by=person().username)
    return case


@doors.door("POST", "/<code>/waiting-end", guard=signed_in, gives=CaseShape, status=201)
def go_on(code: str) -> Case:
    """Say that the body that was waited for has answered: the work and its clock go on."""
    case = _workable(code)
    with transaction():
        waiting.end(case, by=person().username)
    return case


@doors.door("POST", "/<code>/publication", guard=signed_in, body=PublicationTaken, gives=PublicationShape)
def publish_again(values: dict[str, Any], code: str) -> Publication:
    """Show a result again that was taken back, or what is shown in other words."""
    case = _correctable(code)
    with transaction():
        return corrections.publish_again(case, by=person().username, **values)


@doors.door("DELETE", "/<code>/publication", guard=signed_in, body=PublicationWithdrawalTaken, gives=PublicationShape)
def withdraw(values: dict[str, Any], code: str) -> Publication:
    """Take a result off every public page; it is kept and can be published again."""
    case = _correctable(code)
    with transaction():
        return corrections.withdraw(case, values["reason"], by=person().username)


def _correctable(code: str) -> Case:
    """Raises: CaseNotFound, MayNotOpen."""
    case = shown(code)
    if not access.may_correct_publication(person(), case):
        raise MayNotOpen
    return case


def _workable(code: str) -> Case:
    """Raises: CaseNotFound, MayNotOpen."""
    case = shown(code)
    if not access.may_ask_for_time(person(), case):
        raise MayNotOpen
    return case


def _shown_to(code: str, *roles: Role) -> Case:
    """Raises: CaseNotFound, MayNotOpen."""
    case = shown(code)
    if not access.has_role(person(), *roles):
        raise MayNotOpen
    return case
