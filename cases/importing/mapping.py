"""What the columns of a file mean.

```toml
[source]
time_zone = "America/Los_Angeles"     # of moments written without one
channel = "import"
early_moments = "received"            # optional: a moment recorded before the reception counts as the reception
early_promises = "none"               # optional: a promise that was due by the reception was none
end_of_day = ["due"]                  # optional: moments that name a day and mean its end

[fields]                              # column names, or texts with {column} in them
external_id = "sr"
text = "{type}: {address}"
latitude = "lat"
longitude = "lon"
address = "address"

[moments]
received = "created"                  # needed
ended = ["closed", "updated"]         # a column, or several: the first that is filled
due = "promised"

[promises]                            # optional: what the earlier system had promised; the city's own table does not count for
resolve = "due"                       # it, also not where the moment is empty: then nothing was promised

[category]
column = "type"
codes = { "Bulky Items" = "bulky-items" }

[area]                                # optional: the record names the area; else the place decides
column = "nc"
drop = [" NC", " NDC"]                # endings to drop before comparing names
names = { "MAR VISTA CC" = "Mar Vista" }   # recorded name → name of the area, where they differ otherwise

[unit]                                # optional: the agency that did it, for answers as {@unit}
column = "agency"
codes = { "BOS" = "sanitation" }      # recorded name → code of the unit; default = "…" for any other

[tasks.intake_check]                  # what a person did, and at which moment of the record
at = "received"
answers = { decision = "accept", unit = "{@unit}" }

[outcomes.Closed]                     # by the value of [status] column; "*" for any other
tasks = ["intake_check", "assign"]
message = "case_cancelled"            # optional: sent to the process at `at`
at = "ended"
```
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping as AbstractMapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from engine.errors import Invalid, Problem

FIELDS = ("external_id", "text", "latitude", "longitude", "address", "contact_name", "contact_email", "contact_phone")
NEEDED = ("source", "fields", "moments", "category", "outcomes")
SECTIONS = {*NEEDED, "promises", "area", "unit", "status", "variables", "tasks"}
#: What an earlier system may have promised: until a leader takes a case on, until there is a result, until it is answered.
PROMISES = ("accept", "resolve", "answer")


@dataclass(frozen=True)
class RecordedTask:
    """Something the record proves was done: the element, the answers, the name of the moment."""

    element: str
    at: str
    answers: AbstractMapping[str, Any]


@dataclass(frozen=True)
class RecordedOutcome:
    """How far a row's case got: tasks in order, then perhaps a message."""

    tasks: tuple[RecordedTask, ...] = ()
    message: str | None = None
    at: str = "ended"


@dataclass(frozen=True)
class Mapping:
    """A mapping, read and checked."""

    time_zone: ZoneInfo
    channel: str
    fields: AbstractMapping[str, str]
    moments: AbstractMapping[str, tuple[str, ...]]
    category_column: str
    categories: AbstractMapping[str, str]
    default_category: str | None = None
    early_is_received: bool = False
    early_promise_is_none: bool = False
    end_of_day: frozenset[str] = frozenset()
    promises: AbstractMapping[str, str] = field(default_factory=dict)
    unit_column: str | None = None
    units: AbstractMapping[str, str] = field(default_factory=dict)
    default_unit: str | None = None
    area_column: str | None = None
    area_endings: tuple[str, ...] = ()
    area_names: AbstractMapping[str, str] = field(default_factory=dict)
    status_column: str | None = None
    variables: AbstractMapping[str, Any] = field(default_factory=dict)
    outcomes: AbstractMapping[str, RecordedOutcome] = field(default_factory=dict)

    def outcome(self, status: str) -> RecordedOutcome | None:
        """What a recorded status proves."""
        return self.outcomes.get(status) or self.outcomes.get("*")


def read(path: Path) -> Mapping:
    """Read a mapping.

    Raises: Invalid with every problem, `where` naming section and key.
    """
    try:
        written = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Invalid([Problem(path.name, "not_toml", message=str(error))]) from error
    problems = _problems(written)
    if problems:
        raise Invalid(problems)
    return _mapping(written)


