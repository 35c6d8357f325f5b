"""The linter in a terminal: finds the bundles under some paths, checks them, and says how the program should exit."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from engine.lint import report
from engine.lint.answers import NONE, Answers
from engine.lint.bundle import Vocabulary
from engine.lint.findings import Finding
from engine.lint.inspection import groups, inspect
from engine.lint.xml import MAX_BYTES

ENDINGS = (".bpmn", ".dmn", ".form")
_SKIPPED = ("node_modules", "__pycache__")


class WrongUse(Exception):
    """The command was called in a way that cannot mean anything."""


@dataclass
class _Found:
    """The files of one bundle, by the name they have in it."""

    files: dict[str, Path] = field(default_factory=dict)

    def add(self, directory: Path, path: Path) -> None:
        self.files[_said(path.relative_to(directory))] = path


def command(
    paths: Sequence[Path], *, output: str, vocabulary: Vocabulary, locale: str = "en", answers: Answers = NONE
) -> tuple[int, str]:
    """Exit status and what to print: 0 clean (warnings allowed), 1 with errors, 2 when called wrongly.

    A directory is checked bundle by bundle: each diagram (with those it calls) and the decision tables and
    `forms/*.form` beside it. A file is checked with the decision tables and forms beside it.
    """
    try:
        findings = [one for found in _bundles(paths, output) for one in _checked(found, vocabulary, answers)]
    except (WrongUse, OSError) as problem:
        return 2, f"{problem}\n"
    status = 1 if any(one.severity == "error" for one in findings) else 0
    return status, report.FORMATS[output](findings, locale)


def _bundles(paths: Sequence[Path], output: str) -> list[_Found]:
    if output not in report.FORMATS:
        raise WrongUse(f"unknown format {output!r}; choose one of: {', '.join(report.FORMATS)}")
    bundles: dict[Path, _Found] = {}
    for path in paths:
        before = len(bundles)
        if path.is_dir():
            for diagram in _below(path):
                _add(bundles, diagram)
            if len(bundles) == before:
                raise WrongUse(f"{path}: no .bpmn file in this directory")
        elif not path.is_file():
            raise WrongUse(f"{path}: no such file or directory")
        elif path.suffix not in ENDINGS:
            raise WrongUse(f"{path}: not a {', '.join(ENDINGS)} file")
        else:
            _add(bundles, path)
    if not bundles:
        raise WrongUse("nothing to lint; name a file or a directory")
    return [bundles[directory] for directory in sorted(bundles)]


def _below(directory: Path) -> Iterator[Path]:
    """The diagrams in a directory, however deep, but not in hidden or built ones."""
    for path in sorted(directory.rglob("*.bpmn")):
        inner = path.relative_to(directory).parts[:-1]
        if path.is_file() and not any(part.startswith(".") or part in _SKIPPED for part in inner):
            yield path


def _add(bundles: dict[Path, _Found], path: Path) -> None:
    is_form_room = path.suffix == ".form" and path.parent.name == "forms"
    directory = path.parent.parent if is_form_room else path.parent
    found = bundles.setdefault(directory, _Found())
    found.add(directory, path)
    if path.suffix == ".bpmn":
        for beside in (*directory.glob("*.dmn"), *directory.glob("forms/*.form")):
            if beside.is_file():
                found.add(directory, beside)


def _checked(found: _Found, vocabulary: Vocabulary, answers: Answers) -> Iterator[Finding]:
    """The findings of a directory: diagrams that call each other are one bundle, each with all forms and decisions."""
    files = {name: _content(path) for name, path in found.files.items()}
    diagrams = {name: content for name, content in files.items() if name.endswith(".bpmn")}
    beside = {name: content for name, content in files.items() if name not in diagrams}
    together = groups(diagrams, vocabulary) if len(diagrams) > 1 else [list(diagrams)]
    told: set[Finding] = set()
    for group in together:
        bundle = {**{name: diagrams[name] for name in group}, **beside}
        for one in inspect(bundle, vocabulary, whole=bool(group), answers=answers).findings:
            if one not in told:  # what is wrong with a form is wrong in every bundle
                told.add(one)
                yield replace(one, file=_said(found.files[one.file or min(bundle)]))


def _said(path: Path) -> str:
    """A path as text that can be written anywhere, whatever bytes the disk has for it."""
    return os.fsencode(path.as_posix()).decode(errors="backslashreplace")


def _content(path: Path) -> bytes:
    """The file, or enough of it to see that it is too large."""
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)
