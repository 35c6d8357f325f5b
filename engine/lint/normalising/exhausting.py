"""Whether some conditions leave any case out; a proof for simple ones, and no for all others.

Simple is what compares one variable with one written value, and joins such comparisons by `and`, `or` and `not`. Whether
one holds then depends only on where the variable stands among the values it is compared with, so that asking for every
such place, for nothing, and for values of every other kind is asking for every case.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise, product
from typing import Any

from engine.errors import CasewayError
from engine.feel import FeelError, compile_expression
from engine.feel.values import Value

#: Cases asked for one gateway; conditions that could meet more are left alone.
MAX_CASES = 4_000
_MAX_LENGTH = 2_000
_TOKEN = re.compile(
    r"""\s*(?:(?P<text>"[^"\\]*")|(?P<number>\d+(?:\.\d+)?(?![\w.]))|(?P<order><=|>=|<|>)|(?P<equal>!=|=)|(?P<sign>[(),])
    |(?P<word>(?:and|or|not|in|true|false|null)\b(?!\s*\.))|(?P<path>[^\W\d]\w*(?:\.[^\W\d]\w*)*(?![\w.]|\s*\()))""",
    re.VERBOSE,
)
#: How the translation from another language asks for what is missing or empty, or anything but true.
_LISTED = re.compile(r"""list contains\(\[(true|null, "", \[\])\], ([^\W\d]\w*(?:\.[^\W\d]\w*)*)\)""")
_ATOM = re.compile(r"P(?:[EO]L|I\(L(?:,L)*\))?|LEP|LOP")
_JOINED = re.compile(r"A(?:[&|]A)*")
_KINDS = {"text": "L", "number": "L", "order": "O", "equal": "E", "path": "P"}
_WORDS = {"and": "&", "or": "|", "not": "N", "in": "I", "true": "L", "false": "L", "null": "L"}
#: Of every kind a variable can have beside numbers and truth values.
_OTHERS: tuple[Value, ...] = (None, "", "\uffff", [], {})


def is_exhaustive(conditions: Sequence[str]) -> bool:
    """Whether in every case at least one of these FEEL conditions holds."""
    texts = [text.strip().removeprefix("=") for text in conditions]
    if sum(map(len, texts)) > _MAX_LENGTH:
        return False
    try:
        asked = [compile_expression(text) for text in texts]
        domains: dict[str, list[Value]] = {}
        for text in texts:
            _collect(text, domains)
        return all(any(one(case) is True for one in asked) for case in _cases(domains))
    except (FeelError, CasewayError, _NotSimple):
        return False


class _NotSimple(Exception):
    """Nothing can be proved about these conditions."""


def _collect(text: str, domains: dict[str, list[Value]]) -> None:
    """Add the variables of a condition, each with the values it is compared with."""
    tokens = list(_tokens(_LISTED.sub(r"\2 in (true)", text)))
    shape = "".join(kind for kind, _ in tokens)
    if not _is_simple(shape):
        raise _NotSimple
    for match in _ATOM.finditer(shape):
        atom = tokens[match.start() : match.end()]
        path = next(written for kind, written in atom if kind == "P")
        literals = [_value(written) for kind, written in atom if kind == "L"]
        if any(kind == "O" for kind, _ in atom) and not all(isinstance(one, Decimal) for one in literals):
            raise _NotSimple  # texts have an order too, but not one to walk along
        domains.setdefault(path, []).extend(literals or [True])


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    at = 0
    text = text.rstrip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            raise _NotSimple
        at, kind, written = match.end(), match.lastgroup, match[match.lastgroup]
        yield (written if kind == "sign" else _KINDS.get(kind) or _WORDS[written]), written


def _is_simple(shape: str) -> bool:
    """Whether nothing but comparisons is left when these are joined, from the innermost brackets outwards."""
    shape = _ATOM.sub("A", shape)
    while True:
        inner = re.sub(r"N?\(A(?:[&|]A)*\)(?:EL)?", "A", shape)
        if inner == shape:
            return _JOINED.fullmatch(shape) is not None
        shape = inner


def _value(written: str) -> Value:
    if written.startswith('"'):
        return written[1:-1]
    words: dict[str, Value] = {"true": True, "false": False, "null": None}
    return words[written] if written in words else Decimal(written)


def _cases(domains: dict[str, list[Value]]) -> Iterator[dict[str, Any]]:
    values = {path: _places(literals) for path, literals in domains.items()}
    count = 1
    for some in values.values():
        count *= len(some)
    if count > MAX_CASES:
        raise _NotSimple
    for chosen in product(*values.values()):
        yield _context(dict(zip(values, chosen, strict=True)))


def _places(literals: Sequence[Value]) -> list[Value]:
    """Every place a value can have among these."""
    numbers = sorted({one for one in literals if isinstance(one, Decimal)}) or [Decimal(0)]
    between = [(one + other) / 2 for one, other in pairwise(numbers)]
    texts = sorted({one for one in literals if isinstance(one, str)})
    return [*_OTHERS, True, False, *texts, *numbers, *between, numbers[0] - 1, numbers[-1] + 1]


def _context(values: dict[str, Value]) -> dict[str, Any]:
    """Paths as contexts within contexts; one that is also the beginning of another stands for too much."""
    found: dict[str, Any] = {}
    for path, value in values.items():
        *outer, last = path.split(".")
        inner = found
        for name in outer:
            inner = inner.setdefault(name, _Inner())
            if not isinstance(inner, _Inner):
                raise _NotSimple
        if last in inner:
            raise _NotSimple
        inner[last] = value
    return found


class _Inner(dict[str, Any]):
    """A context that is only there to hold others."""
