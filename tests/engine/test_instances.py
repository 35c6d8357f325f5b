"""Starting, advancing and storing: what waits is a row, what is stored is small, what fails leaves nothing behind."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from engine import clock, definitions, incidents, instances, registry, tasks, timers
from engine.base import session, transaction
from engine.errors import DefinitionNotFound, ExecutionFailed, InstanceEnded, StepBudgetExceeded
from engine.models import Instance, InstanceStatus, Subscription, TaskState, Timer, UserTask
from tests.engine import drawing as d
from tests.engine.conftest import open_tasks

Run = Callable[..., Instance]


def test_an_instance_runs_to_its_first_user_task(run: Run) -> None:
    instance = run(
        d.simple(d.service("hello", "test_greet"), d.user("check"), names=("hello", "check")), {"name": "An"}
    )

    assert list(open_tasks(instance)) == ["check"]
    assert instance.status == InstanceStatus.RUNNING


def test_completing_the_last_task_ends_the_instance_at_its_end_event(run: Run) -> None:
    instance = run(d.simple(d.user("check"), names=("check",)))

    with transaction():
        tasks.complete(open_tasks(instance)["check"].id, {}, by="tuan")

    assert (instance.status, instance.outcome) == (InstanceStatus.ENDED, "end")
    assert open_tasks(instance) == {}


def test_an_ended_instance_cannot_be_advanced(run: Run) -> None:
    instance = run(d.simple(d.service("hello", "test_greet"), names=("hello",)))

    with pytest.raises(InstanceEnded), transaction():
        instances.advance(instance.id, instances.nothing, by="tuan")


def test_only_the_answers_the_diagram_names_become_process_variables(run: Run) -> None:
    xml = d.simple(
        d.user("check", answers="decision"), d.user("second", groups='= if decision = "yes" and secret = null then "a:b" else "c:d"'),
        names=("check", "second"),
    )  # fmt: skip
    instance = run(xml)

    with transaction():
        tasks.complete(open_tasks(instance)["check"].id, {"decision": "yes", "secret": "long words"}, by="tuan")

    assert open_tasks(instance)["second"].candidate_groups == ["a:b"]


def test_attributes_of_a_user_task_are_evaluated_over_the_variables(run: Run) -> None:
    task = d.user("check", groups='= "leader:" + unit', dueDate="= due", priority="= 10 * 3", assignee="= boss")
    instance = run(
        d.simple(task, names=("check",)), {"unit": "roads", "due": "2026-11-24T10:00:00+00:00", "boss": "lan"}
    )

    row = open_tasks(instance)["check"]

    assert (row.candidate_groups, row.priority, row.assignee) == (["leader:roads"], 30, "lan")
    assert row.due_at is not None
    assert row.due_at.isoformat() == "2026-11-24T10:00:00+00:00"


def test_the_order_of_conditions_is_the_order_in_the_file(run: Run) -> None:
    xml = d.process(
        d.start(), d.exclusive("which", "which_c"), d.user("a"), d.user("b"), d.user("c"), d.end(),
        d.flow("start", "which"), d.flow("which", "b", "n > 1"), d.flow("which", "a", "n > 0"), d.flow("which", "c"),
        d.path("a", "end"), d.path("b", "end"), d.path("c", "end"),
    )  # fmt: skip

    assert list(open_tasks(run(xml, {"n": 5}))) == ["b"]


def test_a_terminate_end_inside_a_subprocess_ends_open_side_tasks_and_goes_on(run: Run, monday: object) -> None:
    inner = (
        d.start("s"), d.user("work"), d.terminate("done"), d.path("s", "work", "done"),
        d.boundary("late", "work", d.timer("timeDuration", '"PT1H"'), interrupting=False),
        d.user("escalation"), d.end("noted"), d.path("late", "escalation", "noted"),
    )  # fmt: skip
    instance = run(d.simple(d.subprocess("sub", *inner), d.user("after"), names=("sub", "after")))
    with clock.at(clock.now().replace(hour=3)):
        timers.fire_due()
    assert set(open_tasks(instance)) == {"work", "escalation"}

    with transaction():
        tasks.complete(open_tasks(instance)["work"].id, {}, by="tuan")

    assert set(open_tasks(instance)) == {"after"}
    assert _state_of("escalation") == TaskState.CANCELLED


def test_a_hundred_reopenings_do_not_grow_the_stored_state(run: Run) -> None:
    xml = d.process(
        d.start(), d.user("work"), d.user("verdict", answers="again"), d.exclusive("again", "again_end"), d.end(),
        d.path("start", "work", "verdict", "again"), d.flow("again", "work", "again = true"), d.flow("again", "end"),
    )  # fmt: skip
    instance = run(xml)
    sizes = []

    for _ in range(100):
        with transaction():
            tasks.complete(open_tasks(instance)["work"].id, {}, by="tuan")
        with transaction():
            tasks.complete(open_tasks(instance)["verdict"].id, {"again": True}, by="hanh")
        sizes.append(len(instance.state))

    assert sizes[-1] <= sizes[1] + 16
    assert list(open_tasks(instance)) == ["work"]


def test_two_branches_both_have_to_finish_before_the_join_goes_on(run: Run) -> None:
    xml = d.process(
        d.start(), d.parallel("split"), d.user("a"), d.user("b"), d.parallel("join"), d.user("c"), d.end(),
        d.path("start", "split", "a", "join"), d.path("split", "b", "join"), d.path("join", "c", "end"),
    )  # fmt: skip
    instance = run(xml)
    assert set(open_tasks(instance)) == {"a", "b"}

    with transaction():
        tasks.complete(open_tasks(instance)["b"].id, {}, by="tuan")
    assert set(open_tasks(instance)) == {"a"}
    with transaction():
        tasks.complete(open_tasks(instance)["a"].id, {}, by="tuan")

    assert set(open_tasks(instance)) == {"c"}


def test_a_handler_that_fails_inside_the_step_leaves_everything_as_it_was(run: Run) -> None:
    instance = run(d.simple(d.user("check"), d.service("bad", "test_break_inside"), names=("check", "bad")))
    revision = instance.revision

    with pytest.raises(RuntimeError), transaction():
        tasks.complete(open_tasks(instance)["check"].id, {"note": "kept?"}, by="tuan")

    session().expire_all()
    assert list(open_tasks(instance)) == ["check"]
    assert session().get_one(Instance, instance.id).revision == revision


def test_an_error_boundary_event_catches_a_business_error_of_a_handler(run: Run) -> None:
    outside = '<bpmn:error id="e1" name="unknown address" errorCode="unknown-address"/>'
    caught = '<bpmn:errorEventDefinition errorRef="e1"/>'
    xml = d.process(
        d.start(), d.service("find", "test_refuse_inside"), d.end(), d.path("start", "find", "end"),
        d.boundary("unknown", "find", caught), d.user("ask"), d.end("asked"), d.path("unknown", "ask", "asked"),
        outside=outside,
    )  # fmt: skip

    assert list(open_tasks(run(xml))) == ["ask"]


def test_a_message_boundary_event_interrupts_a_whole_subprocess(run: Run) -> None:
    from engine import messages  # only here

    outside, definition = d.message("withdrawn")
    inner = d.subprocess("sub", d.start("s"), d.user("work"), d.end("e"), d.path("s", "work", "e"))
    xml = d.process(
        d.start(), inner, d.end(), d.path("start", "sub", "end"),
        d.boundary("gone", "sub", definition), d.user("goodbye"), d.end("left"), d.path("gone", "goodbye", "left"),
        outside=outside,
    )  # fmt: skip
    instance = run(xml)
    assert session().scalar(select(func.count()).select_from(Subscription)) == 1

    with transaction():
        messages.deliver("withdrawn", "PK-1", {}, by="reporter")

    assert list(open_tasks(instance)) == ["goodbye"]
    assert session().scalar(select(func.count()).select_from(Subscription)) == 0


def test_waiting_timers_are_rows_with_the_moment_they_are_due(run: Run, monday: object) -> None:
    task = d.user("work") + d.boundary("late", "work", d.timer("timeDate", "due"), interrupting=False)
    xml = d.process(d.start(), task, d.end(), d.end("noted"), d.path("start", "work", "end"), d.path("late", "noted"))
    run(xml, {"due": "2026-11-24T10:00:00+07:00"})

    timer = session().scalars(select(Timer)).one()

    assert (timer.element_id, timer.due_at.isoformat()) == ("late", "2026-11-24T03:00:00+00:00")


def test_a_script_that_runs_in_a_circle_is_stopped(run: Run) -> None:
    xml = d.process(
        d.start(), d.user("wait"), d.script("count", "n = n + 1"), d.exclusive("enough", "enough_wait2"), d.user("wait2"),
        d.end(), d.path("start", "wait", "count", "enough"), d.flow("enough", "count", "n > 0"), d.flow("enough", "wait2"),
        d.path("wait2", "end"),
    )  # fmt: skip
    with transaction():
        definition = definitions.deploy({"demo.bpmn": xml}, by="mai", draft=True)
        definition.state = "active"  # the linter refuses to; the engine must hold all the same
        instance = instances.start("demo", {"n": 1}, business_key="PK-2", by="hanh")

    with pytest.raises(StepBudgetExceeded), transaction():
        tasks.complete(open_tasks(instance)["wait"].id, {}, by="tuan")


def test_nothing_starts_on_a_key_nobody_deployed(app: object) -> None:
    with pytest.raises(DefinitionNotFound), transaction():
        instances.start("nothing", {}, business_key="PK-1", by="hanh")


def test_the_observer_hears_what_happened_in_order(run: Run) -> None:
    heard: list[str] = []

    def listen(_instance: Instance, occurrences: list[registry.Occurrence]) -> None:
        heard.extend(f"{o.name} {o.element_id}" for o in occurrences if o.name != "activity_completed" or o.public_step)

    registry._observers.append(listen)
    try:
        hello = d.service("hello", "test_greet", step="submitted")
        instance = run(d.simple(hello, d.user("check"), names=("hello", "check")))
        with transaction():
            tasks.complete(open_tasks(instance)["check"].id, {}, by="tuan")
    finally:
        registry._observers.remove(listen)

    assert heard == [
        "instance_started demo", "activity_completed hello", "task_created check",
        "task_completed check", "instance_ended end",
    ]  # fmt: skip


def _state_of(element: str) -> str:
    return session().scalars(select(UserTask.state).where(UserTask.element_id == element)).one()


def test_an_instance_that_cannot_go_on_is_told_by_name_and_left_as_it_was(run: Run) -> None:
    late = d.boundary("late", "work", d.timer("timeDate", "never_set"), interrupting=False)
    xml = d.process(
        d.start(), d.user("before"), d.user("work"), d.end(), d.path("start", "before", "work", "end"),
        late, d.end("noted"), d.path("late", "noted"),
    )  # fmt: skip
    instance = run(xml)

    with pytest.raises(ExecutionFailed) as told, transaction():
        tasks.complete(open_tasks(instance)["before"].id, {}, by="tuan")
    for _ in range(2):
        incidents.note_failure(told.value)

    assert list(open_tasks(instance)) == ["before"]
    assert [(i.cause, "not a moment" in i.message) for i in incidents.open_incidents()] == [("execution", True)]
