"""The standard's own way to ask for a data object, in FEEL: `bpmn:getDataObject('approved')`; nothing otherwise.

Source: BPMN 2.0.2, 10.4.3: XPath is the language of expressions where no other is named, extended by `getDataObject`.
"""

from __future__ import annotations

import re

from engine.feel import FeelError, compile_expression

MAX_LENGTH = 1_000
_OBJECT = re.compile(r"""(?:[^\W\d]\w*:)?getDataObject\(\s*(['"])([^\W\d]\w*)\1\s*\)""")
_TEXT = re.compile(r"""'([^'"\\]*)'""")
#: What may stand around: comparisons with texts and numbers, joined; no paths, no calls.
_SIMPLE = re.compile(r"""(?:\s|[=<>()]|!=|"[^"\\]*"|\b(?:and|or)\b|\b\d+(?:\.\d+)?\b|[^\W\d]\w*(?!\w|\s*\())+""")


def condition(text: str) -> str | None:
    """A condition about data objects in FEEL, where each is the variable of its name."""
    if len(text) > MAX_LENGTH or not _OBJECT.search(text):
        return None
    said = _TEXT.sub(r'"\1"', _OBJECT.sub(r"\2", text.strip()))
    if not _SIMPLE.fullmatch(said):
        return None
    try:
        compile_expression(said)
    except FeelError:
        return None
    return f"= {said}"
