"""Several processes side by side on one file: rows do not know each other, so each process takes every n-th one."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from queue import Empty
from typing import Any

from cases.importing import mapping as mappings
from cases.importing.rows import rows_of
from cases.importing.runner import Outcome, begin_refused, every, import_rows
from engine.errors import CasewayError

#: Makes the world a process works in: application, database, silence of the letters.
Enter = Callable[[], AbstractContextManager[object]]


@dataclass(frozen=True)
class Order:
    """What one import is to do."""

    file: Path
    mapping: Path
    until: datetime
    refused: Path


class ImportFailed(CasewayError):
    """One of the importing processes ended early. What it had stored stays; start the import again to go on."""


def import_file(order: Order, *, enter: Enter, processes: int, progress: Callable[[int], None]) -> Outcome:
    """Take a whole file in with several processes; `progress` is told how many rows were done.

    Raises: ImportFailed.
    """
    context = multiprocessing.get_context("spawn")
    done: Any = context.Queue()
    workers = [context.Process(target=_work, args=(order, enter, part, processes, done)) for part in range(processes)]
    begin_refused(order.refused)
    for worker in workers:
        worker.start()
    total = Outcome()
    waiting = processes
    while waiting:
        try:
            said = done.get(timeout=1)
        except Empty:
            if any(worker.exitcode not in (None, 0) for worker in workers):
                raise ImportFailed from None
            continue
        if isinstance(said, Outcome):
            total += said
            waiting -= 1
        else:
            progress(said)
    for worker in workers:
        worker.join()
    if not total.refused:
        order.refused.unlink()
    return total


def count(file: Path) -> int:
    """How many rows a file has."""
    return sum(1 for _ in rows_of(file))


def _work(order: Order, enter: Enter, part: int, parts: int, done: Any) -> None:
    with enter():
        rows = every(rows_of(order.file), part, parts)
        mapping = mappings.read(order.mapping)
        done.put(import_rows(rows, mapping, until=order.until, refused=order.refused, progress=done.put))
