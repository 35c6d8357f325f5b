"""CPU of one whole case through the shipped process, stored and loaded at every interaction, against the library alone."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.plain import PlainRun, plainly
from bench.report import line
from engine import clock
from engine.spiff import Element, Process, load

BUNDLE = Path(__file__).parent.parent / "bpmn" / "report_case"
MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
DUE = {name: (MONDAY + timedelta(days=days)).isoformat() for name, days in (
    ("accept_remind_at", 1), ("accept_due_at", 2), ("resolve_remind_at", 3), ("resolve_due_at", 4),
    ("answer_until", 5), ("feedback_until", 9),
)}  # fmt: skip
GROUPS = {"leader_group": "leader:roads", "official_group": "official:roads", "escalation_group": "leader:ward"}
START = {"case_id": 1, "category": "street-light", "field": "lighting", "area": "pleiku", "place_unit": "pleiku",
         "intake_unit": "ioc", "channel": "web", "is_sensitive": False}  # fmt: skip
HAPPY = [
    ("intake_check", {"decision": "accept"}),
    ("assign", {"assignment": "assign", "official": "tuan"}),
    ("resolve", {"outcome": "done"}),
    ("approve", {"approval": "approve"}),
    ("publication_check", {"publish": "publish"}),
    ("feedback", {"verdict": "satisfied"}),
]
AGAIN = [("feedback", {"verdict": "not_fixed"}), *HAPPY[2:5]]


class Host:
    """Handlers that answer at once with what the real ones would put into the process."""

    reopened = 0

    def serve(self, element: Element, variables: Mapping[str, Any]) -> dict[str, Any]:
        """The variables the real handler of this topic returns."""
        if element.topic == "promise_deadlines":
            return {**DUE, **GROUPS, "reopen_count": 0}
        if element.topic == "assign_official":
            return {"official": "tuan"}
        return {**DUE, "via_supervisor": False} if element.topic in ("publish_case", "reopen_case") else {}


def process() -> Process:
    """The shipped process."""
    return load(files(), {})


def files() -> dict[str, bytes]:
    """Its diagram and decision tables."""
    names = [path for path in BUNDLE.rglob("*") if path.suffix in (".bpmn", ".dmn")]
    return {path.name: path.read_bytes() for path in names}


def ours(shipped: Process, steps: list[tuple[str, dict[str, Any]]]) -> list[int]:
    """Walk a case, loading and storing at every step; the stored sizes in bytes."""
    run = shipped.start(START, Host())
    run.advance()
    blob = run.dump()
    sizes = [len(blob)]
    for element, answers in steps:
        run = shipped.resume(blob, Host())
        task = next(task for task in run.tasks() if task.element.id == element)
        run.complete(task.uid, answers)
        run.advance()
        blob = run.dump()
        sizes.append(len(blob))
    return sizes


def plain(published: Process, steps: list[tuple[str, dict[str, Any]]]) -> list[int]:
    """The same walk with the library's own serialiser."""
    run = PlainRun(published, Host())
    stored = run.start(START)
    sizes = [len(stored)]
    for element, answers in steps:
        stored = PlainRun(published, Host()).complete(stored, element, answers)
        sizes.append(len(stored))
    return sizes


def case_journey(rounds: int = 200) -> None:
    """Ms CPU per case, interleaved, medians; and per completed task."""
    shipped = process()
    published = plainly(shipped, files())
    mine, theirs = _interleaved(rounds, lambda: ours(shipped, HAPPY), lambda: plain(published, HAPPY))
    line("case_journey", mine, theirs, unit="ms CPU per case", base_is="plain SpiffWorkflow serializer", n=rounds)
    tasks = len(HAPPY)
    line("task_completion", mine / tasks, theirs / tasks, unit="ms CPU per completed task (engine and state, no database)",
         base_is="plain SpiffWorkflow serializer", n=rounds * tasks)  # fmt: skip


def state_growth(reopenings: int = 20) -> None:
    """Bytes of state after the happy way and after many reopenings."""
    shipped = process()
    steps = HAPPY[:5] + AGAIN * reopenings
    with clock.at(MONDAY):
        mine, theirs = ours(shipped, steps), plain(plainly(shipped, files()), steps)
    line("state_size", max(mine[:6]), max(theirs[:6]), unit="bytes of state, largest on the straight way",
         base_is="plain SpiffWorkflow serializer", n=1)  # fmt: skip
    line("state_growth", mine[-1], theirs[-1], unit=f"bytes of state after {reopenings} reopenings",
         base_is="plain SpiffWorkflow serializer", n=reopenings)  # fmt: skip


def _interleaved(rounds: int, first: Callable[[], object], second: Callable[[], object]) -> tuple[float, float]:
    times: tuple[list[float], list[float]] = ([], [])
    with clock.at(MONDAY):
        for round_number in range(rounds + 5):
            for kept, act in zip(times, (first, second), strict=True):
                began = time.process_time()
                act()
                if round_number >= 5:  # the first rounds warm the caches
                    kept.append((time.process_time() - began) * 1000)
    return statistics.median(times[0]), statistics.median(times[1])
