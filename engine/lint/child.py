"""The helper process behind `engine.lint.apart`: waits, divides for every question, and lets the copy answer within limits.

Started as `python -m engine.lint.child` with a socket for its input; ends when the process that started it does. It has
one thread and no connection to anything, so that dividing is safe.
"""

from __future__ import annotations

import os
import resource
import signal
import socket
from collections.abc import Callable, Mapping
from inspect import Parameter, Signature
from pathlib import Path
from typing import Any

import orjson

from engine.lint import apart, inspection
from engine.lint.apart import MAX_MEMORY, MAX_SECONDS
from engine.lint.bundle import Vocabulary
from engine.lint.findings import clip

#: What may be asked, by name.
QUESTIONS: dict[str, Callable[..., object]] = {
    "inspect": inspection.answer_inspect,
    "groups": inspection.answer_groups,
}


_KINDS = (
    Parameter.POSITIONAL_ONLY,
    Parameter.POSITIONAL_OR_KEYWORD,
    Parameter.VAR_POSITIONAL,
    Parameter.KEYWORD_ONLY,
    Parameter.VAR_KEYWORD,
)


def serve() -> None:
    """Answer until the other end is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the copies that answered need no burial
    with socket.socket(fileno=0) as control:
        while True:
            said, descriptors, _flags, _address = socket.recv_fds(control, 1, 1)
            if not said:
                return
            for descriptor in descriptors:
                if os.fork() == 0:
                    control.close()
                    _answer(descriptor)
                os.close(descriptor)


def _answer(descriptor: int) -> None:
    """Answer one question and end."""
    _limit()
    with socket.socket(fileno=descriptor) as theirs:
        theirs.sendall(_said(theirs) + b"\0")
    os._exit(0)


def _limit() -> None:
    """From here on the system ends this process when it takes too long, and gives it no more memory than allowed."""
    seconds = int(MAX_SECONDS) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, MAX_SECONDS)
    sizes = Path("/proc/self/statm")
    if sizes.exists():  # elsewhere the limit on time has to do
        most = int(sizes.read_text(encoding="ascii").split()[0]) * resource.getpagesize() + MAX_MEMORY
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _said(theirs: socket.socket) -> bytes:
    try:
        parts = []
        while part := theirs.recv(1 << 16):
            parts.append(part)
        asked = orjson.loads(b"".join(parts))
        parts.clear()
        return orjson.dumps({"answer": answer(**asked)})
    except MemoryError:
        return b'{"failure":"memory","detail":""}'
    except Exception as error:  # noqa: BLE001  # whatever a file does to the library, it is told
        return orjson.dumps({"failure": "crash", "detail": clip(f"{type(error).__name__}: {error}")})


def answer(question: str, files: Mapping[str, str], vocabulary: Mapping[str, Any], **more: object) -> object:
    """The answer to a question, as JSON can hold it."""
    return QUESTIONS[question](apart.unpacked(files), _vocabulary(vocabulary), **more)


def _vocabulary(names: Mapping[str, Any]) -> Vocabulary:
    functions = {name: _stand_in(parameters) for name, parameters in names["functions"].items()}
    return Vocabulary(names["handlers"], functions, names["groups"], names["public_steps"])


def _stand_in(parameters: list[tuple[str, int, bool]] | None) -> Callable[..., None]:
    """A function that does nothing, but takes what the real one takes."""

    def function(*_arguments: object, **_named: object) -> None:
        return None

    if parameters is not None:
        taken = [
            Parameter(name, _KINDS[kind], default=None if has_default else Parameter.empty)
            for name, kind, has_default in parameters
        ]
        function.__signature__ = Signature(taken)  # type: ignore[attr-defined]  # read by inspect.signature
    return function


if __name__ == "__main__":
    serve()
