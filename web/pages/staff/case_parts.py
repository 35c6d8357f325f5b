"""Parts of a case that several staff pages show: what was said, photos, the place, promises."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on

import words
from cases import city, deadlines, history, reports, risks
from cases import promises as promising
from cases import working_time as wt
from cases.deadlines import DeadlineState, DeadlineView
from cases.inbox.choices import photos as photos_of
from cases.models import Attachment, Case, Deadline, Event, Report
from cases.models.deadlines import DeadlineKind
from engine import clock
from engine.base import session
from engine.models import TaskState, UserTask
from web.pages.staff import happened, naming

LAST_EVENTS = 5
#: Space left around an area on its map, as a share of its size.
MARGIN = 0.06


# ------------------------------------------------------------------------------------------------------------ said


def said(case: Case) -> list[dict[str, object]]:
    """What residents said: the case's own report, answers, and reports merged into it."""
    return [
        {
            "at": report.received_at,
            "text": report.text,
            "channel": channel(report.channel),
            "locale": report.locale,
            "is_answer": report.channel == reports.ANSWER,
            "code": report.case.tracking_code if report.case_id != case.id else "",
            "photos": [photo(one) for one in report.attachments],
        }
        for report in reports.of(case)
    ]


def channel(code: str) -> str:
    """The way a report came in."""
    said = {
        "web": _("Web page"),
        "api": _("Program"),
        "open311": _("Open311"),
        "phone": _("Telephone"),
        "answer": _("Answer"),
        "import": _("Import"),
    }
    return said.get(code, code)


def has_contact(case: Case) -> bool:
    """Whether any reporter of the case left a name or an address."""
    return any(_contact(report) for report in reports.of(case))


def contacts(case: Case) -> list[dict[str, str]]:
    """Who reported, with what they left; only for readers who may know and whose look is written down."""
    labels = (_("Name"), _("E-mail"), _("Telephone"))
    return [
        {"term": label, "text": value}
        for report in reports.of(case)
        for label, value in zip(labels, _contact(report, whole=True), strict=False)
        if value
    ]


def _contact(report: Report, *, whole: bool = False) -> list[str]:
    left = [report.contact_name or "", report.contact_email or "", report.contact_phone or ""]
    return left if whole else [value for value in left if value]


# ---------------------------------------------------------------------------------------------------------- photos


def photo(attachment: Attachment) -> dict[str, object]:
    """A photo for the grid: small, full, and what it is."""
    return {
        "id": attachment.id,
        "src": url_for("photos.photo", photo_id=attachment.id, size="small"),
        "full": url_for("photos.photo", photo_id=attachment.id),
        "text": attachment.caption or photo_kind(attachment.kind, attachment.id),
        "on_text": words.day(attachment.added_at),
    }


def photo_kind(kind: str, number: int) -> str:
    """What a photo without a caption is called."""
    if kind == "result":
        return _("Photo after the work, no. %(number)s", number=number)
    return _("The reporter's photo, no. %(number)s", number=number)


def photos(case: Case, kind: str | None = None) -> list[dict[str, object]]:
    """The photos of a case."""
    return [photo(one) for one in photos_of(case) if kind is None or one.kind == kind]


def first_photos(case_ids: Iterable[int]) -> dict[int, dict[str, object]]:
    """The first photo of each case, in one query."""
    query = select(Attachment).ext(distinct_on(Attachment.case_id)).where(Attachment.case_id.in_(set(case_ids)))
    return {one.case_id: photo(one) for one in session().scalars(query.order_by(Attachment.case_id, Attachment.id))}


def photos_by_id(ids: Iterable[int]) -> dict[int, dict[str, object]]:
    """Photos by id, in one query."""
    wanted = set(ids)
    found = session().scalars(select(Attachment).where(Attachment.id.in_(wanted))) if wanted else ()
    return {one.id: photo(one) for one in found}


# ----------------------------------------------------------------------------------------------------------- place


def place_name(case: Case) -> str:
    """Where it is: the address as written, with the area unless it stands there already."""
    address, area = case.address or "", words.local_name(case.area)
    return address if area.casefold() in address.casefold() else ", ".join(filter(None, [address, area]))


def place_map(case: Case) -> dict[str, object] | None:
    """The area of the case with its pin; None when there is nothing to draw."""
    if case.area is None or case.latitude is None or case.longitude is None:
        return None
    name = words.local_name(case.area)
    return {
        "areas": [{"name": name, "polygon": case.area.polygon}],
        "bounds": _bounds(case.area.polygon["coordinates"], case),
        "points": [{"lat": case.latitude, "lon": case.longitude, "state": "overdue", "title": case.title}],
        "summary": _("Map of %(area)s with the place of the report", area=name),
    }


def _bounds(coordinates: object, case: Case) -> tuple[float, float, float, float]:
    points = [*_points(coordinates), (case.longitude or 0.0, case.latitude or 0.0)]
    west, east = min(x for x, _y in points), max(x for x, _y in points)
    south, north = min(y for _x, y in points), max(y for _x, y in points)
    across, up = (east - west) * MARGIN, (north - south) * MARGIN
    return south - up, west - across, north + up, east + across


