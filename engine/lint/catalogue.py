"""All rules as a table for the handbook: `python -m engine.lint.catalogue` prints what docs/engine.md shows."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator

from engine.lint.texts import RULES, Severity

_HEADS: dict[Severity, str] = {
    "error": "### Errors: the version can only be kept as a draft",
    "warning": "### Warnings: it runs, but perhaps not as meant",
    "info": "### Put right, or proposed",
}
_GAP = re.compile(r"\{\w+\}")


def table() -> str:
    """Every rule by how grave it is: what it says and what to do, in Markdown."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    for severity, head in _HEADS.items():
        yield from (head, "", "| rule | what is said | what to do |", "| --- | --- | --- |")
        for name, rule in sorted(RULES.items()):
            if rule.severity == severity:
                yield f"| `{name}` | {_cell(rule.en)} | {_cell(rule.remedy_en)} |"
        yield ""


def _cell(words: str) -> str:
    return _GAP.sub("…", words).replace("|", "\\|").replace("<", "&lt;")


if __name__ == "__main__":
    sys.stdout.write(table())
