"""The file of a case: one address for each section. Only for people who may see the case."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import func, select

import words
from cases import access, cases, extensions, history, inbox, waiting
from cases.models import Attachment, Case, Note, Person, Role
from cases.performance import usual
from engine import definitions
from engine.base import session
from engine.models import TaskState, UserTask
from web.guards import MayNotOpen, person, signed_in
from web.pages.staff import answers, case_parts, frame, happened, naming, rows, standing
from web.pages.staff import inbox as inbox_page

pages = Blueprint("case_file", __name__)

#: Sections that have a module of their own.
_ADDRESSES = {"publication": "case_publication.publication"}


@pages.get("/work/c/<code>")
@signed_in
def summary(code: str) -> ResponseReturnValue:
    """What is known, both promises, what the reporter said, who has it now."""
    case = visible(code)
    if case.tracking_code != code:
        return redirect(url_for("case_file.summary", code=case.tracking_code))
    return summary_page(case)


@pages.get("/work/c/<code>/tasks")
@signed_in
def tasks(code: str) -> ResponseReturnValue:
    """Every task there was, with its answers."""
    case = visible(code)
    listed = [_task(one) for one in tasks_of(case)]
    shown = case_parts.photos_by_id(photo for one in listed for said in one["answers"] for photo in said["photos"])  # type: ignore[attr-defined]  # lists of answers.in_words
    return section_page("tasks", case, tasks=listed, photos=shown)


@pages.get("/work/c/<code>/process")
@signed_in
def process(code: str) -> ResponseReturnValue:
    """Where the case stands in its process: in words, and drawn."""
    case = visible(code)
    return section_page("process", case, standing=standing.of(case))


@pages.get("/work/c/<code>/process.bpmn")
@signed_in
def diagram(code: str) -> ResponseReturnValue:
    """The diagram the case runs on, of its own version."""
    instance = standing.instance_of(visible(code))
    return Response(definitions.diagram(instance.definition), mimetype="application/xml")


@pages.get("/work/c/<code>/files")
@signed_in
def files(code: str) -> ResponseReturnValue:
    """Every photo: where it comes from, whether it is public."""
    return section_page("files", visible(code), files=_files(visible(code)))


@pages.get("/work/c/<code>/notes")
@signed_in
def notes(code: str) -> ResponseReturnValue:
    """Internal remarks."""
    return notes_page(visible(code))


@pages.get("/work/c/<code>/log")
@signed_in
def log(code: str) -> ResponseReturnValue:
    """Everything that happened, newest first, and whether the record is whole."""
    case, by = visible(code), request.args.get("by", "")
    events = case_parts.whole_history(case)
    shown = [event for event in events if not by or (event.by in happened.NOBODY) == (by == "machine")]
    return section_page(
        "log", case, lines=happened.lines(shown), by=by, count=len(events), is_whole=history.verify(case)
    )


def visible(code: str) -> Case:
    """The case of a code, for a reader who may see it.

    Raises: CaseNotFound, MayNotOpen.
    """
    case = cases.find_by_code(code)
    if not access.may_see_case(person(), case):
        raise MayNotOpen
    return case


def summary_page(case: Case, *, contacts: list[dict[str, str]] | None = None) -> str:
    """The summary; with the reporter's identity once the look has been written down."""
    open_tasks = [one for one in tasks_of(case) if one.state == TaskState.OPEN]
    return section_page(
        "summary",
        case,
        facts=_facts(case),
        promises=case_parts.promises(case),
        **_usual(case),
        more_time=_more_time(case),
        said=case_parts.said(case),
        place=case_parts.place_map(case),
        open_tasks=[_task(one) for one in open_tasks],
        result_photos=case_parts.photos(case, "result"),
        events=case_parts.last_events(case),
        steps=_steps(case),
        contacts=contacts,
        has_contact=case_parts.has_contact(case),
        may_see_reporter=access.may_see_reporter(person(), case),
    )


def _usual(case: Case) -> dict[str, str]:
    """How long such cases usually take, while one waits for the result."""
    is_waited_for = case.resolved_at is None and case.closed_at is None
    known = usual.of(case.category_id, case.area_id) if is_waited_for else None
    return {"usual_text": words.usual(known), "usual_basis": words.basis(known) if known else ""}


def notes_page(case: Case, *, text: str = "", problem: str = "") -> str:
    """The remarks with the box for another one; after a refusal with what was typed."""
    remarks = list(session().scalars(select(Note).where(Note.case_id == case.id).order_by(Note.id.desc())))
    names = naming.people(note.written_by for note in remarks)
    lines = [{"at": note.written_at, "by": names[note.written_by], "text": note.text} for note in remarks]
    return section_page("notes", case, notes=lines, text=text, problem=problem)


def may_call_off(reader: Person, case: Case) -> bool:
    """Whether this reader may end the case from outside."""
    return case.closed_at is None and access.has_role(reader, Role.SUPERVISOR, Role.ADMINISTRATOR)


