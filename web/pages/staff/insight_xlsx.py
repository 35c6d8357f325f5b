"""All figures as a workbook: what each is with its formula, units, categories and areas, and the weeks."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter
from flask_babel import gettext as _

import words
from cases import performance
from cases.performance import Figures, Kind, Line, Performance, Stretch
from web.pages.staff import insight_blocks, naming


def write(found: Performance, weeks: Sequence[Stretch]) -> bytes:
    """The workbook; numbers are numbers, so that spreadsheets can go on reckoning, and texts are never formulas."""
    written = io.BytesIO()
    with xlsxwriter.Workbook(
        written, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        _sheet(book, _("Figures"), _figures(found), head, wrap, (44, 14, 14, 10, 60, 60))
        for title, name in ((_("By unit"), "unit"), (_("By category"), "category"), (_("By area"), "area")):
            _sheet(book, title, _lines(found.lines.get(name, ())), head, None, (40,))
        _sheet(book, _("By week"), _weeks(weeks), head, None, (14, 14))
    return written.getvalue()


def _sheet(book: Any, title: str, rows: list[list[object]], head: Any, cell: Any, widths: tuple[int, ...]) -> None:
    sheet = book.add_worksheet(title[:31])
    sheet.freeze_panes(1, 1)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, ["" if one is None else one for one in row], cell if number else head)


def _figures(found: Performance) -> list[list[object]]:
    period, before = _span(found), _span(found.before) if found.before else ""
    rows: list[list[object]] = [[_("Figure"), period, before, _("n"), _("Formula"), _("What one has to know")]]
    for code, kpi in performance.kpis().items():
        is_english = naming.locale() == "en"
        value = found.totals.values.get(code)
        earlier = found.before.totals.values.get(code) if found.before else None
        rows.append(
            [
                kpi.name_en if is_english else kpi.name_vi,
                insight_blocks.said(kpi, value) if kpi.kind == Kind.AGES else value and value.value,
                insight_blocks.said(kpi, earlier) if kpi.kind == Kind.AGES else earlier and earlier.value,
                value.n if value else 0,
                (kpi.formula_en if is_english else kpi.formula_vi)
                + (_(" (minutes)") if kpi.kind == Kind.MINUTES else ""),
                kpi.explanation_en if is_english else kpi.explanation_vi,
            ]
        )
    return rows


def _lines(lines: Sequence[Line]) -> list[list[object]]:
    kpis = [kpi for kpi in performance.kpis().values() if kpi.kind != Kind.AGES]
    heads = [kpi.name_en if naming.locale() == "en" else kpi.name_vi for kpi in kpis]
    return [
        [_("Name"), _("Code"), *heads],
        *([words.local_name(one.of), one.of.code, *_values(one.figures, kpis)] for one in lines),
    ]


def _values(figures: Figures, kpis: Sequence[performance.Kpi]) -> list[object]:
    found = (figures.values.get(kpi.code) for kpi in kpis)
    return [value.value if value else None for value in found]


def _weeks(weeks: Sequence[Stretch]) -> list[list[object]]:
    heads: list[object] = [
        _("From"), _("To"), _("Received"), _("Closed"), _("Resolved"), _("Promises due"), _("On-time share"), _("Open at the end"),
    ]  # fmt: skip
    return [heads, *(_week(week) for week in weeks)]


def _week(week: Stretch) -> list[object]:
    counted = [week.received, week.closed, week.resolved, week.on_time.n, week.on_time.share, week.open_at_end]
    return [week.from_on.isoformat(), week.to_on.isoformat(), *counted]


def _span(found: Performance) -> str:
    return f"{found.from_on:%d/%m/%Y} – {found.to_on:%d/%m/%Y}"
