"""Batches: looked at before, done in pieces, taken back; rows of what waits keep their ids, moments and people."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from engine import clock, definitions, instances, jobs, migration, operations, registry, tasks, timers
from engine.base import session, transaction
from engine.errors import DefinitionNotFound, Invalid
from engine.ledger import Migration, MigrationResult, MigrationState, Operation
from engine.models import Definition, Instance, InstanceStatus, Subscription, Timer, UserTask
from tests.engine import drawing as d
from tests.engine.conftest import open_tasks

Run = Callable[..., Instance]
WHY: dict[str, Any] = {"by": "phuc", "reason": "a mended drawing"}

_STOP, _STOPPED = d.message("stop")


def drawn(
    task: str = "work", late: str = "late", *more: str, after: str = "PT1H", groups: str = "official:roads"
) -> bytes:
    """A task with a reminder, under any names."""
    return d.process(
        d.start(), d.user(task, groups), d.end(), d.path("start", task, "end"),
        d.boundary(late, task, d.timer("timeDuration", f'"{after}"'), interrupting=False),
        d.user("remind"), d.end("noted"), d.path(late, "remind", "noted"), *more, outside=_STOP,
    )  # fmt: skip


STOPPABLE = d.boundary("stopped", "work", _STOPPED) + d.end("left") + d.path("stopped", "left")


def deployed(xml: bytes) -> Definition:
    with transaction():
        return definitions.deploy({"demo.bpmn": xml}, by="mai")


def migrated(mapping: dict[str, str] | None = None, to: int = 2, **options: Any) -> Migration:
    """A batch, worked through."""
    with transaction():
        batch = migration.start(migration.plan("demo", to=to, mapping=mapping), **WHY, **options)
    jobs.run_waiting()
    return batch


def undone(batch: Migration) -> None:
    with transaction():
        migration.undo(batch.id, **WHY)
    jobs.run_waiting()


def rows(instance: Instance) -> list[Any]:
    """Everything an instance waits for, as rows without those ids that say nothing."""
    session().expire_all()
    found: list[Any] = [(t.id, t.task_uid, t.element_id, t.assignee, t.due_at, t.state, t.form_key, t.candidate_groups)
                        for t in session().scalars(select(UserTask).where(UserTask.instance_id == instance.id))]  # fmt: skip
    found += [(t.task_uid, t.element_id, t.due_at, t.queued_at, t.is_held) for t in session().scalars(select(Timer))]
    found += [(s.task_uid, s.element_id, s.message_name) for s in session().scalars(select(Subscription))]
    return found


def state_of(instance: Instance) -> bytes:
    return bytes(session().scalars(select(Instance.state).where(Instance.id == instance.id)).one())


def test_people_and_moments_stay_when_elements_are_renamed(run: Run, monday: datetime) -> None:
    instance = run(drawn())
    with transaction():
        tasks.claim(open_tasks(instance)["work"].id, by="tuan")
    before = open_tasks(instance)["work"]
    deployed(drawn("handle", "overdue", after="PT9H", groups="official:water"))

    with clock.at(monday + timedelta(minutes=30)):
        batch = migrated({"work": "handle", "late": "overdue"})

    after = open_tasks(instance)["handle"]
    assert (after.id, after.name, after.assignee, after.candidate_groups) == (
        before.id,
        "Handle",
        "tuan",
        ["official:roads"],
    )
    timer = session().scalars(select(Timer)).one()
    assert (timer.element_id, timer.due_at) == ("overdue", monday + timedelta(hours=1))
    assert (batch.state, migration.counts(batch.id)["migrated"]) == (MigrationState.DONE, 1)
    with clock.at(monday + timedelta(hours=1)):
        timers.fire_due()
    assert set(open_tasks(instance)) == {"handle", "remind"}


def test_there_and_back_again_is_where_it_was_to_the_byte(run: Run, monday: datetime) -> None:
    instance = run(drawn())
    with transaction():
        tasks.claim(open_tasks(instance)["work"].id, by="tuan")
    was = (state_of(instance), rows(instance), instance.definition_id)
    deployed(drawn("handle", "overdue"))

    batch = migrated({"work": "handle", "late": "overdue"})
    there = (state_of(instance), rows(instance), instance.definition_id)
    undone(batch)

    assert there != was
    assert (state_of(instance), rows(instance), instance.definition_id) == was
    assert batch.state == MigrationState.UNDONE


def test_a_version_that_differs_in_words_only_changes_nothing_but_the_version(run: Run, monday: datetime) -> None:
    instance = run(drawn())
    was = (state_of(instance), rows(instance))
    second = deployed(drawn().replace(b'name="Demo"', b'name="Another name"'))

    migrated()

    assert (state_of(instance), rows(instance)) == was
    assert instance.definition_id == second.id


def test_a_new_boundary_event_becomes_a_row_and_undo_takes_it_away(run: Run, monday: datetime) -> None:
    instance = run(drawn())
    was = rows(instance)
    deployed(drawn("work", "late", STOPPABLE))

    batch = migrated()
    assert [row.element_id for row in session().scalars(select(Subscription))] == ["stopped"]
    undone(batch)

    assert rows(instance) == was


def test_what_is_gone_no_longer_waits_and_comes_back_with_undo_at_its_moment(run: Run, monday: datetime) -> None:
    instance = run(drawn("work", "late", STOPPABLE))
    was = rows(instance)
    deployed(d.simple(d.user("work"), names=("work",)))

    batch = migrated()
    assert (session().scalars(select(Timer)).all(), session().scalars(select(Subscription)).all()) == ([], [])
    undone(batch)

    assert rows(instance) == was


def test_undo_leaves_alone_what_has_moved_on(run: Run, monday: datetime) -> None:
    instance = run(d.simple(d.user("work"), d.user("check"), names=("work", "check")))
    second = deployed(d.simple(d.user("work"), d.user("check"), d.user("sign"), names=("work", "check", "sign")))
    batch = migrated()
    with transaction():
        tasks.complete(open_tasks(instance)["work"].id, {}, by="tuan")

    undone(batch)

    assert migration.counts(batch.id)["moved_on"] == 1
    assert (instance.definition_id, set(open_tasks(instance))) == (second.id, {"check"})


def test_undo_does_not_take_back_what_was_mended_since(run: Run) -> None:
    instance = run(drawn(), {"n": 1})
    second = deployed(drawn("work", "late", STOPPABLE))
    batch = migrated()
    with transaction():
        operations.edit_variables(instance.id, {"n": 2}, **WHY)
    was = state_of(instance)

    undone(batch)

    assert (migration.counts(batch.id)["moved_on"], state_of(instance), instance.definition_id) == (1, was, second.id)


def test_one_that_cannot_go_stays_and_stops_nobody(run: Run, monday: datetime) -> None:
    xml = d.simple(d.user("first"), d.user("second"), names=("first", "second"))
    stuck = run(xml)
    with transaction():
        others = [instances.start("demo", {}, business_key=f"PK-{n}", by="hanh") for n in range(2, 30)]
    with transaction():
        tasks.complete(open_tasks(stuck)["first"].id, {}, by="tuan")
    second = deployed(d.simple(d.user("first"), d.user("third"), names=("first", "third")))

    batch = migrated()

    assert {state: n for state, n in migration.counts(batch.id).items() if n} == {"migrated": 28, "refused": 1}
    refused = session().scalars(select(MigrationResult).where(MigrationResult.instance_id == stuck.id)).one()
    assert [(one["element_id"], one["code"]) for one in refused.problems] == [("second", "node_gone")]
    assert set(open_tasks(stuck)) == {"second"}
    session().expire_all()
    assert {other.definition_id for other in others} == {second.id}


def test_an_interrupted_batch_goes_on_where_it_was(run: Run, monday: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    run(drawn())
    with transaction():
        for number in range(2, 6):
            instances.start("demo", {}, business_key=f"PK-{number}", by="hanh")
    deployed(drawn().replace(b'name="Demo"', b'name="New"'))
    monkeypatch.setattr(migration, "PIECE", 2)
    with transaction():
        batch = migration.start(migration.plan("demo", to=2), **WHY)

    jobs.run_waiting(limit=1)
    assert migration.counts(batch.id)["migrated"] == 2
    for _ in range(2):  # a piece that is run twice does not do anything twice
        with transaction():
            migration.work(batch.id)
    jobs.run_waiting()

    assert (migration.counts(batch.id)["migrated"], migration.get(batch.id).state) == (5, "done")
    told = session().scalars(select(Operation.kind).where(Operation.kind == "instance_migrated")).all()
    assert len(told) == 5


def test_only_the_chosen_ones_go(run: Run) -> None:
    first = run(drawn())
    with transaction():
        other = instances.start("demo", {}, business_key="PK-2", by="hanh")
    deployed(drawn().replace(b'name="Demo"', b'name="New"'))

    migrated(only=[other.id])

    session().expire_all()
    assert (first.definition.version, other.definition.version) == (1, 2)


def test_an_instance_that_has_ended_meanwhile_is_told_apart(run: Run) -> None:
    instance = run(drawn())
    deployed(drawn().replace(b'name="Demo"', b'name="New"'))
    with transaction():
        batch = migration.start(migration.plan("demo", to=2), **WHY)
    with transaction():
        tasks.complete(open_tasks(instance)["work"].id, {}, by="tuan")

    jobs.run_waiting()

    assert (migration.counts(batch.id)["ended"], instance.definition.version) == (1, 1)


def test_what_is_due_at_once_in_the_new_drawing_happens(run: Run, monday: datetime) -> None:
    instance = run(d.simple(d.user("work"), names=("work",)))
    past = d.boundary("late", "work", d.timer("timeDate", '"2026-01-01T00:00:00Z"'), interrupting=False)
    new = d.process(
        d.start(), d.user("work"), d.end(), d.path("start", "work", "end"), past,
        d.user("remind"), d.end("noted"), d.path("late", "remind", "noted"),
    )  # fmt: skip
    deployed(new)

    with transaction():
        (outlook,) = migration.outlook(migration.plan("demo", to=2))
    assert outlook.goes_on
    migrated()

    assert set(open_tasks(instance)) == {"work", "remind"}


def test_a_handler_that_fails_on_the_way_leaves_the_instance_where_it_was(run: Run, monday: datetime) -> None:
    instance = run(d.simple(d.user("work"), names=("work",)))
    was = (state_of(instance), rows(instance), instance.definition_id)
    past = d.boundary("late", "work", d.timer("timeDate", '"2026-01-01T00:00:00Z"'), interrupting=False)
    deployed(
        d.process(
            d.start(), d.user("work"), d.end(), d.path("start", "work", "end"), past,
            d.service("bad", "test_break_inside"), d.end("noted"), d.path("late", "bad", "noted"),
        )
    )  # fmt: skip

    batch = migrated()

    assert migration.counts(batch.id)["refused"] == 1
    assert (state_of(instance), rows(instance), instance.definition_id) == was


def test_a_suspended_instance_migrates_and_stays_suspended(run: Run, monday: datetime) -> None:
    instance = run(d.simple(d.user("work"), names=("work",)))
    with transaction():
        operations.suspend(instance.id, **WHY)
    deployed(drawn())

    migrated()

    with clock.at(monday + timedelta(hours=2)):
        assert timers.fire_due() == 0
        with transaction():
            operations.resume(instance.id, **WHY)
        assert timers.fire_due() == 1


def test_from_a_suspended_version_to_one_that_is_not(run: Run, monday: datetime) -> None:
    instance = run(drawn())
    with transaction():
        operations.suspend_definition("demo", version=1, **WHY)
    deployed(drawn().replace(b'name="Demo"', b'name="New"'))

    migrated()

    with clock.at(monday + timedelta(hours=2)):
        assert timers.fire_due() == 1
    assert set(open_tasks(instance)) == {"work", "remind"}


def test_the_outlook_shows_before_and_after_and_changes_nothing(run: Run, monday: datetime) -> None:
    instance = run(drawn())
    was = (state_of(instance), rows(instance))
    deployed(drawn("work", "late", STOPPABLE))

    with transaction():
        plan = migration.plan("demo", to=2)
        (one,) = migration.outlook(plan)

    assert (one.from_version, one.problems, migration.count(plan)) == (1, [], 1)
    assert one.after is not None
    assert [m.element.id for m in one.before.messages.values()] == []
    assert [m.element.id for m in one.after.messages.values()] == ["stopped"]
    assert [t.due_at for t in one.after.timers.values()] == [monday + timedelta(hours=1)]
    assert (state_of(instance), rows(instance)) == was


def test_the_outlook_says_who_cannot_go_and_why(run: Run) -> None:
    run(drawn())
    deployed(drawn("handle"))

    with transaction():
        (one,) = migration.outlook(migration.plan("demo", to=2))

    assert (one.after, [(p.where, p.code) for p in one.problems]) == (None, [("work", "node_gone")])


@pytest.mark.parametrize(
    ("options", "error", "wheres"),
    [
        ({"to": 3}, DefinitionNotFound, None),
        ({"to": 2, "source": 7}, DefinitionNotFound, None),
        ({"to": 1, "source": 1}, Invalid, ["to_version"]),
        ({"to": 2, "mapping": {"nothing": "work"}}, Invalid, ["mapping.nothing"]),
        ({"to": 2, "mapping": {"work": "nothing"}}, Invalid, ["mapping.work"]),
    ],
)
def test_a_plan_names_what_is_there(run: Run, options: dict[str, Any], error: type[Exception], wheres: Any) -> None:
    run(drawn())
    deployed(drawn("work", "late", STOPPABLE))

    with pytest.raises(error) as told:
        migration.plan("demo", **options)

    assert not isinstance(told.value, Invalid) or [problem.where for problem in told.value.problems] == wheres


def test_nobody_migrates_to_a_draft(run: Run) -> None:
    run(drawn())
    with transaction():
        definitions.deploy({"demo.bpmn": drawn("work", "late", STOPPABLE)}, by="mai", draft=True)

    with pytest.raises(Invalid):
        migration.plan("demo", to=2)


def test_a_batch_is_undone_only_when_it_is_done_and_only_once(run: Run) -> None:
    run(drawn())
    deployed(drawn("work", "late", STOPPABLE))
    with transaction():
        batch = migration.start(migration.plan("demo", to=2), **WHY)
    with pytest.raises(migration.MigrationNotDone), transaction():
        migration.undo(batch.id, **WHY)
    jobs.run_waiting()
    undone(batch)

    with pytest.raises(migration.MigrationNotDone), transaction():
        migration.undo(batch.id, **WHY)


def test_the_observer_hears_of_no_task_that_comes_or_goes(run: Run) -> None:
    run(drawn())
    deployed(drawn("handle", "overdue"))
    heard: list[str] = []

    def listen(_instance: Instance, occurrences: list[registry.Occurrence]) -> None:
        heard.extend(one.name for one in occurrences)

    registry._observers.append(listen)
    try:
        migrated({"work": "handle", "late": "overdue"})
    finally:
        registry._observers.remove(listen)

    assert heard == []


def test_a_called_process_and_a_repetition_go_too(run: Run, monday: datetime) -> None:
    many = (
        '<bpmn:userTask id="many" camunda:candidateGroups="a:b"><bpmn:multiInstanceLoopCharacteristics>'
        "<bpmn:loopCardinality>2</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics></bpmn:userTask>"
    )
    called = d.start("c_start") + d.user("inside") + d.end("c_end") + d.path("c_start", "inside", "c_end")
    called = f'<bpmn:process id="called" isExecutable="true">{called}</bpmn:process>'
    call = '<bpmn:callActivity id="call" calledElement="called"/>'

    def xml(last: str) -> bytes:
        return d.process(
            d.start(), d.parallel("p"), many, call, d.parallel("q"), d.user(last), d.end(),
            d.path("start", "p", "many", "q", last, "end"), d.path("p", "call", "q"), outside=called,
        )  # fmt: skip

    instance = run(xml("last"))
    was = state_of(instance)
    deployed(xml("very_last"))

    batch = migrated()
    assert state_of(instance) == was
    for task in session().scalars(select(UserTask.id).where(UserTask.state == "open").order_by(UserTask.id)).all():
        with transaction():
            tasks.complete(task, {}, by="tuan")

    assert migration.counts(batch.id)["migrated"] == 1
    assert (set(open_tasks(instance)), instance.status) == ({"very_last"}, InstanceStatus.RUNNING)
