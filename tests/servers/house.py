"""A stand-in house for `caseway run`: quick to start, and it keeps a diary of what came and went."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

PATIENCE = 60.0
#: Stands in for the house: as the real command line, each process notes in a diary when it comes and goes.
STAND_IN = """
import http.server, os, pathlib, signal, sys, time
name = sys.argv[1]
def note(what):
    with open("diary", "a") as diary:
        diary.write(f"{what} {name}\\n")
if name == "run":
    if os.path.exists("stop-at-fork"):
        os.register_at_fork(after_in_parent=lambda: os.kill(os.getpid(), signal.SIGTERM))
    from servers.supervisor import Supervisor
    from settings import Settings
    sys.exit(Supervisor(Settings.from_environment(), pathlib.Path.cwd()).run())
if name == "seed":
    pathlib.Path(sys.argv[-1]).write_text("hanh  intake\\n")
if name in ("migrate", "seed", "demo-past"):
    note("did")
    sys.exit(int(pathlib.Path("fail-" + name).exists()))
def leave(*_):
    note("left")
    sys.exit(0)
signal.signal(signal.SIGTERM, leave)
note("came")
class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == "/readyz" else 404)
        self.end_headers()
if name == "web":
    http.server.HTTPServer(("127.0.0.1", int(os.environ["PORT"])), Page).serve_forever()
while True:
    time.sleep(60)
"""
MIGRATION = "revision = 'first'\ndown_revision = None\n"


@dataclass
class House:
    """A stand-in house and the supervisor that runs it."""

    root: Path
    port: int
    process: subprocess.Popen[str]

    def wait_for(self, text: str) -> str:
        """What it has said until (and with) this text."""
        assert self.process.stdout
        said = ""
        for line in self.process.stdout:
            said += line
            if text in line:
                return said
        raise AssertionError(f"ended without saying {text!r}: {said}")

    def end(self) -> tuple[int, str]:
        """Its exit code and what it still had to say."""
        said, _ = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, said

    def diary(self) -> list[str]:
        return (self.root / "diary").read_text().splitlines()

    def children(self) -> list[int]:
        """The processes that run from this house now."""
        return [pid for pid in _pids() if str(self.root) in command_of(pid) and pid != self.process.pid]


def _pids() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdecimal()]


def command_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return ""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(is_so: Callable[[], bool]) -> bool:
    """Whether it became so in time."""
    end = time.monotonic() + PATIENCE
    while not is_so() and time.monotonic() < end:
        time.sleep(0.05)
    return is_so()
