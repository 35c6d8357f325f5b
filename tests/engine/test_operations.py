"""What operators do to running instances: nothing happens while suspended, everything is written down, nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from engine import clock, incidents, instances, jobs, messages, operations, registry, tasks, timers
from engine.base import session, transaction
from engine.errors import DefinitionSuspended, InstanceEnded, InstanceSuspended, Invalid, MoveRefused, TaskNotFound
from engine.ledger import Operation
from engine.models import Incident, Instance, InstanceStatus, Job, JobState, Subscription, TaskState, Timer, UserTask
from tests.engine import drawing as d
from tests.engine.conftest import open_tasks

Run = Callable[..., Instance]
WHY: dict[str, Any] = {"by": "phuc", "reason": "a test"}


@registry.handler("test_mend", retries=())
def mend(amount: int | None) -> dict[str, int]:
    if not isinstance(amount, int):
        raise TypeError("no amount")
    return {"doubled": amount * 2}


def late_work() -> bytes:
    return d.process(
        d.start(), d.user("work"), d.end(), d.path("start", "work", "end"),
        d.boundary("late", "work", d.timer("timeDuration", '"PT1H"'), interrupting=False),
        d.user("remind"), d.end("noted"), d.path("late", "remind", "noted"),
    )  # fmt: skip


def written() -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (one.kind, one.reason, one.particulars) for one in session().scalars(select(Operation).order_by(Operation.id))
    ]


def suspend(instance: Instance) -> None:
    with transaction():
        operations.suspend(instance.id, **WHY)


def resume(instance: Instance) -> None:
    with transaction():
        operations.resume(instance.id, **WHY)


# ------------------------------------------------------------------------------------------------ suspend and resume


def test_a_task_of_a_suspended_instance_cannot_be_completed(run: Run) -> None:
    instance = run(late_work())
    suspend(instance)

    with pytest.raises(InstanceSuspended), transaction():
        tasks.complete(open_tasks(instance)["work"].id, {}, by="tuan")
    resume(instance)
    with transaction():
        tasks.complete(open_tasks(instance)["work"].id, {}, by="tuan")

    assert [(kind, reason) for kind, reason, _ in written()] == [
        ("instance_suspended", "a test"), ("instance_resumed", "a test"),
    ]  # fmt: skip


def test_the_clock_does_not_see_timers_of_suspended_instances_until_they_are_resumed(
    run: Run, monday: datetime
) -> None:
    instance = run(late_work())
    suspend(instance)

    with clock.at(monday + timedelta(hours=5)):
        assert timers.fire_due() == 0
        timers.fire(instance.id)
        assert set(open_tasks(instance)) == {"work"}
        resume(instance)
        assert timers.fire_due() == 1

    assert set(open_tasks(instance)) == {"work", "remind"}


def test_looking_for_due_timers_uses_the_index_that_holds_no_suspended_ones(run: Run) -> None:
    run(late_work())

    with transaction():
        session().connection().exec_driver_sql("SET LOCAL enable_seqscan = off")
        query = "EXPLAIN SELECT * FROM timer WHERE due_at <= now() AND NOT is_held ORDER BY due_at, id LIMIT 500"
        told = "\n".join(row[0] for row in session().connection().exec_driver_sql(query))

    assert "ix_timer_due" in told


def test_jobs_of_suspended_instances_are_held_and_run_afterwards(run: Run) -> None:
    instance = run(
        d.simple(d.service("shout", "test_shout"), d.user("check"), names=("shout", "check")), {"greeting": "hi"}
    )
    job_id = session().scalars(select(Job.id)).one()
    suspend(instance)

    assert jobs.run(job_id) is None
    assert jobs.run_waiting() == 0
    resume(instance)
    assert jobs.run_waiting() == 1

    assert set(open_tasks(instance)) == {"check"}


def test_a_job_that_finds_its_instance_suspended_is_held_and_no_attempt_is_counted(run: Run) -> None:
    instance = run(d.simple(d.service("shout", "test_shout"), names=("shout",)), {"greeting": "hi"})
    job = session().scalars(select(Job)).one()
    with transaction():
        session().get_one(Instance, instance.id).is_held = True  # what a suspension leaves that skipped a running job

    assert jobs.run(job.id) == JobState.HELD

    session().refresh(job)
    assert (job.attempts, job.last_error) == (0, None)


def test_a_message_for_a_suspended_instance_is_refused(run: Run) -> None:
    outside, caught = d.message("go")
    instance = run(
        d.process(d.start(), d.catch("wait", caught), d.end(), d.path("start", "wait", "end"), outside=outside)
    )
    suspend(instance)

    with pytest.raises(InstanceSuspended), transaction():
        messages.deliver("go", "PK-1", {}, by="reporter")


def test_a_suspended_definition_holds_its_instances_and_starts_none(run: Run, monday: datetime) -> None:
    instance = run(late_work())

    with transaction():
        operations.suspend_definition("demo", **WHY)
    with pytest.raises(DefinitionSuspended), transaction():
        instances.start("demo", {}, business_key="PK-2", by="hanh")
    with clock.at(monday + timedelta(hours=2)):
        assert timers.fire_due() == 0
        with transaction():
            operations.resume_definition("demo", **WHY)
        assert timers.fire_due() == 1
        with transaction():
            instances.start("demo", {}, business_key="PK-2", by="hanh")

    assert "remind" in open_tasks(instance)


def test_an_instance_suspended_by_itself_stays_so_when_its_definition_is_resumed(run: Run) -> None:
    instance = run(late_work())
    suspend(instance)
    with transaction():
        operations.suspend_definition("demo", **WHY)
        operations.resume_definition("demo", **WHY)

    with pytest.raises(InstanceSuspended), transaction():
        instances.advance(instance.id, instances.nothing, by="clock")
    with transaction():
        operations.suspend_definition("demo", **WHY)
    resume(instance)

    with pytest.raises(InstanceSuspended), transaction():
        instances.advance(instance.id, instances.nothing, by="clock")
    assert session().scalars(select(Timer.is_held)).all() == [True]


def test_suspending_twice_is_told(run: Run) -> None:
    instance = run(late_work())
    suspend(instance)

    with pytest.raises(operations.AlreadySo):
        suspend(instance)


# ------------------------------------------------------------------------------------------------------------ cancel


def test_a_cancelled_instance_waits_for_nothing_and_cannot_go_on(run: Run) -> None:
    outside, stop = d.message("stop")
    inner = d.subprocess("sub", d.start("s"), d.user("work"), d.end("e"), d.path("s", "work", "e"))
    xml = d.process(
        d.start(), d.parallel("p"), inner, d.service("shout", "test_shout"), d.end("shouted"), d.end(),
        d.path("start", "p", "sub", "end"), d.path("p", "shout", "shouted"),
        d.boundary("stopped", "sub", stop), d.end("left"), d.path("stopped", "left"),
        d.boundary("late", "sub", d.timer("timeDuration", '"PT1H"')), d.end("over"), d.path("late", "over"), outside=outside,
    )  # fmt: skip
    instance = run(xml, {"greeting": "hi"})

    with transaction():
        operations.cancel(instance.id, **WHY)

    assert (instance.status, instance.outcome) == (InstanceStatus.ENDED, "cancelled")
    assert open_tasks(instance) == {}
    assert [session().scalar(select(func.count()).select_from(model)) for model in (Timer, Subscription)] == [0, 0]
    assert session().scalars(select(Job.state)).all() == [JobState.CANCELLED]
    assert written()[0][2]["tasks"][0]["element_id"] == "work"
    with pytest.raises(InstanceEnded), transaction():
        operations.cancel(instance.id, **WHY)


def test_an_instance_that_cannot_even_be_loaded_can_be_cancelled(run: Run) -> None:
    instance = run(late_work())
    with transaction():
        session().get_one(Instance, instance.id).state = b"\x09broken"

    with transaction():
        operations.cancel(instance.id, **WHY)

    assert session().scalars(select(UserTask.state)).all() == [TaskState.CANCELLED]


# -------------------------------------------------------------------------------------------------------- move a token


def waiting_uid(instance: Instance, element: str) -> str:
    return open_tasks(instance)[element].task_uid


def moved(instance: Instance, uid: str, to: str) -> None:
    with transaction():
        operations.move(instance.id, uid, to=to, **WHY)


def test_a_token_goes_back_to_an_earlier_task_with_the_variables_as_they_are(run: Run, monday: datetime) -> None:
    xml = d.process(
        d.start(), d.user("first", answers="n"), d.user("second"), d.user("third", groups='= "g:" + string(n)'), d.end(),
        d.path("start", "first", "second", "third", "end"),
        d.boundary("late", "second", d.timer("timeDuration", '"PT1H"')), d.end("over"), d.path("late", "over"),
    )  # fmt: skip
    instance = run(xml, {"n": 1})
    with transaction():
        tasks.complete(open_tasks(instance)["first"].id, {"n": 7}, by="tuan")

    moved(instance, waiting_uid(instance, "second"), "first")
    assert set(open_tasks(instance)) == {"first"}
    assert session().scalars(select(Timer)).all() == []
    moved(instance, waiting_uid(instance, "first"), "second")
    assert [timer.element_id for timer in session().scalars(select(Timer))] == ["late"]
    moved(instance, waiting_uid(instance, "second"), "third")

    assert open_tasks(instance)["third"].candidate_groups == ["g:7"]
    with transaction():
        tasks.complete(open_tasks(instance)["third"].id, {}, by="tuan")
    assert instance.status == InstanceStatus.ENDED
    assert [(p["before"], p["after"]) for kind, _, p in written()] == [
        ("second", "first"), ("first", "second"), ("second", "third"),
    ]  # fmt: skip


PARALLEL = d.process(
    d.start(), d.parallel("p"), d.user("a"), d.user("b"), d.user("b2"), d.parallel("q"), d.user("c"), d.end(),
    d.path("start", "p", "a", "q"), d.path("p", "b", "b2", "q"), d.path("q", "c", "end"),
)  # fmt: skip


def test_a_token_moves_within_its_branch_and_the_branches_still_join(run: Run) -> None:
    instance = run(PARALLEL)

    moved(instance, waiting_uid(instance, "b"), "b2")
    for element in ("b2", "a"):
        assert "c" not in open_tasks(instance)
        with transaction():
            tasks.complete(open_tasks(instance)[element].id, {}, by="tuan")

    assert set(open_tasks(instance)) == {"c"}
    with pytest.raises(MoveRefused):
        moved(instance, waiting_uid(instance, "c"), "b")


@pytest.mark.parametrize(
    ("xml", "source", "target", "why"),
    [
        (PARALLEL, "a", "b", "move_across_branches"),
        (PARALLEL, "a", "c", "move_across_branches"),
        (PARALLEL, "a", "q", "move_to_this_kind"),
        (PARALLEL, "a", "nowhere", "move_to_nowhere"),
        (
            d.simple(d.user("a"), d.subprocess("sub", d.start("s"), d.user("x"), d.end("e"), d.path("s", "x", "e")), names=("a", "sub")),
            "a", "x", "move_out_of_scope",
        ),
        (
            d.simple(
                d.user("a"),
                '<bpmn:userTask id="many" camunda:candidateGroups="a:b"><bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>2</bpmn:loopCardinality>'
                "</bpmn:multiInstanceLoopCharacteristics></bpmn:userTask>",
                names=("a", "many"),
            ),
            "a", "many", "move_of_repetition",
        ),
    ],
)  # fmt: skip
def test_a_token_is_not_moved_where_it_is_not_safe(run: Run, xml: bytes, source: str, target: str, why: str) -> None:
    instance = run(xml)

    with pytest.raises(MoveRefused) as told:
        moved(instance, waiting_uid(instance, source), target)

    assert told.value.why == why
    assert source in open_tasks(instance)


def test_side_paths_that_are_under_way_stay_when_the_token_moves(run: Run, monday: datetime) -> None:
    xml = d.process(
        d.start(), d.user("work"), d.user("after"), d.end(), d.path("start", "work", "after", "end"),
        d.boundary("late", "work", d.timer("timeDuration", '"PT1H"'), interrupting=False),
        d.user("remind"), d.end("noted"), d.path("late", "remind", "noted"),
    )  # fmt: skip
    instance = run(xml)
    with clock.at(monday + timedelta(hours=1)):
        timers.fire_due()
        moved(instance, waiting_uid(instance, "work"), "after")
        assert set(open_tasks(instance)) == {"after", "remind"}
        for element in ("after", "remind"):
            assert instance.status == InstanceStatus.RUNNING
            with transaction():
                tasks.complete(open_tasks(instance)[element].id, {}, by="tuan")

    assert instance.status == InstanceStatus.ENDED


def test_a_token_at_a_job_is_moved_and_the_job_is_cancelled(run: Run) -> None:
    instance = run(
        d.simple(d.service("shout", "test_shout"), d.user("check"), names=("shout", "check")), {"greeting": "x"}
    )

    moved(instance, session().scalars(select(Job.task_uid)).one() or "", "check")

    assert set(open_tasks(instance)) == {"check"}
    assert session().scalars(select(Job.state)).one() == JobState.CANCELLED


def test_what_does_not_wait_is_not_moved(run: Run) -> None:
    instance = run(late_work())

    with pytest.raises(TaskNotFound):
        moved(instance, "00000000-0000-0000-0000-000000000000", "work")


# ----------------------------------------------------------------------------------------------------------- variables


def edited(instance: Instance, **values: Any) -> None:
    with transaction():
        operations.edit_variables(instance.id, values, **WHY)


def test_variables_are_set_in_every_branch_and_the_change_is_written_down(run: Run) -> None:
    xml = PARALLEL.replace(
        b'id="c" name="C" camunda:candidateGroups="official:roads"', b'id="c" camunda:candidateGroups="= who"'
    )
    instance = run(xml, {"who": "a:b"})

    edited(instance, who="x:y", more=[1, {"a": None}])
    for element in ("a", "b", "b2"):
        with transaction():
            tasks.complete(open_tasks(instance)[element].id, {}, by="tuan")

    assert open_tasks(instance)["c"].candidate_groups == ["x:y"]
    assert written()[0] == (
        "variables_edited", "a test", {"before": {"who": "a:b"}, "after": {"who": "x:y", "more": [1, {"a": None}]}},
    )  # fmt: skip


def test_variables_of_a_suspended_instance_can_be_mended(run: Run) -> None:
    instance = run(late_work())
    suspend(instance)

    edited(instance, n=1)

    assert instance.is_held


def test_a_failed_job_gets_the_mended_variables(run: Run) -> None:
    instance = run(
        d.simple(d.service("mend", "test_mend"), d.user("check"), names=("mend", "check")), {"amount": "many"}
    )
    jobs.run_waiting()
    (incident,) = incidents.open_incidents()

    edited(instance, amount=4)
    with transaction():
        incidents.retry(incident.id, by="phuc")
    jobs.run_waiting()

    assert set(open_tasks(instance)) == {"check"}


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"self": 1}, "reserved_name"),
        ({"1a": 1}, "not_a_name"),
        ({"": 1}, "not_a_name"),
        ({"a b": 1}, "not_a_name"),
        ({"much": "x" * 4096}, "too_big"),
        ({"deep": [[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]}, "too_deep"),
    ],
)
def test_what_cannot_be_kept_is_refused(run: Run, values: dict[str, Any], code: str) -> None:
    instance = run(late_work())

    with pytest.raises(Invalid) as told:
        edited(instance, **values)

    assert [problem.code for problem in told.value.problems] == [code]
    assert written() == []


# ----------------------------------------------------------------------------------------------------------------- jobs


def test_a_failed_job_is_skipped_with_a_value(run: Run) -> None:
    check = d.user("check", groups='= "a:" + string(doubled)')
    instance = run(d.simple(d.service("mend", "test_mend"), check, names=("mend", "check")), {"amount": "many"})
    jobs.run_waiting()
    job = session().scalars(select(Job)).one()

    with transaction():
        operations.skip_job(job.id, {"doubled": 8}, **WHY)

    assert open_tasks(instance)["check"].candidate_groups == ["a:8"]
    assert (incidents.open_incidents(), job.state) == ([], JobState.DONE)
    with pytest.raises(incidents.JobNotFailed), transaction():
        operations.skip_job(job.id, {}, **WHY)


def test_all_alike_are_tried_again_together(run: Run) -> None:
    run(d.simple(d.service("mend", "test_mend"), names=("mend",)), {"amount": "many"})
    with transaction():
        for number in (2, 3):
            instances.start("demo", {"amount": "many"}, business_key=f"PK-{number}", by="hanh")
        jobs.add("test_mend", {})
    jobs.run_waiting()
    first = session().scalars(select(Incident).where(Incident.element_id == "mend").order_by(Incident.id)).first()
    assert first is not None

    with transaction():
        assert operations.retry_alike(first.id, **WHY) == 3

    assert [incident.element_id for incident in incidents.open_incidents()] == [None]
