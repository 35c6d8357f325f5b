"""How rows, moments and nothing at all are printed, and the words every command takes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

import click

#: Opens the application of this command.
Open = Callable[[], AbstractContextManager[Any]]

#: Columns of a table stand apart by this.
GAP = "  "

reason = click.option("--reason", required=True, help="Why, for the log of operations.")
by = click.option("--by", default="operator", show_default=True, help="Who does it, for the log of operations.")


def table(heads: Sequence[str], rows: Sequence[Sequence[object]], *, nothing: str) -> None:
    """Print rows below their heads, in columns; or the sentence that there are none."""
    if not rows:
        click.echo(nothing)
        return
    written = [tuple(heads), *(tuple("" if cell is None else str(cell) for cell in row) for row in rows)]
    widths = [max(len(row[column]) for row in written) for column in range(len(heads))]
    for row in written:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        click.echo(GAP.join(cells).rstrip())


def moment(at: datetime | None) -> str:
    """A moment in UTC, to the second."""
    return f"{at:%Y-%m-%d %H:%M:%S}Z" if at else ""
