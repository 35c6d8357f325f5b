"""What people do with a case beside its tasks: remark, look up the reporter, call it off."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

import words
from cases import access, cases, history
from cases.models import Case
from engine.base import transaction
from engine.errors import Problem
from web.guards import MayNotOpen, person, signed_in
from web.pages.staff import case_file, case_parts, frame, inbox, rows

LONGEST_NOTE = 5000
SHORTEST_REASON = 10

pages = Blueprint("case_acts", __name__)


@pages.post("/work/c/<code>/notes")
@signed_in
def note(code: str) -> ResponseReturnValue:
    """Write an internal remark."""
    case, text = _changeable(code), request.form.get("text", "").strip()
    problem = _problem(text, shortest=1)
    if problem:
        return case_file.notes_page(case, text=text, problem=problem), 422
    with transaction():
        cases.note(case, text, by=person().username)
    flash(_("Note added."), "toast")
    return redirect(url_for("case_file.notes", code=case.tracking_code), 303)


@pages.post("/work/c/<code>/reporter")
@signed_in
def reporter(code: str) -> ResponseReturnValue:
    """Show who reported; the look is part of the history."""
    case = case_file.visible(code)
    if not access.may_see_reporter(person(), case):
        raise MayNotOpen
    with transaction():
        history.record(case, "reporter_viewed", by=person().username)
    return case_file.summary_page(case, contacts=case_parts.contacts(case))


@pages.get("/work/c/<code>/cancellation")
@signed_in
def ask_to_call_off(code: str) -> ResponseReturnValue:
    """Say what calling off means, ask why."""
    return _cancellation(_cancellable(code))


@pages.post("/work/c/<code>/cancellation")
@signed_in
def call_off(code: str) -> ResponseReturnValue:
    """End the case from outside; the diagram says what happens then."""
    case, reason = _cancellable(code), request.form.get("reason", "").strip()
    problem = _problem(reason, shortest=SHORTEST_REASON)
    if problem:
        return _cancellation(case, reason=reason, problem=problem), 422
    with transaction():
        cases.call_off(case, reason, by=person().username)
    flash(_("%(code)s has been cancelled.", code=case.tracking_code), "toast")
    return redirect(url_for("case_file.summary", code=case.tracking_code), 303)


def _cancellation(case: Case, *, reason: str = "", problem: str = "") -> str:
    unit = words.local_name(case.unit)
    shown = {"case": case, "unit": unit, "reason": reason, "problem": problem}
    return render_template("staff/cancel.html", **shown, rail=rows.rail(person()), **inbox.extras())


def _changeable(code: str) -> Case:
    case = case_file.visible(code)
    if not frame.may_write(person()):
        raise MayNotOpen
    return case


def _cancellable(code: str) -> Case:
    case = case_file.visible(code)
    if not case_file.may_call_off(person(), case):
        raise MayNotOpen
    return case


def _problem(text: str, *, shortest: int) -> str:
    if not text:
        return words.problem_text(Problem("text", "required"))
    if len(text) < shortest:
        return words.problem_text(Problem("text", "too_short", {"min": shortest}))
    if len(text) > LONGEST_NOTE:
        return words.problem_text(Problem("text", "too_long", {"max": LONGEST_NOTE}))
    return ""