def tasks_of(case: Case) -> list[UserTask]:
    """The tasks of a case, oldest first."""
    query = select(UserTask).where(UserTask.instance_id == case.instance_id).order_by(UserTask.created_at, UserTask.id)
    return list(session().scalars(query))


# ----------------------------------------------------------------------------------------------------------- parts


def section_page(section: str, case: Case, **shown: object) -> str:
    """One section within the frame of the file."""
    reader = person()
    return render_template(
        f"staff/case_{section}.html",
        case=case,
        badge=case_parts.badge(case),
        unit=words.local_name(case.unit),
        tabs=_tabs(section, case),
        may_write=frame.may_write(reader),
        may_call_off=may_call_off(reader, case),
        may_show_on_walls=access.may_see_performance(reader) and case.closed_at is None and not case.is_sensitive,
        rail=rows.rail(reader),
        **inbox_page.extras(),
        **shown,
    )


def _tabs(here: str, case: Case) -> list[dict[str, object]]:
    counts = {"tasks": len(tasks_of(case)), "files": _count(Attachment, case), "notes": _count(Note, case)}
    titles = {
        "summary": _("Summary"),
        "tasks": _("Tasks"),
        "process": _("Process"),
        "files": _("Files"),
        "notes": _("Notes"),
        "log": _("Log"),
    }
    if case.publication is not None:
        titles["publication"] = _("Publication")
    return [
        {
            "text": title,
            "href": url_for(_ADDRESSES.get(section, f"case_file.{section}"), code=case.tracking_code),
            "here": section == here,
            "count": counts.get(section),
        }
        for section, title in titles.items()
    ]


def _count(kind: type[Attachment | Note], case: Case) -> int:
    return session().scalar(select(func.count()).select_from(kind).where(kind.case_id == case.id)) or 0


def _more_time(case: Case) -> dict[str, object]:
    """What was asked for, and what this reader may do about the promise to resolve."""
    may, asked = access.may_ask_for_time(person(), case), extensions.pending(case)
    return {
        "pending": asked,
        "person": naming.person_name(asked.by) if asked else "",
        "may_ask": may and extensions.may_be_asked(case),
        "may_go_on": may and case.status == waiting.AWAITING_OTHER,
    }


def _facts(case: Case) -> list[dict[str, object]]:
    place = (
        f"{case.latitude:.6f}, {case.longitude:.6f}" if case.latitude is not None and case.longitude is not None else ""
    )
    head = cases.head_of(case)
    rows: list[tuple[str, object]] = [
        (_("Category"), words.local_name(case.category)),
        (_("Place"), case_parts.place_name(case)),
        (_("Coordinates"), place),
        (_("Urgency"), words.urgency(case.urgency)),
        (_("Handling unit"), words.local_name(case.unit)),
        (_("Responsible official"), naming.person_name(case.official)),
        (_("Reported"), words.moment(case.opened_at)),
        (_("Accepted"), words.moment(case.accepted_at)),
        (_("Resolved"), words.moment(case.resolved_at)),
        (_("Closed"), words.moment(case.closed_at)),
        (_("Outcome"), happened.outcome(case.outcome) if case.outcome else ""),
        (_("Also affected"), case.supporters or ""),
        (_("Reopened"), case.reopened_count or ""),
    ]
    facts: list[dict[str, object]] = [{"term": term, "text": value} for term, value in rows if value]
    if head is not case:
        facts.append(
            {
                "term": _("Merged into"),
                "text": head.tracking_code,
                "href": url_for("case_file.summary", code=head.tracking_code),
            }
        )
    return facts


def _steps(case: Case) -> list[dict[str, object]]:
    return [
        {"text": words.status(one.code), "state": str(one.state), "note": words.short_moment(one.at)}
        for one in history.public_steps(case)
    ]


def _task(task: UserTask) -> dict[str, object]:
    return {
        "id": task.id,
        "step": naming.step(task.element_id, task.name, task.name_en),
        "state": task.state,
        "who": naming.person_name(task.assignee or task.ended_by),
        "groups": [naming.group(group) for group in task.candidate_groups],
        "created_at": task.created_at,
        "due_at": task.due_at,
        "at": task.ended_at,
        "by": naming.person_name(task.ended_by),
        "href": url_for("tasks.task", task_id=task.id) if access.may_see_task(person(), task) else "",
        "answers": answers.in_words(inbox.form(task), task.answers or {}),
    }


def _files(case: Case) -> list[dict[str, object]]:
    publication = case.publication
    is_public = publication is not None and publication.withdrawn_at is None
    public = {one.attachment_id for one in publication.photos} if publication is not None and is_public else set()
    found = session().scalars(select(Attachment).where(Attachment.case_id == case.id).order_by(Attachment.id)).all()
    names = naming.people(one.added_by for one in found)
    return [
        {
            **case_parts.photo(one),
            "by": names[one.added_by],
            "at": one.added_at,
            "size": f"{one.width} × {one.height}, {max(one.byte_size // 1024, 1)} KB",
            "sha256": one.sha256[:12],
            "is_public": one.id in public,
        }
        for one in found
    ]
