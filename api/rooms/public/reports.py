"""Reporting something."""

from __future__ import annotations

from typing import Any

from flask import request

from api import links
from api.fields import InvalidInput
from api.guards import public
from api.limits import REPORTS_PER_ADDRESS
from api.rooms.public.front import doors
from api.shapes.public import Receipt, ReportTaken, as_new_report
from cases import deadlines, new_report, reports
from cases.models import Report
from cases.models.deadlines import DeadlineKind
from cases.new_report import CheckedReport, NewReport
from cases.reports import Submitted
from engine import clock
from engine.base import transaction
from engine.errors import Invalid, InvalidReport, Problem

IDEMPOTENCY_KEY = "Idempotency-Key"
SHORTEST_KEY, LONGEST_KEY = 8, 100

Given = tuple[dict[str, Any], int, dict[str, str]]


class IdempotencyKeyReused(Invalid):
    """This idempotency key was used for another report."""


@doors.door(
    "POST",
    "/reports",
    guard=public,
    form=ReportTaken,
    gives=Receipt,
    status=201,
    limit=REPORTS_PER_ADDRESS,
    parameters=[
        {
            "in": "header",
            "name": IDEMPOTENCY_KEY,
            "schema": {"type": "string", "minLength": SHORTEST_KEY, "maxLength": LONGEST_KEY},
            "description": "Send the same key with a repeated request: the same report is taken in once. "
            "The answer is then 200, without the owner key",
        }
    ],
    responses={"200": {"description": "The report was sent before; here is its receipt"}},
)
def send_report(values: dict[str, Any]) -> Given:
    """Report something; the answer says where to follow it."""
    new = as_new_report(values, idempotency_key=_idempotency_key())
    with transaction():
        submitted = reports.submit(new)
        if submitted.is_replay and not _is_same(new, submitted.report):
            raise IdempotencyKeyReused([Problem(IDEMPOTENCY_KEY, "idempotency_key_reused")])
    location = {"Location": f"/api/public/cases/{submitted.tracking_code}"}
    return _receipt(submitted), 200 if submitted.is_replay else 201, location


def _idempotency_key() -> str | None:
    """Raises: InvalidInput."""
    key = request.headers.get(IDEMPOTENCY_KEY)
    if key is None:
        return None
    if len(key) < SHORTEST_KEY:
        raise InvalidInput([Problem(IDEMPOTENCY_KEY, "too_short", {"min": SHORTEST_KEY})])
    if len(key) > LONGEST_KEY:
        raise InvalidInput([Problem(IDEMPOTENCY_KEY, "too_long", {"max": LONGEST_KEY})])
    if not key.isascii() or not key.isprintable() or " " in key:
        raise InvalidInput([Problem(IDEMPOTENCY_KEY, "bad_character")])
    return key


def _is_same(new: NewReport, earlier: Report) -> bool:
    """Whether a report says the same as one that was sent before; one that could not be taken in does not."""
    try:
        checked = new_report.check(new_report.tidied(new))
    except InvalidReport:
        return False
    return _said_in(checked) == _said_by(earlier)


SAME = ("text", "latitude", "longitude", "accuracy_m", "address", "channel", "locale", "consent_version")
SAME_PERSON = ("contact_name", "contact_email", "contact_phone")


def _said_in(checked: CheckedReport) -> list[object]:
    pictures = [picture.sha256 for picture in checked.pictures]
    return [checked.category.code, pictures, *(getattr(checked.new, name) for name in (*SAME, *SAME_PERSON))]


def _said_by(earlier: Report) -> list[object]:
    pictures = [attachment.sha256 for attachment in earlier.attachments]
    return [earlier.category_code, pictures, *(getattr(earlier, name) for name in (*SAME, *SAME_PERSON))]


def _receipt(submitted: Submitted) -> dict[str, Any]:
    code, key = submitted.tracking_code, submitted.owner_key
    promise = deadlines.latest(submitted.case, DeadlineKind.RESOLVE)
    return {
        "tracking_code": code,
        "tracking_url": links.tracking(code),
        "owner_key": key,
        "owner_url": links.owner(code, key) if key else None,
        "status": submitted.case.status,
        "received_at": submitted.report.received_at,
        "deadline": deadlines.view(promise, at=clock.now()) if promise else None,
    }
