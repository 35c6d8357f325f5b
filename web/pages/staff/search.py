"""Looking for a case: by its code, or by words in its title and address. Only what the reader may see is found."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import selectinload

import words
from cases import access, city, codes, deadlines
from cases.inbox.conditions import matches
from cases.inbox.views import nearest_deadlines
from cases.models import Case, Person
from engine import clock
from engine.base import session
from web.guards import person, signed_in
from web.pages.staff import case_parts, rows
from web.pages.staff import inbox as inbox_page

#: Newest cases looked through; words that fit more have to be more exact.
LOOKED_AT = 300
MOST = 50

pages = Blueprint("search", __name__)


@pages.get("/work/search")
@signed_in
def search() -> ResponseReturnValue:
    """A code opens its case; words give a list."""
    text = request.args.get("q", "").strip()
    code = codes.normalise(text, city.settings().prefix)
    if code:
        return redirect(url_for("case_file.summary", code=code))
    found = find(person(), text) if text else []
    return render_template(
        "staff/search.html",
        text=text,
        cases=_lines(found[:MOST]),
        is_cut=len(found) > MOST,
        rail=rows.rail(person()),
        **inbox_page.extras(),
    )


def find(reader: Person, text: str) -> list[Case]:
    """The newest cases that fit and may be seen."""
    names = (selectinload(Case.category), selectinload(Case.area), selectinload(Case.unit))
    query = select(Case).where(*matches(text)).order_by(Case.opened_at.desc(), Case.id.desc()).limit(LOOKED_AT)
    return [case for case in session().scalars(query.options(*names)) if access.may_see_case(reader, case)]


def _lines(found: list[Case]) -> list[dict[str, object]]:
    nearest = nearest_deadlines(case.id for case in found)
    photos = case_parts.first_photos(case.id for case in found)
    return [
        {
            **rows.of_case(case),
            "href": url_for("case_file.summary", code=case.tracking_code),
            "code": case.tracking_code,
            "status": case.status,
            "photo": photos[case.id]["src"] if case.id in photos else None,
            "deadline": words.deadline(deadlines.view(nearest[case.id], at=clock.now()))
            if case.id in nearest
            else None,
            "updated_text": f"{case.tracking_code} · {words.day(case.opened_at)}",
        }
        for case in found
    ]
