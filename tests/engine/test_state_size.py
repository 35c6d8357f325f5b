"""The state does not grow with what has happened: a case reopened 300 times is as small as one reopened once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from engine import clock
from engine.spiff import Element, Process, Run, load
from settings import ROOT
from tests.engine import drawing as d

MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
REPORT_CASE = ROOT / "bpmn" / "report_case"
REOPENED = 300
#: Bytes of timestamps and the number of the last write, which have more or fewer digits.
SLACK = 64


class Office:
    """Answers what the city's handlers would: deadlines a day ahead, and that the third reopening is like the first."""

    def serve(self, element: Element, variables: Mapping[str, Any]) -> dict[str, Any] | None:
        later = (clock.now() + timedelta(days=1)).isoformat()
        names = (
            "accept_half_at",
            "accept_due_at",
            "accept_remind_at",
            "resolve_half_at",
            "resolve_due_at",
            "resolve_remind_at",
            "answer_due_at",
            "answer_remind_at",
            "feedback_until",
            "answer_until",
        )
        if element.topic in ("promise_deadlines", "reopen_case"):
            return {**dict.fromkeys(names, later), "reopen_count": 0, "via_supervisor": False}
        if element.topic == "notify_result":
            return {"feedback_until": later}
        return {}


def test_a_report_reopened_300_times_is_as_small_as_one_reopened_once() -> None:
    process = load(files_below(REPORT_CASE), {"due_within": lambda *_: None})
    with clock.at(MONDAY):
        run = process.start({"category": "pothole", "leader_group": "lead", "intake_unit": "ioc"}, Office())
        run.advance()
    run, _ = handled(process, run, MONDAY, {"intake_check": {"decision": "accept"}, "assign": {"assignment": "assign"}})
    sizes = []
    for day in range(REOPENED):
        run, size = handled(process, run, MONDAY + timedelta(hours=day + 1), {"feedback": {"verdict": "not_fixed"}})
        sizes.append(size)

    assert max(sizes) <= sizes[0] + SLACK
    assert max(sizes) < 2048


def test_300_questions_asked_beside_a_task_leave_nothing_behind() -> None:
    outside, asked = d.message("ask")
    xml = d.process(
        d.start(), d.user("work"), d.end(), d.path("start", "work", "end"), d.boundary("asked", "work", asked, interrupting=False),
        d.user("reply"), d.end("replied"), d.path("asked", "reply", "replied"), outside=outside,
    )  # fmt: skip
    process = load({"demo.bpmn": xml}, {})
    with clock.at(MONDAY):
        run = process.start({}, Office())
        run.advance()
    sizes = []
    for _ in range(REOPENED):
        with clock.at(MONDAY):
            run = process.resume(run.dump(), Office())
            assert run.receive("ask", {"question": "when?"})
            run.advance()
            do(run, "reply", {})
            sizes.append(len(run.dump()))

    assert max(sizes) <= sizes[1] + SLACK
    assert [task.element.id for task in run.tasks()] == ["work"]


def handled(process: Process, run: Run, at: datetime, first: Mapping[str, Mapping[str, Any]]) -> tuple[Run, int]:
    """Everything until the reporter is asked again, each step after a reload; the size of the state then."""
    steps = {
        **first,
        "resolve": {"outcome": "done"},
        "approve": {"approval": "yes"},
        "publication_check": {"publish": True},
    }
    for name, answers in steps.items():
        with clock.at(at):
            run = process.resume(run.dump(), Office())
            do(run, name, answers)
    assert [task.element.id for task in run.tasks()] == ["feedback"]
    return run, len(run.dump())


def do(run: Run, name: str, answers: Mapping[str, Any]) -> None:
    assert run.complete(next(task.uid for task in run.tasks() if task.element.id == name), answers)
    run.advance()


def files_below(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix in (".bpmn", ".dmn")}
