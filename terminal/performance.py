"""The figures of performance at a terminal."""

from __future__ import annotations

import click

from cases import performance as figures
from engine.base import transaction
from terminal.printing import Open


@click.group()
def performance() -> None:
    """The figures of how the city keeps its promises."""


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
