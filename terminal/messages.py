"""Messages at a terminal: handed in as another program would."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import click

from engine import messages
from engine.base import transaction
from terminal.printing import Open, by

SAID = {
    "taken": "Taken by {keys}.",
    "started": "Started {keys}.",
    "kept": "Nobody waits for it yet; kept for {kept}.",
    "duplicate": "Known already; nothing happened.",
}


@click.command("send-message")
@click.argument("name")
@click.option("--key", default="", help="Business key of the instance it is for.")
@click.option(
    "--variables", default="{}", show_default=True, help="A JSON object; its values become process variables."
)
@click.option("--id", "message_id", help="What tells it from all others; the same again changes nothing.")
@click.option(
    "--keep", type=click.IntRange(0, 30 * 86400), default=0, help="Seconds to keep it if nobody waits for it."
)
@by
@click.pass_obj
def send_message(
    open_application: Open, /, name: str, key: str, variables: str, message_id: str | None, keep: int, by: str
) -> None:
    """Hand the message NAME to the instance that waits for it, let it start one, or keep it."""
    values, kept = _object(variables), timedelta(seconds=keep)
    with open_application(), transaction():
        receipt = messages.publish(name, key, values, by=by, message_id=message_id, keep_for=kept)
    click.echo(SAID[receipt.result].format(keys=", ".join(receipt.business_keys), kept=kept))


def _object(written: str) -> dict[str, Any]:
    try:
        found = json.loads(written)
    except ValueError as error:
        raise click.BadParameter(f"no JSON: {error}", param_hint="--variables") from error
    if not isinstance(found, dict):
        raise click.BadParameter('no JSON object: write {"name": value}', param_hint="--variables")
    return found
