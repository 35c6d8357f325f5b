"""More time for a case: asking for an extension, and saying that a body that was waited for has answered."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

import words
from cases import access, deadlines, extensions, waiting
from cases.models import Case
from cases.models.deadlines import DeadlineKind
from engine.base import transaction
from engine.errors import Invalid
from web.guards import MayNotOpen, person, signed_in
from web.pages.staff import case_file, inbox, rows

pages = Blueprint("case_time", __name__)


@pages.get("/work/c/<code>/extension")
@signed_in
def ask_for_extension(code: str) -> ResponseReturnValue:
    """Say what an extension means, ask for days and reason."""
    return _page(_workable(code))


@pages.post("/work/c/<code>/extension")
@signed_in
def extension(code: str) -> ResponseReturnValue:
    """Ask the leaders for more time."""
    case = _workable(code)
    days, reason = request.form.get("days", "").strip(), request.form.get("reason", "")
    try:
        with transaction():
            extensions.ask(case, int(days) if days.isdecimal() else 0, reason, by=person().username)
    except Invalid as refused:
        return _page(
            case, days, reason, {problem.where: words.problem_text(problem) for problem in refused.problems}
        ), 422
    flash(_("The leaders have been asked for more time."), "toast")
    return redirect(url_for("case_file.summary", code=case.tracking_code), 303)


@pages.post("/work/c/<code>/waiting/end")
@signed_in
def go_on(code: str) -> ResponseReturnValue:
    """The other body has answered: the clock goes on."""
    case = _workable(code)
    with transaction():
        waiting.end(case, by=person().username)
    flash(_("The work and the deadline go on."), "toast")
    return redirect(url_for("case_file.summary", code=case.tracking_code), 303)


def _page(case: Case, days: str = "", reason: str = "", errors: dict[str, str] | None = None) -> str:
    promise = deadlines.latest(case, DeadlineKind.RESOLVE)
    return render_template(
        "staff/extension.html",
        case=case,
        due_at=promise.due_at if promise else None,
        unit=words.local_name(case.unit),
        may_be_asked=extensions.may_be_asked(case),
        pending=extensions.pending(case),
        most=extensions.MOST_DAYS,
        days=days,
        reason=reason,
        errors=errors or {},
        rail=rows.rail(person()),
        **inbox.extras(),
    )


def _workable(code: str) -> Case:
    """Raises: CaseNotFound, MayNotOpen."""
    case = case_file.visible(code)
    if not access.may_ask_for_time(person(), case):
        raise MayNotOpen
    return case
