"""Reporting, third step: how to tell the result, a last look, and off it goes, once."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

import words
from cases import reports
from cases.new_report import LONGEST_LINE, NewReport, PhotoUpload, tidy_text
from cases.reports import Submitted
from engine.base import transaction
from engine.errors import InvalidReport, Problem
from web.guards import public
from web.pages.public import drafts, kinds, said
from web.pages.public.blueprint import pages
from web.pages.public.drafts import Draft
from web.pages.public.report import category_of
from web.pages.public.report_place import area_of, receiver
from web.pages.public.showing import locale
from web.security import REPORTS_PER_ADDRESS, limiter

#: Which sentence about personal data a reporter has seen; to be raised whenever its meaning changes.
CONSENT_VERSION = "2026-11"
WAYS = ("email", "phone", "none")
#: Receipts one browser can come back to.
REMEMBERED = 20


@pages.get("/report/contact")
@public
def contact() -> ResponseReturnValue:
    """Ask how to tell the result, and show everything once more."""
    draft = drafts.load(request.args.get("d", ""))
    return _elsewhere(draft) or _page(draft, [])


@pages.post("/report/contact")
@public
@limiter.shared_limit(REPORTS_PER_ADDRESS, scope="reports", deduct_when=lambda answer: answer.status_code == 303)
def send() -> ResponseReturnValue:
    """Send the report; or keep what was typed and go back to an earlier step."""
    draft = drafts.load(request.form.get("d", ""))
    away = _elsewhere(draft)
    if away is not None:
        return away
    _take(draft)
    drafts.save(draft)
    if request.form.get("back") in ("what", "where"):
        return redirect(url_for(".report" if request.form["back"] == "what" else ".where", d=draft.id), 302)
    problems = _missing(draft)
    if problems:
        return _page(draft, problems), 422
    try:
        new = _new_report(draft)
        with transaction():
            submitted = reports.submit(new, by="reporter")
    except InvalidReport as error:
        return _page(draft, error.problems), 422
    except FileNotFoundError:  # the first of two clicks has just sent it and put the photos away
        return redirect(url_for(".contact", d=draft.id), 303)
    return _sent(draft, submitted)


def _sent(draft: Draft, submitted: Submitted) -> ResponseReturnValue:
    code = submitted.tracking_code
    drafts.finish(draft, code)
    session["sent"] = [*(one for one in session.get("sent", []) if one != code), code][-REMEMBERED:]
    return redirect(url_for(".done", code=code), 303)


def _elsewhere(draft: Draft) -> ResponseReturnValue | None:
    """Where to go instead when the draft is not at this step."""
    if draft.sent:
        session["sent"] = [*(one for one in session.get("sent", []) if one != draft.sent), draft.sent][-REMEMBERED:]
        return redirect(url_for(".done", code=draft.sent), 303)
    if not draft.category:
        return redirect(url_for(".report", d=draft.id), 302)
    if not draft.is_placed:
        return redirect(url_for(".where", d=draft.id), 302)
    return None


def _take(draft: Draft) -> None:
    draft.contact = request.form.get("contact", "")
    for name in ("contact_name", "contact_email", "contact_phone"):
        setattr(draft, name, tidy_text(request.form.get(name))[: LONGEST_LINE + 1])


def _missing(draft: Draft) -> list[Problem]:
    if request.form.get("website"):
        return [Problem("", "trapped")]
    if draft.contact not in WAYS:
        return [Problem("contact", "required")]
    asked = {"email": "contact_email", "phone": "contact_phone"}.get(draft.contact)
    return [Problem(asked, "required")] if asked and not getattr(draft, asked) else []


def _new_report(draft: Draft) -> NewReport:
    return NewReport(
        text=draft.text,
        category=draft.category,
        latitude=draft.latitude,
        longitude=draft.longitude,
        accuracy_m=draft.accuracy_m,
        address=draft.address or None,
        area=None if draft.latitude is not None else draft.area or None,
        contact_name=draft.contact_name or None if draft.contact != "none" else None,
        contact_email=draft.contact_email if draft.contact == "email" else None,
        contact_phone=draft.contact_phone if draft.contact == "phone" else None,
        consent_version=CONSENT_VERSION,
        locale=locale(),
        channel="web",
        photos=[PhotoUpload(f"{number}.jpg", content) for number, content in enumerate(drafts.contents(draft), 1)],
        idempotency_key=draft.token,
    )


def _page(draft: Draft, problems: list[Problem]) -> str:
    return render_template(
        "public/report_contact.html",
        draft=draft,
        ways=_ways(),
        told=_told(draft),
        photos=[url_for(".draft_photo", draft_id=draft.id, name=name) for name in draft.photos],
        **said.problems(problems),
    )


def _ways() -> list[dict[str, str]]:
    return [
        {"value": "email", "label": _("By e-mail"), "hint": _("You get the tracking link and every step.")},
        {"value": "phone", "label": _("By phone"), "hint": _("The unit that handles it can call you.")},
        {"value": "none", "label": _("No need (anonymous)"), "hint": _("You can still follow it with the code.")},
    ]


def _told(draft: Draft) -> list[dict[str, Any]]:
    """Everything told so far, for a last look; `back` is the step in which it can be mended."""
    category = category_of(draft)
    area = area_of(draft)
    place = ", ".join(part for part in (draft.address, words.local_name(area)) if part)
    rows = [
        {"term": _("What"), "text": draft.text or _("Only photos"), "back": "what"},
        {"term": _("Kind"), "text": words.local_name(category), "back": "what"},
        {"term": _("Place"), "text": place or _("The place on the map"), "back": "where"},
    ]
    if category is not None:
        rows += [
            {"term": _("Will go to"), "text": receiver(category, area)},
            {"term": _("Deadline"), "text": kinds.promise_text(category)},
        ]
    return [row for row in rows if row["text"]]
