"""One child process: started so that it cannot outlive its parent, logged to a file, stopped politely."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from servers.places import OsUser

LOG_LIMIT = 10_000_000
PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


class Identity(TypedDict, total=False):
    """The account a child gets, in the words of `subprocess`."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass
class Child:
    """A running process and how to end it."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path
    stop_signal: signal.Signals
    grace: float

    def is_running(self) -> bool:
        """Whether the process is still there."""
        return self.process.poll() is None


def stop(running: Sequence[Child], hurry: Callable[[], bool] = lambda: False) -> None:
    """Ask all of them to end; after its grace (seconds) each, or as soon as `hurry` says so, end them."""
    began = time.monotonic()
    for child in running:
        if child.is_running():
            child.process.send_signal(child.stop_signal)
    for child in running:
        while child.is_running() and time.monotonic() < began + child.grace and not hurry():
            time.sleep(0.02)
        if child.is_running():
            child.process.kill()
        child.process.wait()


def start(
    name: str,
    command: Sequence[str | Path],
    *,
    log: Path,
    cwd: Path,
    owner: OsUser | None = None,
    stop_signal: signal.Signals = signal.SIGTERM,
    grace: float = 10.0,
    environment: Mapping[str, str] | None = None,
) -> Child:
    """Start `command` in its own session (a terminal's Ctrl-C must not reach it), its output appended to `log`."""
    if log.exists() and log.stat().st_size > LOG_LIMIT:
        log.replace(log.with_suffix(".log.1"))
    with log.open("ab") as output:
        process = subprocess.Popen(  # noqa: S603 - the commands are our own
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=cwd,
            env={**os.environ, **(environment or {})},
            start_new_session=True,
            preexec_fn=_dies_with_parent(stop_signal),  # noqa: PLW1509 - we run no threads
            **identity(owner),
        )
    return Child(name, process, log, stop_signal, grace)


def identity(owner: OsUser | None) -> Identity:
    """Arguments for `subprocess` that make the child run as `owner`."""
    return Identity(user=owner.uid, group=owner.gid, extra_groups=[]) if owner else Identity()


def _dies_with_parent(number: signal.Signals) -> Callable[[], None]:
    """What the child does before it becomes its program: ask Linux for `number` at the death of its parent."""
    parent = os.getpid()

    def ask() -> None:
        if _libc is not None:
            _libc.prctl(PR_SET_PDEATHSIG, number)
            if os.getppid() != parent:
                os._exit(1)

    return ask
