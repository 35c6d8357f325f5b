"""The `caseway` command: one composition root beside wsgi.py. Every command is a thin door; the rooms do the work."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from settings import ROOT, Settings, SettingsError
from terminal import Commands

if TYPE_CHECKING:
    from flask import Flask

SETTINGS_WRONG = 2


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.pass_context
def main(context: click.Context) -> None:
    """Case management for a city, driven by BPMN. Settings come from the environment: docs/operations.md."""
    context.obj = opened


def read_settings() -> Settings:
    """The settings of this process, or an end with everything that is wrong with them."""
    try:
        return Settings.from_environment()
    except SettingsError as error:
        click.echo(str(error), err=True)
        sys.exit(SETTINGS_WRONG)


@contextmanager
def told() -> Iterator[None]:
    """Within the block, what cannot be done ends the command with a sentence saying so."""
    from sqlalchemy.exc import OperationalError

    from engine.errors import CasewayError

    try:
        yield
    except CasewayError as error:
        raise click.ClickException(error.message) from error
    except OperationalError as error:
        remedy = "Start it (`make run` in another terminal starts the embedded one), or set DATABASE_URL to yours."
        raise click.ClickException(f"The database does not answer: {error.orig}\n{remedy}") from error


@contextmanager
def opened() -> Iterator[None]:
    """The application with its context open, for a command to work in."""
    with told(), application().app_context():
        yield


def application() -> Flask:
    """The application; for gunicorn made once, before it divides into processes, which must share no connection."""
    from engine.base import db
    from wsgi import create_app

    app = create_app(read_settings())
    with app.app_context():
        db.engine.dispose()
    return app


@main.command()
def run() -> None:
    """Run everything on this machine: servers if none are named, migrations, workers, clock, web."""
    from servers.supervisor import Supervisor

    sys.exit(Supervisor(read_settings(), ROOT).run())


@main.command()
def web() -> None:
    """Answer browsers and programs at HOST:PORT (gunicorn; WEB_PROCESSES, WEB_THREADS)."""
    settings = read_settings()
    os.chdir(ROOT)
    os.execv(  # noqa: S606 - no shell is wanted
        sys.executable,
        [sys.executable, "-m", "gunicorn", *gunicorn_options(settings), "cli:application()"],
    )


def gunicorn_options(settings: Settings) -> list[str]:
    """How the web server runs: loaded once, then some processes with some threads each; ends only after the last answer."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    size = ["--workers", str(settings.web_processes), "--threads", str(settings.web_threads)]
    ways = ["--worker-class", "gthread", "--preload", "--graceful-timeout", "20", "--no-control-socket"]
    return [*ways, *size, "--bind", f"{host}:{settings.port}"]


@main.command()
def worker() -> None:
    """Do background work until told to stop; run as many as there is work for."""
    from engine import jobs

    app = application()
    with app.app_context():
        jobs.work(burst=False, app_context=app.app_context)


@main.command()
def clock() -> None:
    """Fire due timers until told to stop; of several clocks one ticks and the others stand by."""
    from engine import timers

    app = application()  # before the signals: whoever still loads may simply end
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with app.app_context():
        timers.keep_time(stop)


@main.command()
def migrate() -> None:
    """Bring the database's tables up to date."""
    with opened():
        upgrade()


def upgrade() -> None:
    """Apply the migrations this database has not seen."""
    import flask_migrate

    flask_migrate.upgrade(directory=str(ROOT / "migrations"))


@main.command()
def doctor() -> None:
    """Say what is wrong with settings, servers and files, and what to do; ends with 1 if anything is."""
    from engine import timers
    from servers import doctor as examination

    findings = examination.examine(read_settings(), ROOT, clock_lock=timers.CLOCK_LOCK)
    for finding in findings:
        click.echo(str(finding))
    sys.exit(any(finding.remedy for finding in findings))


@main.command()
@click.option("--if-empty", is_flag=True, help="Do nothing when there is a city already.")
@click.option("--accounts", type=click.Path(path_type=Path), help="A file to write down who may sign in.")
def seed(if_empty: bool, accounts: Path | None) -> None:  # noqa: FBT001 - click passes flags so
    """Bring the database's tables up to date and fill them with the demo city."""
    from cases import demo

    settings = read_settings()
    with opened():
        upgrade()
        demo.seed(settings, if_empty=if_empty)
        if accounts:
            accounts.write_text(demo_people(), encoding="utf-8")


