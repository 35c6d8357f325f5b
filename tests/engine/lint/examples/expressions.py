"""Expressions."""

from __future__ import annotations

from tests.engine.lint.asking import Example, choice, example

LANGUAGE = 'xsi:type="bpmn:tFormalExpression" language="javascript"'


def in_javascript() -> bytes:
    return choice("x > 1").replace(b'xsi:type="bpmn:tFormalExpression"', LANGUAGE.encode(), 1)


EXAMPLES: dict[str, Example] = {
    "expression-syntax": example(choice("x >"), choice("x > 1")),
    "expression-missing": example(choice(" = "), choice("= true")),
    "unknown-function": example(choice('= open("/etc/passwd") = 1'), choice('= deadline("resolve") = 1')),
    "dollar-expression": example(choice("${x.size() == 1}"), choice("= count(x) = 1")),
    "expression-language": example(in_javascript(), choice("x > 1")),
}
