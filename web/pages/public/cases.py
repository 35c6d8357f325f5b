"""The public list with its map: filters are part of the address, so a search can be kept, shared and gone back to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

import words
from cases import public_list, suggestions
from cases.new_report import tidy_text
from cases.public_list import OVERDUE, STATUSES, Filters, Page
from web.guards import public
from web.pages.public import showing
from web.pages.public.blueprint import pages

PER_PAGE, ON_MAP = 20, 300
LONGEST_FILTER = 100
#: Names of filters in the address.
ASKED = {"text": "q", "category": "category", "field": "field", "area": "area", "status": "status"}


@pages.get("/cases")
@public
def list_cases() -> ResponseReturnValue:
    """Cases that match, newest first, beside their map."""
    filters = read(request.args)
    found = public_list.page(
        filters,
        limit=PER_PAGE,
        older_than=tidy_text(request.args.get("before")),
        newer_than=tidy_text(request.args.get("after")),
    )
    number = public_list.count(filters)
    labels = _labels(filters)
    return render_template(
        "public/cases.html",
        filters=filters,
        choices=_choices(),
        lines=[showing.line(one) for one in found.lines],
        number=number,
        number_text=_("1 report") if number == 1 else _("%(n)s reports", n=number),
        active=[{"text": labels[name], "without": _address(filters.without(name))} for name in filters.active],
        drops=_drops(filters, labels) if not found.lines else [],
        older=_address(filters, before=found.older_than) if found.older_than else None,
        newer=_address(filters, after=found.newer_than) if found.newer_than else None,
        **_map(filters, found),
    )


def read(args: Mapping[str, str]) -> Filters:
    """The filters in an address."""
    return Filters(**{name: tidy_text(args.get(asked))[:LONGEST_FILTER] for name, asked in ASKED.items()})


def _address(filters: Filters, **more: Any) -> str:
    asked: dict[str, Any] = {ASKED[name]: getattr(filters, name) for name in filters.active}
    return url_for(".list_cases", **asked, **more)


def _map(filters: Filters, found: Page) -> dict[str, Any]:
    """The whole map, whichever page of the list is shown; nothing when nothing matches."""
    spots = public_list.spots(filters, limit=ON_MAP) if found.lines else []
    summary = _("Map of the wards and communes with %(n)s of the reports in the list.", n=len(spots))
    areas = [{**area, "here": area["code"] == filters.area} for area in showing.areas()]
    return {
        "areas": areas,
        "bounds": showing.bounds(),
        "points": [showing.point(one) for one in spots],
        "map_summary": summary,
    }


def _choices() -> dict[str, list[dict[str, str]]]:
    english = showing.locale() == "en"
    statuses = [{"value": code, "label": words.status(code)} for code in STATUSES]
    return {
        "category": [
            {"value": one.code, "label": words.local_name(one), "group": one.field_en if english else one.field_vi}
            for one in suggestions.categories()
            if not one.is_sensitive
        ],
        "area": [{"value": area["code"], "label": area["name"]} for area in showing.areas()],
        "status": [*statuses, {"value": OVERDUE, "label": _("Overdue")}],
    }


def _labels(filters: Filters) -> dict[str, str]:
    """What each active filter is called."""
    choices = _choices()

    def label(name: str, value: str) -> str:
        return next((choice["label"] for choice in choices[name] if choice["value"] == value), value)

    return {
        "text": f"“{filters.text}”",
        "field": filters.field,
        "category": label("category", filters.category),
        "area": label("area", filters.area),
        "status": label("status", filters.status),
    }


def _drops(filters: Filters, labels: Mapping[str, str]) -> list[dict[str, str]]:
    """When nothing matches: which single filter to drop, and what that would find."""
    found = []
    for name in filters.active:
        without = filters.without(name)
        number = public_list.count(without)
        if number:
            text = _("Without “%(filter)s” you would find: %(n)s", filter=labels[name].strip("“”"), n=number)
            found.append({"text": text, "href": _address(without)})
    return found
