"""Where the servers of one clone keep data, sockets and programs.

Usually all below `var/`. PostgreSQL refuses to run as root, so root's servers run as PG_OS_USER; where that user cannot
enter the clone, PostgreSQL's things lie outside of it, at a place made from the clone's path, so every start finds them.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

SHORT = Path("/tmp")  # noqa: S108 - sockets need a short path on every system; ownership is checked before use
LASTING = Path("/var/lib/caseway")
SOCKET_LIMIT = 107
LONGEST_SOCKET = ".s.PGSQL.5432.lock"
DATABASE_USER = "caseway"


class ServerError(Exception):
    """A server is missing or does not start; the message is one sentence with its remedy."""


@dataclass(frozen=True)
class OsUser:
    """The account PostgreSQL runs as when root starts it."""

    name: str
    uid: int
    gid: int


@dataclass(frozen=True)
class Place:
    """The directories of one clone's servers: `var` belongs to the clone, `home` and `run` must be open to `owner`."""

    var: Path
    home: Path
    run: Path
    owner: OsUser | None

    @property
    def database(self) -> Path:
        """PostgreSQL's data directory."""
        return self.home / "postgresql"

    @property
    def redis_socket(self) -> Path:
        """The socket Valkey listens on."""
        return self.run / "redis.sock"

    @property
    def redis_url(self) -> str:
        """The address of Valkey."""
        return f"unix://{self.redis_socket}"

    def database_url(self, name: str = "caseway") -> str:
        """The SQLAlchemy address of the PostgreSQL database `name`."""
        return f"postgresql+psycopg://{DATABASE_USER}@/{name}?host={self.run}"

    @property
    def logs(self) -> Path:
        """The directory of all servers' logs."""
        return self.var / "log"

    @property
    def is_outside(self) -> bool:
        """Whether the data had to lie outside the clone."""
        return self.home != self.var


def of(var: Path) -> Place:
    """The place of the clone whose room is `var`; nothing is written.

    Raises: ServerError when root started us and there is no account for PostgreSQL.
    """
    var = var.absolute()
    owner = database_owner()
    home = var if owner is None or enterable(var, owner) else _outside(var)
    run = home / "run"
    if len(os.fsencode(run / LONGEST_SOCKET)) > SOCKET_LIMIT:
        run = SHORT / f"caseway-run-{_mark(var)}"
    return Place(var, home, run, owner)


def database_owner() -> OsUser | None:
    """The account PostgreSQL must run as, or None for the one running us."""
    if os.geteuid() != 0:
        return None
    name = os.environ.get("PG_OS_USER") or "nobody"
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        raise ServerError(
            f"PostgreSQL does not run as root and there is no account '{name}'; name one: PG_OS_USER=… make run"
        ) from None
    return OsUser(name, entry.pw_uid, entry.pw_gid)


def enterable(path: Path, owner: OsUser) -> bool:
    """Whether `owner` may enter every directory on the way to `path` (which need not exist yet)."""
    return all(_open_to(step.stat(), owner) for step in (path, *path.parents) if step.exists())


def prepare(place: Place) -> None:
    """Make the directories, with exactly the rights the servers need."""
    place.logs.mkdir(parents=True, exist_ok=True)
    if place.is_outside:
        _own_directory(place.home, 0o755, place.owner)
        (place.home / "clone").write_text(str(place.var), encoding="utf-8")
    _own_directory(place.run, 0o700, place.owner)
    if place.owner:
        os.chown(place.run, place.owner.uid, place.owner.gid)


def forget_vanished(near: Path = SHORT) -> None:
    """Remove what clones that no longer exist have left in the directory for temporary files; never in a lasting one."""
    for mark in near.glob("caseway-*/clone"):
        if mark.owner() == pwd.getpwuid(os.geteuid()).pw_name and not Path(mark.read_text(encoding="utf-8")).exists():
            shutil.rmtree(mark.parent)


def copied(base: Path, parts: tuple[str, ...], place: Place) -> Path:
    """A copy of `base` with only these parts of it, that the owner can read and run; made once for each version."""
    there = place.home / f"programs-{_mark(base)}-{(base / parts[0]).stat().st_mtime_ns}"
    if not there.exists():
        half = there.with_name(there.name + ".half")
        shutil.rmtree(half, ignore_errors=True)
        for part in parts:
            shutil.copytree(base / part, half / part, symlinks=True)
        _open_up([half, *half.rglob("*")])
        half.rename(there)
    return there


def _outside(var: Path) -> Path:
    if var.is_relative_to(SHORT):  # a clone that may vanish at the next start of the machine; so may its data
        return SHORT / f"caseway-{_mark(var)}"
    return LASTING / _mark(var)


def _mark(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:10]


def _open_to(status: os.stat_result, owner: OsUser) -> bool:
    if status.st_uid == owner.uid:
        return bool(status.st_mode & stat.S_IXUSR)
    return bool(status.st_mode & (stat.S_IXGRP if status.st_gid == owner.gid else stat.S_IXOTH))


def _own_directory(path: Path, mode: int, owner: OsUser | None) -> None:
    """Make the directory, or refuse one that somebody else has put there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.mkdir(mode=mode, exist_ok=True)
    status = path.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid not in {os.geteuid(), owner.uid if owner else os.geteuid()}:
        raise ServerError(f"{path} belongs to somebody else; remove it and start again.")
    path.chmod(mode)


def _open_up(paths: Iterable[Path]) -> None:
    for path in paths:
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644))
