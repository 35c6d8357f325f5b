"""Looking for cases: by their code, by words of title and address, by status, unit and category. Only what the reader may see."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

import words
from cases import city, codes, deadlines, finding, risks
from cases.finding import ORDERS, Wanted
from cases.models import Case, Deadline
from cases.new_report import tidy_text
from engine import clock
from engine.errors import Invalid, Problem
from web.guards import person, signed_in
from web.pages.staff import case_parts, narrowing, rows
from web.pages.staff import inbox as inbox_page

PER_PAGE = 30
#: Names in the address.
ASKED = {
    "text": "q",
    "status": "status",
    "unit": "unit",
    "category": "category",
    "area": "area",
    "promise": "promise",
    "received_from": "from",
    "received_to": "to",
}

pages = Blueprint("search", __name__)


@pages.get("/work/search")
@signed_in
def search() -> ResponseReturnValue:
    """A code opens its case; anything else gives a list. Raises: Invalid, InvalidCursor."""
    wanted, order, after = read(), _order(), request.args.get("after", "")
    code = codes.normalise(wanted.text, city.settings().prefix)
    if code:
        return redirect(url_for("case_file.summary", code=code))
    lines, following, is_cut = _page(wanted, order, after or None)
    choices = {
        "status": narrowing.statuses(),
        "unit": narrowing.units(),
        "category": narrowing.categories(),
        "area": narrowing.areas(),
        "promise": narrowing.promises(),
        "order": narrowing.orders(),
    }
    kept = {"order": order if order != ORDERS[0] else None}
    return render_template(
        "staff/search.html",
        wanted=wanted,
        choices=choices,
        order=order,
        active=_active(wanted, choices, kept),
        cases=lines,
        is_cut=is_cut,
        first_href=href(wanted, **kept) if after else None,
        next_href=href(wanted, after=following, **kept) if following else None,
        rail=rows.rail(person()),
        **inbox_page.extras(),
    )


def _order() -> str:
    """Raises: Invalid (`order` not_an_option)."""
    order = request.args.get("order") or ORDERS[0]
    if order not in ORDERS:
        raise Invalid([Problem("order", "not_an_option")])
    return order


def _page(wanted: Wanted, order: str, after: str | None) -> tuple[list[dict[str, object]], str | None, bool]:
    """The lines in this order, the cursor of the page after, and whether there are more than were put in order."""
    if order == "risk":
        risky = risks.page(person(), wanted, after=after, limit=PER_PAGE)
        said = {one.case.id: words.risk(one.risk) for one in risky.rows if one.risk is not None and one.risk < 1}
        return _lines([(one.case, one.deadline) for one in risky.rows], said), risky.next, risky.is_cut
    found = finding.page(person(), wanted, after=after, limit=PER_PAGE)
    return _lines(found.rows, {}), found.next, False


def read() -> Wanted:
    """What this request looks for. Raises: Invalid (`status`, `promise` not_an_option, `from`, `to` not_a_day)."""
    asked = {name: tidy_text(request.args.get(parameter)) for name, parameter in ASKED.items()}
    problems = [
        Problem(name, "not_an_option")
        for name, known in (("status", words.STATUSES), ("promise", finding.PROMISES))
        if asked[name] and asked[name] not in known
    ]
    days = {name: _day(ASKED[name], asked[name], problems) for name in ("received_from", "received_to")}
    if problems:
        raise Invalid(problems)
    wanted: dict[str, Any] = {**asked, **days}
    return Wanted(**wanted)


def _day(where: str, written: str, problems: list[Problem]) -> date | None:
    try:
        day = date.fromisoformat(written) if written else None
    except ValueError:
        day = None
    if written and (day is None or not 2000 <= day.year <= 2100):
        problems.append(Problem(where, "not_a_day"))
    return day


def href(wanted: Wanted, **changed: object) -> str:
    """The address of this search with something changed, or with None dropped."""
    asked = {ASKED.get(name, name): value for name, value in {**asdict(wanted), **changed}.items() if value}
    return f"{url_for('search.search')}?{urlencode(asked)}" if asked else url_for("search.search")


def _active(
    wanted: Wanted, choices: dict[str, list[narrowing.Choice]], kept: dict[str, str | None]
) -> list[dict[str, str]]:
    """What narrows the list, each with the address of the list without it."""
    names = {name: {one["value"]: one["label"] for one in offered} for name, offered in choices.items()}
    said = {
        name: names.get(name, {}).get(value, f"“{value}”")
        for name, value in asdict(wanted).items()
        if value and name not in ("received_from", "received_to")
    }
    for name, day in (("received_from", wanted.received_from), ("received_to", wanted.received_to)):
        if day:
            said[name] = (_("from %(day)s") if name == "received_from" else _("to %(day)s")) % {
                "day": f"{day:%d/%m/%Y}"
            }
    return [{"text": text, "without": href(wanted, **{name: None}, **kept)} for name, text in said.items()]


def _lines(
    found: list[tuple[Case, Deadline]] | list[tuple[Case, Deadline | None]], risk: dict[int, str]
) -> list[dict[str, object]]:
    photos = case_parts.first_photos(case.id for case, _ in found)
    return [
        {
            **rows.of_case(case),
            "href": url_for("case_file.summary", code=case.tracking_code),
            "status": case.status,
            "photo": photos[case.id]["src"] if case.id in photos else None,
            "deadline": words.deadline(deadlines.view(deadline, at=clock.now())) if deadline else None,
            "risk": risk.get(case.id),
            "updated_text": f"{case.tracking_code} · {words.day(case.opened_at)}",
        }
        for case, deadline in found
    ]
