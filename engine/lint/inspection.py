"""A whole look at uploaded files: put right, checked by every rule, read by the engine; in a process of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from engine.lint import apart, calls, graph
from engine.lint.answers import NONE, Answers
from engine.lint.apart import MAX_MEMORY, MAX_SECONDS, NoAnswer
from engine.lint.bundle import Bundle, Vocabulary
from engine.lint.checking import look
from engine.lint.diagram import Diagram, load
from engine.lint.findings import Finding, clip, finding
from engine.lint.xml import MAX_BYTES, Unreadable
from engine.spiff import load as load_process

_GIVEN_UP: Final = {"time": "check-too-long", "memory": "check-too-large", "crash": "check-failed"}


@dataclass(frozen=True)
class Inspection:
    """What was found, the files as they will be stored, and the id and name of the main process where there is one."""

    findings: list[Finding]
    files: dict[str, bytes]
    key: str = ""
    name: str = ""

    @property
    def errors(self) -> list[Finding]:
        """The findings that keep a version from being activated."""
        return [one for one in self.findings if one.severity == "error"]

    @property
    def proposals(self) -> list[Finding]:
        """What the uploader may accept."""
        return [one for one in self.findings if one.is_proposal]


def inspect(
    files: Mapping[str, bytes], vocabulary: Vocabulary, *, whole: bool = True, answers: Answers = NONE
) -> Inspection:
    """Look at a bundle; `answers` says what is meant where it leaves something open.

    Never raises, takes no longer than `apart.MAX_SECONDS`, whatever the files are.
    """
    try:
        said = apart.ask("inspect", _cut(files), vocabulary, whole=whole, answers=asdict(answers))
    except NoAnswer as refusal:
        return Inspection([given_up(refusal)], dict(files))
    stored = {**files, **apart.unpacked(said["files"])}
    return Inspection([Finding(**one) for one in said["findings"]], stored, said["key"], said["name"])


def groups(files: Mapping[str, bytes], vocabulary: Vocabulary) -> list[list[str]]:
    """Which diagrams belong together because one calls the other; one group where that cannot be told."""
    try:
        found: list[list[str]] = apart.ask("groups", _cut(files), vocabulary)
    except NoAnswer:
        return [sorted(files)]
    return found


def given_up(refusal: NoAnswer) -> Finding:
    """The finding that says why there is no answer."""
    limits = {"seconds": round(MAX_SECONDS), "megabytes": MAX_MEMORY // (1024 * 1024)}
    return finding("", _GIVEN_UP[refusal.why], **limits, detail=refusal.detail or "—")


def answer_inspect(
    files: dict[str, bytes], vocabulary: Vocabulary, *, whole: bool, answers: dict[str, Any]
) -> dict[str, Any]:
    """The answer of the helper: as `inspect`, and only of the files that were changed."""
    checked = look(files, vocabulary, whole=whole, answers=Answers(**answers))
    findings = list(checked.findings)
    if whole and not any(one.severity == "error" for one in findings):
        findings += _tried({**files, **checked.diagrams}, vocabulary)
    changed = {name: content for name, content in checked.diagrams.items() if content != files[name]}
    key, name = checked.main or ("", "")
    found = [asdict(one) for one in findings]
    return {"findings": found, "files": apart.packed(changed), "key": key, "name": name}


def answer_groups(files: dict[str, bytes], _vocabulary: Vocabulary) -> list[list[str]]:
    """The answer of the helper: as `groups`."""
    return list(_groups(files))


def _tried(files: dict[str, bytes], vocabulary: Vocabulary) -> Iterator[Finding]:
    """What the engine says to a bundle in which no rule has found an error: it reads it and gets ready to start."""
    try:
        process = load_process(files, Bundle(vocabulary).functions)
        for start in process.starts(process.key):
            process.start({}, _Nobody(), at=start)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001  # the library raises whatever it likes
        yield finding("", "engine-refuses", detail=clip(f"{error}" or type(error).__name__))


class _Nobody:
    """The host of an instance that never runs."""

    def serve(self, *_: object) -> dict[str, Any] | None:
        return None


def _groups(files: Mapping[str, bytes]) -> Iterator[list[str]]:
    diagrams: list[Diagram] = []
    alone: list[list[str]] = []
    for name, content in sorted(files.items()):
        try:
            diagrams.append(load(name, content))
        except Unreadable:
            alone.append([name])
    edges = calls.between(diagrams)
    left = set(range(len(diagrams)))
    while left:
        group = graph.reachable(edges, [min(left)])
        left -= group
        yield [diagrams[number].file for number in sorted(group)]
    yield from alone


def _cut(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files, or enough of each to see that it is too large."""
    return {name: content[: MAX_BYTES + 1] for name, content in files.items()}
