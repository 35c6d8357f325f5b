"""Whether an address can still be listened on; asked before anything is set up, so this file needs Python alone."""

from __future__ import annotations

import os
import socket
import sys


def is_free(host: str, port: int) -> bool:
    """Whether nobody listens on `host`:`port` yet and this user may."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def taken(host: str, port: int) -> str:
    """What to tell somebody whose port is not free."""
    return f"Port {port} on {host} cannot be used (another program has it, or it needs more rights). Choose another: PORT={port + 1} make run"


def main() -> None:
    """Leave with a sentence when the port of this environment is taken."""
    host, port = os.environ.get("HOST") or "127.0.0.1", os.environ.get("PORT") or "8000"
    if port.isdecimal() and not is_free(host, int(port)):
        sys.exit(taken(host, int(port)))


if __name__ == "__main__":
    main()
