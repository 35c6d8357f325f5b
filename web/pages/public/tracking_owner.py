"""What the holder of the owner link may do on a case's page. Everything is a POST: mail programs open links by themselves."""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cases import owner, publications
from cases.models import Case
from cases.new_report import PhotoUpload
from engine.base import transaction
from engine.errors import Invalid
from web.guards import public
from web.pages.public import case_words, said
from web.pages.public.blueprint import pages
from web.pages.public.tracking import page, sealed, secret_sent
from web.security import limiter

ANSWERS_PER_ADDRESS = "30 per 10 minutes"


@pages.post("/c/<code>/answer")
@public
@limiter.shared_limit(ANSWERS_PER_ADDRESS, scope="owners")
def answer(code: str) -> ResponseReturnValue:
    """Answer what the city asked. Raises: CaseNotFound, NotTheOwner, MessageNotAwaited."""
    case = _case(code)
    files = [file for file in request.files.getlist("photos") if file.filename]
    try:
        with transaction():
            photos = [PhotoUpload(file.filename or "", file.read()) for file in files]
            owner.answer_question(case, request.form.get("text", ""), photos)
    except Invalid as error:
        return page(_case(code), 422, answers=request.form, **_problems(error))
    flash(_("Thank you. Your answer has been sent and the clock goes on."), "success")
    return _back(case)


@pages.post("/c/<code>/feedback")
@public
@limiter.shared_limit(ANSWERS_PER_ADDRESS, scope="owners")
def feedback(code: str) -> ResponseReturnValue:
    """Judge the result. Raises: CaseNotFound, NotTheOwner, FeedbackNotAwaited."""
    case = _case(code)
    stars, verdict = request.form.get("stars", ""), request.form.get("verdict", "")
    try:
        with transaction():
            owner.give_feedback(
                case, verdict, int(stars) if stars.isdecimal() else None, request.form.get("comment", "")
            )
    except Invalid as error:
        return page(_case(code), 422, answers=request.form, **_problems(error))
    flash(_thanks(verdict, case), "success")
    return _back(case)


@pages.get("/c/<code>/withdrawal")
@public
def withdrawal(code: str) -> ResponseReturnValue:
    """Ask whether it is meant. Raises: CaseNotFound, NotTheOwner."""
    case = publications.view(_case(code), owner=True)
    drawn = render_template("public/withdrawal.html", case=case, title=case_words.title(case), secret=secret_sent())
    return sealed(make_response(drawn), is_private=True)


@pages.post("/c/<code>/withdrawal")
@public
@limiter.shared_limit(ANSWERS_PER_ADDRESS, scope="owners")
def withdraw(code: str) -> ResponseReturnValue:
    """Take the report back. Raises: CaseNotFound, NotTheOwner, MessageNotAwaited."""
    case = _case(code)
    with transaction():
        owner.withdraw(case, request.form.get("reason", ""))
    flash(_("Your report has been withdrawn."), "success")
    return _back(case)


def _case(code: str) -> Case:
    return owner.case_for(code, secret_sent())


def _back(case: Case) -> ResponseReturnValue:
    return redirect(url_for(".case", code=case.tracking_code, k=secret_sent()), 303)


def _problems(error: Invalid) -> dict[str, object]:
    return said.problems(error.problems)


def _thanks(verdict: str, case: Case) -> str:
    if verdict == "not_fixed" and case.closed_at is None:
        return _("Thank you. The case has been reopened; the new deadline is below.")
    return _("Thank you for your judgement.")
