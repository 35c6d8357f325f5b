"""What looks like Python in FEEL, where that is the same: `a == 'x'`, `True`, `timedelta(hours=2)`; nothing otherwise.

Only pieces that are spelled differently are replaced, and only where nothing stands beside them that means something else
in the two languages: indexes, membership, methods, formats. It is never parsed as a program, and never run.
"""

from __future__ import annotations

import re
from itertools import pairwise

from engine.feel import FeelError, compile_expression

MAX_LENGTH = 1_000

_TOKEN = re.compile(
    r"""\s*(?:(?P<text>"[^"\\\n]*"|'[^'"\\\n]*')|(?P<number>\d+(?:\.\d+)?(?![\w.]))|(?P<name>[^\W\d]\w*)
    |(?P<sign>==|!=|<=|>=|[<>+\-*/(),.{}:\[\]]))""",
    re.VERBOSE,
)
_SAID = {"==": "=", "True": "true", "False": "false", "None": "null"}
_STRANGE = frozenset(
    ["in", "is", "not", "if", "else", "for", "lambda", "await", "yield", "function", "item", "between"]
)
_LOGIC = frozenset({"and", "or"})
_ASSIGNMENT = re.compile(r"([^\W\d]\w*)[ \t]*=(?!=)[ \t]*(\S.*)")
_DURATION = re.compile(r"(?:datetime\.)?timedelta\(\s*(days|hours|minutes|seconds)\s*=\s*(\d{1,6})\s*\)")
_UNITS = {"days": "P{}D", "hours": "PT{}H", "minutes": "PT{}M", "seconds": "PT{}S"}


def condition(text: str) -> str | None:
    """A condition in FEEL, or nothing where it is FEEL already or not certain."""
    bare = text.strip()
    if bare.startswith("=") or _compiles(bare):
        return None
    return _said(bare, may_join=True)


def script(text: str) -> str | None:
    """The assignments of a script in FEEL, or nothing where one of its lines is anything else."""
    lines = []
    for line in text.splitlines():
        bare = line.strip()
        if not bare or bare.startswith("#"):
            lines.append(bare.replace("#", "//", 1))
            continue
        match = _ASSIGNMENT.fullmatch(line.rstrip())
        said = _said(match[2], may_join=False) if match else None
        if match is None or said is None:
            return None
        lines.append(f"{match[1]} = {said.removeprefix('= ')}")
    return "\n".join(lines)


def script_without_language(text: str) -> str | None:
    """The same for a script that does not say what it is written in, and is no FEEL."""
    found = [_ASSIGNMENT.fullmatch(line.strip()) for line in text.splitlines() if line.strip()]
    return None if all(match and _compiles(match[2]) for match in found) else script(text)


def duration(text: str) -> str | None:
    """`timedelta(hours=2)` as a duration."""
    match = _DURATION.fullmatch(text.strip())
    return f'"{_UNITS[match[1]].format(int(match[2]))}"' if match else None


def _said(text: str, *, may_join: bool) -> str | None:
    tokens = _tokens(text) if len(text) <= MAX_LENGTH else None
    if tokens is None or not _is_common(tokens, may_join=may_join):
        return None
    said = "".join(
        before + (f'"{word[1:-1]}"' if kind == "text" else _SAID.get(word, word)) for kind, word, before in tokens
    )
    return f"= {said.strip()}" if _compiles(said) else None


def _tokens(text: str) -> list[tuple[str, str, str]] | None:
    """Kind and text of each token, and the space before it."""
    found, at, text = [], 0, text.rstrip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            return None
        word = match[match.lastgroup]
        found.append((match.lastgroup, word, " " if match.end() - len(word) > at else ""))
        at = match.end()
    return found


def _is_common(tokens: list[tuple[str, str, str]], *, may_join: bool) -> bool:
    """Whether the tokens mean the same in both languages once they are spelled alike."""
    words = {word for _, word, _ in tokens}
    if words & _STRANGE or (words & _LOGIC and not may_join):
        return False
    if {"*", "/"} & words and any(kind == "text" for kind, _, _ in tokens):
        return False
    for (kind, word, _), (_, following, _) in pairwise(tokens):
        is_value = kind in ("name", "number", "text") or word in (")", "]", "}")
        if (is_value and word not in _LOGIC and following in ("[", "(")) or word == following == "/":
            return False
        if kind == "text" and following == ".":
            return False
    return sum(word in ("==", "!=", "<", ">", "<=", ">=") for _, word, _ in tokens) <= 1 or bool(words & _LOGIC)


def _compiles(text: str) -> bool:
    try:
        compile_expression(text)
    except FeelError:
        return False
    return True
