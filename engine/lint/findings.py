"""What the linter says about a bundle: one finding per thing to mend, in both languages, with a remedy.

This file knows how to say things, not what is wrong; the rules are beside it, their words in `texts/`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from engine.lint.texts import RULES, Severity, words
from engine.lint.xml import Element, line_of, local

__all__ = ["At", "Finding", "Param", "Severity", "clip", "finding", "worst_first"]

#: What fills a gap in the words of a rule: the same in both languages, or a pair (English, Vietnamese).
Param = str | int | tuple[str, str]

#: Characters shown of anything that was read from a file.
MAX_SHOWN = 80
#: Findings kept of one file; a hostile one could cause hundreds of thousands.
MAX_PER_FILE = 200

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\s]+")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend, and how."""

    file: str
    rule: str
    element_id: str | None
    element_name: str | None
    severity: Severity
    message_vi: str
    message_en: str
    remedy_vi: str
    remedy_en: str
    line: int | None = None
    column: int | None = None

    @property
    def is_proposal(self) -> bool:
        """Whether it tells what the uploader may accept."""
        return self.rule.endswith("-proposed")

    def message(self, locale: str = "en") -> str:
        """What is wrong."""
        return self.message_vi if locale.startswith("vi") else self.message_en

    def remedy(self, locale: str = "en") -> str:
        """What to do about it."""
        return self.remedy_vi if locale.startswith("vi") else self.remedy_en

    def to_dict(self, locale: str = "en") -> dict[str, str | int | None]:
        """For JSON: everything, the words in one language."""
        return {
            "file": self.file,
            "rule": self.rule,
            "element_id": self.element_id,
            "element_name": self.element_name,
            "severity": self.severity,
            "message": self.message(locale),
            "remedy": self.remedy(locale),
            "line": self.line,
            "column": self.column,
        }


class At(NamedTuple):
    """A place in a file that is no XML element."""

    line: int | None = None
    column: int | None = None
    element_id: str | None = None


def finding(file: str, rule: str, place: Element | At | None = None, /, **params: Param) -> Finding:
    """One finding with the words of its rule; `params` fill the gaps in them, `place` tells where."""
    at, name, kind = _place_of(place)
    params.setdefault("element", name or at.element_id or kind)
    en, vi = ({key: _shown(value, side) for key, value in params.items()} for side in (0, 1))
    rule_words = RULES[rule]
    return Finding(
        file=file,
        rule=rule,
        element_id=at.element_id,
        element_name=name,
        severity=rule_words.severity,
        message_vi=rule_words.vi.format_map(vi),
        message_en=rule_words.en.format_map(en),
        remedy_vi=rule_words.remedy_vi.format_map(vi),
        remedy_en=rule_words.remedy_en.format_map(en),
        line=at.line,
        column=at.column,
    )


def _place_of(place: Element | At | None) -> tuple[At, str | None, words.Words]:
    """Where a finding is, the name people gave the element, and what to call it if it has none."""
    if place is None or isinstance(place, At):
        at = place or At()
        identifier = at.element_id and _CONTROL.sub(" ", at.element_id)  # a key of a form may be anything
        return at._replace(element_id=identifier), None, ("", "")
    return At(line_of(place), None, place.get("id")), place.get("name"), words.kind(local(place))


def _shown(value: Param, side: int) -> str:
    return clip(value[side] if isinstance(value, tuple) else value)


def clip(value: object) -> str:
    """A value fit to be shown in a sentence: one line, not too long."""
    text = _CONTROL.sub(" ", str(value)[: 4 * MAX_SHOWN]).strip()
    return text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 1] + "…"


def worst_first(findings: list[Finding]) -> list[Finding]:
    """The findings of one file by line; if there are too many, the errors that fit and a word about the rest."""
    ordered = sorted(findings, key=_place)
    left_out = len(ordered) - MAX_PER_FILE
    if left_out <= 0:
        return ordered
    kept = sorted(ordered, key=lambda one: one.severity != "error")[:MAX_PER_FILE]
    rest = finding(ordered[0].file, "too-many-findings", shown=MAX_PER_FILE, left_out=left_out)
    return [*sorted(kept, key=_place), rest]


def _place(one: Finding) -> tuple[int, int, str, str, str]:
    return (one.line or 0, one.column or 0, one.rule, one.element_id or "", one.message_en)
