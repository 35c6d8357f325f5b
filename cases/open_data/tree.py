"""The root of a file: a Merkle tree over its rows, as in RFC 6962, reckoned while they pass by."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import orjson

EMPTY = hashlib.sha256(b"").hexdigest()


def leaf(values: Sequence[Any]) -> bytes:
    """The hash of a row: its values as a JSON array, without spaces, UTF-8."""
    return hashlib.sha256(b"\0" + orjson.dumps(list(values))).digest()


class Tree:
    """Takes leaves one after the other; keeps one hash for each height only."""

    def __init__(self) -> None:
        self.count = 0
        self._heights: list[tuple[int, bytes]] = []

    def add(self, hashed: bytes) -> None:
        """The next leaf."""
        size = 1
        while self._heights and self._heights[-1][0] == size:
            hashed = _node(self._heights.pop()[1], hashed)
            size *= 2
        self._heights.append((size, hashed))
        self.count += 1

    def root(self) -> str:
        """The root of what was added so far, in hexadecimal digits."""
        if not self._heights:
            return EMPTY
        hashed = self._heights[-1][1]
        for _size, left in reversed(self._heights[:-1]):
            hashed = _node(left, hashed)
        return hashed.hex()


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()


def chained(previous: str, day: str, root: str) -> str:
    """The link of a day: it holds the day before, so that no published file can be exchanged later without being noticed."""
    return hashlib.sha256(f"{previous}\n{day}\n{root}".encode()).hexdigest()
