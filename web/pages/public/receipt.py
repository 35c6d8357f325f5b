"""The receipt: the code, what happens next and until when, and the owner link for the browser that sent the report."""

from __future__ import annotations

from flask import current_app, make_response, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue

import words
from cases import cases, codes, deadlines, publications
from cases.models.deadlines import DeadlineKind
from web.guards import public
from web.pages.public.blueprint import pages


@pages.get("/report/done/<code>")
@public
def done(code: str) -> ResponseReturnValue:
    """Say that it was sent; in another browser this is just the case's page. Raises: CaseNotFound."""
    case = cases.find_by_code(code)
    if case.tracking_code not in session.get("sent", []):
        return redirect(url_for(".case", code=case.tracking_code))
    accept = deadlines.latest(case, DeadlineKind.ACCEPT)
    seen = publications.view(case, owner=True)
    page = render_template(
        "public/report_done.html",
        case=seen,
        usual_text=words.usual(seen.usual),
        accept_by=accept.due_at if accept else None,
        owner_link=url_for(".case", code=case.tracking_code, k=codes.owner_key(case.tracking_code)),
        site=current_app.config["CASEWAY"].public_url,
        has_contact=any(report.contact_email or report.contact_phone for report in case.reports),
    )
    response = make_response(page)
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    return response
