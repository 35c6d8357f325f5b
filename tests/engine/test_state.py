"""Storing changes nothing: a walk with a reload between all steps goes where the straight walk goes."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest

from engine import clock
from engine.spiff import Element, Process, Run, load
from engine.spiff.state import StateMismatch
from engine.spiff.upgrades import UnknownStateVersion
from tests.engine import drawing as d

MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
STEPS = 25


class Host:
    """Handlers that run inside the step and do nothing, but for topics that start with `job`."""

    def serve(self, element: Element, variables: Mapping[str, Any]) -> dict[str, Any] | None:
        return None if (element.topic or "").startswith("job") else {"served": element.id}


_STOP, _STOPPED = d.message("stop")
_ANSWER, _ANSWERED = d.message("answer")

PROCESSES = {
    "a row": d.simple(d.user("a"), d.service("s", "do"), d.user("b"), names=("a", "s", "b")),
    "parallel": d.process(
        d.start(), d.parallel("p"), d.user("a"), d.user("b"), d.service("j", "job"), d.parallel("q"), d.user("c"), d.end(),
        d.path("start", "p", "a", "q"), d.path("p", "b", "q"), d.path("p", "j", "q"), d.path("q", "c", "end"),
    ),
    "inclusive": d.process(
        d.start(), d.user("n", answers="n"), d.inclusive("p", "p_c"), d.user("a"), d.user("b"), d.user("c"), d.inclusive("q"),
        d.end(), d.path("start", "n", "p"), d.flow("p", "a", "n > 0"), d.flow("p", "b", "n > 1"), d.flow("p", "c"),
        d.path("a", "q"), d.path("b", "q"), d.path("c", "q", "end"),
    ),
    "loop": d.process(
        d.start(), d.user("a", answers="n"), d.exclusive("again", "again_end"), d.end(), d.path("start", "a", "again"),
        d.flow("again", "a", "n > 0"), d.flow("again", "end"),
    ),
    "side task": d.process(
        d.start(), d.user("work"), d.end(), d.path("start", "work", "end"),
        d.boundary("late", "work", d.timer("timeDuration", '"PT2H"'), interrupting=False), d.user("esc"), d.end("noted"),
        d.path("late", "esc", "noted"),
        d.boundary("over", "work", d.timer("timeDuration", '"P2D"')), d.user("gone"), d.end("left"), d.path("over", "gone", "left"),
    ),
    "repeating": d.process(
        d.start(), d.user("work"), d.end(), d.path("start", "work", "end"),
        d.boundary("late", "work", d.timer("timeCycle", '"R3/PT3H"'), interrupting=False), d.user("nag"), d.end("noted"),
        d.path("late", "nag", "noted"),
    ),
    "nested": d.process(
        d.start(), d.end(), d.path("start", "sub", "after", "end"), d.user("after"),
        d.subprocess(
            "sub", d.start("s"), d.user("a", answers="n"), d.exclusive("g", "g_t"), d.terminate("t"), d.path("s", "inner", "a", "g"),
            d.flow("g", "inner", "n > 1"), d.flow("g", "t"),
            d.subprocess("inner", d.start("i"), d.user("x"), d.service("y", "job"), d.end("ie"), d.path("i", "x", "y", "ie")),
            d.boundary("late", "inner", d.timer("timeDuration", '"PT2H"'), interrupting=False), d.user("esc"), d.end("noted"),
            d.path("late", "esc", "noted"),
        ),
        d.boundary("stopped", "sub", _STOPPED), d.user("bye"), d.end("left"), d.path("stopped", "bye", "left"), outside=_STOP,
    ),
    "either": d.process(
        d.start(), d.user("ask"), d.event_gateway("wait"), d.catch("answered", _ANSWERED),
        d.catch("silent", d.timer("timeDuration", '"P1D"')), d.user("read", answers="n"), d.user("guess"),
        d.exclusive("again", "again_end"), d.end(), d.end("over"),
        d.path("start", "ask", "wait", "answered", "read", "again"), d.path("wait", "silent", "guess", "over"),
        d.flow("again", "ask", "n > 0"), d.flow("again", "end"), outside=_ANSWER,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PROCESSES)
@pytest.mark.parametrize("seed", range(6))
def test_a_reload_between_all_steps_changes_nothing(name: str, seed: int) -> None:
    process = load({"demo.bpmn": PROCESSES[name]}, {})

    assert walk(process, seed, reload=True) == walk(process, seed, reload=False)


def test_the_state_is_refused_by_a_definition_without_its_node() -> None:
    with clock.at(MONDAY):
        blob = begun(load({"demo.bpmn": PROCESSES["a row"]}, {})).dump()

        with pytest.raises(StateMismatch):
            load({"demo.bpmn": d.simple(d.user("other"), names=("other",))}, {}).resume(blob, Host())


def test_a_state_of_another_version_is_refused() -> None:
    process = load({"demo.bpmn": PROCESSES["a row"]}, {})

    with pytest.raises(UnknownStateVersion):
        process.resume(b"\x09{}", Host())


def test_the_state_holds_no_specs_and_no_history() -> None:
    with clock.at(MONDAY):
        blob = begun(load({"demo.bpmn": PROCESSES["nested"]}, {})).dump()

    assert len(blob) < 1500
    assert b"documentation" not in blob
    assert set(orjson.loads(blob[1:])) <= {"t", "z", "d", "c", "f", "sp"}


def begun(process: Process) -> Run:
    run = process.start({"name": "An"}, Host())
    run.advance()
    return run


def walk(process: Process, seed: int, *, reload: bool) -> list[object]:
    """Do at random what can be done, and write down what waits after each step."""
    choice = random.Random(seed)
    seen: list[object] = []
    moment = MONDAY
    with clock.at(moment):
        run = begun(process)
    for _ in range(STEPS):
        seen.append(waiting(run))
        if run.is_ended:
            break
        moment += timedelta(hours=choice.choice([0, 1, 5, 30]))
        with clock.at(moment):
            if reload:
                run = process.resume(run.dump(), Host())
            act(run, choice)
            run.advance()
    return seen


def waiting(run: Run) -> object:
    """What an instance waits for, without the ids of this very walk."""
    return (
        sorted(task.element.id for task in run.tasks()),
        sorted(job.element.id for job in run.jobs()),
        sorted((timer.element.id, timer.due_at) for timer in run.timers()),
        sorted(message.name for message in run.messages()),
        run.is_ended,
    )


def act(run: Run, choice: random.Random) -> None:
    tasks = sorted(run.tasks(), key=lambda t: t.element.id)
    jobs = sorted(run.jobs(), key=lambda j: j.element.id)
    names = sorted({message.name for message in run.messages()})
    what = choice.choice(["task", "task", "job", "message", "wait"])
    pick = choice.random()
    if what == "task" and tasks:
        task = tasks[int(pick * len(tasks))]
        run.complete(task.uid, {name: choice.choice([0, 1, 2]) for name in task.element.answers})
    elif what == "job" and jobs:
        run.finish_job(jobs[int(pick * len(jobs))].uid, {"done": True})
    elif what == "message" and names:
        run.receive(names[int(pick * len(names))], {"text": "hello"})


@pytest.mark.parametrize("behind", ["catch", "gateway"])
def test_what_was_written_on_the_way_to_an_event_is_there_when_it_comes(behind: str) -> None:
    caught = d.catch("caught", _ANSWERED)
    ways = {
        "catch": (caught, d.path("raise", "caught", "last")),
        "gateway": (
            d.event_gateway("either"), caught, d.catch("late", d.timer("timeDuration", '"P2D"')),
            d.path("raise", "either", "caught", "last"), d.path("either", "late", "last"),
        ),
    }  # fmt: skip
    xml = d.process(
        d.start(), d.user("a", answers="n"), d.script("raise", "n = n + 1"), d.user("last"), d.end(),
        d.path("start", "a", "raise"), d.path("last", "end"), *ways[behind], outside=_ANSWER,
    )  # fmt: skip
    process = load({"demo.bpmn": xml}, {})
    run = process.start({"n": 100}, Host())
    run.advance()
    run = process.resume(run.dump(), Host())
    run.complete(run.tasks()[0].uid, {"n": 2})
    run.advance()

    run = process.resume(run.dump(), Host())
    run.advance()
    run.receive("answer", {})
    run.advance()

    assert [(task.element.id, task.variables["n"]) for task in run.tasks()] == [("last", 3)]