def _mapping(written: dict[str, Any]) -> Mapping:
    source, category = written["source"], written["category"]
    area, unit = written.get("area", {}), written.get("unit", {})
    return Mapping(
        time_zone=ZoneInfo(source.get("time_zone", "UTC")),
        channel=source.get("channel", "import"),
        fields=written["fields"],
        moments={name: _columns(columns) for name, columns in written["moments"].items()},
        category_column=category["column"],
        categories=category.get("codes", {}),
        default_category=category.get("default"),
        early_is_received=source.get("early_moments") == "received",
        early_promise_is_none=source.get("early_promises") == "none",
        end_of_day=frozenset(source.get("end_of_day", ())),
        promises=written.get("promises", {}),
        unit_column=unit.get("column"),
        units=unit.get("codes", {}),
        default_unit=unit.get("default"),
        area_column=area.get("column"),
        area_endings=tuple(area.get("drop", ())),
        area_names=area.get("names", {}),
        status_column=written.get("status", {}).get("column"),
        variables=written.get("variables", {}),
        outcomes={name: _outcome(entry, written.get("tasks", {})) for name, entry in written["outcomes"].items()},
    )


def _columns(written: str | list[str]) -> tuple[str, ...]:
    return (written,) if isinstance(written, str) else tuple(written)


def _outcome(entry: dict[str, Any], tasks: dict[str, Any]) -> RecordedOutcome:
    recorded = tuple(
        RecordedTask(tasks[name].get("element", name), tasks[name]["at"], tasks[name].get("answers", {}))
        for name in entry.get("tasks", [])
    )
    return RecordedOutcome(recorded, entry.get("message"), entry.get("at", "ended"))


def _problems(written: dict[str, Any]) -> list[Problem]:
    found = [Problem(name, "unknown_section", message="there is no such section") for name in written.keys() - SECTIONS]
    found += [
        Problem(section, "required", message="this section is needed")
        for section in NEEDED + tuple(written.keys() & SECTIONS - set(NEEDED))
        if not isinstance(written.get(section), dict)
    ]
    if found:
        return found
    found += [
        Problem(f"fields.{n}", "unknown_field", message="no such field") for n in written["fields"] if n not in FIELDS
    ]
    found += [
        Problem(f"{section}.{name}", "required", message="needed")
        for section, name in (
            *(("fields", name) for name in ("external_id", "text")),
            ("moments", "received"), ("category", "column"), *((("unit", "column"),) if "unit" in written else ()),
        )
        if name not in written[section]
    ]  # fmt: skip
    try:
        ZoneInfo(written["source"].get("time_zone", "UTC"))
    except (ZoneInfoNotFoundError, ValueError):
        found.append(Problem("source.time_zone", "unknown", message="no such time zone"))
    return found + _promise_problems(written) + _outcome_problems(written)


def _promise_problems(written: dict[str, Any]) -> list[Problem]:
    moments, promised = written["moments"], written.get("promises", {})
    found = [Problem(f"promises.{kind}", "unknown", message="no such promise") for kind in promised.keys() - PROMISES]
    found += [
        Problem(f"promises.{kind}", "unknown", message="no such moment")
        for kind, moment in promised.items()
        if moment not in moments
    ]
    return found + [
        Problem("source.end_of_day", "unknown", message=f"no moment {moment}")
        for moment in written["source"].get("end_of_day", ())
        if moment not in moments
    ]


def _outcome_problems(written: dict[str, Any]) -> list[Problem]:
    tasks, moments = written.get("tasks", {}), written["moments"]
    found = []
    for name, entry in written["outcomes"].items():
        found += [
            Problem(f"outcomes.{name}.tasks", "unknown", message=f"no [tasks.{task}]")
            for task in entry.get("tasks", [])
            if task not in tasks
        ]
        if entry.get("message") and entry.get("at", "ended") not in moments:
            found.append(Problem(f"outcomes.{name}.at", "unknown", message="no such moment"))
    for name, task in tasks.items():
        if task.get("at") not in moments:
            found.append(Problem(f"tasks.{name}.at", "unknown", message="no such moment"))
    return found
