"""The figures of performance at a terminal."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import click
from sqlalchemy import select

from cases import city
from cases import performance as figures
from cases.models import Area, Category
from cases.performance import LINES, Line, Performance, Share, periods
from cases.performance.periods import Period
from engine.base import session, transaction
from engine.errors import Invalid
from terminal.printing import Open, table

#: What the options are called in the problems of the verb.
OPTIONS = {
    "to_on": "--to",
    "period": "--period",
    **{name: f"--{name}" for name in ("unit", "category", "area", "channel")},
}
HEADS = (
    "OF",
    "RECEIVED",
    "CLOSED",
    "OPEN",
    "OVERDUE",
    "ON TIME OF ALL DUE",
    "ON TIME OF RESOLVED",
    "MEDIAN HOURS",
    "PER 1,000",
)

NOTHING_USUAL = f"No category has had {figures.usual.FEWEST} results yet."

_day = click.DateTime(["%Y-%m-%d"])


@click.group()
def performance() -> None:
    """The figures of how the city keeps its promises."""


@performance.command()
@click.option("--from", "from_on", type=_day, help="The first day [the first of the month of the last].")
@click.option("--to", "to_on", type=_day, help="The last day [today].")
@click.option("--period", help="A reporting period instead: 2026-11, 2026-Q4 or 2026.")
@click.option("--unit", help="Of a unit, with everything below it.")
@click.option("--category")
@click.option("--area")
@click.option("--channel")
@click.option(
    "--by", multiple=True, type=click.Choice(list(LINES)), help="What to list, again for more [unit, category]."
)
@click.option("--format", "written", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_obj
def show(
    open_application: Open, /, from_on: datetime | None, to_on: datetime | None, period: str | None,
    by: tuple[str, ...], written: str, **scope: Any,
) -> None:  # fmt: skip
    """The figures of a period: of the whole city, and a line for each unit, category, area or channel.

    PER 1,000 is what was received for every 1,000 inhabitants. JSON has every figure by its code (docs/performance-figures.md) with n, what it rests on.
    """
    if period and (from_on or to_on):
        raise click.UsageError("Say either --period or --from and --to.")
    with open_application():
        try:
            asked = _period(period, from_on, to_on)
            found = figures.summary(from_on=asked.from_on, to_on=asked.to_on, by=by or figures.USUAL, **scope)
        except Invalid as error:
            said = (f"{OPTIONS.get(one.where, one.where)}: {one.code.replace('_', ' ')}" for one in error.problems)
            raise click.UsageError("; ".join(said)) from error
        click.echo(_json(found)) if written == "json" else _table(found)


def _period(name: str | None, from_on: datetime | None, to_on: datetime | None) -> Period:
    if name:
        return periods.named(name, city.settings().report_day)
    last = to_on.date() if to_on else city.today()
    return Period(from_on.date() if from_on else last.replace(day=1), last)


def _json(found: Performance) -> str:
    lines = {name: {_code(line): _values(line.figures) for line in rows} for name, rows in found.lines.items()}
    whole = {"from": found.from_on.isoformat(), "to": found.to_on.isoformat(), "totals": _values(found.totals)}
    return json.dumps({**whole, **{f"by_{name}": rows for name, rows in lines.items()}}, ensure_ascii=False, indent=2)


def _values(of: figures.Figures) -> dict[str, Any]:
    return {
        code: {"n": one.n, "value": one.value} | ({"parts": one.parts} if one.parts else {})
        for code, one in of.values.items()
    }


def _table(found: Performance) -> None:
    click.echo(f"{found.from_on} to {found.to_on}")
    table(HEADS, list(_rows(found)), nothing="")


def _rows(found: Performance) -> Iterator[tuple[object, ...]]:
    yield ("the whole city", *_cells(found.totals))
    for name, lines in found.lines.items():
        for line in lines:
            yield (f"{name} {'  ' * line.depth}{_code(line)}", *_cells(line.figures))


def _code(line: Line) -> str:
    return line.of if isinstance(line.of, str) else str(line.of.code)


def _cells(of: figures.Figures) -> tuple[object, ...]:
    closed = of.values["on_time_closed_share"]
    shares = (_share(of.on_time_share), _share(Share(closed.n, closed.value)))
    median = "" if of.handling_hours_median is None else f"{of.handling_hours_median:.1f}"
    rate = of.values["received_per_1000"].value
    per_1000 = "" if rate is None else f"{rate:.2f}"
    return (of.received, of.closed, of.open, of.overdue_now, *shares, median, per_1000)


def _share(share: Share) -> str:
    return "none due" if share.share is None else f"{100 * share.share:.1f} % of {share.n}"


@performance.command()
@click.option("--anew", is_flag=True, help="Reckon first; else as the clock has it, once an hour.")
@click.pass_obj
def usual(open_application: Open, /, anew: bool) -> None:  # noqa: FBT001 - click passes flags so
    """How long cases of each category usually take in each area, those still open counted too."""
    with open_application():
        if anew:
            with transaction():
                figures.usual.reckon()
        table(
            ("CATEGORY", "AREA", "HALF WITHIN", "NINE OF TEN WITHIN", "RESULTS"), list(_usual()), nothing=NOTHING_USUAL
        )


def _usual() -> Iterator[tuple[object, ...]]:
    categories = {row.id: row.code for row in session().execute(select(Category.id, Category.code))}
    areas = {row.id: row.code for row in session().execute(select(Area.id, Area.code))}
    for (category_id, area_id), curve in sorted(figures.usual.curves().items()):
        half, most = (curve.within(share) for share in (figures.usual.HALF, figures.usual.MOST))
        yield categories[category_id], areas.get(area_id, "anywhere"), _hours(half), _hours(most), curve.results


def _hours(minutes: float | None) -> str:
    return "not seen yet" if minutes is None else f"{minutes / 60:.1f} hours"


@performance.command()
@click.option("--anew", is_flag=True, help="Forget all sums first; until the end the figures are not whole.")
@click.pass_obj
def rebuild(open_application: Open, /, anew: bool) -> None:  # noqa: FBT001 - click passes flags so
    """Look at every case again, after calendars or definitions changed. What is interrupted, the clock goes on with."""
    from rich.progress import Progress  # noqa: PLC0415 - only this command shows progress

    with open_application():
        with transaction():
            marked = figures.mark_all(anew=anew)
        with Progress() as shown:
            bar = shown.add_task("Cases", total=marked)
            done = figures.refresh(lambda number: shown.advance(bar, number), wait=True)
    click.echo(f"{done} cases looked at")
