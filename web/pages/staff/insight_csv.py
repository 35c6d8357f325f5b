"""The performance tables as CSV: with a byte order mark, so that spreadsheets read Vietnamese right."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from flask_babel import gettext as _

import words
from cases.performance import Figures, Performance

BOM = "\ufeff"
#: What a spreadsheet would take for a formula when it begins a cell.
FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def write(found: Performance) -> str:
    """One line for the whole, each unit, category and area."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(_heads())
    for kind, code, name, figures in _lines(found):
        writer.writerow([kind, safe(code), safe(name), found.from_on, found.to_on, *_cells(figures)])
    return BOM + written.getvalue()


def official(found: Performance) -> str:
    """The two indicators of Decision 766/QĐ-TTg: one line for the whole and for each unit."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(_official_heads())
    lines = [(_("Total"), "", "", found.totals)]
    lines += [(_("Unit"), one.unit.code, words.local_name(one.unit), one.figures) for one in found.by_unit]
    for kind, code, name, figures in lines:
        cells = _indicator(figures, "official_on_time_share"), _indicator(figures, "official_satisfaction_share")
        (n, kept, share), (closed, good, satisfied) = cells
        row = [
            kind,
            safe(code),
            safe(name),
            found.from_on,
            found.to_on,
            n,
            kept,
            share,
            closed,
            closed - good,
            satisfied,
        ]
        writer.writerow(row)
    return BOM + written.getvalue()


def _official_heads() -> list[str]:
    return [
        *_heads()[:5],
        _("Resolved with a target"),
        _("Of these on time"),
        _("On-time share"),
        _("Closed with a result"),
        _("Of these late or not satisfied"),
        _("Satisfaction share"),
    ]


def _indicator(figures: Figures, code: str) -> tuple[int, int, object]:
    value = figures.values.get(code)
    if value is None:
        return 0, 0, ""
    return value.n, round((value.value or 0) * value.n), _rounded(value.value, 4)


def safe(text: str) -> str:
    """A text no spreadsheet runs."""
    return f"'{text}" if text.startswith(FORMULAS) else text


def _lines(found: Performance) -> Iterator[tuple[str, str, str, Figures]]:
    yield _("Total"), "", "", found.totals
    for unit in found.by_unit:
        yield _("Unit"), unit.unit.code, words.local_name(unit.unit), unit.figures
    for category in found.by_category:
        yield _("Category"), category.category.code, words.local_name(category.category), category.figures
    for area in found.lines.get("area", ()):
        yield _("Area"), area.of.code, words.local_name(area.of), area.figures


def _heads() -> list[str]:
    return [
        _("Row"),
        _("Code"),
        _("Name"),
        _("From"),
        _("To"),
        _("Reports received"),
        _("Closed"),
        _("Still open"),
        _("Overdue now"),
        _("Due soon"),
        _("Promises due"),
        _("On-time share"),
        _("Median hours"),
        _("90th percentile hours"),
        _("Feedback answers"),
        _("Satisfied share"),
        _("Reopened"),
        _("Inhabitants"),
        _("Received per 1,000 inhabitants"),
    ]


def _cells(figures: Figures) -> list[object]:
    people = figures.values.get("received_per_1000")
    return [
        figures.received,
        figures.closed,
        figures.open,
        figures.overdue_now,
        figures.due_soon,
        figures.on_time_share.n,
        _rounded(figures.on_time_share.share, 4),
        _rounded(figures.handling_hours_median, 1),
        _rounded(figures.handling_hours_p90, 1),
        figures.satisfaction.n,
        _rounded(figures.satisfaction.share, 4),
        figures.reopened,
        people.n or "" if people else "",
        _rounded(people.value, 3) if people else "",
    ]


def _rounded(number: float | None, digits: int) -> object:
    return "" if number is None else round(float(number), digits)
