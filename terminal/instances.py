"""Instances at a terminal: found, looked into, suspended, resumed, cancelled."""

from __future__ import annotations

import json
from collections import Counter

import click
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from engine import instances as running
from engine import operations, overview
from engine.base import session, transaction
from engine.models import Incident, Instance
from terminal.printing import Open, by, moment, reason, table

STATES = ("running", "suspended", "ended")


@click.command()
@click.option("--process", "key", help="Only those of this process.")
@click.option("--version", type=int, help="Only those of this version.")
@click.option("--state", type=click.Choice(STATES), help="Only those that stand so.")
@click.option("--at", "element", help="Only those with a task at this element.")
@click.option("--stuck", is_flag=True, help="Only those with an open incident.")
@click.option("--begins", "business_key", help="Only those whose business key begins so.")
@click.option("--limit", type=click.IntRange(1, 1000), default=50, show_default=True, help="How many at most.")
@click.pass_obj
def instances(open_application: Open, /, *, stuck: bool, limit: int, **asked: str | int | None) -> None:
    """List process instances, the newest first."""
    with open_application():
        query = select(Instance).options(joinedload(Instance.definition))
        query = query.where(*overview.matching(**asked, is_stuck=stuck))  # type: ignore[arg-type]  # as click read them
        found = list(session().scalars(query.order_by(Instance.id.desc()).limit(limit)))
        rows = [
            (one.business_key, f"{one.definition.key} {one.definition.version}", state(one), moment(one.started_at),
             _waiting(one))
            for one in found
        ]  # fmt: skip
    table(("INSTANCE", "PROCESS", "STATE", "STARTED", "WAITS AT"), rows, nothing="No instances.")


@click.command()
@click.argument("business_key")
@click.pass_obj
def instance(open_application: Open, /, business_key: str) -> None:
    """Look into one process instance: variables, what it waits for, incidents, history."""
    with open_application():
        found = running.find(business_key)
        inside = overview.inside(found)
        click.echo(f"{found.business_key}  {found.definition.key} {found.definition.version}  {state(found)}")
        click.echo(f"variables: {json.dumps(inside.variables, ensure_ascii=False, indent=2)}")
        if inside.failure:
            click.echo(f"cannot be read: {inside.failure}")
        waits = [(one.kind, one.element_id, moment(one.due_at), _awaited(one)) for one in overview.waits(found.id)]
        table(("WAITS FOR", "AT", "DUE", "WHO OR WHAT"), waits, nothing="Waits for nothing.")
        _tell_incidents(found)
        lines = [(moment(one.at), one.what, one.element_id, one.by) for one in overview.history(found)]
        table(("WHEN", "WHAT", "AT", "BY"), lines, nothing="No history.")


def _awaited(one: overview.Waits) -> str | None:
    """Whom or what: a person, a message with its key, the state of a job."""
    return one.assignee or (f"{one.message} ({one.correlation_key})" if one.message else one.state)


@click.command()
@click.argument("business_key")
@reason
@by
@click.pass_obj
def suspend(open_application: Open, /, business_key: str, **said: str) -> None:
    """Let nothing of an instance happen until it is resumed."""
    with open_application(), transaction():
        operations.suspend(running.find(business_key).id, **said)
    click.echo(f"{business_key} is suspended.")


@click.command()
@click.argument("business_key")
@reason
@by
@click.pass_obj
def resume(open_application: Open, /, business_key: str, **said: str) -> None:
    """Let a suspended instance go on; what has become due meanwhile happens."""
    with open_application(), transaction():
        operations.resume(running.find(business_key).id, **said)
    click.echo(f"{business_key} goes on.")


@click.command()
@click.argument("business_key")
@reason
@by
@click.confirmation_option(prompt="It cannot be undone. End this instance where it stands?")
@click.pass_obj
def cancel(open_application: Open, /, business_key: str, **said: str) -> None:
    """End an instance where it stands, and the case it runs for with it."""
    with open_application(), transaction():
        operations.cancel(running.find(business_key).id, **said)
    click.echo(f"{business_key} is cancelled.")


def state(one: Instance) -> str:
    """How an instance stands, in a word."""
    if one.ended_at is not None:
        return f"ended ({one.outcome})" if one.outcome else "ended"
    return "suspended" if one.is_held else "running"


def _waiting(one: Instance) -> str:
    at = Counter(found.element_id for found in overview.waits(one.id) if found.kind in ("task", "job"))
    return ", ".join(f"{element} ×{number}" if number > 1 else element for element, number in at.items())


def _tell_incidents(found: Instance) -> None:
    is_open = select(Incident).where(Incident.instance_id == found.id, Incident.resolved_at.is_(None))
    for one in session().scalars(is_open.order_by(Incident.id)):
        click.echo(f"incident {one.id} at {one.element_id or one.cause}: {one.message}")
