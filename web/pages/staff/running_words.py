"""What operators read about a running instance: its state, what it waits for, what happened to it."""

from __future__ import annotations

from collections.abc import Mapping

import orjson
from flask_babel import gettext as _

from engine import overview
from engine.models import Incident, Instance
from engine.overview import Line, Waits
from engine.spiff import Element
from web.pages.staff import naming

#: Characters of a value in a line of history.
SHORT = 200


def state(instance: Instance) -> dict[str, str]:
    """The state as a word and a tone."""
    found = overview.state_of(instance)
    tone = {"running": "go", "suspended": "wait"}.get(found, "plain")
    return {"code": found, "text": states()[found], "tone": tone}


def states() -> dict[str, str]:
    """What lists can be narrowed down to."""
    return {
        "running": _("Running"),
        "suspended": _("Suspended"),
        "stuck": _("Stopped by an incident"),
        "ended": _("Ended"),
    }


def element(elements: Mapping[str, Element], element_id: str) -> str:
    """What an element is called."""
    found = elements.get(element_id)
    return naming.step(element_id, found.name, found.name_en) if found else element_id


def kind(one: Waits) -> str:
    """What kind of thing is waited for."""
    said = {"task": _("Task"), "timer": _("Timer"), "message": _("Message"), "job": _("Job")}
    return said.get(one.kind, one.kind)


def job_state(code: str | None) -> str:
    """Where a job stands."""
    said = {
        "waiting": _("waits for a worker"),
        "running": _("is being done"),
        "held": _("is held back"),
        "failed": _("has failed"),
        "done": _("done"),
        "cancelled": _("cancelled"),
    }
    return said.get(code or "", code or "")


def incident(one: Incident, elements: Mapping[str, Element] | None = None) -> dict[str, object]:
    """What stopped, where and why."""
    definition = one.instance.definition if one.instance else None
    step = one.element_id or (one.job.topic if one.job else "")
    return {
        "id": one.id,
        "instance_id": one.instance_id,
        "code": one.instance.business_key if one.instance else "",
        "step": element(elements, step) if elements is not None else step,
        "process": f"{definition.name}, v{definition.version}" if definition else "",
        "cause": one.cause,
        "message": one.message,
        "at": one.opened_at,
        "attempts": one.job.attempts if one.job else None,
        "job_id": one.job_id if one.job and one.job.state == "failed" else None,
    }


def value(written: object) -> str:
    """A value as somebody would write it; a text as it is."""
    return written if isinstance(written, str) else orjson.dumps(written).decode()


def written(values: object) -> str:
    """Values as JSON of several lines."""
    return orjson.dumps(values, option=orjson.OPT_INDENT_2).decode()


# --------------------------------------------------------------------------------------------------------- history


def history(lines: list[Line], elements: Mapping[str, Element]) -> list[dict[str, object]]:
    """What happened, newest first."""
    names, sentences = naming.people(line.by for line in lines), happenings()
    return [
        {
            "at": line.at,
            "text": sentences.get(line.what, line.what.replace("_", " ")),
            "element": element(elements, line.element_id) if line.element_id else "",
            "by": names.get(line.by or "", ""),
            "details": _details(line, elements),
        }
        for line in reversed(lines)
    ]


def _details(line: Line, elements: Mapping[str, Element]) -> list[str]:
    told = line.particulars
    found = [str(told[name])[:SHORT] for name in ("reason", "message", "outcome") if told.get(name)]
    if line.what == "token_moved":
        moved = [element(elements, str(told.get(name))) for name in ("before", "after")]
        return [*found, " → ".join(moved)]
    if line.what in ("instance_migrated", "instance_migrated_back"):
        return [*found, _("version %(before)s → version %(after)s", before=told.get("before"), after=told.get("after"))]
    before, after = told.get("before"), told.get("after")
    if line.what == "variables_edited" and isinstance(before, dict) and isinstance(after, dict):
        return [*found, *(f"{name}: {_short(before.get(name))} → {_short(after[name])}" for name in after)]
    return [*found, _short(after)] if line.what == "job_skipped" else found


def _short(written: object) -> str:
    said = value(written)
    return said if len(said) <= SHORT else f"{said[:SHORT]}…"


def happenings() -> dict[str, str]:
    """A sentence for each kind of line."""
    return {
        "instance_started": _("Started"),
        "instance_ended": _("Ended"),
        "task_created": _("A task began to wait"),
        "task_completed": _("The task was completed"),
        "task_cancelled": _("The task fell away"),
        "job_created": _("A job began to wait"),
        "job_done": _("The job was done"),
        "job_failed": _("The job failed for good"),
        "job_cancelled": _("The job fell away"),
        "attempt_failed": _("An attempt failed"),
        "attempt_lost": _("The worker of an attempt died"),
        "incident_opened": _("It stopped"),
        "incident_resolved": _("It goes on"),
        **acts(),
    }


def acts() -> dict[str, str]:
    """A sentence for each kind of act of an operator."""
    return {
        "instance_begun": _("It was begun by hand"),
        "instance_suspended": _("It was suspended"),
        "instance_resumed": _("It was resumed"),
        "instance_cancelled": _("It was cancelled"),
        "token_moved": _("A token was moved"),
        "variables_edited": _("Variables were changed"),
        "job_skipped": _("A job was skipped with a value"),
        "incidents_retried": _("Incidents were tried again"),
        "instance_migrated": _("It went to another version"),
        "instance_migrated_back": _("It went back to the version before"),
        "definition_suspended": _("The process was suspended"),
        "definition_resumed": _("The process was resumed"),
        "migration_started": _("A migration was begun"),
        "migration_undone": _("A migration was undone"),
    }
