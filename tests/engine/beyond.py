"""Starts a process that asks for far too much, in a Python of its own; tells what became of it.

Started by test_limits.py: `python -m tests.engine.beyond call|rounds|nested`.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engine.errors import LimitExceeded
from engine.spiff import Element, load
from tests.engine import drawing as d

SEVERAL = (
    '<bpmn:multiInstanceLoopCharacteristics isSequential="{}"><bpmn:loopCardinality xsi:type="bpmn:tFormalExpression">'
    "{}</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>"
)


class Host:
    """There are no service tasks here."""

    def serve(self, element: Element, variables: Mapping[str, Any]) -> dict[str, Any] | None:
        raise NotImplementedError  # asked for one, the test fails


def times(
    count: str, inner: str = d.script("one", "x = 1"), *, name: str = "each", does: str = "one", in_turn: bool = False
) -> str:
    """A subprocess that is gone through so many times."""
    first, last = f"{name}_start", f"{name}_end"
    several = SEVERAL.format(str(in_turn).lower(), count)
    return d.subprocess(name, d.start(first), inner, d.end(last), d.path(first, does, last), several)


def called(key: str, other: str) -> bytes:
    """A process that does nothing but call another, or itself."""
    call = f'<bpmn:callActivity id="{key}_calls" calledElement="{other}"/>'
    names = f"{key}_start", f"{key}_calls", f"{key}_end"
    return d.process(d.start(names[0]), call, d.end(names[2]), d.path(*names), key=key)


DIAGRAMS = {
    "call": called("demo", "deep").replace(b"</bpmn:definitions>", b"") + called("deep", "deep").split(b'id="d" targetNamespace="t">')[1],
    "rounds": d.simple(times("1000000"), names=("each",)),
    "in_turn": d.simple(times("1000000", in_turn=True), names=("each",)),
    "nested": d.simple(times("100", times("100"), name="outer", does="each"), names=("outer",)),
    "loop": d.process(
        d.start(), d.script("count", "n = n + 1"), d.exclusive("enough", "enough_end"), d.end(),
        d.path("start", "count", "enough"), d.flow("enough", "count", "n > 0"), d.flow("enough", "end"),
    ),
}  # fmt: skip


def main(name: str) -> None:
    """Begin, with 5 seconds and 200 megabytes to do it in."""
    process = load({"demo.bpmn": DIAGRAMS[name]}, {})
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    room = pages * resource.getpagesize() + 200 * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (room, room))
    ends_at = int(time.process_time()) + 5
    resource.setrlimit(resource.RLIMIT_CPU, (ends_at, ends_at))
    run = process.start({"n": 1}, Host())
    try:
        run.advance()
    except LimitExceeded as error:
        sys.stdout.write(type(error).__name__)


if __name__ == "__main__":
    main(sys.argv[1])
