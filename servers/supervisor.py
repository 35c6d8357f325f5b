"""Runs everything of one machine in order, watches it, and stops it in the opposite order.

Embedded servers (unless the operator has named others), migrations, the demo city, workers, clock, web. Where many
machines share the work, systemd or a container platform does this instead (docs/operations.md).
"""

from __future__ import annotations

import fcntl
import os
import signal
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import psycopg

from servers import children, places, ports, postgres, valkey
from servers.children import Child
from servers.doctor import tables_are_current
from servers.places import ServerError
from servers.progress import say, show

if TYPE_CHECKING:
    from settings import Settings

PATIENCE = 90.0
SIGN_OF_LIFE = 4.0
ECHO = 1.0
CAREFUL_STOP = {"worker": 60.0, "web": 30.0}


STOP_ORDER = ("web", "clock", "worker", "valkey", "postgres")


class StopAskedError(Exception):
    """Somebody pressed Ctrl-C or asked us to end."""


class Supervisor:
    """The processes of one machine."""

    def __init__(self, settings: Settings, root: Path) -> None:
        self.settings = settings
        self.root = root
        self.place = places.of(settings.var)
        self.seeded = settings.var / "demo-accounts"
        self.lived = settings.var / "demo-past"
        self.children: list[Child] = []
        self.chores: list[Child] = []
        self.hurry = False
        self.asked_at = 0.0

    def run(self) -> int:
        """Start, watch until told to stop or until something dies, stop; the exit code."""
        self.listen()
        try:
            with self.alone():
                return self.run_alone()
        except ServerError as error:
            print(error, file=sys.stderr, flush=True)
            return 1

    def run_alone(self) -> int:
        """Start and watch; whatever ends that, stop in order."""
        code = 1
        try:
            self.start()
            self.watch()
        except StopAskedError:
            code = 0
        finally:
            self.stop()
        return code

    def listen(self) -> None:
        """Let a signal, or the end of the terminal unless `nohup` has said otherwise, begin the stop."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            if number is not signal.SIGHUP or signal.getsignal(number) is signal.SIG_DFL:
                signal.signal(number, self.asked_to_stop)

    def asked_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        """The first signal stops in order; another one, unless make or a shell has only passed on the first, at once.

        Noted only: an exception raised here would be lost while Python forks, or leave a child nobody knows of.
        """
        self.asked_at = self.asked_at or time.monotonic()
        self.hurry = time.monotonic() - self.asked_at > ECHO

    def rest(self, seconds: float = 0.0) -> None:
        """Wait a moment. Raises: StopAskedError when it is time to stop."""
        time.sleep(seconds)
        if self.asked_at:
            raise StopAskedError

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Refuse a second start of the same clone."""
        self.settings.var.mkdir(parents=True, exist_ok=True)
        with (self.settings.var / "running").open("a+", encoding="ascii") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                lock.seek(0)
                raise ServerError(
                    f"Caseway already runs from this directory (process {lock.read().strip()})."
                ) from None
            lock.truncate(0)
            lock.write(f"{os.getpid()}\n")
            lock.flush()
            yield

    def start(self) -> None:
        """Everything in order, each step only when the one before is ready."""
        settings = self.settings
        if not ports.is_free(settings.host, settings.port):
            raise ServerError(ports.taken(settings.host, settings.port))
        self.place.logs.mkdir(parents=True, exist_ok=True)
        if settings.embedded:
            self.start_servers()
        self.fill_database()
        say("Starting web, workers and clock …")
        self.command("web", "web")  # first and alone, for somebody is waiting for it
        self.wait("web", self.web_is_ready)
        for number in range(1, settings.workers + 1):
            self.command(f"worker-{number}", "worker")
        self.command("clock", "clock")
        self.welcome()
        self.begin_chores()

    def start_servers(self) -> None:
        """PostgreSQL and Valkey, side by side."""
        places.forget_vanished()
        places.prepare(self.place)
        if self.place.is_outside:
            say(f"PostgreSQL's data lies in {self.place.home}, for its account cannot enter this directory.")
        if not self.place.database.exists():
            say("Making a database …")
            for known in (self.seeded, self.lived):
                known.unlink(missing_ok=True)
        say("Starting PostgreSQL and Valkey …")
        binaries = postgres.prepare(self.place)
        self.children.append(postgres.launch(self.place, binaries))
        self.children.append(valkey.launch(self.place))
        self.wait("postgres", lambda: postgres.is_ready(self.place))
        self.wait("valkey", lambda: valkey.is_ready(self.place))
        postgres.ensure_database(self.place)

    def fill_database(self) -> None:
        """Bring the tables up to date, and fill a new demo city; looking first saves loading the application."""
        is_current = self.tables_are_current()
        is_new = self.settings.demo and not (self.settings.embedded and self.seeded.exists())
        if is_new:
            self.do(
                "Making tables and, in an empty database, the demo city",
                "seed",
                "--if-empty",
                "--accounts",
                self.seeded,
            )
        elif not is_current:
            self.do("Bringing the database up to date", "migrate")

    def tables_are_current(self) -> bool:
        """Whether no migration is left to apply.

        Raises: ServerError when the database does not answer.
        """
        try:
            with psycopg.connect(self.settings.libpq_url, connect_timeout=10) as connection:
                return tables_are_current(connection, self.root / "migrations")
        except psycopg.OperationalError as error:
            raise ServerError(f"The database cannot be reached; check DATABASE_URL. ({str(error).strip()})") from None

    def do(self, what: str, command: str, *arguments: str | Path) -> None:
        """Run one `caseway` command to its end."""
        say(f"{what} …")
        child = self.command(command, command, *arguments)
        waited = time.monotonic()
        while child.is_running():
            self.rest(0.05)
            if time.monotonic() - waited > SIGN_OF_LIFE:
                waited = time.monotonic()
                say(f"  still working: {what}")
        if child.process.returncode:
            raise ServerError(_with_log(f"{what}: failed", child.log))
        self.children.remove(child)

    def command(self, name: str, command: str, *arguments: str | Path) -> Child:
        """Start `caseway` with these arguments; it is not expected to end."""
        child = self.launch(name, command, *arguments)
        self.children.append(child)
        return child

    def launch(self, name: str, command: str, *arguments: str | Path) -> Child:
        """Start `caseway` with these arguments. Raises: StopAskedError."""
        self.rest()
        return children.start(
            name,
            [sys.executable, self.root / "cli.py", command, *arguments],
            log=self.place.logs / f"{name}.log",
            cwd=self.root,
            grace=CAREFUL_STOP.get(command, 10.0),
        )

    def wait(self, name: str, is_ready: Callable[[], bool]) -> None:
        """Wait until `name` is ready, and say so now and then; give up when something dies or patience ends."""
        end, said = time.monotonic() + PATIENCE, time.monotonic()
        while not is_ready():
            self.check_all_run()
            now = time.monotonic()
            if now > end:
                raise ServerError(f"{name} was not ready within {PATIENCE:.0f} s; see {self.place.logs / name}.log")
            if now - said > SIGN_OF_LIFE:
                said = now
                say(f"  waiting for {name}")
            self.rest(0.05)

    def web_is_ready(self) -> bool:
        """Whether the readiness page answers 200."""
        host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(self.settings.host, self.settings.host)  # noqa: S104 - compared
        try:
            with urllib.request.urlopen(f"http://{host}:{self.settings.port}/readyz", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:  # not listening yet, or 503: not ready yet
            return False

    def begin_chores(self) -> None:
        """Work that is done beside the city and comes to an end: the demo gets its past."""
        if self.settings.demo and self.settings.embedded and not self.lived.exists():
            say("The demo city gets half a year of finished cases in the background; its figures fill up meanwhile.")
            self.chores.append(self.launch("demo-past", "demo-past"))

    def end_chores(self) -> None:
        """Say how what has come to its end went; it is begun again at the next start if it failed."""
        for chore in [one for one in self.chores if not one.is_running()]:
            self.chores.remove(chore)
            if chore.process.returncode:
                say(f"{chore.name} failed; its log is {chore.log}")
            else:
                self.lived.touch()
                say("The demo city has its past.")

    def watch(self) -> None:
        """Stay until something dies."""
        while True:
            self.rest(0.3)
            self.check_all_run()
            self.end_chores()

    def check_all_run(self) -> None:
        """Raises: ServerError naming the log of the first child that ended."""
        for child in self.children:
            if not child.is_running():
                raise ServerError(_with_log(f"{child.name} ended unexpectedly ({child.process.returncode})", child.log))

    def welcome(self) -> None:
        """Tell who may sign in to the demo city, and where."""
        if self.settings.demo:
            show(self.seeded.read_text(encoding="utf-8"))
        say(f"Logs are in {self.place.logs}. Ctrl-C stops everything.")
        say(f"Caseway is ready: {self.settings.public_url}")

    def stop(self) -> None:
        """Stop in order, so that nobody loses what they are working with; equals (the workers) side by side."""
        if not self.children:
            return
        say("Stopping …")
        children.stop(self.chores, hurry=lambda: self.hurry)
        for _rank, equals in groupby(sorted(self.children, key=_stop_rank), key=_stop_rank):
            children.stop(list(equals), hurry=lambda: self.hurry)
        say("Stopped.")


def _stop_rank(child: Child) -> int:
    kind = child.name.partition("-")[0]
    return STOP_ORDER.index(kind) if kind in STOP_ORDER else 0


def _with_log(sentence: str, log: Path, lines: int = 15) -> str:
    """The sentence after the end of the log it points at."""
    last = log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:] if log.exists() else []
    return "\n".join([*last, f"{sentence}; its log is {log}"])
