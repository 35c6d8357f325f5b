"""How live processes begin, as operators see it, and the form with which they begin an instance by hand."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

import words
from cases import access
from engine import beginnings, definitions
from engine.beginnings import LONGEST_KEY, Start
from engine.errors import Invalid, Problem
from engine.models import Definition, Instance
from web.guards import allowed, person
from web.pages.staff import asked

pages = Blueprint("beginning", __name__)

ADDRESS = "/admin/processes/<key>/instances"


@pages.get(ADDRESS)
@allowed(access.may_operate)
def ask(key: str) -> ResponseReturnValue:
    """Say what it means, ask where, with what and why."""
    return _page(definitions.active(key))


@pages.post(ADDRESS)
@allowed(access.may_operate)
def begin(key: str) -> ResponseReturnValue:
    """Begin an instance, then go to it."""
    definition, begun = definitions.active(key), list[Instance]()

    def done() -> None:
        reading = asked.Reading()
        called = reading.take(_key, "")
        values: dict[str, Any] = reading.take(lambda: asked.json_object("variables"), {})
        why = reading.take(asked.reason, "")
        reading.check()
        said = {"business_key": called or None, "at": asked.text("start_event") or None}
        begun.append(_begun(key, variables=values, by=person().username, reason=why, **said))

    problems, status = asked.attempt(done)
    if problems:
        return _page(definition, problems), status
    flash(_("The instance was started."), "success")
    return redirect(url_for("running.look", instance_id=begun[0].id), 303)


def told(starts: list[Start]) -> list[str]:
    """A sentence for each way in which a version begins."""
    return [_way(one, is_one_of_many=len(starts) > 1) for one in starts]


def _way(one: Start, *, is_one_of_many: bool) -> str:
    if one.kind == "message":
        said = _("by the message “%(name)s”", name=one.message or one.name)
    elif one.kind == "timer":
        said = _moments(one)
    else:
        said = _("by hand, by a report or from another process")
    return f"{one.name}: {said}" if is_one_of_many else said[:1].upper() + said[1:]


def _moments(one: Start) -> str:
    if one.due_at is None:
        return _("at a moment: none is to come, so only by hand")
    if one.left is None:
        said = _("again and again, next at %(moment)s", moment=words.moment(one.due_at))
    elif one.left == 1:
        said = _("once, at %(moment)s", moment=words.moment(one.due_at))
    else:
        said = ngettext("%(num)d more time, next at %(moment)s", "%(num)d more times, next at %(moment)s", one.left,
                        moment=words.moment(one.due_at))  # fmt: skip
    return _("%(when)s; each missed moment is caught up", when=said) if one.is_all else said


def _begun(key: str, **said: Any) -> Instance:
    """Raises: Invalid, with problems where the form has their fields; as `beginnings.begin`."""
    try:
        return beginnings.begin(key, **said)
    except Invalid as error:
        raise Invalid([_placed(one) for one in error.problems]) from error
    except beginnings.BusinessKeyTaken as error:
        raise Invalid([Problem("business_key", error.code)]) from error


def _placed(problem: Problem) -> Problem:
    """The form has one field for all variables, and shows a start event only where there are several."""
    where = problem.where if problem.where in ("start_event", "business_key") else "variables"
    return Problem(where, problem.code, problem.params, problem.message)


def _key() -> str:
    """Raises: Invalid."""
    written = asked.text("business_key")
    if len(written) > LONGEST_KEY:
        raise Invalid([Problem("business_key", "too_long", {"max": LONGEST_KEY})])
    return written


def _page(definition: Definition, problems: list[asked.Complaint] | None = None) -> str:
    found = [one for one in beginnings.starts() if one.definition.id == definition.id]
    plain = [one.element_id for one in found if one.kind == "plain"]
    chosen = asked.text("start_event") or (plain[0] if len(plain) == 1 else "")
    return render_template(
        "staff/process_begin.html",
        process={"name": definition.name, "version": definition.version, "is_suspended": definition.is_suspended},
        suspended=words.title("definition_suspended"),
        options=[{"value": one.element_id, "label": one.name} for one in found] if len(found) > 1 else [],
        given={"start_event": chosen, **{name: asked.text(name) for name in ("business_key", "variables", "reason")}},
        problems=problems or [],
        errors=asked.beside(problems or []),
    )
