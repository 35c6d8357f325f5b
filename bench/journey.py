"""CPU of one whole case through the shipped process without a database, against the library alone.

Once with its state written and read at every interaction, once kept in memory from its start to its end; and what a case that
is opened again and again costs.
"""

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
from engine.spiff import Element, Process, Run, load

BUNDLE = Path(__file__).parent.parent / "bpmn" / "report_case"
MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
DUE = {name: (MONDAY + timedelta(days=days)).isoformat() for name, days in (
    ("accept_half_at", 1), ("accept_remind_at", 1.6), ("accept_due_at", 2),
    ("resolve_half_at", 2), ("resolve_remind_at", 3), ("resolve_due_at", 4), ("answer_until", 5),
    ("answer_remind_at", 5), ("answer_due_at", 6), ("feedback_until", 9),
)}  # fmt: skip
#: What the city adds to FEEL: here a step is due with its case.
FUNCTIONS = {"due_within": lambda _amount, _measure, _calendar, latest: latest}
GROUPS = {"leader_group": "leader:roads", "official_group": "official:roads"}
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

Steps = list[tuple[str, dict[str, Any]]]


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
    return load(files(), FUNCTIONS)


def files() -> dict[str, bytes]:
    """Its diagram and decision tables."""
    names = [path for path in BUNDLE.rglob("*") if path.suffix in (".bpmn", ".dmn")]
    return {path.name: path.read_bytes() for path in names}


def ours(shipped: Process, steps: Steps) -> list[int]:
    """Walk a case, loading and storing at every step; the stored sizes in bytes."""
    run = shipped.start(START, Host())
    run.advance()
    return [len(blob) for blob in _stored(shipped, run.dump(), steps)]


def _stored(shipped: Process, blob: bytes, steps: Steps) -> list[bytes]:
    """The state before every one of these steps, and after the last."""
    blobs = [blob]
    for element, answers in steps:
        run = shipped.resume(blobs[-1], Host())
        _complete(run, element, answers)
        blobs.append(run.dump())
    return blobs


def _kept(shipped: Process, steps: Steps) -> None:
    """Walk a case that stays in memory."""
    run = shipped.start(START, Host())
    run.advance()
    for element, answers in steps:
        _complete(run, element, answers)


def _complete(run: Run, element: str, answers: Mapping[str, Any]) -> None:
    task = next(task for task in run.tasks() if task.element.id == element)
    run.complete(task.uid, answers)
    run.advance()


def plain(published: Process, steps: Steps) -> list[int]:
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


def case_in_memory(rounds: int = 200) -> None:
    """The same with nothing written and nothing read: what executing the diagram costs."""
    shipped = process()
    published = plainly(shipped, files())
    mine, theirs = _interleaved(
        rounds, lambda: _kept(shipped, HAPPY), lambda: PlainRun(published, Host()).walk(START, HAPPY)
    )
    base = "plain SpiffWorkflow, kept in memory, no serializer"
    line("case_in_memory", mine, theirs, unit="ms CPU per case", base_is=base, n=rounds)
    tasks = len(HAPPY)
    unit = "ms CPU per completed task (engine alone, no state, no database)"
    line("task_in_memory", mine / tasks, theirs / tasks, unit=unit, base_is=base, n=rounds * tasks)


def state_growth(reopenings: int = 20) -> None:
    """Bytes of state after the happy way and after many reopenings; then what the 300th costs beside the first."""
    shipped = process()
    steps = HAPPY[:5] + AGAIN * reopenings
    with clock.at(MONDAY):
        mine, theirs = ours(shipped, steps), plain(plainly(shipped, files()), steps)
    line("state_size", max(mine[:6]), max(theirs[:6]), unit="bytes of state, largest on the straight way",
         base_is="plain SpiffWorkflow serializer", n=1)  # fmt: skip
    line("state_growth", mine[-1], theirs[-1], unit=f"bytes of state after {reopenings} reopenings",
         base_is="plain SpiffWorkflow serializer", n=reopenings)  # fmt: skip
    _reopened_often(shipped)


def _reopened_often(shipped: Process, last: int = 300, rounds: int = 100) -> None:
    with clock.at(MONDAY):
        run = shipped.start(START, Host())
        run.advance()
        before_first = _stored(shipped, run.dump(), HAPPY[:5])[-1]
        before_last = _stored(shipped, before_first, AGAIN * (last - 1))[-1]
        sizes = [len(_stored(shipped, blob, AGAIN)[-1]) for blob in (before_last, before_first)]
    cost, first = _interleaved(
        rounds, lambda: _stored(shipped, before_last, AGAIN), lambda: _stored(shipped, before_first, AGAIN)
    )
    for name, unit, figures, n in (
        ("cpu", "ms CPU of", (cost, first), rounds),
        ("bytes", "bytes of state after", sizes, 1),
    ):
        line(f"reopening_{last}_{name}", *figures, unit=f"{unit} reopening number {last}", base_is="number 1", n=n)


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
