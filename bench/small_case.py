"""The small human case: processor time of application and PostgreSQL per case, all engines in one interleaved run."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path

from bench import processor
from bench.report import line
from bench.small import ours
from bench.small.lean import Lean
from bench.world import world
from engine.base import db

ROUNDS, BLOCK = 12, 25


def small_case() -> None:
    """Ms of processor time per case: ours, and the leanest embedding of the library by hand, on one server."""
    with world() as made, made.app.app_context():
        ours.prepare()
        lean = Lean(db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False))
        data = made.database
        times: dict[str, list[float]] = {"ours": [], "lean": []}
        for number in range(ROUNDS + 1):
            for name, run in (("ours", ours.run), ("lean", lean.run)):
                used = _used(run, data)
                if number:  # the first round warms the caches
                    times[name].append(used)
        ours.check()
    line("small_case", statistics.median(times["ours"]), statistics.median(times["lean"]),
         unit="ms CPU per case, application and PostgreSQL", base_is="leanest embedding of the library by hand",
         n=ROUNDS * BLOCK)  # fmt: skip


def _used(run: Callable[[], None], data: Path) -> float:
    """Ms per case in this process and in the server, over one block."""
    here, there = time.process_time(), processor.of_postgres(data)
    for _ in range(BLOCK):
        run()
    used = time.process_time() - here + processor.of_postgres(data) - there
    return used * 1000 / BLOCK
