"""Where a process spends its time: the bottleneck map with its tables, the ways cases went, and the cases that wait."""

from __future__ import annotations

import csv as files
import io
from typing import Any

from flask import Blueprint, Response, render_template, url_for
from flask.typing import ResponseReturnValue

import words
from cases import access, city, deadlines, finding, process_view
from cases.inbox.views import nearest_deadlines
from engine import clock, definitions
from engine.errors import DefinitionNotFound
from engine.models import Definition
from web.guards import allowed, person
from web.pages.staff import insight_lines, naming, process_asked, process_flows, process_shown
from web.pages.staff.insight_csv import BOM
from web.pages.staff.process_asked import View
from web.pages.staff.process_shown import Found

#: Cases listed of a step.
MOST_CASES = 200

pages = Blueprint("process_view", __name__)


@pages.get("/insight/process")
@allowed(access.may_see_performance)
def listed() -> ResponseReturnValue:
    """The processes that have run."""
    found = process_view.processes()
    return render_template(
        "staff/process_list.html",
        processes=[
            {"name": one.name, "key": one.key, "version": one.version, "href": url_for(".show", key=one.key)}
            for one in found
        ],
    )


@pages.get("/insight/process/<key>")
@allowed(access.may_see_performance)
def show(key: str) -> ResponseReturnValue:
    """The map, its tables, and the ways, beside another version or period. Raises: DefinitionNotFound, Invalid."""
    view, drawn = process_asked.read(key)
    found, elements = _found(view), process_shown.elements_of(drawn)
    other = _found(view.other) if view.other else None
    scale = process_shown.scale(view, found, other, elements)
    people, machines = process_shown.lines(view, found, other, elements, scale)
    return render_template(
        "staff/process_view.html",
        view=view,
        process=drawn,
        tasks=len(found.rows),
        cases=found.passing.cases,
        is_cut=found.rows.is_cut or found.passing.is_cut,
        people=people,
        machines=machines,
        legend=process_shown.legend(people + machines),
        decisions=process_flows.decisions(found.passing, other.passing if other else None, drawn),
        drawings=[
            _drawing(one, result, version, scale)
            for one, result, version in ((view, found, drawn), (view.other, other, _version(view.other, drawn)))
            if one and result
        ],
        ways=process_shown.ways(found.rows, elements),
        choices=process_asked.choices(view),
        days_text=insight_lines.days(view.asked.days),
    )


@pages.get("/insight/process/<key>/<int:version>/process.bpmn")
@allowed(access.may_see_performance)
def drawing(key: str, version: int) -> ResponseReturnValue:
    """The diagram of a version, for the map. Raises: DefinitionNotFound."""
    drawn = next((one for one in process_view.versions(key) if one.version == version), None)
    if drawn is None:
        raise DefinitionNotFound(key)
    return Response(definitions.diagram(drawn), mimetype="application/xml")


@pages.get("/insight/process/<key>.csv")
@allowed(access.may_see_performance)
def csv(key: str) -> ResponseReturnValue:
    """The tables as a file: every element with all its figures, in minutes."""
    view, drawn = process_asked.read(key)
    elements = process_shown.elements_of(drawn)
    found = _found(view)
    written = io.StringIO()
    writer = files.writer(written, lineterminator="\r\n")
    writer.writerow(process_shown.heads())
    writer.writerows(process_shown.cells(step, elements) for step in (*found.steps, *found.passing.steps))
    response = Response(BOM + written.getvalue(), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="process-{key}.csv"'
    return response


@pages.get("/insight/process/<key>/steps/<element>")
@allowed(access.may_see_performance)
def waiting(key: str, element: str) -> ResponseReturnValue:
    """The cases that wait at a step, the longest first; only those one may see. Raises: DefinitionNotFound."""
    view, drawn = process_asked.read(key)
    elements = process_shown.elements_of(drawn)
    found = process_view.standing(view.of, element, finding.visible_to(person()), MOST_CASES)
    near = nearest_deadlines(one.case.id for one in found)
    return render_template(
        "staff/process_waiting.html",
        view=view,
        step=process_shown.name(elements, element),
        cases=[
            {
                "title": one.case.title,
                "code": one.case.tracking_code,
                "href": url_for("case_file.summary", code=one.case.tracking_code),
                "since": one.task.created_at,
                "who": naming.person_name(one.task.assignee)
                or ", ".join(naming.group(group) for group in one.task.candidate_groups),
                "deadline": words.deadline(deadlines.view(near[one.case.id], at=clock.now()))
                if one.case.id in near
                else None,
            }
            for one in found
        ],
        is_whole=len(found) < MOST_CASES,
    )


def _found(view: View) -> Found:
    """Raises: Invalid."""
    calendar = None if view.is_clock else city.first_calendar()
    rows = process_view.read(view.of)
    return Found(rows, process_view.steps(rows, calendar), process_view.passing(view.of, calendar))


def _version(view: View | None, drawn: Definition) -> Definition:
    """The version that is drawn for what is compared."""
    if view is None or view.version is None:
        return drawn
    return next(one for one in process_view.versions(view.key) if one.version == view.version)


def _drawing(view: View, found: Found, drawn: Definition, scale: float) -> dict[str, Any]:
    """What a drawing shows: its elements' colours and badges, its flows' widths."""
    people, machines = process_shown.lines(view, found, None, process_shown.elements_of(drawn), scale)
    return {
        "title": view.title,
        "version": drawn.version,
        "heat": {line["id"]: {"level": line["level"], "text": line["badge"]} for line in people + machines},
        "flows": process_flows.drawn(found.passing, drawn),
    }
