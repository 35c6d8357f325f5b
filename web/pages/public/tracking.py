"""Following a case: everybody by its code, its owner with the secret of the link.

The secret travels in the address and in hidden fields only: these pages send no referrer and are kept in no cache.
"""

from __future__ import annotations

from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

import words
from cases import cases, owner, public_log, publications, reports
from cases.cases import CaseNotFound
from cases.models import Case
from cases.publications import PublicCase, PublicPhoto, PublicResult
from web.guards import public
from web.pages.public import case_words, reckoning, showing
from web.pages.public.blueprint import pages
from web.pages.public.report_place import SUPPORTS_PER_ADDRESS, support
from web.security import limiter


@pages.get("/c/<code>")
@public
def case(code: str) -> ResponseReturnValue:
    """Where a case stands."""
    try:
        found = cases.find_by_code(code)
    except CaseNotFound as missing:
        return no_such_case(code, missing.near)
    secret = secret_sent()
    if found.tracking_code != code:
        return redirect(url_for(".case", code=found.tracking_code, k=secret or None))
    return page(found)


@pages.post("/c/<code>/support")
@public
@limiter.shared_limit(SUPPORTS_PER_ADDRESS, scope="supports")
def also_affected(code: str) -> ResponseReturnValue:
    """Say "me too". Raises: CaseNotFound."""
    return redirect(url_for(".case", code=support(code)), 303)


def no_such_case(asked: str, near: list[str]) -> ResponseReturnValue:
    """The answer to a code nobody has: existing ones that are one typo away."""
    return render_template("public/no_such_case.html", asked=asked, near=near), 404


def secret_sent() -> str:
    """The secret of the owner link, from the address or a form."""
    return str(request.values.get("k", ""))


def page(case: Case, status: int = 200, **more: Any) -> ResponseReturnValue:
    """The page of a case for whoever asks; `more` are a form's answers and problems."""
    secret = secret_sent()
    is_owner = bool(secret) and _is_owner(case, secret)
    if secret and not is_owner:
        flash(_("This link does not give the rights of the reporter. You see what everybody sees."), "warning")
    seen = publications.view(case, owner=is_owner)
    response = make_response(render_template("public/case.html", **{**_context(case, seen, secret), **more}), status)
    return sealed(response, is_private=is_owner)


def sealed(response: Any, *, is_private: bool) -> Any:
    """No referrer, no search engine; nothing of an owner's page is kept."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Cache-Control"] = "no-store" if is_private else "no-cache"
    return response


def _is_owner(case: Case, secret: str) -> bool:
    try:
        owner.case_for(case.tracking_code, secret)
    except owner.NotTheOwner:
        return False
    return True


def _context(case: Case, seen: PublicCase, secret: str) -> dict[str, Any]:
    is_shown = seen.is_owner or not seen.is_sensitive
    return {
        "case": seen,
        "secret": secret if seen.is_owner else "",
        "title": case_words.title(seen),
        "badge": showing.badge(seen.deadline),
        "steps": case_words.steps(seen.steps),
        "log": [case_words.entry(line) for line in public_log.lines(case, owner=seen.is_owner)],
        "reckoning": reckoning.of(case) if is_shown else None,
        "usual_text": words.usual(seen.usual),
        "usual_basis": words.basis(seen.usual) if seen.usual else "",
        "answer_until": public_log.answer_until(case) if seen.question else None,
        "told_at": _told_at(case, seen),
        "photos": _photos(seen.publication),
        "own": _own(case, secret) if seen.is_owner else [],
        "map": _map(seen),
        "refusal_reason": case_words.refusal_reason(seen.refusal.reason) if seen.refusal else "",
        "what_now": case_words.what_now(seen.refusal.reason) if seen.refusal else "",
        "can_withdraw": seen.is_owner and seen.closed_at is None and seen.resolved_at is None,
        "can_support": not seen.is_sensitive and not seen.is_owner and seen.closed_at is None,
        "answers": {},
        "summary": [],
        "errors": {},
    }


def _told_at(case: Case, seen: PublicCase) -> Any:
    """When the leaders learned that the deadline has passed."""
    if seen.deadline is None or seen.deadline.state != "overdue":
        return None
    told = (line.at for line in public_log.lines(case, owner=True) if line.name == "deadline_breached")
    return next(told, None)


def _photos(result: PublicResult | None) -> dict[str, Any]:
    """One photo before and one after side by side, the others below."""
    shown = [_photo(one) for one in result.photos] if result else []
    before = next((one for one in shown if one["kind"] == "report"), None)
    after = next((one for one in shown if one["kind"] == "result"), None)
    if before is None or after is None:
        return {"before": None, "after": None, "rest": shown}
    return {"before": before, "after": after, "rest": [one for one in shown if one not in (before, after)]}


def _photo(photo: PublicPhoto) -> dict[str, Any]:
    big = url_for(".photo", photo_id=photo.id, size="large")
    small = url_for(".photo", photo_id=photo.id, size="small")
    text = photo.caption or (_("After the work") if photo.kind == "result" else _("Before the work"))
    return {"kind": photo.kind, "src": small, "full": big, "text": text}


def _own(case: Case, secret: str) -> list[dict[str, Any]]:
    """What the owner has told, with their photos."""
    address: dict[str, Any] = {"code": case.tracking_code, "k": secret}
    return [
        {
            "text": report.text,
            "at": report.received_at,
            "is_answer": report.channel == reports.ANSWER,
            "photos": [
                {
                    "src": url_for(".own_photo", photo_id=photo.id, size="small", **address),
                    "full": url_for(".own_photo", photo_id=photo.id, size="large", **address),
                    "text": _("Photo %(n)s", n=number),
                }
                for number, photo in enumerate(report.attachments, start=1)
            ],
        }
        for report in case.reports
    ]


def _map(seen: PublicCase) -> dict[str, Any] | None:
    """The ward with its neighbours, and where in it."""
    if seen.position is None:
        return None
    latitude, longitude = seen.position
    here = seen.area.code if seen.area else None
    areas = [
        {**area, "here": area["code"] == here, "name": area["name"] if area["code"] == here or here is None else ""}
        for area in showing.areas()
    ]
    return {
        "areas": areas,
        "bounds": showing.bounds_around(here),
        "points": [
            {
                "lat": latitude,
                "lon": longitude,
                "state": seen.deadline.state.value if seen.deadline else "",
                "title": "",
            }
        ],
        "summary": _(
            "The place is in %(area)s, shown to about 100 metres.", area=words.local_name(seen.area) or _("the city")
        ),
    }
