"""Open data: what the file of every night holds, the files, their roots, and how anybody can check them."""

from __future__ import annotations

from datetime import date

from flask import abort, jsonify, render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

import words
from cases import open_data
from cases.open_data import schema
from web.guards import public
from web.pages.public import figures
from web.pages.public.blueprint import pages

#: Roots listed on the page; all are in the file.
LISTED = 14
TYPES = {
    ".csv": "text/csv; charset=utf-8",
    ".jsonl": "application/x-ndjson",
    ".geojson": "application/geo+json",
    ".json": "application/json",
}


@pages.get("/open-data")
@public
def opened() -> ResponseReturnValue:
    """What there is, and how to check it."""
    newest, roots = open_data.latest(), open_data.history(LISTED).roots
    return render_template(
        "public/open_data.html",
        newest=newest,
        day=f"{newest.day:%d/%m/%Y}" if newest else "",
        as_of=words.moment(newest.as_of) if newest else "",
        files=[
            {"name": name, "href": url_for(".opened_file", day=newest.day.isoformat(), name=name), "size": _size(newest.files.get(name, {}).get("bytes"))}
            for name in open_data.FILES
        ]
        if newest
        else [],
        columns=[{"name": name, "said": schema.SAID[name]} for name in open_data.COLUMNS],
        licence=schema.LICENCE,
        roots=roots,
    )  # fmt: skip


@pages.get("/open-data/roots.json")
@public
def opened_roots() -> ResponseReturnValue:
    """Every root there was, each linked to the day before."""
    return jsonify(open_data.history().as_json())


@pages.get("/open-data/latest/<name>")
@public
def opened_latest(name: str) -> ResponseReturnValue:
    """The newest file of this name, at an address that stays."""
    newest = open_data.latest()
    if newest is None:
        abort(404)
    return opened_file(newest.day.isoformat(), name)


@pages.get("/open-data/<day>/<name>")
@public
def opened_file(day: str, name: str) -> ResponseReturnValue:
    """One file of one day."""
    try:
        known = date.fromisoformat(day).isoformat()
    except ValueError:
        abort(404)
    path = open_data.folder() / known / name
    if name not in open_data.FILES or not path.is_file():
        abort(404)
    answer = send_file(path, mimetype=TYPES[path.suffix], as_attachment=path.suffix != ".json", download_name=name)
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer


def _size(number: int | None) -> str:
    if number is None:
        return ""
    return (
        _("%(n)s KB", n=figures.number(number / 1000))
        if number < 1_000_000
        else _("%(n)s MB", n=figures.number(number / 1e6))
    )
