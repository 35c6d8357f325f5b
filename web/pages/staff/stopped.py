"""Incidents: what the machine could not finish. Tried again, all alike at once, or skipped with a value."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

import words
from cases import access
from engine import definitions, incidents, operations
from engine.base import session, transaction
from engine.incidents import JobNotFound
from engine.models import Incident, Instance, Job
from engine.spiff import Element
from web.guards import allowed, person
from web.pages.staff import asked, running, running_words

ROWS = 50

pages = Blueprint("stopped", __name__)


@pages.get("/admin/incidents")
@allowed(access.may_operate)
def find() -> ResponseReturnValue:
    """What stopped, oldest first, and what stopped several times."""
    after = asked.number("after")
    found = incidents.open_incidents(ROWS + 1, after=after)
    return render_template(
        "staff/incidents.html",
        incidents=[running_words.incident(one, _elements(one)) for one in found[:ROWS]],
        groups=[] if after else [_group(one) for one in incidents.alike()],
        next_href=url_for(".find", after=found[ROWS - 1].id) if len(found) > ROWS else "",
        first_href=url_for(".find") if after else "",
    )


@pages.post(f"/admin/incidents/<{asked.ROW}:incident_id>/retry")
@allowed(access.may_operate)
def retry(incident_id: int) -> ResponseReturnValue:
    """Try one again."""
    with transaction():
        incidents.retry(incident_id, by=person().username)
    flash(_("It is being tried again. If it fails once more, it comes back here."), "success")
    instance_id = asked.number("back")
    return redirect(url_for("running.look", instance_id=instance_id) if instance_id else url_for(".find"), 303)


@pages.get(f"/admin/incidents/<{asked.ROW}:incident_id>/alike")
@allowed(access.may_operate)
def ask_to_retry_alike(incident_id: int) -> ResponseReturnValue:
    """Say how many there are, ask why."""
    return _alike(incidents.get(incident_id))


@pages.post(f"/admin/incidents/<{asked.ROW}:incident_id>/alike")
@allowed(access.may_operate)
def retry_alike(incident_id: int) -> ResponseReturnValue:
    """Try again all of the same cause at the same step."""
    counted: list[int] = []

    def done() -> None:
        counted.append(operations.retry_alike(incident_id, by=person().username, reason=asked.reason()))

    problems, status = asked.attempt(done)
    if problems:
        return _alike(incidents.get(incident_id), problems), status
    flash(ngettext("%(num)d incident is being tried again.", "%(num)d incidents are being tried again.", counted[0]), "success")  # fmt: skip
    return redirect(url_for(".find"), 303)


@pages.get("/admin/jobs/<uuid:job_id>/skip")
@allowed(access.may_operate)
def ask_to_skip(job_id: uuid.UUID) -> ResponseReturnValue:
    """Show what failed and ask which value it is taken to have given."""
    return _skip(_job(job_id))


@pages.post("/admin/jobs/<uuid:job_id>/skip")
@allowed(access.may_operate)
def skip(job_id: uuid.UUID) -> ResponseReturnValue:
    """Let the instance go on as if the job had given this."""

    def done() -> None:
        reading = asked.Reading()
        why = reading.take(asked.reason, "")
        result: dict[str, Any] = reading.take(lambda: asked.json_object("result"), {})
        reading.check()
        operations.skip_job(job_id, result, by=person().username, reason=why)

    problems, status = asked.attempt(done)
    job = _job(job_id)
    if problems:
        return _skip(job, [{**one, "where": one["where"].partition(".")[0]} for one in problems]), status
    flash(_("The job was skipped; the instance goes on with the value you gave."), "success")
    return redirect(_back(job), 303)


def _alike(incident: Incident, problems: list[asked.Complaint] | None = None) -> str:
    return render_template(
        "staff/incidents_alike.html",
        incident=running_words.incident(incident, _elements(incident)),
        count=incidents.count_alike(incident),
        most=operations.RETRIED_AT_ONCE,
        is_open=incident.resolved_at is None,
        reason=asked.text("reason"),
        problems=problems or [],
        errors=asked.beside(problems or []),
    )


def _skip(job: Job, problems: list[asked.Complaint] | None = None) -> str:
    instance = session().get(Instance, job.instance_id) if job.instance_id else None
    elements = definitions.process(instance.definition).elements if instance else {}
    return render_template(
        "staff/job_skip.html",
        job={
            "step": running_words.element(elements, job.element_id or job.topic),
            "topic": job.topic,
            "error": job.last_error or "",
            "state": running_words.job_state(job.state),
            "given": running_words.written(job.payload),
            "is_failed": job.state == "failed",
        },
        instance=running.shown(instance) if instance else None,
        back=_back(job),
        result=asked.text("result"),
        reason=asked.text("reason"),
        problems=problems or [],
        errors=asked.beside(problems or []),
    )


def _back(job: Job) -> str:
    return url_for("running.look", instance_id=job.instance_id) if job.instance_id else url_for("stopped.find")


def _job(job_id: uuid.UUID) -> Job:
    """Raises: JobNotFound."""
    found = session().get(Job, job_id)
    if found is None:
        raise JobNotFound(str(job_id))
    return found


def _elements(one: Incident) -> dict[str, Element]:
    return definitions.process(one.instance.definition).elements if one.instance else {}


def _group(one: incidents.Alike) -> dict[str, object]:
    first = incidents.get(one.first_id)
    return {
        "step": running_words.incident(first, _elements(first))["step"],
        "cause": one.cause,
        "number": one.number,
        "message": first.message,
        "since": words.short_moment(first.opened_at),
        "href": url_for("stopped.ask_to_retry_alike", incident_id=one.first_id),
    }
