"""Uploading a new version: checked as a whole; what is refused is kept, so that one mended file is enough."""

from __future__ import annotations

import base64
import binascii
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

import words
from cases import access
from engine import definitions
from engine.base import transaction
from engine.errors import InvalidDefinition, Problem
from engine.lint import Answers
from web.guards import allowed, person
from web.pages.staff import design

ENDINGS = (".bpmn", ".dmn", ".form")
LONGEST_NOTE, LONGEST_NAME = 2000, 200

pages = Blueprint("design_upload", __name__)


@pages.get("/design/new")
@allowed(access.may_deploy)
def form() -> ResponseReturnValue:
    """Ask for the files."""
    return _form({}, note="", is_active=True)


@pages.post("/design/new")
@allowed(access.may_deploy)
def upload() -> ResponseReturnValue:
    """Check and keep a version; with errors it can only be kept as a draft."""
    sent, note = _sent(), request.form.get("note", "").strip()
    files, is_active = {**_kept(), **dict(sent)}, "activate" in request.form
    problems = [*_problems(files, note), *_twice(sent)]
    if problems:
        return _form(files, note=note, is_active=is_active, problems=problems), 422
    try:
        with transaction():
            made = definitions.deploy(files, by=person().username, note=note, draft=not is_active, answers=_answers())
    except InvalidDefinition as error:
        return _form(files, note=note, is_active=is_active, findings=design.findings(error.findings)), 422
    flash(_said(made.version, is_active=is_active), "success")
    return redirect(url_for("design.version", key=made.key, version=made.version), 303)


def _answers() -> Answers:
    """What is meant where the drawing leaves something open."""
    return Answers("accept" in request.form, request.form.get("people", "").strip())


def _said(version: int, *, is_active: bool) -> str:
    if is_active:
        return _("Version %(version)s is live: new cases use it. Running cases stay on their version.", version=version)
    return _("Version %(version)s is kept as a draft.", version=version)


def _form(
    files: Mapping[str, bytes],
    *,
    note: str,
    is_active: bool,
    problems: Iterable[Mapping[str, str]] = (),
    findings: Iterable[Mapping[str, object]] = (),
) -> str:
    kept = [
        {"name": name, "content": f"{name}:{base64.b64encode(content).decode()}"} for name, content in files.items()
    ]
    said = list(problems)
    return render_template(
        "staff/design_new.html",
        kept=kept,
        note=note,
        is_active=is_active,
        problems=said,
        answers=_answers(),
        errors={problem["where"]: problem["text"] for problem in said},
        findings=list(findings),
    )


def _sent() -> list[tuple[str, bytes]]:
    """The files of this request; folders a browser tells are left out."""
    uploads = [upload for upload in request.files.getlist("files") if upload.filename]
    return [(PurePosixPath(str(upload.filename)).name, upload.read()) for upload in uploads]


def _twice(sent: Iterable[tuple[str, bytes]]) -> list[dict[str, str]]:
    """Which names came more than once: nobody could say which file is meant."""
    names = Counter(name for name, _content in sent)
    text = words.problem_text(Problem("files", "duplicate_name"))
    return [{"where": "files", "text": f"{name}: {text}"} for name, times in names.items() if times > 1]


def _kept() -> dict[str, bytes]:
    """The files of an earlier attempt, unless this request drops them."""
    kept: dict[str, bytes] = {}
    dropped = set(request.form.getlist("drop"))
    for written in request.form.getlist("kept"):
        name, _colon, content = written.rpartition(":")
        try:
            kept[PurePosixPath(name).name] = base64.b64decode(content, validate=True)
        except binascii.Error:
            continue  # not ours: a form that was meddled with
    return {name: content for name, content in kept.items() if name and name not in dropped}


def _problems(files: Mapping[str, bytes], note: str) -> list[dict[str, str]]:
    problems = []
    if not files:
        problems.append(Problem("files", "required"))
    if len(note) > LONGEST_NOTE:
        problems.append(Problem("note", "too_long", {"max": LONGEST_NOTE}))
    said = [{"where": problem.where, "text": words.problem_text(problem)} for problem in problems]
    strange = [
        name for name in files if not name.endswith(ENDINGS) or not name.isprintable() or len(name) > LONGEST_NAME
    ]
    if strange:
        text = _("%(names)s: only .bpmn, .dmn and .form files belong here.", names=", ".join(strange))
        said.append({"where": "files", "text": text})
    return said
