"""Random walks through random diagrams, and through every diagram the tests know: stored and loaded before every step, an
instance goes where it goes straight on; and that is where the library goes that it is built on, but where we know better.

`make test` walks a little, `make fuzz` far (CASEWAY_WALKS is how many diagrams are drawn).
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from engine import clock
from engine.lint import Vocabulary, inspect
from engine.spiff import FAILURES, Element, Process, Run, load
from engine.spiff.run import WaitingJob, WaitingTask
from settings import ROOT
from tests.engine.fuzz.drawing import Block, Drawing, Place, blocks, kinds
from tests.engine.fuzz.plain import PlainWalk

MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
WALKS = int(os.environ.get("CASEWAY_WALKS", "40"))
STEPS = 30
START = {"n": 1, "x": 0, "people": ["an", "chi"]}
PROCESSES = Path(__file__).parent.parent / "processes"
KNOWN = [*sorted(PROCESSES.glob("*.bpmn")), ROOT / "bpmn" / "report_case" / "report_case.bpmn"]

#: Where the library goes another way, each with why (`engine/spiff/events.py`).
HAZARDS: dict[str, str] = {
    "asked": "it hears a message beside an activity once only",
    "escalated": "it lets what an escalation interrupts end as if nothing had happened",
    "failed": "it lets what threw an error end as if nothing had happened",
    "inclusive": "its join does not wait for what is some steps away",
    "each": "it tells of rounds otherwise, and what a round calls its item and its answer stays behind",
    "in_turn": "as for `each`",
    "at_once": "as for `each`",
}
# And in a loop it lets a parallel gateway go on as soon as one branch has come the second time.
#: Where it goes the same way, but with other variables (`joins.py`, `repeats.py`, `writes.py`).
OVERWRITING: dict[str, str] = {
    "parallel": "one branch undoes what the other wrote",
    "reminder": "what is written beside an activity is undone by the activity",
}

#: Blocks between two gateways.
OPENING = {"choice", "parallel", "inclusive"}
#: What goes on beside the way through a block, and what cuts it short.
BESIDE = {"asked", "reminder", "escalated"}
INTERRUPTING = {"timeout", "stopped", "failed", "escalated"}

many = settings(max_examples=WALKS, deadline=None, suppress_health_check=list(HealthCheck))
seeds = st.integers(0, 2**32)


class Host:
    """Handlers whose topics start with `job` are waited for; the others answer at once."""

    def serve(self, element: Element, variables: Mapping[str, Any]) -> dict[str, Any] | None:
        if (element.topic or "").startswith("job"):
            return None
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
        return {"served": element.id} | (dict.fromkeys(names, later) if element.topic == "promise_deadlines" else {})


class Order:
    """In which order tasks and jobs began to wait: two of one name may look the same and yet be in different rounds."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}

    def note(self, waiting: Sequence[WaitingTask | WaitingJob]) -> None:
        """Number what is new; of what began in one step, by what it sees."""
        for one in sorted(waiting, key=lambda one: str(sorted(one.variables.items()))):
            self.numbers.setdefault(one.uid, len(self.numbers))

    def pick(self, waiting: Sequence[WaitingTask | WaitingJob], name: str, number: int) -> str:
        """The one of that name and number."""
        same = [one.uid for one in waiting if one.element.id == name]
        return sorted(same, key=self.numbers.__getitem__)[number]


class Walk:
    """An instance of ours on its way."""

    def __init__(self, process: Process, *, reload: bool) -> None:
        self.process, self.reload = process, reload
        self.passed: list[str] = []
        self.order = Order()
        self.run: Run = process.start(START, Host())
        self.run.advance()
        self.order.note(self.inside())

    def step(self, kind: str, name: str, number: int, values: Mapping[str, Any]) -> None:
        """Do one thing: complete the task or job of that name and number, hand in the message, or nothing."""
        if self.reload:
            self.passed += self.trail()
            self.run = self.process.resume(self.run.dump(), Host())
        if kind == "message":
            self.run.receive(name, {})
        elif kind == "task":
            self.run.complete(self.order.pick(self.run.tasks(), name, number), values)
        elif kind == "job":
            self.run.finish_job(self.order.pick(self.run.jobs(), name, number), {"done": name})
        self.run.advance()
        self.order.note(self.inside())

    def inside(self) -> list[WaitingTask | WaitingJob]:
        """What waits for people and workers."""
        return [*self.run.tasks(), *self.run.jobs()]

    def trail(self) -> list[str]:
        """What was passed since the last load."""
        return [element.id for element in self.run.trail]

    def seen(self) -> dict[str, Any]:
        """All that is to be compared."""
        run = self.run
        return {
            "passed": sorted([*self.passed, *self.trail()]),  # branches may go on in any order within one step
            "waiting": waiting(run),
            "due": sorted((timer.element.id, timer.due_at) for timer in run.timers()),
            "variables": run.variables() if run.is_ended else None,
            "inside": sorted(
                ((one.element.id, sorted(one.variables.items(), key=str)) for one in self.inside()), key=str
            ),
            "ended": run.is_ended,
            "outcome": run.outcome if run.is_ended else None,
        }


def waiting(run: Run) -> list[str]:
    """What an instance waits for, by name."""
    return sorted(
        [task.element.id for task in run.tasks()]
        + [f"job {job.element.id}" for job in run.jobs()]
        + [f"timer {timer.element.id}" for timer in run.timers()]
        + [f"message {message.name}" for message in run.messages()]
    )


