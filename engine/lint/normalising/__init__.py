"""Puts right at upload what is merely sloppy, and says so: every change is a finding of severity "info".

What is only probably meant is proposed, also as an "info", and done where the uploader accepts proposals.

The same files always come out the same, and what came out once comes out unchanged. A file that needs nothing, or that
cannot be read, comes back byte for byte.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from lxml import etree

from engine.lint import limits
from engine.lint.answers import NONE, Answers
from engine.lint.diagram import Diagram, of
from engine.lint.findings import Finding
from engine.lint.normalising import flows, gateways, links, marks, names, people, proposals, starts, words
from engine.lint.normalising.canvas import Canvas
from engine.lint.xml import Unreadable, line_of, read

__all__ = ["Normalised", "normalise"]

Rewrite = Callable[[Canvas, Diagram], None]

#: In this order: what comes later may rely on what came before.
REWRITES: tuple[Rewrite, ...] = (
    links.join,
    gateways.draw_splits,
    gateways.choose_defaults,
    starts.begin,
    flows.end,
    words.translate,
    words.translate_python,
    gateways.close,
    words.quote_timers,
    words.take_topics,
    words.take_collections,
    people.take_groups,
    names.name_messages,
    names.name_keys,
    names.name_codes,
    names.name_decisions,
)
#: What may be meant; asked last, and done only where the uploader agrees.
PROPOSALS: tuple[Rewrite, ...] = (
    proposals.groups,
    people.give_group,
    proposals.defaults,
    proposals.insides,
    proposals.times,
    proposals.messages,
    proposals.topics,
    proposals.decisions,
)


@dataclass(frozen=True)
class Normalised:
    """A file as it will be stored, what was changed in it, and the line each of its elements stood on before."""

    content: bytes
    rewrites: list[Finding] = field(default_factory=list)
    proposals: list[Finding] = field(default_factory=list)
    lines: list[int | None] = field(default_factory=list)


def normalise(files: Mapping[str, bytes], answers: Answers = NONE) -> dict[str, Normalised]:
    """The diagrams of a bundle as they will be stored; other files are left out. `answers` fills gaps."""
    found: dict[str, Normalised] = {}
    canvases: dict[str, Canvas] = {}
    for name in sorted(files):
        if name.endswith(".bpmn"):
            found[name] = Normalised(files[name])
            try:
                canvases[name] = Canvas(name, read(files[name], keep_comments=True), answers)
                of(name, canvases[name].root)
            except Unreadable:
                canvases.pop(name, None)
    marks.make_executable(list(canvases.values()))
    marks.propose_process(list(canvases.values()))
    is_any_executable = any(marks.is_executable(canvas) for canvas in canvases.values())
    for name, canvas in canvases.items():
        _rewrite(canvas, is_any_executable=is_any_executable)
        if canvas.rewrites:
            found[name] = _done(canvas)
        elif canvas.proposals:
            found[name] = Normalised(files[name], proposals=canvas.proposals)
    return found


def _rewrite(canvas: Canvas, *, is_any_executable: bool) -> None:
    """Where something is to run, pools that are only drawn stay as they are."""
    marks.spell_booleans(canvas)
    marks.give_ids(canvas)
    drawn: Diagram | None = None
    for rewrite in (*REWRITES, *PROPOSALS):
        done = len(canvas.rewrites)
        drawn = drawn or _drawn(canvas, is_any_executable=is_any_executable)
        if not limits.is_checkable(drawn):
            return
        rewrite(canvas, drawn)
        if len(canvas.rewrites) > done:
            drawn = None


def _drawn(canvas: Canvas, *, is_any_executable: bool) -> Diagram:
    diagram = of(canvas.file, canvas.root)
    if is_any_executable:
        diagram.set_pictures_aside()
    return diagram


def _done(canvas: Canvas) -> Normalised:
    content = etree.tostring(canvas.root.getroottree(), xml_declaration=True, encoding="UTF-8")
    lines = [line_of(element) for element in canvas.root.iter("{*}*")]
    return Normalised(content, canvas.rewrites, canvas.proposals, lines)
