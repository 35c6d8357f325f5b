"""Migrations of running instances at a terminal: looked at before, followed while they are done, taken back."""

from __future__ import annotations

import click
from rich.progress import Progress

from engine import migration
from engine.base import session, transaction
from engine.ledger import MigrationState, ResultState
from engine.migration import Outlook, Plan
from terminal.printing import Open, by, moment, reason, table

#: Instances shown of a dry run.
SHOWN = 200


@click.command("migrate-instances")
@click.argument("process")
@click.option("--to", required=True, type=int, help="The version they go to.")
@click.option("--from", "source", type=int, help="Only those of this version [all others].")
@click.option("--map", "renamed", multiple=True, metavar="OLD=NEW", help="What an element is called there; repeatable.")
@click.option("--dry-run", is_flag=True, help="Only show what would become of each; change nothing.")
@click.option("--reason", help="Why, for the log of operations.")
@by
@click.pass_obj
def migrate_instances(
    open_application: Open, process: str, *, to: int, source: int | None, renamed: tuple[str, ...], dry_run: bool,
    reason: str | None, by: str,
) -> None:  # fmt: skip
    """Let running instances of PROCESS go on in another version; deadlines, assignees and drafts stay."""
    if not dry_run and not reason:
        raise click.UsageError("Say why with --reason, or look first with --dry-run.")
    mapping = _mapping(renamed)
    with open_application():
        plan = migration.plan(process, to=to, source=source, mapping=mapping)
        if dry_run:
            _show(plan)
            return
        with transaction():
            begun = migration.start(plan, by=by, reason=reason or "")
        _follow(begun.id)


@click.command("undo-migration")
@click.argument("migration_id", type=int)
@reason
@by
@click.pass_obj
def undo_migration(open_application: Open, /, migration_id: int, **said: str) -> None:
    """Take a migration back where nothing has happened since."""
    with open_application():
        with transaction():
            migration.undo(migration_id, **said)
        _follow(migration_id)


def _mapping(renamed: tuple[str, ...]) -> dict[str, str]:
    pairs = [one.partition("=") for one in renamed]
    wrong = [one for one, (old, _, new) in zip(renamed, pairs, strict=True) if not (old and new)]
    if wrong:
        raise click.UsageError(f"Write old=new, not {', '.join(wrong)}.")
    return {old: new for old, _, new in pairs}


def _show(plan: Plan) -> None:
    rows = [_row(one) for one in migration.outlook(plan, limit=SHOWN)]
    table(("INSTANCE", "FROM", "GOES", "WAITS AT", "THERE", "NEXT DUE", "WHY NOT"), rows, nothing="None would go.")
    if (count := migration.count(plan)) > len(rows):
        click.echo(f"… and {count - len(rows)} more")


def _row(one: Outlook) -> tuple[object, ...]:
    before = ", ".join(sorted({waits.element.id for waits in one.before.tasks.values()}))
    after = ", ".join(sorted({waits.element.id for waits in one.after.tasks.values()})) if one.after else ""
    due = min((timer.due_at for timer in (one.after or one.before).timers.values()), default=None)
    why = "; ".join(str(problem) for problem in one.problems)
    goes = "no" if one.after is None else "yes, and on" if one.goes_on else "yes"
    return one.instance.business_key, one.from_version, goes, before, after, moment(due), why


def _follow(migration_id: int) -> None:
    """Do it here, piece by piece; workers that run take pieces too."""
    total = sum(migration.counts(migration_id).values())
    with Progress() as shown:
        bar = shown.add_task("Instances", total=total)
        while True:
            with transaction():
                migration.work(migration_id)
            session().expire_all()
            counts = migration.counts(migration_id)
            left = counts[ResultState.WAITING] + counts[ResultState.UNDOING]
            shown.update(bar, completed=total - left)
            if migration.get(migration_id).state in (MigrationState.DONE, MigrationState.UNDONE):
                break
    told = ", ".join(f"{number} {state.replace('_', ' ')}" for state, number in counts.items() if number)
    click.echo(f"Migration {migration_id}: {told or 'no instances'}.")
