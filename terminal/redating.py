"""Open deadlines counted again at a terminal, after another city file or other targets: looked at first."""

from __future__ import annotations

from itertools import islice

import click

from cases import redating, redating_work
from cases.models import RedatingState
from engine import jobs
from engine.base import session, transaction
from engine.errors import Invalid
from terminal.printing import Open, by, moment, table

#: Deadlines shown of a change.
SHOWN = 200


@click.command()
@click.option(
    "--source",
    type=click.Choice(["calendars", "targets"]),
    default="calendars",
    show_default=True,
    help="What they are counted by, as it is now.",
)
@click.option("--apply", "is_applied", is_flag=True, help="Move them; without it they are only shown.")
@click.option("--reason", help="Why; whoever's deadline moves can read it. Needed with --apply.")
@by
@click.pass_obj
def redate(open_application: Open, /, source: str, is_applied: bool, reason: str | None, by: str) -> None:  # noqa: FBT001 - click passes flags so
    """Show which open deadlines would be due at another moment if they were promised now; move them with --apply."""
    if is_applied and not reason:
        raise click.UsageError("Say why with --reason, or look first without --apply.")
    with open_application():
        try:
            with transaction():
                change = redating.plan(source, reason or "only looked at", by=by)
                rows = [
                    (move.code, move.kind, moment(move.was), moment(move.to) or "no target")
                    for move in islice(redating.moves(change), SHOWN)
                ]
                table(("CASE", "DEADLINE", "FROM", "TO"), rows, nothing="No open deadline would move.")
                if change.seen > len(rows):
                    click.echo(f"… and {change.seen - len(rows)} more")
                if not is_applied:
                    redating.drop(change.id)
                    return
                redating_work.apply(change.id, by=by)
        except Invalid as error:
            raise click.UsageError("; ".join(str(problem) for problem in error.problems)) from error
        _follow(change.id)


def _follow(change_id: int) -> None:
    """Move them here, batch by batch; whatever is interrupted the workers go on with."""
    while True:
        with transaction():
            change = redating.get(change_id)
            if change.state != RedatingState.RUNNING:
                break
            redating_work.go_on(change_id)
            session().flush()
    jobs.wake()
    click.echo(f"{change.moved} deadlines moved")
    for one in change.failed:
        click.echo(f"{one['code']}: {one['error']}", err=True)
    if change.failed:
        raise SystemExit(1)
