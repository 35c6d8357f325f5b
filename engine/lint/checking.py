"""Checks a whole bundle: reads every file, then asks every rule. The order of the findings is that of the files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from engine.lint import (
    calls,
    decisions,
    elements,
    events,
    expressions,
    extensions,
    forms,
    gateways,
    identifiers,
    joins,
    limits,
    loops,
    repeats,
    scripts,
    structure,
    tasks,
    timers,
)
from engine.lint.answers import NONE, Answers
from engine.lint.bundle import Bundle, Vocabulary
from engine.lint.diagram import Diagram, is_executable, load
from engine.lint.findings import At, Finding, finding, worst_first
from engine.lint.normalising import Normalised, normalise
from engine.lint.xml import Unreadable

#: Findings one file of rules may yield for one file; more would be cut off anyway.
MAX_PER_RULES = 1_000

Examine = Callable[[Diagram, Bundle], Iterator[Finding]]

#: Rules that look at one diagram at a time, however large it is.
ALWAYS: tuple[Examine, ...] = (limits.examine, identifiers.examine, elements.examine)
#: Rules for diagrams of a size that can be executed.
RULES: tuple[Examine, ...] = (
    structure.examine,
    gateways.examine,
    loops.examine,
    joins.examine,
    events.examine,
    timers.examine,
    expressions.examine,
    tasks.examine,
    scripts.examine,
    repeats.examine,
    calls.examine,
    extensions.examine,
)


@dataclass(frozen=True)
class Checked:
    """What was found in a bundle, and the diagrams in it as they will be stored, by file."""

    findings: list[Finding]
    diagrams: dict[str, bytes]
    main: tuple[str, str] | None


def check(files: Mapping[str, bytes], vocabulary: Vocabulary, answers: Answers = NONE) -> list[Finding]:
    """Everything that is wrong with a bundle (`*.bpmn`, `*.dmn`, `*.form` by name), sorted by file and line.

    What is merely sloppy is put right first (`normalising`); that is told too, as an info. Never raises, whatever the
    bytes are.
    """
    return look(files, vocabulary, answers=answers).findings


def look(files: Mapping[str, bytes], vocabulary: Vocabulary, *, whole: bool = True, answers: Answers = NONE) -> Checked:
    """The same with what will be stored; unless `whole`, forms or decisions alone are all right."""
    bundle = Bundle(vocabulary)
    normalised = normalise(files, answers)
    rewrites = [
        one for file in normalised.values() for one in (*file.rewrites[:MAX_PER_RULES], *file.proposals[:MAX_PER_RULES])
    ]
    by_file: dict[str, list[Finding]] = {}
    for one in (*rewrites, *_read(files, normalised, bundle), *_examine(bundle)):
        by_file.setdefault(one.file, []).append(one)
    findings = [one for file in sorted(by_file) for one in worst_first(by_file[file])]
    if whole and not any(name.endswith(".bpmn") for name in files):
        findings.insert(0, finding("", "no-executable-process"))
    return Checked(findings, {name: file.content for name, file in normalised.items()}, calls.main(bundle))


def _read(files: Mapping[str, bytes], normalised: Mapping[str, Normalised], bundle: Bundle) -> Iterator[Finding]:
    for name in sorted(files):
        try:
            if name.endswith(".bpmn"):
                bundle.diagrams.append(load(name, normalised[name].content, normalised[name].lines))
            else:
                yield from _read_one(name, files[name], bundle)
        except Unreadable as refusal:
            bundle.unreadable.add(name)
            yield finding(name, refusal.rule, At(refusal.line, refusal.column), **refusal.params)


def _read_one(name: str, content: bytes, bundle: Bundle) -> Iterator[Finding]:
    if name.endswith(".dmn"):
        yield from decisions.load(name, content, bundle)
    elif name.endswith(".form"):
        form = forms.load(name, content)
        other = bundle.forms.setdefault(form.key, form)
        if other is not form:
            yield finding(name, "duplicate-form", form=form.key, other=other.file)


def _examine(bundle: Bundle) -> Iterator[Finding]:
    if any(is_executable(process) for diagram in bundle.diagrams for process in diagram.processes):
        for diagram in bundle.diagrams:
            diagram.set_pictures_aside()
    checkable = [diagram for diagram in bundle.diagrams if limits.is_checkable(diagram)]
    bundle.hasty = loops.hasty_scopes(checkable)
    for diagram in bundle.diagrams:
        for examine in (*ALWAYS, *(RULES if diagram in checkable else ())):
            yield from islice(examine(diagram, bundle), MAX_PER_RULES)
    yield from identifiers.across(bundle)
    yield from calls.across(bundle)
    for form in bundle.forms.values():
        yield from islice(forms.examine(form), MAX_PER_RULES)
