"""Writing the open data of yesterday now, at a terminal."""

from __future__ import annotations

import click

from cases import open_data as files
from engine.base import transaction
from terminal.printing import Open


@click.command()
@click.pass_obj
def open_data(open_application: Open, /) -> None:
    """Write the anonymous file of all cases as things stand, with its schema and its root; once for each day."""
    from rich.progress import Progress  # noqa: PLC0415 - only this command shows progress

    with open_application(), Progress() as shown:
        bar = shown.add_task("Rows", total=None)
        with transaction():
            made = files.write(lambda number: shown.advance(bar, number))
    click.echo(f"{files.folder() / made.day.isoformat()}: {made.rows} rows, root {made.root}")