def steps(run: Run, moment: datetime, choice: random.Random) -> tuple[str, str, int, dict[str, Any], datetime]:
    """One thing that can be done now, by chance."""
    possible = [("task", task.element.id) for task in run.tasks()] * 2
    possible += [("job", job.element.id) for job in run.jobs()]
    possible += [("message", message.name) for message in run.messages()]
    due = min((timer.due_at for timer in run.timers()), default=None)
    possible += [] if due is None else [("wait", "")]
    kind, name = choice.choice(sorted(possible))
    same = possible.count((kind, name)) // (2 if kind == "task" else 1)
    answers = {one.element.id: one.element.answers for one in run.tasks()}.get(name, ()) if kind == "task" else ()
    later = max(moment, due) if kind == "wait" and due is not None else moment
    return (
        kind,
        name,
        choice.randrange(same),
        {name: choice.randrange(4) if name == "n" else choice.random() for name in answers},
        later,
    )


def walked(process: Process, seed: int, others: list[Any], look: Callable[[Walk, list[Any]], None]) -> None:
    """Walk straight, let the others do the same, and look at all after every step."""
    choice, moment = random.Random(seed), MONDAY
    with clock.at(moment):
        first = Walk(process, reload=False)
        begun = [other() for other in others]
    look(first, begun)
    for _ in range(STEPS):
        if first.run.is_ended or not waiting(first.run):
            return
        kind, name, number, values, moment = steps(first.run, moment, choice)
        with clock.at(moment):
            for one in (first, *begun):
                one.step(kind, name, number, values)
        look(first, begun)


def sound(places: Sequence[Place], walk: Walk) -> None:
    """No gateway goes on too early, or twice: what it opened is left at most as often, and then nothing in it waits."""
    passed = Counter(walk.passed + walk.trail())
    here = {name.rpartition(" ")[2] for name in waiting(walk.run)}
    for place in places:
        if place.block[0] in OPENING:
            opened, left = passed[place.entry], passed[place.exit]
            assert left <= opened, place
            if left == opened and not kinds(place.block) & BESIDE:
                assert not here & place.elements, place
            if walk.run.is_ended and not kinds(places[-1].block) & INTERRUPTING:
                assert left == opened, place


def same(first: Walk, others: list[Any]) -> None:
    for other in others:
        assert other.seen() == first.seen()


@many
@given(blocks(), seeds)
def test_a_reload_before_every_step_changes_nothing_anywhere(block: Block, seed: int) -> None:
    drawing = Drawing()
    process = load({"demo.bpmn": drawing.whole(block)}, {})

    def look(first: Walk, others: list[Any]) -> None:
        sound(drawing.places, first)
        same(first, others)

    walked(process, seed, [lambda: Walk(process, reload=True)], look)


@settings(max_examples=min(WALKS, 200), deadline=None, suppress_health_check=list(HealthCheck))
@given(blocks())
def test_what_is_drawn_would_be_taken(block: Block) -> None:
    found = inspect({"demo.bpmn": Drawing().whole(block)}, Vocabulary(handlers={"greet", "job"}, functions={}))

    assert found.errors == []


@pytest.mark.parametrize("path", KNOWN, ids=lambda path: path.stem)
def test_a_reload_before_every_step_changes_nothing_in_what_we_know(path: Path) -> None:
    process = load(files(path), {"due_within": lambda *_: None})
    for seed in range(max(3, WALKS // 10)):
        try:
            walked(process, seed, [lambda: Walk(process, reload=True)], same)
        except FAILURES:  # a chance answer the diagram has no way for
            continue


class Published(PlainWalk):
    """The library's instance, doing what ours does."""

    def step(self, kind: str, name: str, number: int, values: Mapping[str, Any]) -> None:
        """As ours."""
        if kind == "message":
            self.receive(name)
        elif kind == "task":
            self.complete(self.pick(self.tasks(), name, number), values)
        elif kind == "job":
            self.finish(self.pick(self.jobs(), name, number), {"done": name})
        self.advance()
        while kind == "wait" and self.fires():
            self.advance()


@many
@example(("subprocess", ("back", ("reminder", ("job",), ("again",)))), 29)
@given(
    blocks().filter(lambda block: not kinds(block) & HAZARDS.keys() and not {"back", "parallel"} <= kinds(block)), seeds
)
def test_the_library_goes_the_same_way(block: Block, seed: int) -> None:
    content = {"demo.bpmn": Drawing().whole(block)}
    process = load(content, {})

    def begun() -> Published:
        walk = Published(process, content, START, Host())
        walk.advance()
        return walk

    def alike(first: Walk, others: list[Any]) -> None:
        (other,) = others
        assert (sorted(other.trail), other.waiting()) == (sorted(first.trail()), waiting(first.run))
        if not kinds(block) & OVERWRITING.keys():
            assert other.variables() == first.run.variables()

    walked(process, seed, [begun], alike)


def files(path: Path) -> dict[str, bytes]:
    """A diagram with its decision tables."""
    tables = path.parent.glob("*.dmn") if path.stem == "report_case" else path.parent.glob(f"{path.stem}.dmn")
    return {one.name: one.read_bytes() for one in (path, *tables)}
