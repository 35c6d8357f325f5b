"""What the public reads of a case's result, and how it is corrected: taken back, shown again, said in other words."""

from __future__ import annotations

from dataclasses import dataclass, field

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

import words
from cases import access, corrections
from cases.models import Case, Publication
from engine.base import transaction
from engine.errors import Invalid, NotFound
from web.guards import MayNotOpen, person, signed_in
from web.pages.staff import case_file, case_parts, naming

pages = Blueprint("case_publication", __name__)


class NeverPublished(NotFound):
    """This case has no result that was once meant for the public."""


@dataclass
class Draft:
    """What somebody was about to say, with what was wrong about it."""

    act: str = ""
    reason: str = ""
    title: str | None = None
    result: str | None = None
    photo_ids: list[int] | None = None
    problems: dict[str, str] = field(default_factory=dict)


@pages.get("/work/c/<code>/publication")
@signed_in
def publication(code: str) -> ResponseReturnValue:
    """The result as the public reads it, or read it once."""
    return _shown(case_file.visible(code), Draft())


@pages.post("/work/c/<code>/publication")
@signed_in
def publish_again(code: str) -> ResponseReturnValue:
    """Show it again, or in other words."""
    case = _correctable(code)
    draft = Draft(
        "publish",
        request.form.get("reason", ""),
        request.form.get("title", ""),
        request.form.get("result", ""),
        [int(one) for one in request.form.getlist("photo_ids") if one.isdecimal() and len(one) < 10],  # a row's id
    )
    try:
        with transaction():
            corrections.publish_again(
                case,
                draft.reason,
                title=draft.title,
                result=draft.result,
                photo_ids=draft.photo_ids,
                by=person().username,
            )
    except Invalid as error:
        return _refused(case, draft, error)
    flash(_("The result is public as it stands here."), "toast")
    return redirect(url_for("case_publication.publication", code=case.tracking_code), 303)


@pages.post("/work/c/<code>/publication/withdrawal")
@signed_in
def withdraw(code: str) -> ResponseReturnValue:
    """Take it off every public page."""
    case, draft = _correctable(code), Draft("withdraw", request.form.get("reason", ""))
    try:
        with transaction():
            corrections.withdraw(case, draft.reason, by=person().username)
    except Invalid as error:
        return _refused(case, draft, error)
    flash(_("The result has been taken back. It is kept here and can be published again."), "toast")
    return redirect(url_for("case_publication.publication", code=case.tracking_code), 303)


def _refused(case: Case, draft: Draft, error: Invalid) -> ResponseReturnValue:
    draft.problems = {one.where: words.problem_text(one) for one in error.problems}
    return _shown(case, draft), 422


def _shown(case: Case, draft: Draft) -> str:
    found = _publication(case)
    chosen = [one.attachment_id for one in found.photos] if draft.photo_ids is None else draft.photo_ids
    photos = case_parts.photos(case)
    by_id = {one["id"]: one for one in photos}
    return case_file.section_page(
        "publication",
        case,
        publication=found,
        is_public=found.withdrawn_at is None,
        by=naming.person_name(found.published_by),
        public_photos=[by_id[one.attachment_id] for one in found.photos if one.attachment_id in by_id],
        photos=[{**one, "is_chosen": one["id"] in chosen} for one in photos],
        draft=draft,
        problems=[{"where": where, "text": text} for where, text in draft.problems.items()],
        title=found.title if draft.title is None else draft.title,
        result=(found.result or "") if draft.result is None else draft.result,
        may_correct=access.may_correct_publication(person(), case) and corrections.can_be_public(case),
    )


def _publication(case: Case) -> Publication:
    """Raises: NeverPublished."""
    if case.publication is None:
        raise NeverPublished(case.tracking_code)
    return case.publication


def _correctable(code: str) -> Case:
    """Raises: CaseNotFound, MayNotOpen, NeverPublished."""
    case = case_file.visible(code)
    if not access.may_correct_publication(person(), case):
        raise MayNotOpen
    _publication(case)
    return case
