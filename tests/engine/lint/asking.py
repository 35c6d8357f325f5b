"""Asking the linter in tests: a small vocabulary, and shorthands for the diagrams the examples are made of."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import NamedTuple

from engine.lint import Answers, Finding, Vocabulary, check
from engine.lint.answers import NONE
from tests.engine import drawing as d

Files = bytes | Mapping[str, bytes]

KNOWN = Vocabulary(
    handlers={"greet", "greet_again"},
    functions={"deadline": lambda kind: kind},
    groups={"official:roads", "intake:ioc"},
    public_steps={"received", "in_progress"},
)


class Example(NamedTuple):
    """The smallest bundle that breaks a rule, and the same bundle mended; `also` are rules broken along with it."""

    wrong: Files
    right: Files
    also: frozenset[str] = frozenset()
    answers: Answers = Answers()


def example(wrong: Files, right: Files, *also: str) -> Example:
    return Example(wrong, right, frozenset(also))


def accepted(wrong: Files, right: Files) -> Example:
    """A bundle that is only all right because the uploader said yes to a proposal."""
    return Example(wrong, right, answers=Answers(accept=True))


def bundle(files: Files) -> Mapping[str, bytes]:
    return {"demo.bpmn": files} if isinstance(files, bytes) else files


def findings(files: Files, known: Vocabulary = KNOWN, answers: Answers = NONE) -> list[Finding]:
    return check(bundle(files), known, answers=answers)


def rules(files: Files, known: Vocabulary = KNOWN, answers: Answers = NONE) -> set[str]:
    return {finding.rule for finding in findings(files, known, answers)}


def person(name: str, groups: str = "official:roads", **attributes: str) -> str:
    """A user task nobody could complain about."""
    return d.user(name, groups, **{"publicStep": "received", **attributes})


def greet(name: str) -> str:
    """A service task with a known handler."""
    return d.service(name, "greet")


def row(*parts: str, names: tuple[str, ...] = ("a",), outside: str = "") -> bytes:
    """Start → the named nodes → end, in one process."""
    return d.process(d.start(), *parts, d.end(), d.path("start", *names, "end"), outside=outside)


def choice(condition: str = "= x > 1", gateway: str = "", more: str = "") -> bytes:
    """Start → gateway g → a (on the condition) or end (by default)."""
    return d.process(
        d.start(),
        gateway or d.exclusive("g", "g_end"),
        person("a"),
        d.end(),
        d.path("start", "g", "end"),
        d.flow("g", "a", condition),
        d.flow("a", "end"),
        more,
    )


def edge(event: str, *, outside: str = "", host: str = "") -> bytes:
    """Start → a → end with a boundary event b on a that leads to a second end."""
    return d.process(
        d.start(),
        host or person("a"),
        event,
        d.end(),
        d.end("other"),
        d.path("start", "a", "end"),
        d.flow("b", "other"),
        outside=outside,
    )


def waiting(kind: str, text: str) -> bytes:
    """Start → a timer → end."""
    return row(d.catch("a", d.timer(kind, text)))


def form(*components: Mapping[str, object], key: str = "ask") -> bytes:
    return json.dumps({"type": "default", "id": key, "components": components}).encode()


def with_form(*components: Mapping[str, object], **attributes: str) -> Mapping[str, bytes]:
    """A process with one task that shows the form `ask`."""
    task = person("a", formKey="ask", **attributes)
    return {"demo.bpmn": row(task), "forms/ask.form": form(*components)}
