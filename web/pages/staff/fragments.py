"""Small parts of pages that are asked for again while a page stays open."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

import words
from cases import access
from cases.inbox.views import nearest_deadlines
from cases.models import Case
from engine.base import session
from engine.models import UserTask
from web.guards import person, signed_in
from web.pages.staff import case_parts

#: Badges refreshed at once; a page has no more.
MOST = 250
#: What the id of a case begins with; others are ids of tasks.
CASE = "c"

pages = Blueprint("fragments", __name__)


@pages.get("/fragments/sla")
@signed_in
def sla() -> ResponseReturnValue:
    """Deadline badges as they stand now, for `ids` of tasks and (with `c` before them) of cases; others are left out."""
    ids = request.args.get("ids", "").split(",")[:MOST]
    badges = [*_of_tasks(_numbers(ids)), *_of_cases(_numbers(one[1:] for one in ids if one.startswith(CASE)))]
    return render_template("staff/_badges.html", badges=badges)


def _numbers(ids: Iterable[str]) -> set[int]:
    return {int(one) for one in ids if one.isascii() and one.isdecimal() and len(one) < 10}


def _of_tasks(ids: set[int]) -> list[tuple[str, words.SaidDeadline | None]]:
    query = select(UserTask, Case).join(Case, Case.instance_id == UserTask.instance_id).where(UserTask.id.in_(ids))
    found = session().execute(query)
    pairs = [(task, case) for task, case in found if access.may_see_task(person(), task)]
    nearest = nearest_deadlines(case.id for _, case in pairs)
    return [(str(task.id), case_parts.task_badge(task, nearest.get(case.id))) for task, case in pairs]


def _of_cases(ids: set[int]) -> list[tuple[str, words.SaidDeadline | None]]:
    found = session().scalars(select(Case).where(Case.id.in_(ids)))
    return [(f"{CASE}{case.id}", case_parts.badge(case)) for case in found if access.may_see_case(person(), case)]
