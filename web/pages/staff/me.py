"""One's own settings: language, shortcuts, password, keys for programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

import words
from cases import accounts, city, performance
from cases.accounts import WrongCredentials
from cases.models import Person
from engine.base import transaction
from engine.errors import Invalid, Problem
from web import languages
from web.guards import person, signed_in
from web.pages.staff import insight_lines, naming
from web.security import SIGN_INS_PER_ADDRESS, limiter

SHORTCUTS = ("off", "on", "alt")
LONGEST_NAME = 100
MOST_KEYS = 20
#: Days of one's own figures.
OWN_DAYS = 30

pages = Blueprint("me", __name__)

Problems = Sequence[Mapping[str, str]]


@pages.get("/me")
@signed_in
def settings() -> ResponseReturnValue:
    """Everything one may set about oneself."""
    return _page()


@pages.post("/me")
@signed_in
def change() -> ResponseReturnValue:
    """Keep language and shortcuts."""
    with transaction():
        if request.form.get("locale") in languages.LOCALES:
            person().locale = request.form["locale"]
        if request.form.get("shortcuts") in SHORTCUTS:
            person().shortcuts = request.form["shortcuts"]
    flash(_("Saved."), "success")
    return redirect(url_for("me.settings"), 303)


@pages.post("/me/password")
@signed_in
@limiter.limit(SIGN_INS_PER_ADDRESS)
def change_password() -> ResponseReturnValue:
    """A new password, for whoever knows the present one."""
    try:
        with transaction():
            accounts.authenticate(person().username, request.form.get("present", ""))
            accounts.set_password(person(), request.form.get("password", ""))
    except WrongCredentials:
        return _page([{"where": "present", "text": _("This is not your present password.")}]), 422
    except Invalid as error:
        return _page([{"where": one.where, "text": words.problem_text(one)} for one in error.problems]), 422
    flash(_("Your password has been changed."), "success")
    return redirect(url_for("me.settings"), 303)


@pages.post("/me/keys")
@signed_in
def issue_key() -> ResponseReturnValue:
    """A key for a program; its secret is shown on this page and never again."""
    name = request.form.get("name", "").strip()
    problem = _problem(name)
    if problem:
        return _page([{"where": "name", "text": problem}]), 422
    with transaction():
        secret = accounts.issue_api_key(person(), name)
    return _page(secret=secret), 201


@pages.post("/me/keys/<int:key_id>/revocation")
@signed_in
def revoke_key(key_id: int) -> ResponseReturnValue:
    """End a key."""
    with transaction():
        accounts.revoke_api_key(person(), key_id)
    flash(_("The key no longer works."), "success")
    return redirect(url_for("me.settings"), 303)


def _page(problems: Problems = (), *, secret: str = "") -> str:
    reader = person()
    memberships = [f"{naming.role(one.role)}, {words.local_name(one.unit)}" for one in reader.memberships]
    return render_template(
        "staff/me.html",
        person=reader,
        memberships=memberships,
        own=_own(reader),
        locales=[{"value": code, "label": name} for code, name in languages.LOCALES.items()],
        keys=accounts.api_keys(reader),
        secret=secret,
        problems=list(problems),
        errors={problem["where"]: problem["text"] for problem in problems},
    )


def _own(reader: Person) -> list[dict[str, object]]:
    """What became of one's own cases in thirty days; nobody else sees these. Nothing for who never had one."""
    today = city.today()
    found = performance.summary(
        from_on=today - timedelta(days=OWN_DAYS - 1), to_on=today, official=reader.username, by=(), most_overdue=0
    ).totals
    if not (found.received or found.open or found.closed):
        return []
    on_time, satisfied = found.on_time_share, found.satisfaction
    return [
        {"term": _("Still open"), "value": found.open},
        {"term": _("Overdue now"), "value": found.overdue_now, "bad": found.overdue_now > 0},
        {"term": _("On time"), "value": insight_lines.percent(on_time), "note": _("n = %(n)s", n=on_time.n)},
        {"term": _("Satisfied"), "value": insight_lines.percent(satisfied), "note": _("n = %(n)s", n=satisfied.n)},
        {"term": _("Half done within"), "value": insight_lines.hours(found.handling_hours_median)},
    ]


def _problem(name: str) -> str:
    if not name:
        return words.problem_text(Problem("name", "required"))
    if len(name) > LONGEST_NAME:
        return words.problem_text(Problem("name", "too_long", {"max": LONGEST_NAME}))
    if len(accounts.api_keys(person())) >= MOST_KEYS:
        return _("You have %(n)s keys. Revoke one before you make another.", n=MOST_KEYS)
    return ""
