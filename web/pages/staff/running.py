"""Running instances as operators see them: found in a list, looked at from inside. Nothing is changed here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload, undefer

from cases import access
from cases.models import Case
from engine import definitions, overview, trails
from engine.base import session
from engine.errors import InstanceNotFound
from engine.models import Incident, Instance
from engine.overview import Waits
from engine.spiff import Element
from web.guards import allowed, person
from web.pages.staff import asked, naming, running_words

#: Rows of a page.
ROWS = 50

pages = Blueprint("running", __name__)


@pages.get("/admin/instances")
@allowed(access.may_operate)
def find() -> ResponseReturnValue:
    """Instances by process, state and the beginning of their key, the newest first."""
    wanted = {name: asked.text(name)[:200] for name in ("process", "state", "q")}
    after = asked.number("after")
    found = _matching(wanted, after)
    following = _address(wanted, after=found[ROWS - 1].id) if len(found) > ROWS else ""
    return render_template(
        "staff/instances.html",
        wanted=wanted,
        rows=_rows(found[:ROWS]),
        choices={
            "process": _processes(),
            "state": [{"value": k, "label": v} for k, v in running_words.states().items()],
        },
        next_href=following,
        first_href=_address(wanted) if after else "",
        is_narrowed=any(wanted.values()),
    )


@pages.get(f"/admin/instances/<{asked.ROW}:instance_id>")
@allowed(access.may_operate)
def look(instance_id: int) -> ResponseReturnValue:
    """An instance with its variables, what it waits for, its drawing, its incidents and its history."""
    instance = get(instance_id)
    inside, waits = overview.inside(instance), overview.waits(instance_id)
    incidents = overview.open_incidents([instance_id])
    lines = overview.history(instance)
    return render_template(
        "staff/instance.html",
        instance=shown(instance),
        failure=inside.failure,
        variables=[(name, running_words.value(one)) for name, one in sorted((inside.variables or {}).items())],
        waiting=[_waits(one, inside.elements, incidents) for one in waits],
        incidents=[running_words.incident(one, inside.elements) for one in incidents],
        is_drawn=b"BPMNShape" in definitions.diagram(instance.definition),
        marks=_marks(instance, waits, incidents, inside.elements),
        history=running_words.history(lines, inside.elements),
    )


@pages.get(f"/admin/instances/<{asked.ROW}:instance_id>/process.bpmn")
@allowed(access.may_operate)
def diagram(instance_id: int) -> ResponseReturnValue:
    """The drawing of the version it runs on."""
    return Response(definitions.diagram(get(instance_id).definition), mimetype="application/xml")


def get(instance_id: int) -> Instance:
    """One instance with its state.

    Raises: InstanceNotFound.
    """
    found = session().get(Instance, instance_id, options=[undefer(Instance.state), joinedload(Instance.definition)])
    if found is None:
        raise InstanceNotFound(instance_id)
    return found


def shown(instance: Instance) -> dict[str, Any]:
    """An instance for the head of a page."""
    definition = instance.definition
    return {
        "id": instance.id,
        "key": instance.business_key,
        "process": definition.name,
        "process_key": definition.key,
        "version": definition.version,
        "state": running_words.state(instance),
        "is_open": instance.ended_at is None,
        "is_suspended": instance.is_suspended,
        "is_held_by_process": instance.ended_at is None and definition.is_suspended,
        "outcome": instance.outcome or "",
        "started_at": instance.started_at,
        "ended_at": instance.ended_at,
        "revision": instance.revision,
        "href": url_for("running.look", instance_id=instance.id),
        "case_href": _cases([instance.id]).get(instance.id, ""),
    }


def _matching(wanted: dict[str, str], after: int | None) -> list[Instance]:
    """One more than a page shows, if there are so many."""
    state = wanted["state"] if wanted["state"] in running_words.states() else ""
    conditions = overview.matching(
        key=wanted["process"] or None,
        state=state if state and state != "stuck" else None,
        business_key=wanted["q"] or None,
        is_stuck=state == "stuck",
    )
    query = select(Instance).options(joinedload(Instance.definition)).where(*conditions)
    query = query.where(Instance.id < after) if after else query
    return list(session().scalars(query.order_by(Instance.id.desc()).limit(ROWS + 1)))


def _rows(found: list[Instance]) -> list[dict[str, Any]]:
    ids = [one.id for one in found]
    waits, cases = overview.waits_of(ids), _cases(ids)
    stuck = Counter(one.instance_id for one in overview.open_incidents(ids))
    return [
        {
            "key": one.business_key,
            "href": url_for(".look", instance_id=one.id),
            "case_href": cases.get(one.id, ""),
            "process": one.definition.name,
            "version": one.definition.version,
            "state": running_words.state(one),
            "incidents": stuck[one.id],
            "waits": _waits_at(one, waits[one.id]),
            "since": one.ended_at or _since(waits[one.id]) or one.started_at,
        }
        for one in found
    ]


def _waits_at(instance: Instance, waits: list[Waits]) -> list[str]:
    """The steps at which something waits; where there is none, the events that are waited for."""
    elements = definitions.process(instance.definition).elements if waits else {}
    resting = [one for one in waits if one.kind in ("task", "job")] or waits
    counted = Counter(running_words.element(elements, one.element_id) for one in resting)
    return [f"{name} ×{number}" if number > 1 else name for name, number in counted.items()]


def _since(waits: list[Waits]) -> datetime | None:
    return min((one.since for one in waits if one.since is not None), default=None)


def _waits(one: Waits, elements: Mapping[str, Element], incidents: list[Incident]) -> dict[str, Any]:
    stopped = next((incident for incident in incidents if str(incident.job_id) == one.id), None)
    who = {
        "task": naming.person_name(one.assignee) or _("nobody yet"),
        "message": f"{one.message} · {one.correlation_key}",
        "job": running_words.job_state(one.state),
    }.get(one.kind, "")
    return {
        "uid": one.uid,
        "kind": running_words.kind(one),
        "code": one.kind,
        "id": one.id,
        "element": one.element_id,
        "name": running_words.element(elements, one.element_id),
        "who": who,
        "attempts": one.attempts,
        "since": one.since,
        "due_at": one.due_at,
        "incident_id": stopped.id if stopped else None,
        "is_stopped": stopped is not None,
        "can_be_moved": bool(one.uid) and _rests(one, elements),
    }


def _marks(
    instance: Instance, waits: list[Waits], incidents: list[Incident], elements: Mapping[str, Element]
) -> dict[str, list[str]]:
    """What the drawing marks; boundary events only listen."""
    tokens = overview.tokens([one for one in waits if _rests(one, elements)], incidents)
    active = [one["element_id"] for one in tokens]
    return {
        "active": active,
        "incidents": [one["element_id"] for one in tokens if one["incidents"]],
        "visited": [one for one in trails.visited(instance) if one not in active],
    }


def _rests(one: Waits, elements: Mapping[str, Element]) -> bool:
    """Whether a token stands there, which can be moved."""
    return one.element_id not in elements or elements[one.element_id].kind != "boundaryEvent"


def _cases(instance_ids: list[int]) -> dict[int, str]:
    """Where the reports among these are looked at: their file, or for readers whom it is closed to the public page."""
    found = session().scalars(select(Case).where(Case.instance_id.in_(instance_ids)))
    return {
        one.instance_id or 0: url_for("case_file.summary", code=one.tracking_code)
        if access.may_see_case(person(), one)
        else url_for("public.case", code=one.tracking_code)
        for one in found
    }


def _processes() -> list[dict[str, str]]:
    names: dict[str, str] = {}
    for one in definitions.versions():
        names.setdefault(one.key, one.name)
    return [{"value": key, "label": name} for key, name in names.items()]


def _address(wanted: dict[str, str], **more: Any) -> str:
    return url_for("running.find", **{name: value for name, value in {**wanted, **more}.items() if value})
