"""The views of the inbox and their rows, as the list pane and the rail show them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import g, request, url_for
from flask_babel import gettext as _
from sqlalchemy import func, select

import words
from cases import access, inbox
from cases.inbox import TaskRow
from cases.inbox.paging import write_cursor
from cases.models import Attachment, Case, Person, Role
from cases.targets import Urgency
from engine.base import session
from engine.models import UserTask
from web.pages.staff import case_parts, naming

#: Views whose rows are about work that is over or waits for somebody else: they open the case, not the task.
ABOUT_CASES = frozenset({"waiting", "done"})
#: Views hidden from the rail while they are empty.
HIDDEN_WHEN_EMPTY = frozenset({"later"})
#: Where somebody who has not said so begins.
BEGIN_WITH = ("intake", "mine", "unit")


@dataclass(frozen=True)
class Listing:
    """One page of a view. `here` is the task that is open beside it; `counts` are those of all views."""

    view: str
    title: str
    text: str
    after: str
    rows: list[dict[str, object]]
    next_href: str | None
    counts: dict[str, int]
    is_whole: bool

    def href(self, **changed: str | None) -> str:
        """This list with something changed, or with None dropped."""
        return list_href(**{"view": self.view, "q": self.text, "after": self.after, **changed})


def listing(person: Person, *, here: int | None = None) -> Listing:
    """The list this request asks for: its view, search and page.

    Raises: InvalidCursor.
    """
    counts = counts_of(person)
    view = view_of(person, counts)
    text, after = request.values.get("q", "").strip(), request.values.get("after", "")
    page = inbox.tasks(person, view, after=after or None, text=text)
    return Listing(
        view=view,
        title=titles()[view],
        text=text,
        after=after,
        rows=_rows(page.rows, person, view=view, here=here),
        next_href=list_href(view=view, q=text, after=page.next) if page.next else None,
        counts=counts,
        is_whole=not after and not page.next,
    )


def counts_of(person: Person) -> dict[str, int]:
    """How much stands in each view; counted once for each request."""
    if "view_counts" not in g:
        g.view_counts = inbox.counts(person)
    counts: dict[str, int] = g.view_counts
    return counts


def view_of(person: Person, counts: dict[str, int]) -> str:
    """The view asked for; else the first that has something to do."""
    asked = request.values.get("view", "")
    if asked in inbox.VIEWS:
        return asked
    offered = [view for view in BEGIN_WITH if view != "intake" or access.has_role(person, Role.INTAKE)]
    return next((view for view in offered if counts[view]), "mine")


def titles() -> dict[str, str]:
    """What the views are called."""
    return {
        "intake": _("Waiting for acceptance"),
        "mine": _("My tasks"),
        "unit": _("My unit's, unclaimed"),
        "soon": _("Due soon"),
        "overdue": _("Overdue"),
        "waiting": _("Waiting for an answer"),
        "later": _("Put off"),
        "done": _("Done in 7 days"),
    }


def rail(person: Person, here: str = "") -> list[dict[str, object]]:
    """The views with their counts, for the rail."""
    counts, names = counts_of(person), titles()
    shown = [view for view in inbox.VIEWS if _is_shown(person, view, counts) or view == here]
    return [
        {
            "text": names[view],
            "href": list_href(view=view),
            "count": counts[view],
            "here": view == here,
            "bad": view == "overdue",
        }
        for view in shown
    ]


def _is_shown(person: Person, view: str, counts: dict[str, int]) -> bool:
    if view == "intake":
        return access.has_role(person, Role.INTAKE)
    return bool(counts[view]) or view not in HIDDEN_WHEN_EMPTY


def list_href(**asked: str | None) -> str:
    """The address of a list."""
    return _with(url_for("inbox.work"), asked)


def task_href(task: UserTask, **asked: str | None) -> str:
    """The address of a task beside a list."""
    return _with(url_for("tasks.task", task_id=task.id), asked)


def next_href(person: Person, done: UserTask) -> str:
    """Where to go on after a task: the next one of the list it was opened from, else its first, else the empty list."""
    counts = inbox.counts(person)
    view = view_of(person, counts)
    text = request.values.get("q", "").strip()
    if view in ABOUT_CASES:
        return list_href(view=view, q=text)
    behind = write_cursor(done.due_at, done.id)
    for after in (behind, None):
        found = inbox.tasks(person, view, limit=1, after=after, text=text).rows
        if found:
            return task_href(found[0].task, view=view, q=text)
    return list_href(view=view, q=text)


def _with(path: str, asked: dict[str, str | None]) -> str:
    query = urlencode({name: value for name, value in asked.items() if value})
    return f"{path}?{query}" if query else path


def _rows(rows: list[TaskRow], person: Person, *, view: str, here: int | None) -> list[dict[str, object]]:
    photos = photo_counts(row.case.id for row in rows if row.case)
    names = naming.people(row.task.assignee for row in rows)
    return [
        {
            **(of_case(row.case) if row.case else of_process(row.task)),
            "id": row.task.id,
            "href": _row_href(row, view),
            "step": "" if view == "intake" else naming.step(row.task.element_id, row.task.name, row.task.name_en),
            "deadline": case_parts.task_badge(row.task, row.deadline, is_alone=row.case is None),
            "photos": photos.get(row.case.id, 0) if row.case else 0,
            "assignee": "" if row.task.assignee == person.username else names.get(row.task.assignee or "", ""),
            "here": row.task.id == here,
        }
        for row in rows
    ]


def of_case(case: Case) -> dict[str, object]:
    """What every list says of a case."""
    return {
        "title": case.title,
        "place": words.local_name(case.area) or case.address or "",
        "category": words.local_name(case.category),
        "supporters": case.supporters,
        "is_urgent": case.urgency == Urgency.URGENT,
    }


def of_process(task: UserTask) -> dict[str, object]:
    """The same of a task whose process runs for no case."""
    instance = task.instance
    return {
        "title": instance.definition.name,
        "place": "",
        "category": instance.business_key,
        "supporters": 0,
        "is_urgent": False,
    }


def _row_href(row: TaskRow, view: str) -> str:
    if view in ABOUT_CASES and row.case:
        return url_for("case_file.summary", code=row.case.tracking_code)
    asked = {name: request.values.get(name, "") for name in ("q", "after")}
    return task_href(row.task, view=view, **asked)


def photo_counts(case_ids: Iterable[int]) -> dict[int, int]:
    """How many photos the cases have, in one query."""
    wanted: Collection[int] = set(case_ids)
    query = select(Attachment.case_id, func.count()).where(Attachment.case_id.in_(wanted)).group_by(Attachment.case_id)
    return dict(session().execute(query).all()) if wanted else {}
