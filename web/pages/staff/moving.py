"""Running instances go to another version of their process: planned, looked at before, begun."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

import words
from cases import access
from engine import definitions, migration, overview
from engine.errors import DefinitionNotFound, Invalid, Problem
from engine.migration import Outlook, Plan
from engine.models import Definition, DefinitionState
from engine.spiff import Element
from web.guards import allowed, person
from web.pages.staff import asked, running_words

#: Instances of one look.
ROWS = 100
#: What fields of the map of names begin with.
MAP = "map-"

pages = Blueprint("moving", __name__)


@pages.get("/admin/processes/<key>/migration")
@allowed(access.may_migrate)
def plan(key: str) -> ResponseReturnValue:
    """Choose versions and names; with a target chosen, see what would become of each instance."""
    try:
        wish = _wish(key) if "to" in request.args else None
    except Invalid as error:
        return _page(key, problems=asked.complaints(error.problems)), 422
    return _page(key, wish)


@pages.post("/admin/processes/<key>/migration")
@allowed(access.may_migrate)
def start(key: str) -> ResponseReturnValue:
    """Begin what was looked at; it is done in the background, an instance at a time."""
    begun: list[int] = []

    def done() -> None:
        reading = asked.Reading()
        why, wish = reading.take(asked.reason, ""), reading.take(lambda: _wish(key), None)
        reading.check()
        if wish is not None:
            begun.append(migration.start(wish, by=person().username, reason=why).id)

    problems, status = asked.attempt(done)
    if problems:
        try:
            return _page(key, _wish(key), problems), status
        except Invalid:
            return _page(key, problems=problems), status
    flash(_("The migration has begun. You can leave this page; it goes on."), "success")
    return redirect(url_for("moved.look", migration_id=begun[0]), 303)


def _wish(key: str) -> Plan:
    """The plan the form describes.

    Raises: Invalid, with problems where the form has their fields; DefinitionNotFound.
    """
    numbers = {one.version for one in _versions(key)}
    to, source = asked.number("to"), asked.number("source")
    if to is None or to not in numbers:
        raise Invalid([Problem("to", "not_an_option" if asked.text("to") else "required")])
    if asked.text("source") and source not in numbers:
        raise Invalid([Problem("source", "not_an_option")])
    try:
        return migration.plan(key, to=to, source=source, mapping=_mapping())
    except Invalid as error:
        raise Invalid([_placed(one) for one in error.problems]) from error


def _placed(problem: Problem) -> Problem:
    where = "to" if problem.where == "to_version" else problem.where.replace("mapping.", MAP, 1)
    return Problem(where, problem.code, problem.params, problem.message)


def _mapping() -> dict[str, str]:
    given = {name.removeprefix(MAP): asked.text(name) for name in request.values if name.startswith(MAP)}
    return {old: new for old, new in given.items() if new and asked.NUL not in old}


def _page(key: str, wish: Plan | None = None, problems: list[asked.Complaint] | None = None) -> str:
    versions = _versions(key)
    looked = migration.outlook(wish, after=asked.number("after") or 0, limit=ROWS + 1) if wish else []
    return render_template(
        "staff/migration_plan.html",
        process={"key": key, "name": versions[0].name},
        back=home(),
        options=[_option(one) for one in versions],
        targets=[_option(one) for one in versions if one.state != DefinitionState.DRAFT],
        wish=_said(wish, looked) if wish else None,
        count=migration.count(wish) if wish else 0,
        rows=[_row(one) for one in looked[:ROWS]],
        next_href=_following(key, looked[ROWS - 1].instance.id) if len(looked) > ROWS else "",
        given={name: asked.text(name) for name in ("source", "to", "reason")},
        problems=problems or [],
        errors=asked.beside(problems or []),
        may_operate=access.may_operate(person()),
    )


def home() -> dict[str, str]:
    """Where the reader came from: operators have their own list of processes."""
    if access.may_operate(person()):
        return {"href": url_for("held.processes"), "text": _("Processes in operation")}
    return {"href": url_for("design.processes"), "text": _("Processes")}


def _versions(key: str) -> list[Definition]:
    """Raises: DefinitionNotFound."""
    if not (found := definitions.versions(key)):
        raise DefinitionNotFound(key)
    return found


def _option(one: Definition) -> dict[str, object]:
    label = _("Version %(number)s", number=one.version)
    return {"value": one.version, "label": f"{label} · {_('Live')}" if one.state == DefinitionState.ACTIVE else label}


def _following(key: str, after: int) -> str:
    given = {name: value for name, value in request.values.items() if name in {"to", "source"} or name.startswith(MAP)}
    return url_for("moving.plan", key=key, **{**given, "after": str(after)})  # type: ignore[arg-type]  # names of fields


def _said(wish: Plan, looked: Iterable[Outlook]) -> dict[str, Any]:
    """The plan as the page shows it: what waits where, and what that is called in the other version."""
    there = definitions.process(wish.to).elements
    here: dict[str, Element] = {}
    for version in reversed(wish.versions):
        here |= definitions.process(version).elements
    return {
        "to": wish.to.version,
        "versions": [one.version for one in wish.versions],
        "map": [_mapped(one, here, there, wish.mapping) for one in _standing(wish, looked, here)],
        "hidden": [("to", wish.to.version), ("source", wish.from_version or ""),
                   *((f"{MAP}{old}", new) for old, new in wish.mapping.items())],
    }  # fmt: skip


def _standing(wish: Plan, looked: Iterable[Outlook], here: Mapping[str, Element]) -> list[str]:
    """Elements whose names matter: where something waits, what keeps somebody back, what was given a name."""
    found = [one["element_id"] for version in wish.versions for one in overview.waiting_by_element(version.id)]
    found += [problem.where for one in looked for problem in one.problems]
    return [one for one in dict.fromkeys([*found, *wish.mapping]) if one in here]


def _mapped(old: str, here: Mapping[str, Element], there: Mapping[str, Element], mapping: Mapping[str, str]) -> dict[str, Any]:  # fmt: skip
    alike = [one for one in there.values() if one.kind == here[old].kind]
    return {
        "field": f"{MAP}{old}",
        "name": running_words.element(here, old),
        "same": running_words.element(there, old) if old in there else "",
        "value": mapping.get(old, ""),
        "options": [{"value": one.id, "label": running_words.element(there, one.id)} for one in alike],
    }


def _row(one: Outlook) -> dict[str, Any]:
    old = definitions.process_of(one.instance.definition_id).elements
    resting = [task.element.id for task in one.before.tasks.values()] + [
        job.element.id for job in one.before.jobs.values()
    ]
    waits = resting or [timer.element.id for timer in one.before.timers.values()]
    return {
        "key": one.instance.business_key,
        "href": url_for("running.look", instance_id=one.instance.id),
        "version": one.from_version,
        "waits": ", ".join(dict.fromkeys(running_words.element(old, where) for where in waits)),
        "can_go": one.after is not None,
        "goes_on": one.goes_on,
        "why": [_obstacle(problem, old) for problem in one.problems],
    }


def _obstacle(problem: Problem, elements: Mapping[str, Element]) -> str:
    text = words.problem_text(problem)
    return f"{running_words.element(elements, problem.where)}: {text}" if problem.where else text
