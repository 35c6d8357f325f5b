"""The queue of background work as figures people read: how much waits, for how long, and who does it."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

import words
from cases import access
from engine import clock, definitions, figures, jobs, overview
from web.guards import allowed

pages = Blueprint("queue", __name__)

MINUTE, HOUR = 60, 3600
STATES = ("due", "later", "running", "held", "failed")


@pages.get("/admin/jobs")
@allowed(access.may_operate)
def look() -> ResponseReturnValue:
    """Jobs of each process, as of now and of the last five minutes."""
    told = {one.name: one.samples for one in figures.of_jobs()}
    return render_template(
        "staff/jobs.html",
        figures=_figures(),
        rows=_rows(told),
        workers=_workers(),
        tokens={labels["queue"]: int(value) for labels, value in told["caseway_queue_tokens"]},
        at=clock.now(),
    )


def _figures() -> list[dict[str, Any]]:
    summary, metrics = figures.summary(), overview.metrics()
    incidents = int(summary["incidents"])
    return [
        {"term": _("Due now"), "value": int(summary["due"]), "note": _("oldest: %(time)s", time=span(summary["oldest_s"])) if summary["due"] else ""},
        {"term": _("Being done"), "value": int(summary["running"])},
        {"term": _("Later"), "value": int(summary["later"])},
        {"term": _("Held back"), "value": int(summary["held"])},
        {"term": _("Failed"), "value": int(summary["failed"]), "bad": summary["failed"] > 0},
        {"term": _("Incidents"), "value": incidents, "bad": incidents > 0, "href": url_for("stopped.find")},
        {"term": _("Timers due"), "value": metrics["timers_due"], "note": _("of %(n)s that wait", n=metrics["timers_waiting"])},
        {"term": _("Behind by"), "value": span(metrics["seconds_behind"]), "bad": metrics["seconds_behind"] > MINUTE},
    ]  # fmt: skip


def _rows(told: dict[str, list[figures.Sample]]) -> list[dict[str, Any]]:
    """One line for each process (or kind of work that belongs to none) that has or had something to do."""
    found: dict[str, dict[str, Any]] = defaultdict(lambda: dict.fromkeys(STATES, 0))
    for labels, value in told["caseway_jobs"]:
        found[labels["definition"]][labels["state"]] = int(value)
    for labels, value in told["caseway_job_oldest_due_seconds"]:
        found[labels["definition"]]["oldest"] = span(value)
    for labels, value in told["caseway_job_latency_seconds"]:
        found[labels["definition"]][f"latency_{labels['quantile']}"] = span(value)
    for labels, value in told["caseway_job_attempts"]:
        of = found[labels["definition"]]
        of["attempts"] = of.get("attempts", 0) + int(value)
    for labels, value in told["caseway_incidents_open"]:
        found[labels["definition"]]["incidents"] = int(value)
    names = {one.key: one.name for one in reversed(definitions.versions())}
    return [{"name": names.get(lane) or lane or _("Other work"), **found[lane]} for lane in sorted(found)]


def _workers() -> list[dict[str, str]] | None:
    alive = jobs.workers()
    if alive is None:
        return None
    said = {
        "idle": _("waits for work"),
        "busy": _("works"),
        "started": _("has just started"),
        "suspended": _("is suspended"),
    }
    return [
        {"name": name, "state": said.get(state, state), "seen": words.short_moment(seen) if seen else "–"}
        for name, state, seen in alive
    ]


def span(seconds: float) -> str:
    """A span of time in the unit that fits it."""
    if seconds < 1:
        return _("%(n)s ms", n=round(seconds * 1000))
    if seconds < MINUTE:
        return _("%(n)s s", n=round(seconds))
    if seconds < HOUR:
        return _("%(n)s min", n=round(seconds / MINUTE))
    return _("%(n)s h", n=round(seconds / HOUR))
