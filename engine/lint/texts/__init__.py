"""The words of every rule, by noun; data only. `RULES` is the whole catalogue: an id, how grave it is, what it says."""

from __future__ import annotations

from engine.lint.texts import events, expressions, files, flows, forms, proposals, rewrites, tasks
from engine.lint.texts.rule import Rule, Severity

__all__ = ["RULES", "Rule", "Severity"]

RULES: dict[str, Rule] = {
    **files.RULES,
    **flows.RULES,
    **events.RULES,
    **tasks.RULES,
    **expressions.RULES,
    **forms.RULES,
    **rewrites.RULES,
    **proposals.RULES,
    **rewrites.GIVEN_UP,
}
