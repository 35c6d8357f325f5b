"""Where a process spends its time: the bottleneck map with its table, the ways cases went, and the cases that wait."""

from __future__ import annotations

import csv as files
import io
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

import words
from cases import access, city, deadlines, finding, process_view
from cases.finding import Wanted
from cases.inbox.views import nearest_deadlines
from engine import clock, definitions
from engine.errors import DefinitionNotFound
from engine.models import Definition
from web.guards import allowed, person
from web.pages.staff import insight_asked, insight_lines, naming, narrowing, process_shown
from web.pages.staff.insight_asked import Asked
from web.pages.staff.insight_csv import BOM, safe

#: Cases listed of a step.
MOST_CASES = 200
METRICS = ("waiting", "working", "both", "standing", "late")

pages = Blueprint("process_view", __name__)


@dataclass(frozen=True)
class View:
    """What of a process is asked for, and how it is shown."""

    key: str
    asked: Asked
    version: int | None
    metric: str
    statistic: str
    is_clock: bool

    @property
    def of(self) -> process_view.Asked:
        """As `cases.process_view` takes it."""
        wanted = Wanted(
            unit=self.asked.unit or None, category=self.asked.category or None, area=self.asked.area or None
        )
        return process_view.Asked(self.key, self.asked.from_on, self.asked.to_on, self.version, wanted)

    def href(self, endpoint: str = "process_view.show", element: str | None = None, **changed: str) -> str:
        """The same with something changed; `element` for the page of one step."""
        own = {
            "version": str(self.version or ""),
            "metric": self.metric,
            "statistic": self.statistic,
            "time": "clock" if self.is_clock else "",
        }
        path: dict[str, Any] = {"key": self.key, **({"element": element} if element else {})}
        return f"{url_for(endpoint, **path)}?{urlencode(self.asked.query(**{**own, **changed}))}"


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
    """The map, its table, and the ways. Raises: DefinitionNotFound, Invalid."""
    view, drawn = _read(key)
    elements = definitions.process(drawn).elements
    rows = process_view.read(view.of)
    steps = process_view.steps(rows, None if view.is_clock else city.first_calendar())
    lines = process_shown.lines(view, steps, elements)
    return render_template(
        "staff/process_view.html",
        view=view,
        process=drawn,
        rows=len(rows),
        is_cut=rows.is_cut,
        most=process_view.MOST,
        lines=lines,
        heat={line["id"]: {"level": line["level"], "text": line["badge"]} for line in lines if line["level"]},
        legend=process_shown.legend(lines),
        ways=process_shown.ways(rows, elements),
        choices=_choices(view),
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
    """The table as a file: every step with all its figures, in minutes."""
    view, drawn = _read(key)
    elements = definitions.process(drawn).elements
    steps = process_view.steps(process_view.read(view.of), None if view.is_clock else city.first_calendar())
    written = io.StringIO()
    writer = files.writer(written, lineterminator="\r\n")
    writer.writerow(process_shown.heads())
    for step in steps:
        times = (
            one[share] for one in (step.waiting, step.working, step.both) for share in process_shown.STATISTICS.values()
        )
        numbers = [step.visits, step.cases, step.open_now, step.again, step.late, step.with_due, step.measured]
        writer.writerow(
            [step.element_id, safe(process_shown.name(elements, step.element_id)), *numbers, *("" if one is None else round(one, 1) for one in times)]
        )  # fmt: skip
    response = Response(BOM + written.getvalue(), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="process-{key}.csv"'
    return response


@pages.get("/insight/process/<key>/steps/<element>")
@allowed(access.may_see_performance)
def waiting(key: str, element: str) -> ResponseReturnValue:
    """The cases that wait at a step, the longest first; only those one may see. Raises: DefinitionNotFound."""
    view, drawn = _read(key)
    elements = definitions.process(drawn).elements
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


# --------------------------------------------------------------------------------------------------------------- asked


def _read(key: str) -> tuple[View, Definition]:
    """Raises: DefinitionNotFound, Invalid."""
    known = process_view.versions(key)
    if not known:
        raise DefinitionNotFound(key)
    asked, args = insight_asked.read(), request.args
    number = args.get("version", type=int)
    drawn = next((one for one in known if one.version == number), None)
    metric, statistic = args.get("metric", ""), args.get("statistic", "")
    view = View(
        key,
        asked,
        drawn.version if drawn else None,
        metric if metric in METRICS else METRICS[0],
        statistic if statistic in process_shown.STATISTICS else "median",
        args.get("time") == "clock",
    )
    return view, drawn or known[0]


def metrics() -> dict[str, str]:
    """What the map may show."""
    return {
        "waiting": _("Time waiting"),
        "working": _("Time in work"),
        "both": _("Time waiting and in work"),
        "standing": _("Standing there now"),
        "late": _("Share late"),
    }


def _choices(view: View) -> dict[str, list[dict[str, str]]]:
    versions = [{"value": str(one.version), "label": str(one.version)} for one in process_view.versions(view.key)]
    return {
        "metrics": [{"value": code, "label": text} for code, text in metrics().items()],
        "statistics": [{"value": "median", "label": _("Half within")}, {"value": "p90", "label": _("9 of 10 within")}],
        "times": [{"value": "clock", "label": _("By the clock")}],
        "versions": versions,
        "units": narrowing.units(),
        "areas": narrowing.areas(),
        "categories": narrowing.categories(),
        "periods": [
            {"text": text, "href": view.href(period=code), "here": code == view.asked.period}
            for code, text in insight_asked.choices()
        ],
    }
