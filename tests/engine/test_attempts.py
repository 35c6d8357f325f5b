"""Attempts are counted when they begin, ended by nobody else, taken back from the dead; lanes take turns."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from engine import attempts, clock, definitions, incidents, instances, jobs, operations, registry
from engine.attempts import Begun, WorkerDied
from engine.base import session, transaction
from engine.errors import GiveUp, RetryLater
from engine.models import Attempt, Incident, Instance, Job, JobState, Pace
from engine.registry import Rate
from tests.engine import drawing as d
from tests.engine.conftest import open_tasks

Run = Callable[..., Instance]


@registry.handler("test_too_early", retries=(10, 10))
def too_early() -> None:
    raise RetryLater(timedelta(hours=3), "the office opens at eleven")


@registry.handler("test_hopeless")
def hopeless() -> None:
    raise GiveUp("this address does not exist")


@registry.handler("test_paced", rate=Rate(3, timedelta(minutes=1)))
def paced() -> None:
    pass


#: Two handlers meet here, both having written a row that names their instance.
meeting = threading.Barrier(2)


@registry.handler("test_write_and_meet", retries=())
def write_and_meet(instance_id: int, element_id: str) -> None:
    operations.record("test", by="system", reason=element_id, instance=session().get_one(Instance, instance_id))
    meeting.wait(timeout=20)


def job_now() -> Job:
    return session().scalars(select(Job).execution_options(populate_existing=True)).one()


def trail() -> list[tuple[int, str | None, str | None]]:
    rows = session().execute(select(Attempt.number, Attempt.outcome, Attempt.error).order_by(Attempt.id))
    return [(row.number, row.outcome, row.error) for row in rows]


def shouting(instance: Run) -> Instance:
    xml = d.simple(d.service("shout", "test_shout"), d.user("check"), names=("shout", "check"))
    return instance(xml, {"greeting": "hi"})


def begun() -> Begun:
    found = attempts.begin_next()
    assert found is not None
    return found


def test_an_attempt_is_counted_when_it_begins(run: Run) -> None:
    shouting(run)

    begun()

    assert (job_now().state, job_now().attempts) == (JobState.RUNNING, 1)
    assert trail() == [(1, None, None)]
    assert attempts.begin_next() is None, "it is running"


def test_a_job_that_kills_its_worker_again_and_again_becomes_an_incident(run: Run, monday: datetime) -> None:
    shouting(run)

    at = monday
    for _ in range(3):
        at += timedelta(hours=1)
        with clock.at(at):
            begun()  # and then its worker dies
        with clock.at(at + attempts.DEAD_AFTER):
            assert attempts.take_back() == 0, "it may live"
        with clock.at(at + attempts.DEAD_AFTER + timedelta(seconds=1)):
            assert attempts.take_back() == 1
            assert attempts.take_back() == 0

    assert job_now().state == JobState.FAILED
    assert [(number, outcome) for number, outcome, _ in trail()] == [(1, "lost"), (2, "lost"), (3, "lost")]
    assert "fell silent" in incidents.open_incidents()[0].message


def test_whoever_says_that_he_lives_keeps_his_job(run: Run, monday: datetime) -> None:
    instance = shouting(run)
    mine = begun()

    for minutes in range(1, 10):
        with clock.at(monday + timedelta(minutes=minutes)):
            attempts.beat(mine)
            assert attempts.take_back() == 0

    assert jobs.perform(mine) == JobState.DONE
    assert set(open_tasks(instance)) == {"check"}


def test_whoever_is_heard_of_at_the_last_moment_is_not_taken_back(run: Run, monday: datetime) -> None:
    shouting(run)
    mine = begun()

    assert attempts.fail(mine, WorkerDied("silent"), unseen_since=monday - timedelta(seconds=1)) is None
    assert job_now().state == JobState.RUNNING
    assert attempts.fail(mine, WorkerDied("silent"), unseen_since=monday + timedelta(seconds=1)) == JobState.WAITING


def test_the_result_of_an_attempt_that_was_taken_back_is_not_kept(run: Run, monday: datetime) -> None:
    instance = shouting(run)
    slow = begun()
    with clock.at(monday + timedelta(minutes=5)):
        attempts.take_back()
        assert jobs.perform(slow) is None
        assert (open_tasks(instance), job_now().state) == ({}, JobState.WAITING)
    with clock.at(monday + timedelta(minutes=6)):
        again = begun()
        assert jobs.perform(slow) is None, "the first one comes back once more"
        attempts.beat(slow)
        assert jobs.perform(again) == JobState.DONE

    assert set(open_tasks(instance)) == {"check"}
    assert [(number, outcome) for number, outcome, _ in trail()] == [(1, "lost"), (2, "done")]


def test_a_running_job_whose_instance_went_another_way_keeps_nothing(run: Run, monday: datetime) -> None:
    late = d.boundary("late", "shout", d.timer("timeDuration", '"PT1H"'))
    xml = d.process(
        d.start(), d.service("shout", "test_shout"), d.end(), d.path("start", "shout", "end"), late, d.user("ask"),
        d.end("asked"), d.path("late", "ask", "asked"),
    )  # fmt: skip
    instance = run(xml, {"greeting": "hi"})
    mine = begun()
    with clock.at(monday + timedelta(hours=2)), transaction():
        instances.advance(instance.id, instances.nothing, by="clock")

    assert jobs.perform(mine) is None

    assert (job_now().state, set(open_tasks(instance))) == (JobState.CANCELLED, {"ask"})
    assert [outcome for _, outcome, _ in trail()] == ["set_aside"]
    with clock.at(monday + timedelta(hours=5)):
        assert (attempts.take_back(), jobs.run_waiting()) == (0, 0)


def test_an_attempt_whose_instance_is_suspended_meanwhile_does_not_count(run: Run) -> None:
    instance = shouting(run)
    mine = begun()
    with transaction():
        operations.suspend(instance.id, by="mai", reason="a test")

    assert jobs.perform(mine) == JobState.HELD

    assert (job_now().attempts, [outcome for _, outcome, _ in trail()]) == (0, ["set_aside"])
    with transaction():
        operations.resume(instance.id, by="mai", reason="a test")
    assert jobs.run_waiting() == 1
    assert set(open_tasks(instance)) == {"check"}


def test_a_handler_may_say_when_to_come_back(run: Run, monday: datetime) -> None:
    run(d.simple(d.service("call", "test_too_early"), names=("call",)))

    jobs.run_waiting()

    assert job_now().run_after == monday + timedelta(hours=3)
    assert (job_now().attempts, job_now().state) == (1, JobState.WAITING)


def test_a_handler_that_gives_up_calls_a_person_at_once(run: Run) -> None:
    run(d.simple(d.service("call", "test_hopeless"), names=("call",)))

    jobs.run_waiting()

    assert [one.message for one in incidents.open_incidents()] == ["GiveUp: this address does not exist"]


@pytest.mark.parametrize(
    ("says", "most"),
    [
        ('caseway:retry="R2/PT1M"', 2),
        ('camunda:failedJobRetryTimeCycle="R5/PT10M"', 5),
        ('camunda:failedJobRetryTimeCycle="PT1M,PT2M,PT3M"', 4),
        ('caseway:retry="R6/PT1S" camunda:failedJobRetryTimeCycle="R5/PT10M"', 6),
        ("", 2),
    ],
)
def test_what_the_diagram_says_goes_before_what_the_handler_says(
    run: Run, monday: datetime, says: str, most: int
) -> None:
    xml = d.simple(d.service("bad", "test_break"), names=("bad",))
    run(xml.replace(b"<bpmn:serviceTask ", b"<bpmn:serviceTask " + says.encode() + b" "))

    for hours in range(10):
        with clock.at(monday + timedelta(hours=hours)):
            jobs.run_waiting()

    assert (job_now().state, job_now().attempts) == (JobState.FAILED, most)


def test_camundas_word_may_stand_among_the_extension_elements(run: Run, monday: datetime) -> None:
    inner = "<camunda:failedJobRetryTimeCycle>R3/PT10M</camunda:failedJobRetryTimeCycle>"
    xml = d.simple(d.service("bad", "test_break"), names=("bad",))
    run(
        xml.replace(
            b"></bpmn:serviceTask>",
            f"><bpmn:extensionElements>{inner}</bpmn:extensionElements></bpmn:serviceTask>".encode(),
        )
    )

    jobs.run_waiting()
    assert job_now().run_after == monday + timedelta(minutes=10)
    with clock.at(monday + timedelta(minutes=10)):
        jobs.run_waiting()

    assert job_now().run_after == monday + timedelta(minutes=20)


def test_a_limit_of_time_is_the_diagrams_or_the_handlers(run: Run) -> None:
    xml = d.simple(d.service("shout", "test_shout"), names=("shout",))
    run(xml.replace(b"<bpmn:serviceTask ", b'<bpmn:serviceTask caseway:timeLimit="PT7S" '), {"greeting": "hi"})
    with transaction():
        jobs.add("test_shout", {"greeting": "hi"})

    assert {begun().time_limit_s, begun().time_limit_s} == {7, 300}


def test_the_first_job_of_a_process_waits_for_one_of_every_other_process_at_most(app: Flask, monday: datetime) -> None:
    with transaction():
        for _ in range(10_000):
            session().add(Job(topic="test_shout", lane="flood", payload={}, run_after=monday, created_at=monday))
    assert session().get_one(Job, begun().job_id).lane == "flood"
    with clock.at(monday + timedelta(minutes=1)), transaction():
        jobs.add("test_shout", {"greeting": "hi"}, lane="small")
    with clock.at(monday + timedelta(minutes=1)):
        first = [session().get_one(Job, begun().job_id).lane for _ in range(2)]

    assert "small" in first


def test_lanes_take_turns(app: Flask, monday: datetime) -> None:
    with transaction():
        for lane, number in (("a", 6), ("b", 2), ("c", 3)):
            for _ in range(number):
                jobs.add("test_shout", {"greeting": "hi"}, lane=lane)

    served = "".join(session().get_one(Job, begun().job_id).lane for _ in range(11))

    assert served == "abcabcacaaa"


def test_a_rate_lets_wait_what_is_too_much_and_that_is_no_attempt(app: Flask, monday: datetime) -> None:
    with transaction():
        for _ in range(8):
            jobs.add("test_paced", {})
        jobs.add("test_shout", {"greeting": "others go on"})

    ran = []
    for second in range(200):
        with clock.at(monday + timedelta(seconds=second)):
            ran += [second] * jobs.run_waiting()

    began = sorted(session().scalars(select(Attempt.began_at).where(Attempt.lane == "test_paced")))
    assert len(began) == 8
    assert all(later - first >= timedelta(minutes=1) for first, later in zip(began, began[3:], strict=False))
    assert began[-1] <= monday + timedelta(minutes=3)
    assert ran[:4] == [0, 0, 0, 0], "three of them, and what has no rate"
    assert set(session().scalars(select(Job.attempts))) == {1}


def test_an_attempt_bears_the_moment_its_rate_was_reckoned_with(app: Flask) -> None:
    with transaction():
        jobs.add("test_paced", {})

    assert attempts.begin_next() is not None

    moments = session().scalars(select(Attempt.began_at)).all(), session().scalars(select(Pace.begun)).one()
    assert moments[0] == moments[1]


def test_those_who_wait_for_a_rate_keep_their_places_after_a_stop(app: Flask, monday: datetime) -> None:
    with transaction():
        for _ in range(12):
            jobs.add("test_paced", {})
    jobs.run_waiting()

    with clock.at(monday + timedelta(hours=1)):
        assert jobs.run_waiting() == 3, "all are due, and still no more than three a minute"
        with transaction():
            latest = jobs.add("test_paced", {})
    order = []
    for second in range(0, 600, 5):
        with clock.at(monday + timedelta(hours=1, seconds=second)):
            while (one := attempts.begin_next()) is not None:
                order.append(one.job_id)

    assert len(order) == 7
    assert order[-1] == latest.id


@pytest.fixture
def two(own_app: Flask) -> Iterator[Callable[[Callable[[], object]], list[object]]]:
    """Has two workers (threads with connections of their own) do the same at the same moment."""
    gate = threading.Barrier(2)

    def side_by_side(act: Callable[[], object]) -> list[object]:
        found: list[object] = []

        def one() -> None:
            with own_app.app_context():
                gate.wait()
                found.append(act())

        threads = [threading.Thread(target=one) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return found

    with own_app.app_context():
        yield side_by_side


def test_two_workers_with_the_same_job_keep_one_result(two: Callable[[Callable[[], object]], list[object]]) -> None:
    xml = d.simple(d.service("shout", "test_shout"), d.user("check"), names=("shout", "check"))
    with transaction():
        key = definitions.deploy({"demo.bpmn": xml}, by="mai").key
    for number in range(10):
        with transaction():
            instances.start(key, {"greeting": "hi"}, business_key=f"PK-{number}", by="hanh")
        job_id = session().scalars(select(Job.id).where(Job.state == JobState.WAITING)).one()
        session().rollback()
        assert sorted(map(str, two(lambda: jobs.run(job_id)))) == ["None", "done"]  # noqa: B023  # used at once

    assert session().scalar(select(func.count()).select_from(Attempt)) == 10


def test_two_workers_that_both_hold_one_attempt_keep_one_result(
    two: Callable[[Callable[[], object]], list[object]],
) -> None:
    xml = d.simple(d.service("shout", "test_shout"), d.user("check"), names=("shout", "check"))
    with transaction():
        key = definitions.deploy({"demo.bpmn": xml}, by="mai").key
        instance = instances.start(key, {"greeting": "hi"}, business_key="PK-1", by="hanh")
    mine = begun()

    assert sorted(map(str, two(lambda: jobs.perform(mine)))) == ["None", "done"]

    assert set(open_tasks(instance)) == {"check"}
    assert session().scalar(select(func.count()).select_from(Incident)) == 0


def test_two_jobs_of_one_instance_that_write_rows_of_it_do_not_hinder_each_other(
    two: Callable[[Callable[[], object]], list[object]],
) -> None:
    xml = d.process(
        d.start(), d.parallel("split"), d.service("a", "test_write_and_meet"), d.service("b", "test_write_and_meet"),
        d.parallel("join"), d.end(), d.path("start", "split", "a", "join", "end"), d.path("split", "b", "join"),
    )  # fmt: skip
    with transaction():
        key = definitions.deploy({"demo.bpmn": xml}, by="mai").key
        instance = instances.start(key, {}, business_key="PK-1", by="hanh")

    assert two(jobs.run_waiting) == [1, 1]

    session().refresh(instance)
    assert instance.ended_at is not None
