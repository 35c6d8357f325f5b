"""The same instance in another drawing: nothing changes where nothing must, and what cannot be carried over is refused."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from engine import clock
from engine.errors import CannotMigrate
from engine.spiff import Process, Run, load
from tests.engine import drawing as d
from tests.engine.test_state import MONDAY, PROCESSES, STEPS, Host, act, begun, waiting


def loaded(xml: bytes) -> Process:
    return load({"demo.bpmn": xml}, {})


def moved(old: bytes, new: bytes, mapping: dict[str, str] | None = None) -> tuple[Run, Run, bool]:
    """An instance of `old` at its first wait, the same on `new`, and whether it could go on there at once."""
    with clock.at(MONDAY):
        process = loaded(old)
        blob = begun(process).dump()
    with clock.at(MONDAY + timedelta(minutes=30)):
        target = loaded(new)
        state, goes_on = target.adopt(blob, process, mapping or {})
        return process.resume(blob, Host()), target.resume(state, Host()), goes_on


def refused(old: bytes, new: bytes, mapping: dict[str, str] | None = None) -> set[tuple[str, str]]:
    with pytest.raises(CannotMigrate) as told:
        moved(old, new, mapping)
    return {(problem.where, problem.code) for problem in told.value.problems}


@pytest.mark.parametrize("name", PROCESSES)
@pytest.mark.parametrize("seed", range(6))
def test_going_to_the_same_drawing_changes_not_a_byte_at_any_point_of_a_walk(name: str, seed: int) -> None:
    here, there = loaded(PROCESSES[name]), loaded(PROCESSES[name])
    choice, moment = random.Random(seed), MONDAY
    with clock.at(moment):
        run = begun(here)
    for _ in range(STEPS):
        blob = run.dump()
        if run.is_ended:
            break
        with clock.at(moment):
            assert there.adopt(blob, here, {}) == (blob, False)
        moment += timedelta(hours=choice.choice([0, 1, 5, 30]))
        with clock.at(moment):
            run = here.resume(blob, Host())
            act(run, choice)
            run.advance()


@pytest.mark.parametrize("name", PROCESSES)
@pytest.mark.parametrize("seed", range(3))
def test_a_walk_that_changes_versions_at_each_step_goes_where_the_straight_walk_goes(name: str, seed: int) -> None:
    renamed = PROCESSES[name].replace(b'"a"', b'"alpha"').replace(b"a_", b"alpha_").replace(b"_a", b"_alpha")
    versions = [(loaded(PROCESSES[name]), {"alpha": "a"}), (loaded(renamed), {"a": "alpha"})]
    straight, changing = random.Random(seed), random.Random(seed)
    moment = MONDAY
    with clock.at(moment):
        one, other = begun(versions[0][0]), begun(versions[0][0])
    for step in range(STEPS):
        assert str(waiting(other)).replace("alpha", "a") == str(waiting(one))
        if one.is_ended:
            break
        moment += timedelta(hours=straight.choice([0, 1, 5, 30]))
        changing.choice([0, 1, 5, 30])
        with clock.at(moment):
            process, mapping = versions[(step + 1) % 2]
            state, _ = process.adopt(other.dump(), other.process, mapping)
            other = process.resume(state, Host())
            act(one, straight)
            act(other, changing)
            one.advance()
            other.advance()


WORK = d.simple(d.user("work"), names=("work",))
LATE = d.boundary("late", "work", d.timer("timeDuration", '"PT1H"'), interrupting=False)
_STOP, _STOPPED = d.message("stop")


MANY = (
    '<bpmn:userTask id="work"><bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>2</bpmn:loopCardinality>'
    "</bpmn:multiInstanceLoopCharacteristics></bpmn:userTask>"
)


def working(*boundaries: str, name: str = "work") -> bytes:
    ways = "".join(d.end(f"e{number}") for number in range(len(boundaries)))
    flows = "".join(d.flow(part.split('"')[1], f"e{number}") for number, part in enumerate(boundaries))
    return d.process(
        d.start(), d.user(name), d.end(), d.path("start", name, "end"), *boundaries, ways, flows, outside=_STOP
    )


def test_a_renamed_task_keeps_its_timers_moment() -> None:
    new = d.process(
        d.start(), d.user("handle"), d.end(), d.path("start", "handle", "end"),
        d.boundary("overdue", "handle", d.timer("timeDuration", '"PT9H"')), d.end("e0"), d.path("overdue", "e0"),
    )  # fmt: skip

    before, after, goes_on = moved(working(LATE), new, {"work": "handle", "late": "overdue"})

    assert [task.uid for task in after.tasks()] == [task.uid for task in before.tasks()]
    assert [(t.uid, t.element.id, t.due_at) for t in after.timers()] == [
        (before.timers()[0].uid, "overdue", MONDAY + timedelta(hours=1))
    ]
    assert not goes_on


def test_boundary_events_that_are_new_on_what_is_alive_begin_to_wait() -> None:
    stop = d.boundary("stopped", "work", _STOPPED)

    _, after, _ = moved(WORK, working(LATE, stop))

    assert [(t.element.id, t.due_at) for t in after.timers()] == [("late", MONDAY + timedelta(minutes=90))]
    assert [m.name for m in after.messages()] == ["stop"]
    with clock.at(MONDAY + timedelta(minutes=31)):
        after.receive("stop", {})
        after.advance()
        assert after.is_ended


def test_one_more_boundary_event_leaves_the_others_as_they_were() -> None:
    before, after, _ = moved(working(LATE), working(LATE, d.boundary("stopped", "work", _STOPPED)))

    assert [(t.uid, t.due_at) for t in after.timers()] == [(t.uid, t.due_at) for t in before.timers()]
    assert [m.element.id for m in after.messages()] == ["stopped"]


def test_boundary_events_that_are_gone_no_longer_wait_and_the_task_goes_on_as_drawn() -> None:
    before, after, _ = moved(working(LATE, d.boundary("stopped", "work", _STOPPED)), WORK)

    assert (after.timers(), after.messages()) == ([], [])
    with clock.at(MONDAY):
        assert after.complete(before.tasks()[0].uid, {})
        after.advance()
        assert after.is_ended


def test_a_new_boundary_event_that_is_due_already_can_go_on_at_once() -> None:
    past = d.boundary("late", "work", d.timer("timeDate", '"2026-01-01T00:00:00Z"'), interrupting=False)

    assert moved(WORK, working(past))[2]


def test_a_boundary_event_whose_moment_cannot_be_told_is_told_before_anything_happens() -> None:
    from engine.spiff import FAILURES

    never = d.boundary("late", "work", d.timer("timeDate", "nobody_set_this"), interrupting=False)

    with pytest.raises(FAILURES):
        moved(WORK, working(never))


def test_what_comes_later_follows_the_new_drawing() -> None:
    before, after, _ = moved(WORK, d.simple(d.user("work"), d.user("check"), names=("work", "check")))

    with clock.at(MONDAY):
        after.complete(before.tasks()[0].uid, {})
        after.advance()

    assert [task.element.id for task in after.tasks()] == ["check"]


@pytest.mark.parametrize(
    ("new", "mapping", "expected"),
    [
        (d.simple(d.user("other"), names=("other",)), {}, {("work", "node_gone")}),
        (d.simple(d.service("work", "do"), names=("work",)), {}, {("work", "kind_changed")}),
        (d.simple('<bpmn:manualTask id="work"/>', names=("work",)), {}, {("work", "kind_changed")}),
        (d.simple(MANY, names=("work",)), {}, {("work", "kind_changed")}),
        (d.simple(d.service("other", "do"), names=("other",)), {"work": "other"}, {("work", "kind_changed")}),
        (
            d.simple(d.subprocess("sub", d.start("s"), d.user("work"), d.end("e"), d.path("s", "work", "e")), names=("sub",)),
            {},
            {("work", "scope_changed")},
        ),
    ],
)  # fmt: skip
def test_what_is_alive_must_be_there_as_the_same_kind_in_the_same_scope(
    new: bytes, mapping: dict[str, str], expected: set[tuple[str, str]]
) -> None:
    assert refused(WORK, new, mapping) == expected


def nested(sub: str = "sub", task: str = "x", job: str = "job") -> bytes:
    inner = d.subprocess(
        sub, d.start("s"), d.parallel("p"), d.user(task), d.service("y", job), d.parallel("q"), d.end("e"),
        d.path("s", "p", task, "q", "e"), d.path("p", "y", "q"),
    )  # fmt: skip
    return d.simple(inner, names=(sub,))


def test_a_subprocess_is_renamed_with_what_is_alive_in_it() -> None:
    before, after, _ = moved(nested(), nested("inner", "z"), {"sub": "inner", "x": "z"})

    assert [task.element.id for task in after.tasks()] == ["z"]
    assert [job.uid for job in after.jobs()] == [job.uid for job in before.jobs()]
    with clock.at(MONDAY):
        after.complete(after.tasks()[0].uid, {})
        after.finish_job(after.jobs()[0].uid, {})
        after.advance()
        assert after.is_ended


def test_a_job_under_way_is_not_handed_to_another_handler() -> None:
    assert refused(nested(), nested(job="job_other")) == {("y", "kind_changed")}


def test_a_subprocess_that_is_gone_is_told_once() -> None:
    assert refused(nested(), WORK) == {("sub", "node_gone")}
