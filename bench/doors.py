"""Whole doors with real servers: reports through the API and through the import, tasks completed with all their rows."""

from __future__ import annotations

import http.client
import json
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from sqlalchemy import select, text

import notifications
from bench import journey
from bench.plain import PlainRun, plainly
from bench.report import line
from bench.world import World, world
from cases import importing
from cases.importing import Row
from engine import tasks
from engine.base import session, transaction
from engine.models import TaskState, UserTask
from engine.spiff import Process
from settings import ROOT

ROUNDS, BLOCK, CLIENTS = 6, 50, 8
TEXT = "Đèn đường không sáng ở hẻm 12 Lê Lợi"
REPORT = {
    "text": TEXT,
    "category": "street-light",
    "latitude": 13.983,
    "longitude": 108.003,
}
LATER = datetime(2027, 1, 1, tzinfo=UTC)


def reports_per_second() -> None:
    """Reports sent to the API by 8 clients; beside it the bare health page, and rows of an import (one process)."""
    with world() as made:
        with made.web() as url:
            sent, bare = _interleaved(
                lambda: _at_once(lambda: _post(url, "/api/public/reports", REPORT)),
                lambda: _at_once(lambda: _get(url, "/healthz")),
            )
        line("api_reports", sent, bare, unit="reports per second through the API", base_is="GET /healthz, same server and clients",
             n=ROUNDS * BLOCK)  # fmt: skip
        imported = _imported(made)
        line("imported_reports", imported, sent, unit="whole recorded lives per second through the import, one process",
             base_is="reports per second through the API (reception only)", n=ROUNDS * BLOCK)  # fmt: skip


def tasks_per_second() -> None:
    """CPU of one completed task with every row of it, beside the library's state in one row of the same database."""
    published = plainly(journey.process(), journey.files())
    with world() as made, made.app.app_context():
        session().execute(text("CREATE TABLE plain (id int PRIMARY KEY, state text)"))
        session().commit()
        mine: list[float] = []
        theirs: list[float] = []
        for number in range(ROUNDS * 5):
            mine.append(_cpu(lambda: _complete_first(_start())))
            theirs.append(_cpu(partial(_complete_plain, published, number)))
    line("task_with_rows", statistics.median(mine), statistics.median(theirs),
         unit="ms CPU (this process) to receive a report and complete its first task, everything stored",
         base_is="plain SpiffWorkflow serializer, one row, no case around it", n=ROUNDS * 5)  # fmt: skip


def _start() -> int:
    from cases import reports  # noqa: PLC0415  # beside its use

    with transaction():
        new = reports.NewReport(text=TEXT, category="street-light", latitude=13.983, longitude=108.003)
        return reports.submit(new).case.instance_id or 0


def _complete_first(instance_id: int) -> None:
    with transaction():
        waiting = select(UserTask.id).where(UserTask.instance_id == instance_id, UserTask.state == TaskState.OPEN)
        tasks.complete(session().scalars(waiting).one(), {"decision": "accept"}, by="intake1")


def _complete_plain(published: Process, number: int) -> None:
    with transaction():
        stored = PlainRun(published, journey.Host()).start(journey.START)
        session().execute(text("INSERT INTO plain VALUES (:id, :state)"), {"id": number, "state": stored})
    with transaction():
        state = session().scalar(text("SELECT state FROM plain WHERE id = :id FOR UPDATE"), {"id": number}) or ""
        state = PlainRun(published, journey.Host()).complete(state, "intake_check", {"decision": "accept"})
        session().execute(text("UPDATE plain SET state = :state WHERE id = :id"), {"id": number, "state": state})


def _cpu(act: Callable[[], object]) -> float:
    began = time.process_time()
    act()
    return (time.process_time() - began) * 1000


def _imported(made: World) -> float:
    mapping = importing.read(ROOT / "bench" / "rows.toml")
    rates = []
    with made.app.app_context(), notifications.silence(), TemporaryDirectory() as directory:
        for part in range(ROUNDS):
            began = time.perf_counter()
            outcome = importing.import_rows(
                _rows(part), mapping, until=LATER, refused=Path(directory) / "refused.csv", progress=lambda _: None
            )
            rates.append(outcome.taken / (time.perf_counter() - began))
    return statistics.median(rates)


def _rows(part: int) -> list[Row]:
    return [
        Row(
            number,
            {
                "id": f"{part}-{number}",
                "created": "2026-11-23T08:00:00",
                "closed": "2026-11-25T15:00:00",
                "words": TEXT,
                "lat": "13.983",
                "lon": "108.003",
                "kind": "street-light",
            },
        )
        for number in range(BLOCK)
    ]


def _interleaved(first: Callable[[], float], second: Callable[[], float]) -> tuple[float, float]:
    rates: tuple[list[float], list[float]] = ([], [])
    first(), second()
    for _ in range(ROUNDS):
        rates[0].append(first())
        rates[1].append(second())
    return statistics.median(rates[0]), statistics.median(rates[1])


def _at_once(request: Callable[[], None]) -> float:
    """Requests per second of a block, sent by several clients side by side."""
    began = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as clients:
        list(clients.map(lambda _: request(), range(BLOCK)))
    return BLOCK / (time.perf_counter() - began)


def _post(url: str, path: str, body: object) -> None:
    _ask(url, "POST", path, json.dumps(body).encode(), 201)


def _get(url: str, path: str) -> None:
    _ask(url, "GET", path, b"", 200)


def _ask(url: str, method: str, path: str, body: bytes, expected: int) -> None:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
    connection.request(method, path, body, {"Content-Type": "application/json"})
    answer = connection.getresponse()
    said = answer.read()
    connection.close()
    if answer.status != expected:
        raise RuntimeError(f"{method} {path}: {answer.status} {said[:200]!r}")
