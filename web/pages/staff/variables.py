"""The variables of a running instance, changed by an operator: each in a field of its kind, others as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cases import access
from engine import instances, operations, overview
from engine.errors import Invalid, Problem
from engine.models import Instance
from web.guards import allowed, person
from web.pages.staff import asked, running, running_acts, running_words

pages = Blueprint("variables", __name__)

ADDRESS = f"{running_acts.AN_INSTANCE}/variables"
#: A text longer than this, or of several lines, gets a field of several lines.
ONE_LINE = 60


@pages.get(ADDRESS)
@allowed(access.may_operate)
def ask(instance_id: int) -> ResponseReturnValue:
    """Every variable in a field."""
    return _page(running.get(instance_id))


@pages.post(ADDRESS)
@allowed(access.may_operate)
def edit(instance_id: int) -> ResponseReturnValue:
    """Set what was changed, and nothing else."""

    def done() -> None:
        present = overview.inside(running.get(instance_id)).variables or {}
        reading = asked.Reading()
        why = reading.take(asked.reason, "")
        others: dict[str, Any] = reading.take(lambda: asked.json_object("others"), {})
        changed = {name: reading.take(lambda name=name: _read(name, present[name]), None) for name in _touched(present)}  # type: ignore[misc]  # bound to its name
        reading.check()
        asked.revision(instances.lock(instance_id).revision)
        _set(instance_id, {**changed, **others}, why, present)

    problems, status = asked.attempt(done)
    found = running.get(instance_id)
    if problems:
        return _page(found, problems), status
    flash(_("The variables were changed. Jobs that wait or failed will get the new ones."), "success")
    return redirect(running.shown(found)["href"], 303)


def _set(instance_id: int, values: Mapping[str, Any], why: str, present: Mapping[str, Any]) -> None:
    """Raises: Invalid, with problems where the form has their fields."""
    if not values:
        raise Invalid([Problem("", "nothing_changed")])
    try:
        operations.edit_variables(instance_id, values, by=person().username, reason=why)
    except Invalid as error:
        raise Invalid([_placed(one, present) for one in error.problems]) from error


def _placed(problem: Problem, present: Mapping[str, Any]) -> Problem:
    name = problem.where.removeprefix("variables").removeprefix(".")
    if name in present:
        return Problem(f"v-{name}", problem.code, problem.params, problem.message)
    if not name:
        return Problem("", problem.code, problem.params, problem.message)
    return Problem("others", problem.code, problem.params, problem.message)


def _touched(present: Mapping[str, Any]) -> list[str]:
    """What differs from what the form was handed out with."""
    sent = request.form
    return [name for name in present if f"v-{name}" in sent and _typed(f"v-{name}") != _typed(f"was-{name}")]


def _typed(field: str) -> str:
    return request.form.get(field, "").replace(asked.NUL, "").replace("\r\n", "\n")


def _read(name: str, before: object) -> Any:
    """Raises: Invalid."""
    field = f"v-{name}"
    if isinstance(before, str):
        return _typed(field)
    read = asked.json_value(field)
    if kind(before) == "number" and kind(read) != "number":
        raise Invalid([Problem(field, "bad_number")])
    return read


def kind(value: object) -> str:
    """Which field a value gets."""
    if isinstance(value, bool):
        return "truth"
    if isinstance(value, str):
        return "lines" if len(value) > ONE_LINE or "\n" in value else "text"
    return "number" if isinstance(value, int | float) else "json"


def _page(instance: Instance, problems: list[asked.Complaint] | None = None) -> str:
    inside = overview.inside(instance)
    present = inside.variables or {}
    touched = set(_touched(present))
    return render_template(
        "staff/instance_variables.html",
        instance=running.shown(instance),
        failure=inside.failure,
        fields=[_field(name, present[name], touched) for name in sorted(present)],
        others=asked.text("others"),
        reason=asked.text("reason"),
        problems=problems or [],
        errors=asked.beside(problems or []),
        meanwhile=running_acts.meanwhile(instance) if problems else "",
    )


def _field(name: str, value: object, touched: set[str]) -> dict[str, str]:
    now = _written(value)
    return {"name": name, "kind": kind(value), "was": now, "value": _typed(f"v-{name}") if name in touched else now}


def _written(value: object) -> str:
    return running_words.written(value) if isinstance(value, dict | list) else running_words.value(value)
