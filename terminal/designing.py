"""Diagrams at a terminal: deployed, and checked without any server."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import click

import handlers  # noqa: F401  # registers what diagrams may name
from engine import definitions, registry
from engine.base import transaction
from engine.errors import InvalidDefinition
from engine.lint import Answers, Finding, Vocabulary, command, report
from terminal.printing import Open

DIAGRAMS = (".bpmn", ".dmn", ".form")


Command = Callable[..., None]


def _answering(command: Command) -> Command:
    """The options that say what is meant where a diagram leaves something open."""
    accept = click.option(
        "--accept-proposals", "accept", is_flag=True, help="Say yes to everything the check proposes."
    )
    people = click.option("--people", default="", metavar="GROUP", help="Who does the tasks that name nobody.")
    return accept(people(command))


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--by", default="operator", show_default=True, help="Who deploys, for the record.")
@click.option("--note", default="", help="What is new in this version.")
@click.option("--draft", is_flag=True, help="Only store it; do not let new cases use it.")
@_answering
@click.pass_obj
def deploy(
    open_application: Open, /, paths: tuple[Path, ...], by: str, note: str, *, draft: bool, accept: bool, people: str
) -> None:
    """Deploy one process: its folder, or its .bpmn, .dmn and .form files. Whatever was put right is printed."""
    with open_application():
        try:
            with transaction():
                made = definitions.deploy(_files(paths), by=by, note=note, draft=draft, answers=Answers(accept, people))
                told = [Finding(**one) for one in made.findings]
        except InvalidDefinition as refusal:
            click.echo(report.text([one for one in refusal.findings if isinstance(one, Finding)]), nl=False)
            raise
        click.echo(f"{made.key} version {made.version}")
        click.echo(report.text(told) if told else "", nl=False)


def _files(paths: tuple[Path, ...]) -> dict[str, bytes]:
    """The contents of all diagrams, tables and forms among and below `paths`, by name within their folder."""
    found: dict[str, bytes] = {}
    for path in paths:
        base = path if path.is_dir() else path.parent
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.suffix in DIAGRAMS:
                found[file.relative_to(base).as_posix()] = file.read_bytes()
    return found


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--format", "form", type=click.Choice(["text", "json", "sarif"]), default="text", show_default=True)
@_answering
def lint(paths: tuple[Path, ...], form: str, people: str, *, accept: bool) -> None:
    """Say what in the diagrams below PATHS would not run, or not as drawn."""
    vocabulary = Vocabulary(handlers=registry.topics(), functions=registry.functions())
    status, report = command(list(paths), output=form, vocabulary=vocabulary, answers=Answers(accept, people))
    click.echo(report, nl=False)
    sys.exit(status)
