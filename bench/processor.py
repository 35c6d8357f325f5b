"""Seconds of processor time a server and everything it started have used, read from /proc (Linux)."""

from __future__ import annotations

import os
from collections import defaultdict
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def of_tree(root: int) -> float:
    """User and system time of a process, its living descendants and the children it has already buried."""
    times: dict[int, float] = {}
    children: dict[int, list[int]] = defaultdict(list)
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (said := _stat(entry)) is not None:
            parent, used = said
            times[int(entry.name)] = used
            children[parent].append(int(entry.name))
    found, waiting = 0.0, [root]
    while waiting:
        process = waiting.pop()
        found += times.get(process, 0.0)
        waiting.extend(children[process])
    return found


def of_postgres(data: Path) -> float:
    """The same for the PostgreSQL server on this data directory."""
    return of_tree(int((data / "postmaster.pid").read_text(encoding="utf-8").splitlines()[0]))


def _stat(entry: Path) -> tuple[int, float] | None:
    try:
        text = (entry / "stat").read_text(encoding="utf-8")
    except (FileNotFoundError, ProcessLookupError):  # it has just ended
        return None
    fields = text[text.rindex(")") + 2 :].split()
    return int(fields[1]), sum(int(ticks) for ticks in fields[11:15]) / TICKS
