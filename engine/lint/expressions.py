"""Rules about expressions: they are FEEL, they compile, and every function in them is known."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from engine.feel import FeelError, FeelSyntaxError, compile_expression
from engine.lint.bundle import Bundle, hint
from engine.lint.diagram import Diagram
from engine.lint.findings import Finding, Param
from engine.lint.gateways import written
from engine.lint.structure import CONDITIONAL
from engine.lint.texts import words
from engine.lint.xml import CAMUNDA, Element

__all__ = ["dollar_rewrite", "examine", "expression", "problem", "written_value"]

#: Characters of an expression that are read at all.
MAX_LENGTH = 10_000

_DOLLAR = re.compile(r"[$#]\{([^{}]*)\}")
_NO_FUNCTION = re.compile(r'there is no function "(.+?)"')
_AT = re.compile(r" \(at \d+\)$")
_FEEL_LANGUAGES = tuple(
    f"{scheme}://www.omg.org/spec/{name}/" for scheme in ("http", "https") for name in ("DMN", "FEEL")
)
_REWRITES = (
    (re.compile(r"'([^']*)'"), r'"\1"'),
    (re.compile(r"(?:execution\.)?getVariable\(\"(\w+)\"\)"), r"\1"),
    (re.compile(r"\s*&&\s*"), " and "),
    (re.compile(r"\s*\|\|\s*"), " or "),
    (re.compile(r"\s*===?\s*|\beq\b"), " = "),
    (re.compile(r"\bne\b"), "!="),
    (re.compile(r"\bgt\b"), ">"),
    (re.compile(r"\blt\b"), "<"),
    (re.compile(r"\bge\b"), ">="),
    (re.compile(r"\ble\b"), "<="),
    (re.compile(r"(?:!|\bnot\s+)\s*empty\s+([\w.]+)"), r"\1 != null"),
    (re.compile(r"!\s*\("), "not("),
    (re.compile(r"(?:!|\bnot\s+)([\w.]+)"), r"not(\1)"),
    (re.compile(r"\bempty\s+([\w.]+)"), r"\1 = null"),
    (re.compile(r"[ \t]+"), " "),
)


def examine(diagram: Diagram, bundle: Bundle) -> Iterator[Finding]:
    """The conditions of flows."""
    for scope in diagram.scopes:
        for flow in scope.flows:
            condition = flow.condition
            if condition is None or flow.source.kind not in CONDITIONAL:
                continue
            language = condition.get("language") or condition.get(f"{{{CAMUNDA}}}resource") or ""
            if language and not is_feel(language):
                yield _foreign(diagram, flow.element, "condition", language)
            else:
                yield from expression(diagram, flow.element, "condition", written(flow), bundle)


def expression(diagram: Diagram, element: Element, place: str, text: str, bundle: Bundle) -> Iterator[Finding]:
    """What is wrong with an expression of an element, if anything."""
    found = problem(text, bundle.functions)
    if found is not None:
        rule, params = found
        yield diagram.finding(rule, element, what=words.place(place), **params)


def written_value(diagram: Diagram, element: Element, place: str, text: str, bundle: Bundle) -> Iterator[Finding]:
    """What is wrong with a text that is an expression only if it begins with "="."""
    if text.lstrip().startswith("=") or _DOLLAR.search(text):
        yield from expression(diagram, element, place, text, bundle)


def problem(text: str, functions: Mapping[str, Callable[..., Any]]) -> tuple[str, dict[str, Param]] | None:
    """The rule an expression breaks, and the words to fill in."""
    if not text.strip().removeprefix("=").strip():
        return "expression-missing", {}
    if _DOLLAR.search(text[:MAX_LENGTH]):
        return "dollar-expression", {"text": text, "rewrite": dollar_rewrite(text[:MAX_LENGTH])}
    try:
        compile_expression(text, functions)
    except FeelSyntaxError as error:
        unknown = _NO_FUNCTION.match(error.message)
        if unknown:
            return "unknown-function", {"function": unknown[1], "hint": hint(unknown[1], functions)}
        return "expression-syntax", {"position": error.position + 1, "detail": _AT.sub("", error.message), "text": text}
    except FeelError as error:
        return "expression-syntax", {"position": 1, "detail": error.message, "text": text}
    return None


def is_feel(language: str) -> bool:
    """Whether a language attribute means FEEL."""
    return language.strip().lower() == "feel" or language.strip().startswith(_FEEL_LANGUAGES)


def dollar_rewrite(text: str) -> str:
    """An expression for another engine as it would probably look in FEEL; a proposal for people."""
    parts: list[str] = []
    end = 0
    for match in _DOLLAR.finditer(text):
        parts.append(_quoted(text[end : match.start()]))
        parts.append(_feel(match[1]))
        end = match.end()
    parts.append(_quoted(text[end:]))
    return "= " + " + ".join(part for part in parts if part)


def _feel(source: str) -> str:
    for pattern, replacement in _REWRITES:
        source = pattern.sub(replacement, source)
    return source.strip()


def _quoted(literal: str) -> str:
    return f'"{literal}"' if literal.strip() else ""


def _foreign(diagram: Diagram, element: Element, place: str, language: str) -> Finding:
    return diagram.finding("expression-language", element, what=words.place(place), language=language)
