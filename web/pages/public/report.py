"""Reporting, first step: what is happening. Photos and words first, then the city guesses what it is about."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from cases import attachments, suggestions
from cases.models import Category
from cases.new_report import LONGEST_TEXT, MOST_PHOTOS, SHORTEST_TEXT, tidy_text
from engine.errors import Invalid, Problem
from web.guards import public
from web.pages.public import drafts, said
from web.pages.public.blueprint import pages
from web.pages.public.drafts import Draft
from web.pages.public.kinds import Kinds, number_in
from web.security import limiter

#: Beginning costs the server some disk; a person begins seldom.
BEGINNINGS_PER_ADDRESS = "60 per 10 minutes"


@pages.get("/report")
@public
def report() -> ResponseReturnValue:
    """Ask what is happening; with `d`, as far as it has been told."""
    asked = request.args.get("d")
    draft = drafts.load(asked) if asked else None
    if draft is not None and draft.sent:
        return redirect(url_for(".done", code=draft.sent))
    return _page(draft or Draft("", "", ""), [])


@pages.post("/report")
@public
@limiter.shared_limit(BEGINNINGS_PER_ADDRESS, scope="begin reports")
def tell_what() -> ResponseReturnValue:
    """Keep what was told, then go on, or show what is still missing."""
    asked = request.form.get("d")
    draft = drafts.load(asked) if asked else drafts.begin()
    problems = _take(draft)
    drafts.save(draft)
    if "remove" in request.form:
        return redirect(url_for(".report", d=draft.id, _anchor="f-photos"), 303)
    if request.form.get("website"):
        problems.append(Problem("", "trapped"))
    problems += _missing(draft)
    if problems:
        return _page(draft, problems), 422
    if not draft.category:
        return redirect(url_for(".report", d=draft.id, _anchor="kind"), 303)
    return redirect(url_for(".where", d=draft.id), 303)


@pages.post("/report/suggestions")
@public
def suggest() -> ResponseReturnValue:
    """While somebody types: what it may be about. A part of the page."""
    kinds = Kinds.of(request.form.get("text", ""), _chosen())
    return render_template("public/_kind.html", kinds=kinds, errors={})


@pages.get("/report/photos/<draft_id>/<name>")
@public
def draft_photo(draft_id: str, name: str) -> ResponseReturnValue:
    """A photo of a report that is being written, for its writer."""
    response = send_file(drafts.thumbnail(drafts.load(draft_id), name), mimetype=attachments.MEDIA_TYPE)
    response.cache_control.private = True
    return response


# ---------------------------------------------------------------------------------------------------------- taking


def _take(draft: Draft) -> list[Problem]:
    """Put what was sent into the draft; what is wrong with the photos."""
    draft.text = tidy_text(request.form.get("text"))[: LONGEST_TEXT * 2]
    draft.category = _chosen()
    if draft.latitude is None:
        draft.latitude, draft.longitude = number_in("lat"), number_in("lon")
        draft.accuracy_m = number_in("accuracy")
    if "remove" in request.form:
        drafts.remove_photo(draft, request.form["remove"])
    sent = [file for file in request.files.getlist("photos") if file.filename]
    room = MOST_PHOTOS - len(draft.photos)
    problems = [problem for file in sent[:room] for problem in _add(draft, file)]
    if len(sent) > room:
        problems.append(Problem("photos", "too_many", {"max": MOST_PHOTOS}))
    return problems


def _add(draft: Draft, file: FileStorage) -> list[Problem]:
    try:
        drafts.add_photo(draft, attachments.read(file.read()))
    except Invalid as error:
        name = tidy_text(file.filename)[:100]
        return [Problem(one.where, one.code, {**one.params, "filename": name}) for one in error.problems]
    return []


def _chosen() -> str:
    """The category chosen, if it is one."""
    chosen = request.form.get("category", "")
    code = request.form.get("other_category", "") if chosen in ("", "other") else chosen
    return code if code in {category.code for category in suggestions.categories()} else ""


def _missing(draft: Draft) -> list[Problem]:
    if not draft.text and not draft.photos:
        return [Problem("text", "required")]
    found = []
    if len(draft.text) < SHORTEST_TEXT and not draft.photos:
        found.append(Problem("text", "too_short", {"min": SHORTEST_TEXT}))
    if len(draft.text) > LONGEST_TEXT:
        found.append(Problem("text", "too_long", {"max": LONGEST_TEXT}))
    if not draft.category and "kind_asked" in request.form:
        found.append(Problem("category", "required"))
    return found


# ---------------------------------------------------------------------------------------------------------- showing


def _page(draft: Draft, problems: list[Problem]) -> str:
    is_begun = bool(draft.text or draft.photos)
    return render_template(
        "public/report_what.html",
        draft=draft,
        kinds=Kinds.of(draft.text, draft.category) if is_begun else None,
        photos=_photos(draft),
        room=MOST_PHOTOS - len(draft.photos),
        **said.problems(problems),
    )


def _photos(draft: Draft) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "src": url_for(".draft_photo", draft_id=draft.id, name=name),
            "text": _("Photo %(n)s", n=number),
            "remove": _("Remove photo %(n)s", n=number),
        }
        for number, name in enumerate(draft.photos, start=1)
    ]


def category_of(draft: Draft) -> Category | None:
    """The row of the chosen category."""
    return next((one for one in suggestions.categories() if one.code == draft.category), None)
