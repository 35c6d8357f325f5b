"""What the columns are, as a table schema, and what the file as a whole says of itself.

Source: Frictionless Data, Table Schema (datapackage.org).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cases import city
from cases.models import OpenDataRoot
from cases.open_data.rows import COLUMNS
from cases.performance import Figures

LICENCE = "CC-BY-4.0"
_TYPES = {
    "promise": "integer", "latitude": "number", "longitude": "number", "reopened": "integer", "received_on": "date",
    "accepted_at": "datetime", "resolved_at": "datetime", "closed_at": "datetime", "due_at": "datetime",
    "met_at": "datetime", "fell_away": "boolean", "stands_still": "boolean",
}  # fmt: skip
SAID = {
    "id": "Tracking code of a public case; of others a name that leads nowhere, the same in all its rows",
    "promise": "Number of the promise to resolve of this case; 0 where nothing was ever promised",
    "unit": "Code of the unit the case is with",
    "category": "Code of the category; empty for cases that are not public",
    "area": "Code of the ward or commune; empty for cases that are not public",
    "channel": "How it was first reported; empty for cases that are not public",
    "latitude": "Degrees, rounded to about 100 metres; empty for cases that are not public",
    "longitude": "Degrees, rounded to about 100 metres; empty for cases that are not public",
    "status": "Where the case stands",
    "outcome": "How it ended",
    "received_on": "Day it was received, UTC",
    "accepted_at": "When a leader took it on",
    "resolved_at": "When the last result was given",
    "closed_at": "When it was closed",
    "reopened": "How often it was reopened",
    "verdict": "What the reporter thought of the last result",
    "due_at": "When the promise is due",
    "met_at": "When it was met",
    "fell_away": "Whether the promise ended without result (refused, merged, withdrawn, cancelled)",
    "stands_still": "Whether its clock stands still, waiting for the reporter or another body",
}


def table() -> dict[str, Any]:
    """The schema of the columns."""
    columns = [{"name": name, "type": _TYPES.get(name, "string"), "description": SAID[name]} for name in COLUMNS]
    return {"fields": columns, "primaryKey": ["id", "promise"], "missingValues": [""]}


def dataset(made: OpenDataRoot, whole: Figures, units: Mapping[str, Figures], *, is_steady: bool) -> dict[str, Any]:
    """What the file is, and the figures the city publishes of it.

    `is_steady` says whether nothing happened while it was written; otherwise figures and rows may differ by that.
    """
    return {
        "name": f"{city.settings().name_en}: reports of residents and how promises were kept",
        "licence": LICENCE,
        "day": made.day.isoformat(),
        "as_of": made.as_of.isoformat(),
        "steady": is_steady,
        "rows": made.rows,
        "root": made.root,
        "previous": made.previous,
        "link": made.link,
        "files": made.files,
        "figures": {"all": _shares(whole), "unit": {code: _shares(one) for code, one in sorted(units.items())}},
    }


def _shares(figures: Figures) -> dict[str, Any]:
    """On time in both formulas: how many of how many."""
    told = {}
    for name, code in (("of_all_due", "on_time_share"), ("of_those_resolved", "on_time_closed_share")):
        value = figures.values[code]
        told[name] = {"on_time": round((value.value or 0) * value.n), "n": value.n}
    return told
