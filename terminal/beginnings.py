"""How instances begin, at a terminal: by hand, and how processes begin by themselves."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import click
import orjson

from engine import beginnings
from engine.base import transaction
from terminal.printing import Open, by, moment, reason, table

_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
FOR_EVER = "for ever"


@click.command()
@click.argument("key")
@click.option("--at", help="Id of the start event, where the process has several.")
@click.option("--business-key", help="What it is called, as nothing else is; one is made unless said.")
@click.option(
    "--variables", default="{}", show_default=True, help="A JSON object, or @ and the name of a file with one."
)
@reason
@by
@click.pass_obj
def start(open_application: Open, /, key: str, *, business_key: str | None, variables: str, **said: Any) -> None:
    """Begin an instance of the process KEY by hand, on its live version."""
    values = _object(variables)
    with open_application(), transaction():
        begun = beginnings.begin(key, variables=values, business_key=business_key, **said)
        called = begun.business_key
    click.echo(f"Started {called}.")


@click.command()
@click.pass_obj
def starts(open_application: Open, /) -> None:
    """List how every live process begins: by hand or report, by a message, or at a moment."""
    with open_application():
        rows = [
            (f"{one.definition.key} {one.definition.version}", one.element_id, one.kind, one.message,
             moment(one.due_at), *_moments(one))
            for one in beginnings.starts()
        ]  # fmt: skip
    table(("PROCESS", "AT", "KIND", "MESSAGE", "NEXT", "LEFT", "MISSED"), rows, nothing="No live process.")


def _moments(one: beginnings.Start) -> tuple[str, str]:
    if one.kind != "timer":
        return "", ""
    return FOR_EVER if one.left is None else str(one.left), "each" if one.is_all else "once"


def _object(written: str) -> dict[str, Any]:
    try:
        text = Path(written[1:]).read_text(encoding="utf-8") if written.startswith("@") else written
        found = orjson.loads(text)
    except (OSError, UnicodeDecodeError) as error:
        raise click.BadParameter(f"cannot be read: {error}", param_hint="--variables") from error
    except ValueError as error:
        raise click.BadParameter(f"no JSON: {error}", param_hint="--variables") from error
    if not isinstance(found, dict):
        raise click.BadParameter('no JSON object: write {"name": value}', param_hint="--variables")
    if _NUL.search(text):
        raise click.BadParameter("the character U+0000 cannot be kept", param_hint="--variables")
    return found
