"""Looking at cases: lists, one with everything in it, its history, its photos."""

from __future__ import annotations

from typing import Any

from flask import Response, send_file
from sqlalchemy import select

from api.guards import person, signed_in
from api.rooms.cases import finding
from api.rooms.cases.desk import doors, shown
from api.rooms.public.places import PHOTO, PhotoQuery
from api.shapes.work import Cases, CasesQuery, FullCase, History, ReportShape, seen
from cases import access, attachments, cases, history, reports
from cases.attachments import PhotoNotFound
from cases.inbox.choices import photos
from cases.models import Attachment, Case, Deadline, Note
from engine.base import session
from engine.models import TaskState, UserTask

CONTACT = ("contact_name", "contact_email", "contact_phone")


@doors.door("GET", "", guard=signed_in, query=CasesQuery, gives=Cases)
def found(query: dict[str, Any]) -> dict[str, Any]:
    """The cases one may see, the newest first."""
    page = finding.cases(person(), **{**query, "text": query["text"] or ""})
    return {"cases": [{"case": case, "deadline": seen(deadline)} for case, deadline in page.rows], "next": page.next}


@doors.door("GET", "/<code>", guard=signed_in, gives=FullCase)
def look(code: str) -> dict[str, Any]:
    """A case with its reports, promises, notes and photos."""
    case = shown(code)
    head = cases.head_of(case)
    return {
        "case": case,
        "reports": _reports(case),
        "deadlines": [seen(deadline) for deadline in _deadlines(case)],
        "notes": session().scalars(select(Note).where(Note.case_id == case.id).order_by(Note.id)).all(),
        "result_photos": [photo for photo in photos(case) if photo.report_id is None],
        "merged_into": None if head is case else head.tracking_code,
        "open_tasks": _open_tasks(case),
    }


@doors.door("GET", "/<code>/events", guard=signed_in, gives=History)
def events(code: str) -> dict[str, Any]:
    """Everything that happened to a case, and whether its history is whole."""
    case = shown(code)
    return {"events": history.timeline(case), "is_whole": history.verify(case)}


@doors.door("GET", "/<code>/photos/<row:photo_id>", guard=signed_in, query=PhotoQuery, responses=PHOTO)
def photo(query: dict[str, Any], code: str, photo_id: int) -> Response:
    """A photo of a case."""
    attachment = session().get(Attachment, photo_id)
    if attachment is None or attachment.case_id not in {report.case_id for report in reports.of(shown(code))}:
        raise PhotoNotFound(photo_id)
    path = attachments.open_image(attachment, thumbnail=query["size"] == "small")
    return send_file(path, mimetype=attachment.media_type, etag=attachment.sha256)


def _reports(case: Case) -> list[dict[str, Any]]:
    """What citizens said, without their names for whoever may not know them."""
    names = [field.attribute or name for name, field in ReportShape().fields.items()]
    hidden = {} if access.may_see_reporter(person(), case) else dict.fromkeys(CONTACT)
    return [{name: getattr(report, name) for name in names} | hidden for report in reports.of(case)]


def _deadlines(case: Case) -> list[Deadline]:
    return list(session().scalars(select(Deadline).where(Deadline.case_id == case.id).order_by(Deadline.id)))


def _open_tasks(case: Case) -> list[int]:
    query = select(UserTask).where(UserTask.instance_id == case.instance_id, UserTask.state == TaskState.OPEN)
    return [task.id for task in session().scalars(query.order_by(UserTask.id)) if access.may_see_task(person(), task)]
