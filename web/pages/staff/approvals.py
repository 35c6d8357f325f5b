"""Results that wait for a leader's approval, as cards for a phone: before and after, what was done, two buttons."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

import words
from cases import inbox
from cases.inbox import TaskRow
from cases.models import Case, Person
from engine import clock
from web.guards import allowed, person
from web.pages.staff import case_parts, frame, rows, task_page
from web.pages.staff import inbox as inbox_page

#: The form with which leaders approve; its answer for "yes" is `approve`.
FORM = "approve"
MOST = 50

pages = Blueprint("approvals", __name__)


@pages.get("/work/approve")
@allowed(frame.is_leader)
def approve() -> ResponseReturnValue:
    """What waits for this leader, due first."""
    reader = person()
    waiting = waiting_for(reader)
    cards = [_card(row, row.case) for row in waiting[:MOST] if row.case]
    return render_template(
        "staff/approve.html", cards=cards, count=len(waiting), rail=rows.rail(reader), **inbox_page.extras()
    )


def waiting_for(reader: Person) -> list[TaskRow]:
    """Open approvals of this leader: their own, and those nobody of the unit has taken."""
    found = [row for view in ("mine", "unit") for row in inbox.tasks(reader, view, limit=200).rows]
    return sorted(
        (row for row in found if row.task.form_key == FORM and row.case),
        key=lambda row: (row.task.due_at or clock.now(), row.task.id),
    )


def _card(row: TaskRow, case: Case) -> dict[str, object]:
    before, after = case_parts.photos(case, "report"), case_parts.photos(case, "result")
    earlier = task_page.earlier_answers(row.task)
    return {
        **rows.of_case(case),
        "id": row.task.id,
        "code": case.tracking_code,
        "status": case.status,
        "unit": words.local_name(case.unit),
        "badge": case_parts.task_badge(row.task, row.deadline),
        "before": before[0] if before else None,
        "after": after[-1] if after else None,
        "earlier": earlier[0] if earlier else None,
        "href": rows.task_href(row.task, view="unit" if row.task.assignee is None else "mine"),
    }
