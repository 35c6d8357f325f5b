"""What an operator wants to know first: is everything there that Caseway needs, and if not, what to do."""

from __future__ import annotations

import json
import os
import smtplib
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import psycopg
import redis
from alembic.script import ScriptDirectory

if TYPE_CHECKING:
    from settings import Settings

OLDEST_PYTHON = (3, 11)
OLDEST_REDIS = (6, 2)
PATIENCE = 5
#: A job that has been due for longer waits too long.
LATE_S = 300


@dataclass(frozen=True)
class Finding:
    """One line of the examination; without a remedy it is good news."""

    subject: str
    state: str
    remedy: str = ""

    def __str__(self) -> str:
        mark = "WRONG" if self.remedy else "ok"
        return f"{mark:6}{self.subject:12}{self.state}" + (f" → {self.remedy}" if self.remedy else "")


def examine(settings: Settings, root: Path, *, clock_lock: int) -> list[Finding]:
    """Look at everything; `clock_lock` is the advisory lock a living clock holds."""
    return [
        _python(),
        *_database(settings, root, clock_lock),
        _redis(settings),
        _storage(settings.storage_url),
        _assets(root / "web/static/dist"),
        _mail(settings),
    ]


def tables_are_current(connection: psycopg.Connection, migrations: Path) -> bool:
    """Whether every migration in the directory `migrations` has been applied."""
    return _applied(connection) == set(ScriptDirectory(str(migrations)).get_heads())


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    return Finding("Python", version, "" if sys.version_info >= OLDEST_PYTHON else "install Python 3.11 or newer")


def _database(settings: Settings, root: Path, clock_lock: int) -> Iterator[Finding]:
    start = "start everything: make run" if settings.embedded else "check DATABASE_URL, the server and its firewall"
    try:
        with psycopg.connect(settings.libpq_url, connect_timeout=PATIENCE) as connection:
            yield Finding("database", f"PostgreSQL {connection.info.server_version // 10000}")
            yield _migrations(connection, root / "migrations")
            yield _clock(connection, clock_lock)
            if tables_are_current(connection, root / "migrations"):
                yield from _jobs(connection)
    except psycopg.OperationalError as error:
        yield Finding("database", f"not reachable ({str(error).strip().splitlines()[-1]})", start)


def _migrations(connection: psycopg.Connection, directory: Path) -> Finding:
    state = f"at {', '.join(sorted(_applied(connection))) or 'nothing'}"
    current = tables_are_current(connection, directory)
    return Finding("migrations", state, "" if current else "bring it up to date: caseway migrate")


def _applied(connection: psycopg.Connection) -> set[str]:
    if connection.execute("SELECT to_regclass('alembic_version')").fetchone() == (None,):
        return set()
    return {row[0] for row in connection.execute("SELECT version_num FROM alembic_version")}


def _clock(connection: psycopg.Connection, lock: int) -> Finding:
    query = """SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1 AND granted
               AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
               AND (classid::bigint << 32) + objid::bigint = %s"""
    held = connection.execute(query, [lock]).fetchone()
    if held and held[0]:
        return Finding("clock", "ticking")
    return Finding("clock", "not running, so no deadline fires", "start one: caseway clock")


def _jobs(connection: psycopg.Connection) -> Iterator[Finding]:
    query = """SELECT count(*) FILTER (WHERE run_after <= now()), count(*) FILTER (WHERE run_after > now()),
               (SELECT count(*) FROM job WHERE state = 'running'),
               coalesce(extract(epoch FROM now() - min(run_after) FILTER (WHERE run_after <= now())), 0)
               FROM job WHERE state = 'waiting'"""
    due, later, running, oldest = connection.execute(query).fetchone() or (0, 0, 0, 0)
    state = f"{due} due, {later} later, {running} running; the oldest has been due for {oldest:.0f} s"
    late = "see that workers run and are enough: caseway worker" if oldest > LATE_S else ""
    yield Finding("jobs", state, late)
    tried = """SELECT count(*), count(*) FILTER (WHERE number > 1), count(*) FILTER (WHERE outcome = 'lost'),
               coalesce(percentile_disc(0.95) WITHIN GROUP (ORDER BY extract(epoch FROM began_at - due_at)), 0)
               FROM attempt WHERE began_at > now() - interval '5 minutes'"""
    attempts, retries, lost, latency = connection.execute(tried).fetchone() or (0, 0, 0, 0)
    told = f"{attempts} in five minutes, {retries} of them retries, {lost} lost; 95 % begun within {latency:.1f} s"
    yield Finding("attempts", told)
    opened = connection.execute("SELECT count(*) FROM incident WHERE resolved_at IS NULL").fetchone() or (0,)
    look = "look at them, mend the cause and try again: caseway incidents" if opened[0] else ""
    yield Finding("incidents", f"{opened[0]} open", look)


def _redis(settings: Settings) -> Finding:
    start = "start everything: make run" if settings.embedded else "check REDIS_URL, the server and its firewall"
    try:
        server = redis.Redis.from_url(settings.redis_url, socket_connect_timeout=PATIENCE).info("server")
    except redis.RedisError as error:
        return Finding("Redis", f"not reachable ({error})", start)
    version = str(server["redis_version"])
    is_old = tuple(int(part) for part in version.split(".")[:2]) < OLDEST_REDIS
    return Finding("Redis", version, "use Redis 6.2 or newer, or Valkey" if is_old else "")


def _storage(url: str) -> Finding:
    directory = Path(url.removeprefix("file://"))
    probe = directory / f".doctor-{os.getpid()}"
    try:
        directory.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        return Finding(
            "storage", f"{directory} is not writable ({error.strerror})", "give this account the right to write"
        )
    return Finding("storage", str(directory))


def _assets(directory: Path) -> Finding:
    build = "build them: ./run setup"
    try:
        manifest = json.loads((directory / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return Finding("assets", "scripts and styles are not built", build)
    missing = [entry["file"] for entry in manifest.values() if not (directory / entry["file"]).is_file()]
    return (
        Finding("assets", f"{missing[0]} is missing", build)
        if missing
        else Finding("assets", f"{len(manifest)} entries")
    )


def _mail(settings: Settings) -> Finding:
    if not settings.smtp_url:
        unheard = "set SMTP_URL and MAIL_FROM, or nobody hears of anything by e-mail"
        return Finding("mail", "not configured", "" if settings.embedded else unheard)
    address = urlsplit(settings.smtp_url)
    connect: Callable[..., smtplib.SMTP] = smtplib.SMTP_SSL if address.scheme == "smtps" else smtplib.SMTP
    try:
        with connect(address.hostname or "", address.port or 0, timeout=PATIENCE) as server:
            _greet(server, unquote(address.username or ""), unquote(address.password or ""))
    except (OSError, smtplib.SMTPException) as error:
        return Finding("mail", f"{address.hostname} refused us ({error})", "check SMTP_URL")
    return Finding("mail", f"{address.hostname} lets us in")


def _greet(server: smtplib.SMTP, user: str, password: str) -> None:
    server.ehlo()
    if server.has_extn("starttls"):
        server.starttls()
        server.ehlo()
    if user:
        server.login(user, password)
