"""Looking at cases: lists, one with everything in it, its history, its photos."""

from __future__ import annotations

from typing import Any

from flask import Response, send_file
from sqlalchemy import select

from api.guards import MayNotOpen, person, signed_in
from api.rooms.cases.desk import doors, shown
from api.rooms.public.places import PHOTO, PhotoQuery
from api.shapes.work import Cases, CasesQuery, FullCase, History, Reporters, seen
from cases import access, attachments, cases, finding, history, reports, risks
from cases.attachments import PhotoNotFound
from cases.finding import Wanted
from cases.inbox.choices import photos
from cases.models import Attachment, Case, Deadline, Note
from engine.base import session, transaction
from engine.models import TaskState, UserTask


@doors.door("GET", "", guard=signed_in, query=CasesQuery, gives=Cases)
def found(query: dict[str, Any]) -> dict[str, Any]:
    """The cases one may see, the newest first; or open promises, those likeliest to be missed first."""
    names = ("status", "unit", "category", "area", "promise", "received_from", "received_to")
    wanted = Wanted(text=query["text"] or "", **{name: query[name] for name in names})
    where = {"after": query["after"], "limit": query["limit"]}
    if query["order"] == "risk":
        risky = risks.page(person(), wanted, **where)
        lines = [{"case": one.case, "deadline": seen(one.deadline), "risk": one.risk} for one in risky.rows]
        return {"cases": lines, "next": risky.next}
    page = finding.page(person(), wanted, **where)
    return {"cases": [{"case": case, "deadline": seen(deadline)} for case, deadline in page.rows], "next": page.next}


@doors.door("GET", "/<code>", guard=signed_in, gives=FullCase)
def look(code: str) -> dict[str, Any]:
    """A case with its reports, promises, notes and photos."""
    case = shown(code)
    head = cases.head_of(case)
    return {
        "case": case,
        "reports": reports.of(case),
        "deadlines": [seen(deadline) for deadline in _deadlines(case)],
        "notes": session().scalars(select(Note).where(Note.case_id == case.id).order_by(Note.id)).all(),
        "result_photos": [photo for photo in photos(case) if photo.report_id is None],
        "publication": case.publication,
        "merged_into": None if head is case else head.tracking_code,
        "open_tasks": _open_tasks(case),
    }


@doors.door("GET", "/<code>/reporters", guard=signed_in, gives=Reporters)
def reporters(code: str) -> dict[str, Any]:
    """Who reported, for whoever may know; the look is part of the history."""
    case = shown(code)
    if not access.may_see_reporter(person(), case):
        raise MayNotOpen
    with transaction():
        history.record(case, "reporter_viewed", by=person().username)
    return {"reporters": reports.of(case)}


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


def _deadlines(case: Case) -> list[Deadline]:
    return list(session().scalars(select(Deadline).where(Deadline.case_id == case.id).order_by(Deadline.id)))


def _open_tasks(case: Case) -> list[int]:
    query = select(UserTask).where(UserTask.instance_id == case.instance_id, UserTask.state == TaskState.OPEN)
    return [task.id for task in session().scalars(query.order_by(UserTask.id)) if access.may_see_task(person(), task)]
