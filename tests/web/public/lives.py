"""What has happened to a case before somebody looks at its page."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from cases.models import Attachment, Case, Report
from cases.reports import Submitted
from engine.base import session
from tests import town
from tests.town import INTAKE, LEADER, OFFICIAL
from tests.web.public.visitor import Seen, Visitor, photo

QUESTION = "Ổ gà nằm trước số nhà nào?"


def own(visitor: Visitor, sent: Submitted, more: str = "") -> Seen:
    return visitor.open(f"/c/{sent.tracking_code}?k={sent.owner_key}{more}")


def asked(**changes: Any) -> Submitted:
    sent = town.report(**changes)
    town.do(sent.case, "intake_check", INTAKE, decision="ask", message=QUESTION)
    return sent


def resolved(**checked: Any) -> Submitted:
    sent = town.report(photos=[photo("black")])
    town.do(sent.case, "intake_check", INTAKE, decision="accept")
    town.do(sent.case, "assign", LEADER, assignment="assign", official=OFFICIAL)
    town.resolve(sent.case, **checked)
    return sent


def photo_id(case: Case) -> int:
    return session().scalars(select(Attachment.id).where(Attachment.case_id == case.id)).one()


def cases() -> int:
    """How many there are."""
    return session().scalar(select(func.count(Case.id))) or 0


def only_report() -> Report:
    """The one report there is."""
    return session().scalars(select(Report)).one()
