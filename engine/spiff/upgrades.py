"""The versions of the stored state, and how an older one becomes the newest: one function for each step, for ever.

`tests/engine/states/` keeps a state of every version. Whoever changes the format adds a version, a function and a state.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson

State = dict[str, Any]
Row = list[Any]

#: The version that is written. Its number is the first byte of a state.
VERSION = 4

#: Where things stood in the row of a task up to version 3.
_UID, _PARENT, _STATE, _NAME, _TRIGGERED, _AT, _INTERNAL, _CHANGED = 0, 1, 2, 3, 4, 5, 6, 7
_WAITING, _COMPLETED = 8, 64


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
    """To version 2: rounds are counted, a repeating timer is one event after the other, every branch's writes count."""
    for scope in [state, *state.get("sp", [])]:
        rows = scope["t"]
        scope.get("d", {}).pop("data_objects", None)
        _number(state, rows)
        children: dict[int, list[Row]] = {}
        for row in rows:
            children.setdefault(row[_PARENT], []).append(row)
        _pool(state, scope, rows, children)
        for number, row in enumerate(list(rows)):
            internal = row[_INTERNAL] or {}
            if "merged" in internal:
                rounds = [r[_INTERNAL] for r in children.get(number, []) if _index(r[_INTERNAL]) is not None]
                row[_INTERNAL] = _repetition(internal, len(rounds))
                for inner in rounds:
                    inner["index"] = _index(inner)
            if row[_STATE] == _WAITING and isinstance(internal.get("event_value"), dict) and children.get(number):
                rows.append([*row])
                row[_UID], row[_STATE], row[_INTERNAL] = f"{row[_UID]}'", _COMPLETED, 0


def _number(state: State, rows: list[Row]) -> None:
    """Version 1 did not say who wrote a variable: whoever sees it differently from the task before."""
    known: list[dict[str, int]] = []
    for row in rows:  # parents come first
        above = known[row[_PARENT]] if row[_PARENT] >= 0 else {}
        written = dict.fromkeys(row[_CHANGED] or (), 1) if row[_PARENT] >= 0 else {}
        known.append({**above, **written})
        if written:
            row[_INTERNAL] = {**(row[_INTERNAL] or {}), " written": known[-1]}
            state["w"] = max(state.get("w", 0), 1)


def _pool(state: State, scope: State, rows: list[Row], children: dict[int, list[Row]]) -> None:
    """What ended branches wrote, which version 1 looked for in their last tasks."""
    pool: dict[str, tuple[int, Any]] = {}
    for row in rows:
        if str(row[_NAME]).endswith(".EndJoin"):
            written, at = dict(row[_CHANGED] or {}), row
            while at[_PARENT] >= 0 and len(children[at[_PARENT]]) == 1:
                at = rows[at[_PARENT]]
                written = {**(at[_CHANGED] or {}), **written}
            pool |= {name: (1, value) for name, value in written.items()}
    if pool:
        scope["e"], state["w"] = pool, max(state.get("w", 0), 1)


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


def _from_2(state: State) -> None:
    """To version 3: every token at a join waits. Which tasks are such is seen when they are loaded."""
    for scope in [state, *state.get("sp", [])]:
        scope["old joins"] = True


def _from_3(state: State) -> None:
    """To version 4: moments are ms after that of the first task; a row ends with the last that says something."""
    state["z"] = round(state["t"][0][_AT], 3)
    for scope in [state, *state.get("sp", [])]:
        for row in scope["t"]:
            triggered, at = row.pop(_TRIGGERED), row.pop(_TRIGGERED)
            row.insert(_TRIGGERED, round((at - state["z"]) * 1000))
            row.append(triggered)


UPGRADES: dict[int, Callable[[State], None]] = {1: _from_1, 2: _from_2, 3: _from_3}