@main.command("demo-past")
def demo_past() -> None:
    """Give the demo city a past: some hundred finished cases of half a year. It can be stopped and started again."""
    from rich.progress import Progress

    from cases.demo import past

    os.nice(10)  # people look at the city meanwhile
    with the_application():
        if past.is_lived():
            click.echo("The demo city has its past already.")
            return
        with Progress() as shown:
            bar = shown.add_task("Cases", total=past.CASES)
            past.live(progress=lambda done: shown.advance(bar, done))


@main.command("load-city")
def load_city() -> None:
    """Bring tables, units, areas, categories and people up to CITY_FILE, and deploy the shipped process if there is none."""
    from cases import city, city_file, shipped
    from engine.base import transaction

    settings = read_settings()
    with opened():
        upgrade()
        with transaction():
            city.load(city_file.read(settings.city_file))
            shipped.deploy_if_missing(by="operator")
    click.echo(f"{settings.city_file} is loaded; `caseway set-password USERNAME` lets people in.")


@main.command("set-password")
@click.argument("username")
@click.password_option(help="Asked for if not given.")
def set_password(username: str, password: str) -> None:
    """Give somebody a (new) password."""
    from cases import accounts
    from engine.base import transaction

    with opened(), transaction():
        person = accounts.find(username)
        if person is None:
            raise click.ClickException(f"There is nobody called {username}.")
        accounts.set_password(person, password)


@main.command("demo-accounts")
def demo_accounts() -> None:
    """Show who may sign in to the demo city."""
    with opened():
        click.echo(demo_people(), nl=False)


def demo_people() -> str:
    """Who may sign in to the demo city, a line for each, and with what."""
    from cases import demo

    return "".join(f"{account}\n" for account in demo.accounts()) + f"The password of all: {demo.password()}\n"


@main.command("import-reports")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--mapping",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="What the columns mean.",
)
@click.option(
    "--refused", type=click.Path(path_type=Path), help="Where refused rows are told [FILE.refused.csv, here]."
)
@click.option("--until", type=click.DateTime(), help="How far time goes on after the last recorded moment (UTC) [now].")
@click.option("--processes", default=os.cpu_count() or 1, show_default=True, help="How many work side by side.")
def import_reports(file: Path, mapping: Path, refused: Path | None, until: datetime | None, processes: int) -> None:
    """Take in reports of an earlier system (CSV or JSON lines), each lived through the real process."""
    from rich.progress import Progress

    from cases import importing
    from cases.importing import parallel
    from engine import clock as time

    end = until.replace(tzinfo=UTC) if until else time.now()
    order = parallel.Order(file, mapping, end, refused or Path(f"{file.name}.refused.csv"))
    with told():
        importing.read(mapping)
    with Progress() as shown:
        bar = shown.add_task("Reports", total=parallel.count(file))
        outcome = parallel.import_file(
            order, enter=the_application, processes=processes, progress=lambda done: shown.advance(bar, done)
        )
    click.echo(f"{outcome.taken} taken, {outcome.known} already there, {outcome.refused} refused")
    sys.exit(bool(outcome.refused))


@main.command("import-areas")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--name-property", default="name", show_default=True, help="The property that names an area.")
@click.option("--inhabitants-property", help="The property that says how many people live there [none].")
@click.option("--unit", help="The unit responsible in all of them [the one that receives reports].")
def import_areas(file: Path, name_property: str, inhabitants_property: str | None, unit: str | None) -> None:
    """Take in the borders of areas (wards, quarters) from a GeoJSON file."""
    from cases import areas
    from engine.base import transaction

    with opened(), transaction():
        number = areas.import_file(
            file, name_property=name_property, unit=unit, inhabitants_property=inhabitants_property
        )
        click.echo(f"{number} areas")


@contextmanager
def the_application() -> Iterator[None]:
    """The world of an importing process: the application with its context open, and nobody written to."""
    import notifications

    with application().app_context(), notifications.silence():
        yield


if __name__ == "__main__":
    main(prog_name="caseway")
