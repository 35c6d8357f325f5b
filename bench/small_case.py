"""The small human case: processor time of application and PostgreSQL per case, all engines in one interleaved run."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text

from bench import peers, processor
from bench.peers import Peer
from bench.report import line
from bench.small import ours
from bench.small.lean import Lean
from bench.world import world
from engine.base import db

ROUNDS, BLOCK = 12, 25
NAMES = {
    "lean": "leanest embedding of the library by hand",
    "viewflow": "Viewflow 2.4, a flow as code",
    "dbos": "DBOS 3.4, a durable workflow as code",
}

#: Runs a block of cases; the seconds of processor time outside PostgreSQL.
Block = Callable[[int], float]


def small_case() -> None:
    """Ms of processor time per case: ours beside every other engine on the same server."""
    peers.install()
    with world() as made, made.app.app_context():
        ours.prepare()
        with _others() as others:
            used = _interleaved({"ours": _here(ours.run), **others}, made.database)
        ours.check()
    for name, said in NAMES.items():
        line("small_case", used["ours"], used[name], unit="ms CPU per case, application and PostgreSQL",
             base_is=said, n=ROUNDS * BLOCK)  # fmt: skip


@contextmanager
def _others() -> Iterator[dict[str, Block]]:
    url = db.engine.url.set(drivername="postgresql")
    socket, user = str(url.query["host"]), url.username or ""
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for name in ("bench_dbos", "bench_viewflow"):
            connection.execute(text(f"CREATE DATABASE {name}"))
    dbos = Peer("dbos_case.py", url.set(database="bench_dbos").render_as_string(hide_password=False))
    viewflow = Peer("viewflow_case.py", "bench_viewflow", socket, user)
    lean = Lean(url.render_as_string(hide_password=False))
    with peers.engines(dbos, viewflow):
        yield {"lean": _here(lean.run), "viewflow": viewflow.run, "dbos": dbos.run}


def _here(run: Callable[[], None]) -> Block:
    def block(cases: int) -> float:
        began = time.process_time()
        for _ in range(cases):
            run()
        return time.process_time() - began

    return block


def _interleaved(blocks: Mapping[str, Block], database: Path) -> dict[str, float]:
    """Ms per case, medians of all rounds but the first, which warms the caches."""
    used: dict[str, list[float]] = {name: [] for name in blocks}
    for number in range(ROUNDS + 1):
        for name, block in blocks.items():
            before = processor.of_postgres(database)
            seconds = block(BLOCK) + processor.of_postgres(database) - before
            if number:
                used[name].append(seconds * 1000 / BLOCK)
    return {name: statistics.median(figures) for name, figures in used.items()}
