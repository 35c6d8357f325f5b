"""Incidents at a terminal: listed, tried again."""

from __future__ import annotations

import click

from engine import incidents as waiting
from engine import operations
from engine.base import transaction
from terminal.printing import Open, by, moment, reason, table


@click.command()
@click.option("--limit", type=click.IntRange(1, 1000), default=50, show_default=True, help="How many at most.")
@click.pass_obj
def incidents(open_application: Open, /, limit: int) -> None:
    """List what is left for a person, the oldest first."""
    with open_application():
        rows = [
            (one.id, moment(one.opened_at), one.instance.business_key if one.instance else None,
             one.element_id or one.cause, one.message)
            for one in waiting.open_incidents(limit)
        ]  # fmt: skip
    table(("INCIDENT", "SINCE", "INSTANCE", "AT", "WHAT WENT WRONG"), rows, nothing="No open incidents.")


@click.command()
@click.argument("incident_id", type=int)
@click.option("--alike", is_flag=True, help="And all others of the same cause at the same place.")
@reason
@by
@click.pass_obj
def retry(open_application: Open, /, incident_id: int, *, alike: bool, **said: str) -> None:
    """Try again what an incident stopped."""
    with open_application(), transaction():
        if alike:
            number = operations.retry_alike(incident_id, **said)
        else:
            waiting.retry(incident_id, by=said["by"])
            number = 1
    click.echo(f"{number} tried again.")
