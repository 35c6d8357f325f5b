"""The versions of the stored state, and how an older one becomes the newest: one function for each step, for ever.

`tests/engine/states/` keeps a state of every version. Whoever changes the format adds a version, a function and a state.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson

State = dict[str, Any]

#: The version that is written. Its number is the first byte of a state.
VERSION = 2

#: Where things stand in the row of a task.
_PARENT, _INTERNAL = 1, 6


class UnknownStateVersion(Exception):
    """The stored state was written by another version of the engine."""


def upgraded(blob: bytes) -> State:
    """A stored state in the newest version.

    Raises: UnknownStateVersion.
    """
    version = blob[0] if blob else 0
    if version != VERSION and version not in UPGRADES:
        raise UnknownStateVersion(f"state version {version}; this engine reads {min(UPGRADES)} to {VERSION}")
    state: State = orjson.loads(blob[1:])
    for step in range(version, VERSION):
        UPGRADES[step](state)
    return state


def _from_1(state: State) -> None:
    """Version 2 counts the rounds of a repetition; version 1 listed the finished ones and those to come."""
    for scope in [state, *state.get("sp", [])]:
        rows = scope["t"]
        for number, row in enumerate(rows):
            internal = row[_INTERNAL] or {}
            if "merged" in internal:
                rounds = [r[_INTERNAL] for r in rows if r[_PARENT] == number and _index(r[_INTERNAL]) is not None]
                row[_INTERNAL] = _repetition(internal, len(rounds))
                for inner in rounds:
                    inner["index"] = _index(inner)


def _repetition(internal: State, rounds: int) -> State:
    done = len(internal.pop("merged"))
    remaining, count, current = (internal.pop(name, None) for name in ("remaining", "cardinality", "current"))
    if remaining is not None:
        current = remaining[0] if remaining else done + 1
        count = remaining[-1] + 1 if remaining else done + 1
    count = rounds if count is None else count
    return {
        **internal,
        "done": done,
        "count": count,
        "next": count if current is None else current,
        "order": list(range(done)),
    }


def _index(internal: Any) -> int | None:
    if not isinstance(internal, dict):
        return None
    index = internal.get("key_or_index", internal.get("item"))
    return index if isinstance(index, int) else None


UPGRADES: dict[int, Callable[[State], None]] = {1: _from_1}
