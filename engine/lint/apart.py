"""Asks a process of its own about files from strangers, so that none of them can stop, fill or end the one that asks.

The helper (`engine.lint.child`) is started once and knows the rules already; for every question it divides, and the
copy that answers has limits on its time and memory. Nothing of the asking process is copied: no thread, no connection,
no setting. Questions and answers are JSON.
"""

from __future__ import annotations

import atexit
import base64
import os
import socket
import sys
import threading
import time
from collections.abc import Callable, Mapping
from inspect import Parameter, signature
from pathlib import Path
from typing import Any

import orjson

from engine.lint.bundle import Vocabulary

#: Seconds one answer may take by the clock on the wall, and of the processor.
MAX_SECONDS = 4.5
#: Bytes an answer may take beside what the helper takes anyway.
MAX_MEMORY = 200 * 1024 * 1024
#: How much longer is waited before the helper counts as gone.
_PATIENCE = 3.0
_ROOT = Path(__file__).parents[2]


class NoAnswer(Exception):
    """The process that should have answered went beyond its limits, or ended: `why` is time, memory or crash."""

    def __init__(self, why: str, detail: str = "") -> None:
        self.why = why
        self.detail = detail
        super().__init__(f"{why}: {detail}" if detail else why)


def ask(
    question: str, files: Mapping[str, bytes], vocabulary: Vocabulary, *, by: Helper | None = None, **more: object
) -> Any:
    """What the helper (the house's own, if no other is named) answers to one of its questions about some files.

    Raises: NoAnswer.
    """
    sent = orjson.dumps({"question": question, "files": packed(files), "vocabulary": _names(vocabulary), **more})
    begun = time.monotonic()
    said = _exchange(sent, by or _helper)
    if not said:
        raise NoAnswer("time" if time.monotonic() - begun >= MAX_SECONDS - 0.5 else "crash")
    answer = orjson.loads(said)
    if "failure" in answer:
        raise NoAnswer(answer["failure"], answer["detail"])
    return answer["answer"]


def packed(files: Mapping[str, bytes]) -> dict[str, str]:
    """Files as JSON can hold them."""
    return {name: base64.b64encode(content).decode() for name, content in files.items()}


def unpacked(files: Mapping[str, str]) -> dict[str, bytes]:
    """The files again."""
    return {name: base64.b64decode(content) for name, content in files.items()}


def _names(vocabulary: Vocabulary) -> dict[str, object]:
    """A vocabulary without its functions themselves: their names, and what they may be called with."""
    functions = vocabulary.functions
    known = functions.items() if isinstance(functions, Mapping) else dict.fromkeys(functions).items()
    return {
        "handlers": sorted(vocabulary.handlers),
        "functions": {name: _parameters(function) for name, function in known},
        "groups": None if vocabulary.groups is None else sorted(vocabulary.groups),
        "public_steps": None if vocabulary.public_steps is None else sorted(vocabulary.public_steps),
    }


def _parameters(function: Callable[..., Any] | None) -> list[tuple[str, int, bool]] | None:
    if function is None:
        return None
    found = signature(function).parameters.values()
    return [(one.name, int(one.kind), one.default is not Parameter.empty) for one in found]


# --------------------------------------------------------------------------------------------------- the helper


class Helper:
    """The way to a helper process; made when it is first needed, and again when it has gone."""

    def __init__(self, module: str = "engine.lint.child") -> None:
        self.module = module
        self._lock = threading.Lock()
        self._control: socket.socket | None = None

    def hand_over(self, end: socket.socket) -> None:
        """Give the helper its end of a conversation.

        Raises: NoAnswer when there is no helper and none can be made.
        """
        with self._lock:
            for _attempt in range(2):
                self._control = self._control or _started(self.module)
                try:
                    socket.send_fds(self._control, [b"?"], [end.fileno()])
                except OSError:
                    self.close()
                else:
                    return
        raise NoAnswer("crash", "the helper cannot be started")

    def close(self) -> None:
        """Let the helper go; it ends."""
        if self._control is not None:
            self._control.close()
        self._control = None

    def __del__(self) -> None:
        self.close()


_helper = Helper()
atexit.register(lambda: _helper.close())  # noqa: PLW0108  # the helper of the end, not of now


def _forget() -> None:
    """A process that has divided from the one that knew the helper has one of its own."""
    global _helper  # noqa: PLW0603  # one helper for a process
    _helper.close()
    _helper = Helper()


os.register_at_fork(after_in_child=_forget)


def _started(module: str) -> socket.socket:
    """A new helper's other end: it listens in place of a terminal, and ends when nobody holds this any more."""
    ours, theirs = socket.socketpair()
    with theirs:
        os.posix_spawn(
            sys.executable,
            [sys.executable, "-m", module],
            {"PYTHONPATH": os.pathsep.join([str(_ROOT), *filter(None, sys.path)]), "PATH": os.environ.get("PATH", "")},
            file_actions=[
                (os.POSIX_SPAWN_DUP2, theirs.fileno(), 0),
                (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
                (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
            ],
            setpgroup=0,
        )
    return ours


def _exchange(sent: bytes, helper: Helper) -> bytes:
    """Everything the helper says to a question; nothing when it was stopped before it had said it all."""
    ours, theirs = socket.socketpair()
    with ours:
        with theirs:
            helper.hand_over(theirs)
        ours.settimeout(MAX_SECONDS + _PATIENCE)
        try:
            ours.sendall(sent)
            ours.shutdown(socket.SHUT_WR)
            return _whole(ours)
        except OSError:
            return b""


def _whole(ours: socket.socket) -> bytes:
    parts = []
    while part := ours.recv(1 << 16):
        parts.append(part)
    said = b"".join(parts)
    return said[:-1] if said.endswith(b"\0") else b""
