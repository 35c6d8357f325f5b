"""What operators do to a running instance: hold it, let it go on, cancel it, move a token. Each asks why first."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

import words
from cases import access
from engine import definitions, instances, operations, overview
from engine.errors import Invalid, Problem, TaskNotFound
from engine.models import Instance
from web.guards import allowed, person
from web.pages.staff import asked, naming, running, running_words

pages = Blueprint("running_acts", __name__)

AN_INSTANCE = f"/admin/instances/<{asked.ROW}:instance_id>"
ACTS: dict[str, Callable[..., Instance]] = {
    "suspension": operations.suspend,
    "resumption": operations.resume,
    "cancellation": operations.cancel,
}
AN_ACT = f"{AN_INSTANCE}/<any({', '.join(ACTS)}):act>"


@pages.get(AN_ACT)
@allowed(access.may_operate)
def ask(instance_id: int, act: str) -> ResponseReturnValue:
    """Say what it means, ask why."""
    return _asked(running.get(instance_id), act)


@pages.post(AN_ACT)
@allowed(access.may_operate)
def do(instance_id: int, act: str) -> ResponseReturnValue:
    """Suspend, resume or cancel."""

    def done() -> None:
        why = asked.reason()
        if act == "cancellation":
            asked.revision(instances.lock(instance_id).revision)
        ACTS[act](instance_id, by=person().username, reason=why)

    problems, status = asked.attempt(done)
    found = running.get(instance_id)
    if problems:
        return _asked(found, act, problems), status
    flash(_said(act)["done"], "success")
    return redirect(running.shown(found)["href"], 303)


@pages.get(f"{AN_INSTANCE}/tokens/<uid>")
@allowed(access.may_operate)
def ask_where(instance_id: int, uid: str) -> ResponseReturnValue:
    """Offer the elements to which what waits may be moved."""
    return _move(running.get(instance_id), uid)


@pages.post(f"{AN_INSTANCE}/tokens/<uid>")
@allowed(access.may_operate)
def move(instance_id: int, uid: str) -> ResponseReturnValue:
    """Take the token from what waits and put it before the element chosen."""

    def done() -> None:
        reading = asked.Reading()
        why, to = reading.take(asked.reason, ""), reading.take(_target, "")
        reading.check()
        asked.revision(instances.lock(instance_id).revision)
        operations.move(instance_id, uid, to=to, by=person().username, reason=why)

    try:
        problems, status = asked.attempt(done)
    except TaskNotFound:
        problems, status = [{"where": "", "text": asked.sentences()["gone"]}], 409
    found = running.get(instance_id)
    if problems:
        return _move(found, uid, problems), status
    flash(_("The token was moved."), "success")
    return redirect(running.shown(found)["href"], 303)


def meanwhile(instance: Instance) -> str:
    """Who did something to it last, for those who were slower."""
    line = overview.history(instance)[-1]
    said = running_words.happenings().get(line.what, line.what)
    about = {"what": said, "moment": words.short_moment(line.at), "person": naming.person_name(line.by)}
    return _("%(what)s (%(person)s, %(moment)s)", **about) if line.by else _("%(what)s (%(moment)s)", **about)


def _target() -> str:
    """Raises: Invalid."""
    if not (to := asked.text("to")):
        raise Invalid([Problem("to", "required")])
    return to


def _asked(instance: Instance, act: str, problems: list[asked.Complaint] | None = None) -> str:
    return render_template(
        "staff/instance_act.html",
        instance=running.shown(instance),
        act=act,
        said=_said(act),
        waits=_waits(instance),
        reason=asked.text("reason"),
        problems=problems or [],
        errors=asked.beside(problems or []),
        meanwhile=meanwhile(instance) if problems else "",
    )


def _waits(instance: Instance) -> str:
    elements = definitions.process(instance.definition).elements
    names = [running_words.element(elements, one.element_id) for one in overview.waits(instance.id)]
    return ", ".join(dict.fromkeys(names))


def _said(act: str) -> dict[str, str]:
    return {
        "suspension": {
            "title": _("Suspend this instance?"),
            "what": _("Its tasks cannot be completed, its timers do not fire and its jobs wait, until it is resumed. Deadlines go on."),
            "button": _("Suspend it"),
            "kind": "primary",
            "done": _("The instance is suspended."),
        },
        "resumption": {
            "title": _("Let this instance go on?"),
            "what": _("Its tasks can be completed again. Timers that have become due meanwhile fire at once, in order."),
            "button": _("Let it go on"),
            "kind": "primary",
            "done": _("The instance goes on."),
        },
        "cancellation": {
            "title": _("Cancel this instance?"),
            "what": _("It ends where it stands: all its tasks, timers and jobs fall away, and the case it runs for is closed as cancelled. This cannot be undone."),
            "button": _("Cancel this instance"),
            "kind": "danger",
            "done": _("The instance was cancelled."),
        },
    }[act]  # fmt: skip


def _move(instance: Instance, uid: str, problems: list[asked.Complaint] | None = None) -> str:
    elements = definitions.process(instance.definition).elements
    token = next((one for one in overview.waits(instance.id) if one.uid == uid), None)
    targets = overview.targets(instance, uid) if token else []
    return render_template(
        "staff/instance_move.html",
        instance=running.shown(instance),
        token=running_words.element(elements, token.element_id) if token else "",
        kind=running_words.kind(token) if token else "",
        options=[{"value": one, "label": running_words.element(elements, one)} for one in targets],
        to=asked.text("to"),
        reason=asked.text("reason"),
        problems=problems or [],
        errors=asked.beside(problems or []),
        meanwhile=meanwhile(instance) if problems else "",
    )
