"""One example for every rule, by noun."""

from __future__ import annotations

from tests.engine.lint.asking import Example
from tests.engine.lint.examples import events, expressions, files, flows, forms, rewrites, tasks

EXAMPLES: dict[str, Example] = {
    **files.EXAMPLES,
    **flows.EXAMPLES,
    **events.EXAMPLES,
    **tasks.EXAMPLES,
    **expressions.EXAMPLES,
    **forms.EXAMPLES,
    **rewrites.EXAMPLES,
}