def _points(coordinates: object) -> Iterator[tuple[float, float]]:
    """Every point of nested GeoJSON coordinates, as (longitude, latitude)."""
    if isinstance(coordinates, list | tuple):
        if coordinates and isinstance(coordinates[0], int | float):
            yield float(coordinates[0]), float(coordinates[1])
            return
        for part in coordinates:
            yield from _points(part)


# -------------------------------------------------------------------------------------------------------- promises


def badge(case: Case) -> words.SaidDeadline | None:
    """The promise that is due next; for a case that is over, whether the last one was kept."""
    deadline = deadlines.current(case) or deadlines.latest(case, DeadlineKind.RESOLVE)
    if deadline is None or deadline.ended_at is not None:
        return None
    return words.deadline(deadlines.view(deadline, at=clock.now()))


def task_badge(task: UserTask, deadline: Deadline | None, *, is_alone: bool = False) -> words.SaidDeadline | None:
    """The nearer one of the step's own deadline and the promise of the case that is due next.

    Without a promise there is none, unless the task stands alone: its process runs for no case.
    """
    if deadline is None:
        return _of_its_own(task.due_at, task) if is_alone and task.state == TaskState.OPEN and task.due_at else None
    view = deadlines.view(deadline, at=clock.now())
    is_nearer = task.state == TaskState.OPEN and task.due_at is not None and task.due_at < deadline.due_at
    return words.deadline(_of_step(task.due_at, view) if is_nearer and task.due_at and not deadline.is_paused else view)


def _of_its_own(due_at: datetime, task: UserTask) -> words.SaidDeadline | None:
    code = city.calendar_codes()[0]
    name = words.local_name(city.calendar_entry(code))
    view = DeadlineView("step", DeadlineState.ONTIME, 0, "", due_at, task.created_at, code, name)
    return words.deadline(_of_step(due_at, view))


def _of_step(due_at: datetime, view: DeadlineView) -> DeadlineView:
    """The promise's badge, for a step that is due before it; counted on the same calendar."""
    left = wt.remaining(city.calendar(view.calendar), due_at, at=clock.now())
    state = DeadlineState.OVERDUE if due_at < clock.now() else view.state
    return replace(view, state=state, amount=left.amount, unit=left.unit.value, due_at=due_at)


def promises(case: Case) -> list[dict[str, object]]:
    """What was promised, with how much of each is used up; of a case on its way also what has no target."""
    made = {kind: deadlines.latest(case, kind) for kind in DeadlineKind}
    is_routed = case.unit_id is not None
    shown = {kind: one for kind, one in made.items() if one or (is_routed and kind in promising.FROM_THE_BEGINNING)}
    return [{**_promise(one), "risk": _risk(case, one)} if one else _no_target(kind) for kind, one in shown.items()]


def _risk(case: Case, deadline: Deadline) -> str:
    """How likely an open promise to resolve is to be missed."""
    if deadline.kind != DeadlineKind.RESOLVE or not deadline.is_open:
        return ""
    share = risks.of(case, deadline)
    return words.risk(share) if share is not None and share < 1 else ""


def _no_target(kind: str) -> dict[str, object]:
    return {"name": happened.deadline_kind(kind), "no_target": True}


def _promise(deadline: Deadline) -> dict[str, object]:
    view = deadlines.view(deadline, at=clock.now(), locale=naming.locale())
    used, whole = _used(deadline)
    ended = deadline.ended_at is not None
    return {
        "name": happened.deadline_kind(deadline.kind),
        "badge": None if ended else words.deadline(view),
        "ended": ended,
        "due_at": deadline.due_at,
        "calendar": view.calendar_name,
        "extended_days": deadline.extended_days,
        "state": view.state,
        "used": used,
        "whole": whole,
        "used_text": _("%(used)s of %(whole)s hours used", used=_hours(used), whole=_hours(whole)),
        "pauses": [{"from": one.started_at, "to": one.ended_at} for one in deadline.pauses],
    }


def _used(deadline: Deadline) -> tuple[float, float]:
    """Hours used and allowed on the promise's own calendar; pauses do not count."""
    until = deadline.met_at or deadline.ended_at or clock.now()
    stood = sum((_between(deadline, one.started_at, one.ended_at or until) for one in deadline.pauses), timedelta())
    used = _between(deadline, deadline.started_at, until) - stood
    whole = _between(deadline, deadline.started_at, deadline.due_at) - stood
    return max(used, timedelta()) / timedelta(hours=1), max(whole, timedelta(minutes=1)) / timedelta(hours=1)


def _between(deadline: Deadline, start: datetime, end: datetime) -> timedelta:
    if deadline.measure == wt.Measure.HOURS:
        return end - start
    return wt.working_time_between(city.calendar(deadline.calendar), start, end)


def _hours(hours: float) -> str:
    rounded = round(hours, 1)
    return f"{rounded:g}".replace(".", "," if naming.locale() == "vi" else ".")


# --------------------------------------------------------------------------------------------------------- history


def last_events(case: Case) -> list[dict[str, object]]:
    """What happened last, newest first."""
    query = select(Event).where(Event.case_id == case.id).order_by(Event.sequence.desc()).limit(LAST_EVENTS)
    return happened.lines(session().scalars(query))


def whole_history(case: Case) -> list[Event]:
    """Everything that happened, newest first."""
    return history.timeline(case)[::-1]
