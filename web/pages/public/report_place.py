"""Reporting, second step: where it is, who will get it, and whether somebody has reported it already."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

import words
from cases import cases, city, duplicates, routing
from cases.cases import CaseNotFound
from cases.models import Area, Category
from cases.new_report import LONGEST_LINE, tidy_text
from engine import clock
from engine.base import transaction
from engine.errors import DefinitionNotFound, Problem
from web.guards import public
from web.pages.public import drafts, kinds, said, showing
from web.pages.public.blueprint import pages
from web.pages.public.drafts import Draft
from web.pages.public.report import category_of
from web.security import limiter

#: How often one address may say "me too".
SUPPORTS_PER_ADDRESS = "20 per 10 minutes"


@dataclass(frozen=True)
class Outlook:
    """What follows from a place: the area, who gets the report, until when it is usually done, and cases close by."""

    area: str
    unit: str
    promise: str
    nearby: list[dict[str, Any]]


@pages.get("/report/where")
@public
def where() -> ResponseReturnValue:
    """Ask for the place."""
    draft = drafts.load(request.args.get("d", ""))
    if draft.sent:
        return redirect(url_for(".done", code=draft.sent))
    if not draft.category:
        return redirect(url_for(".report", d=draft.id))
    return _page(draft, [])


@pages.post("/report/where")
@public
def tell_where() -> ResponseReturnValue:
    """Keep the place, then go on; cases close by are shown once before."""
    draft = drafts.load(request.form.get("d", ""))
    _take(draft)
    problems = _missing(draft)
    near = [] if problems else _nearby(draft)
    unseen = [one for one in near if one.tracking_code not in {*draft.seen, *request.form.getlist("seen")}]
    draft.seen = sorted({*draft.seen, *(one.tracking_code for one in near)})
    drafts.save(draft)
    if problems:
        return _page(draft, problems), 422
    if unseen:
        return redirect(url_for(".where", d=draft.id, _anchor="outlook"), 303)
    return redirect(url_for(".contact", d=draft.id), 303)


@pages.get("/report/outlook")
@public
def outlook() -> ResponseReturnValue:
    """While the pin is moved: who will get it, and what is close by. A part of the page; keeps nothing."""
    draft = drafts.load(request.args.get("d", ""))
    _take(draft)
    return render_template("public/_outlook.html", outlook=_outlook(draft), draft=draft)


@pages.post("/report/support")
@public
@limiter.shared_limit(SUPPORTS_PER_ADDRESS, scope="supports")
def support_instead() -> ResponseReturnValue:
    """Somebody has reported it already: one more person affected, and no second report."""
    draft = drafts.load(request.form.get("d", ""))
    code = support(request.form.get("support", ""))
    drafts.discard(draft)
    return redirect(url_for(".case", code=code), 303)


def support(tracking_code: str) -> str:
    """Say "me too" to a case, once for each visitor; the code of the case that counts it. Raises: CaseNotFound."""
    case = cases.find_by_code(tracking_code)
    if case.is_sensitive:
        raise CaseNotFound(tracking_code)
    counted = list(session.get("supported", []))
    if case.tracking_code in counted:
        flash(_("You have already said that you have this problem too."))
        return case.tracking_code
    with transaction():
        joined = cases.support(case)
    session["supported"] = [*counted, case.tracking_code, joined.tracking_code][-100:]
    flash(_("Thank you. You are counted as also affected; you can follow the case here."), "success")
    return joined.tracking_code


# ---------------------------------------------------------------------------------------------------------- taking


def _take(draft: Draft) -> None:
    draft.latitude, draft.longitude = kinds.number_in("lat"), kinds.number_in("lon")
    draft.accuracy_m = kinds.number_in("accuracy") if draft.latitude is not None else None
    draft.area = request.values.get("area", "")
    draft.address = tidy_text(request.values.get("address"))[: LONGEST_LINE + 1]


def _missing(draft: Draft) -> list[Problem]:
    if len(draft.address) > LONGEST_LINE:
        return [Problem("address", "too_long", {"max": LONGEST_LINE})]
    if draft.area and draft.area not in {area["code"] for area in showing.areas()}:
        return [Problem("area", "unknown")]
    if not draft.is_placed:
        return [Problem("area", "required")]
    return [] if _is_inside(draft) else [Problem("area", "out_of_area")]


def _is_inside(draft: Draft) -> bool:
    if draft.latitude is None or draft.longitude is None:
        return True
    south, west, north, east = city.settings().bounding_box
    return south <= draft.latitude <= north and west <= draft.longitude <= east


# ---------------------------------------------------------------------------------------------------------- outlook


def _outlook(draft: Draft) -> Outlook | None:
    """Nothing before there is a place inside the city."""
    category = category_of(draft)
    if category is None or not draft.is_placed or not _is_inside(draft):
        return None
    area = _area(draft)
    return Outlook(
        area=words.local_name(area),
        unit=receiver(category, area),
        promise=kinds.promise_text(category),
        nearby=[_shown(one, category) for one in _nearby(draft)],
    )


def area_of(draft: Draft) -> Area | None:
    """The area of a draft: where the pin is, else the one chosen."""
    return _area(draft)


def receiver(category: Category, area: Area | None) -> str:
    """Who would get it."""
    try:
        return words.local_name(routing.responsible(category, area))
    except DefinitionNotFound:
        return ""


def _area(draft: Draft) -> Area | None:
    if draft.latitude is not None and draft.longitude is not None:
        return routing.area_at(draft.latitude, draft.longitude)
    return next((area for area in showing.area_rows() if area.code == draft.area), None)


def _nearby(draft: Draft) -> list[duplicates.Nearby]:
    if draft.latitude is None or draft.longitude is None:
        return []
    return duplicates.nearby(draft.category, draft.latitude, draft.longitude)


def _shown(found: duplicates.Nearby, category: Category) -> dict[str, Any]:
    return {
        "title": words.local_name(category),
        "code": found.tracking_code,
        "href": url_for(".case", code=found.tracking_code),
        "status": found.status,
        "supporters": found.supporters,
        "distance": _("%(n)s m away", n=found.distance_m),
        "age": _age(found.opened_at),
    }


def _age(opened_at: datetime) -> str:
    days = (clock.now() - opened_at).days
    return _("today") if days < 1 else _("%(n)s days ago", n=days) if days > 1 else _("yesterday")


def _page(draft: Draft, problems: list[Problem]) -> str:
    category = category_of(draft)
    return render_template(
        "public/report_where.html",
        draft=draft,
        call_first=kinds.call_first(draft.text, category),
        areas=showing.areas(),
        bounds=showing.bounds(),
        outlook=_outlook(draft),
        area_options=[{"value": area["code"], "label": area["name"]} for area in showing.areas()],
        **said.problems(problems),
    )
