"""The inbox: views in the rail, a list, and beside it what waits."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cases import city, codes
from web.guards import person, signed_in
from web.pages.staff import frame, rows

pages = Blueprint("inbox", __name__)
pages.app_context_processor(frame.context)


@pages.get("/work")
@signed_in
def work() -> ResponseReturnValue:
    """The list of a view; a tracking code in the search opens its case at once."""
    code = codes.normalise(request.args.get("q", ""), city.settings().prefix)
    if code:
        return redirect(url_for("case_file.summary", code=code))
    listing = rows.listing(person())
    return render_template("staff/inbox.html", listing=listing, rail=rows.rail(person(), listing.view), **extras())


def extras() -> dict[str, object]:
    """What stands below the views in the rail."""
    return {"may_read_mail": frame.may_read_mail(person())}
