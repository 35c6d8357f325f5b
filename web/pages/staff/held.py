"""Processes as operators see them: what runs on which version, and holding all of it."""

from __future__ import annotations

from itertools import groupby

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

import words
from cases import access
from engine import beginnings, definitions, operations, overview
from engine.errors import DefinitionNotFound, Invalid, Problem
from engine.models import Definition, DefinitionState
from web.guards import allowed, person
from web.pages.staff import asked, beginning

pages = Blueprint("held", __name__)

AN_ACT = "/admin/processes/<key>/<any(suspension, resumption):act>"
NONE = {"running": 0, "suspended": 0, "ended": 0}


@pages.get("/admin/processes")
@allowed(access.may_operate)
def processes() -> ResponseReturnValue:
    """Every process with what runs on each version."""
    counts = overview.instances_by_state()
    starts = {key: list(of) for key, of in groupby(beginnings.starts(), key=lambda one: one.definition.key)}
    grouped = groupby(definitions.versions(), key=lambda one: one.key)
    shown = [
        {**_process(list(of), counts), "begins": beginning.told(starts.get(key, [])), "can_be_begun": key in starts}
        for key, of in grouped
    ]
    return render_template("staff/processes.html", processes=shown)


@pages.get(AN_ACT)
@allowed(access.may_operate)
def ask(key: str, act: str) -> ResponseReturnValue:
    """Say what it means, ask why."""
    return _asked(key, act)


@pages.post(AN_ACT)
@allowed(access.may_operate)
def do(key: str, act: str) -> ResponseReturnValue:
    """Hold a whole process, or let it go on."""
    act_on = operations.suspend_definition if act == "suspension" else operations.resume_definition

    def done() -> None:
        reading = asked.Reading()
        why, version = reading.take(asked.reason, ""), reading.take(_version_asked, None)
        reading.check()
        act_on(key, version=version, by=person().username, reason=why)

    problems, status = asked.attempt(done)
    if problems:
        return _asked(key, act, problems), status
    flash(_("The process is suspended.") if act == "suspension" else _("The process goes on."), "success")
    return redirect(url_for(".processes"), 303)


def _version_asked() -> int | None:
    """One version, or None for all of them. Raises: Invalid."""
    if asked.text("version") and asked.number("version") is None:
        raise Invalid([Problem("version", "not_an_option")])
    return asked.number("version")


def _asked(key: str, act: str, problems: list[asked.Complaint] | None = None) -> str:
    """Raises: DefinitionNotFound."""
    versions = definitions.versions(key)
    if not versions:
        raise DefinitionNotFound(key)
    return render_template(
        "staff/process_act.html",
        process=_process(versions, overview.instances_by_state()),
        is_suspension=act == "suspension",
        options=[
            {"value": one.version, "label": _("Version %(number)s", number=one.version)}
            for one in versions
            if one.is_suspended != (act == "suspension")
        ],
        already=words.title("already_so"),
        version=asked.text("version"),
        reason=asked.text("reason"),
        problems=problems or [],
        errors=asked.beside(problems or []),
    )


def _process(versions: list[Definition], counts: dict[int, dict[str, int]]) -> dict[str, object]:
    live = next((one for one in versions if one.state == DefinitionState.ACTIVE), versions[0])
    shown = [_version(one, counts.get(one.id, NONE)) for one in versions]
    return {
        "key": live.key,
        "name": live.name,
        "versions": shown,
        "running": sum(counts.get(one.id, NONE)["running"] for one in versions),
        "can_be_suspended": any(not one.is_suspended for one in versions),
        "can_be_resumed": any(one.is_suspended for one in versions),
        "can_be_migrated": len([one for one in versions if one.state != DefinitionState.DRAFT]) > 1,
    }


def _version(one: Definition, counts: dict[str, int]) -> dict[str, object]:
    return {
        "number": one.version,
        "is_live": one.state == DefinitionState.ACTIVE,
        "is_draft": one.state == DefinitionState.DRAFT,
        "is_suspended": one.is_suspended,
        **counts,
    }
