"""What a reporter may do with the owner key: answer, judge, take back. And what everybody may: say "me too"."""

from __future__ import annotations

from typing import Any

from flask import request

from api.fields import InvalidInput
from api.guards import OWNER_KEY, public
from api.limits import WORDS_PER_ADDRESS
from api.rooms.public.front import doors
from api.shapes.public import (
    AnswerTaken,
    FeedbackTaken,
    PublicCaseShape,
    Supporters,
    WithdrawalTaken,
    uploads,
)
from cases import cases, owner, publications
from cases.models import Case
from cases.publications import PublicCase
from engine.base import transaction
from engine.errors import Problem

HEADER = {
    "in": "header",
    "name": OWNER_KEY,
    "schema": {"type": "string"},
    "description": "The owner key of the receipt, or the `k` of the owner link",
}


@doors.door(
    "POST", "/cases/<code>/answers", guard=public, form=AnswerTaken, gives=PublicCaseShape, status=201,
    limit=WORDS_PER_ADDRESS, parameters=[HEADER],
)  # fmt: skip
def answer(values: dict[str, Any], code: str) -> PublicCase:
    """Answer what the city asked; the case goes on."""
    with transaction():
        case = _own_case(code, values)
        owner.answer_question(case, values["text"] or "", uploads(values))
    return publications.view(case, owner=True)


@doors.door(
    "POST", "/cases/<code>/withdrawal", guard=public, body=WithdrawalTaken, gives=PublicCaseShape, status=201,
    limit=WORDS_PER_ADDRESS, parameters=[HEADER],
)  # fmt: skip
def withdraw(values: dict[str, Any], code: str) -> PublicCase:
    """Take the report back."""
    with transaction():
        case = _own_case(code, values)
        owner.withdraw(case, values["reason"] or "")
    return publications.view(case, owner=True)


@doors.door(
    "POST", "/cases/<code>/feedback", guard=public, body=FeedbackTaken, gives=PublicCaseShape, status=201,
    limit=WORDS_PER_ADDRESS, parameters=[HEADER],
)  # fmt: skip
def judge(values: dict[str, Any], code: str) -> PublicCase:
    """Say what one thinks of the result; the case closes, or opens again."""
    with transaction():
        case = _own_case(code, values)
        owner.give_feedback(case, values["verdict"], values["stars"], values["comment"] or "")
    return publications.view(case, owner=True)


@doors.door(
    "POST", "/cases/<code>/supporters", guard=public, gives=Supporters, status=201, limit=WORDS_PER_ADDRESS
)  # fmt: skip
def support(code: str) -> Case:
    """Say that one has the same problem."""
    with transaction():
        return owner.support(cases.find_by_code(code))


def shown_key() -> str:
    """The owner key in the header, if there is one."""
    return request.headers.get(OWNER_KEY, "")


def _own_case(code: str, values: dict[str, Any]) -> Case:
    """Raises: CaseNotFound, NotTheOwner, InvalidInput when no key is shown."""
    key = values["owner_key"] or shown_key()
    if not key:
        raise InvalidInput([Problem("owner_key", "required")])
    return owner.case_for(code, key)
