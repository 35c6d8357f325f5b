"""Which figures of a process are asked for, how they are shown, and what they are compared with: as the address says."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from flask import request, url_for
from flask_babel import gettext as _

from cases import process_view
from cases.finding import Wanted
from engine.errors import DefinitionNotFound
from engine.models import Definition
from web.pages.staff import insight_asked, insight_lines, narrowing
from web.pages.staff.insight_asked import Asked

METRICS = ("waiting", "working", "both", "standing", "late")
STATISTICS = {"median": 0.5, "p90": 0.9}
#: What a comparison with the period before is called in the address; one with another version by its number.
BEFORE = "before"


@dataclass(frozen=True)
class View:
    """What of a process is asked for, and how it is shown."""

    key: str
    asked: Asked
    version: int | None
    metric: str
    statistic: str
    is_clock: bool
    against: str = ""

    @property
    def of(self) -> process_view.Asked:
        """As `cases.process_view` takes it."""
        wanted = Wanted(
            unit=self.asked.unit or None, category=self.asked.category or None, area=self.asked.area or None
        )
        return process_view.Asked(self.key, self.asked.from_on, self.asked.to_on, self.version, wanted)

    @property
    def other(self) -> View | None:
        """What it is compared with, if it is."""
        if self.against == BEFORE:
            return replace(self, asked=replace(self.asked, period="own", days=self.asked.before), against="")
        return replace(self, version=int(self.against), against="") if self.against else None

    @property
    def title(self) -> str:
        """What is looked at, in words: for drawings beside each other."""
        days = insight_lines.days(self.asked.days)
        return f"{_('Version %(n)s', n=self.version)}, {days}" if self.version else days

    def href(self, endpoint: str = "process_view.show", element: str | None = None, **changed: str) -> str:
        """The same with something changed; `element` for the page of one step."""
        own = {
            "version": str(self.version or ""),
            "metric": self.metric,
            "statistic": self.statistic,
            "time": "clock" if self.is_clock else "",
            "against": self.against,
        }
        path: dict[str, Any] = {"key": self.key, **({"element": element} if element else {})}
        return f"{url_for(endpoint, **path)}?{urlencode(self.asked.query(**{**own, **changed}))}"


def read(key: str) -> tuple[View, Definition]:
    """What this request asks for, and the version that is drawn. Raises: DefinitionNotFound, Invalid."""
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
        statistic if statistic in STATISTICS else "median",
        args.get("time") == "clock",
        _against(args.get("against", ""), known),
    )
    return view, drawn or known[0]


def _against(said: str, known: list[Definition]) -> str:
    return said if said in {BEFORE, *(str(one.version) for one in known)} else ""


def metrics() -> dict[str, str]:
    """What the map may show."""
    return {
        "waiting": _("Time waiting"),
        "working": _("Time in work"),
        "both": _("Time waiting and in work"),
        "standing": _("Standing there now"),
        "late": _("Share late"),
    }


def choices(view: View) -> dict[str, list[dict[str, Any]]]:
    """What may be chosen."""
    versions = [{"value": str(one.version), "label": str(one.version)} for one in process_view.versions(view.key)]
    return {
        "metrics": [{"value": code, "label": text} for code, text in metrics().items()],
        "statistics": [{"value": "median", "label": _("Half within")}, {"value": "p90", "label": _("9 of 10 within")}],
        "times": [{"value": "clock", "label": _("By the clock")}],
        "versions": versions,
        "against": [
            {"value": BEFORE, "label": _("the period before")},
            *({**one, "label": _("Version %(n)s", n=one["label"])} for one in versions if len(versions) > 1),
        ],
        "units": narrowing.units(),
        "areas": narrowing.areas(),
        "categories": narrowing.categories(),
        "periods": [
            {"text": text, "href": view.href(period=code), "here": code == view.asked.period}
            for code, text in insight_asked.choices()
        ],
    }
