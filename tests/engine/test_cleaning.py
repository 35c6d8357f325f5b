"""Attempts nobody asks about any more go, a bounded number at a look; what history tells of an instance stays."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from engine import cleaning, clock, jobs, overview, timers
from engine.base import session, transaction
from engine.models import Attempt, AttemptOutcome, Incident, Instance, Job, JobState
from tests.engine import drawing as d

Run = Callable[..., Instance]
DAY = timedelta(days=1)
DONE, FAILED, LOST, ASIDE = AttemptOutcome.DONE, AttemptOutcome.FAILED, AttemptOutcome.LOST, AttemptOutcome.SET_ASIDE


def ended(at: datetime, *outcomes: str, state: JobState = JobState.DONE, instance: Instance | None = None) -> uuid.UUID:
    """A job whose attempts, the last one included, ended then."""
    with transaction():
        job = Job(id=uuid.uuid4(), topic="test", lane="test", payload={}, state=state, attempts=len(outcomes), run_after=at,
                  created_at=at, ended_at=at, instance_id=instance.id if instance else None, task_uid=str(uuid.uuid4()))  # fmt: skip
        session().add(job)
        session().flush()
        for number, outcome in enumerate(outcomes, start=1):
            session().add(Attempt(job_id=job.id, number=number, lane="test", worker="w", due_at=at, began_at=at, ended_at=at,
                                  outcome=outcome))  # fmt: skip
        return job.id


def left(*job_ids: uuid.UUID) -> list[list[str]]:
    """The outcomes of the attempts that are left of each job."""
    with transaction():
        query = select(Attempt.job_id, Attempt.outcome).order_by(Attempt.id)
        found = session().execute(query).all()
    return [[outcome or "" for job_id, outcome in found if job_id == one] for one in job_ids]


def known(job_ids: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    with transaction():
        return set(session().scalars(select(Job.id).where(Job.id.in_(list(job_ids)))))


@pytest.fixture
def instance(run: Run) -> Instance:
    return run(d.simple(d.user("check"), names=("check",)))


def test_attempts_that_succeeded_go_after_a_week(instance: Instance, monday: datetime) -> None:
    old, young = (ended(monday - days * DAY, DONE, instance=instance) for days in (8, 6))
    aside = ended(monday - 8 * DAY, ASIDE, state=JobState.CANCELLED, instance=instance)

    cleaning.clean()

    assert left(old, young, aside) == [[], [DONE], []]


def test_attempts_that_failed_go_after_ninety_days(instance: Instance, monday: datetime) -> None:
    very_old, old = (ended(monday - days * DAY, FAILED, LOST, DONE, instance=instance) for days in (91, 89))

    cleaning.clean()

    assert left(very_old, old) == [[], [FAILED, LOST]]


@pytest.mark.parametrize("state", [JobState.FAILED, JobState.WAITING, JobState.RUNNING, JobState.HELD])
def test_attempts_of_jobs_that_have_not_ended_stay(instance: Instance, monday: datetime, state: JobState) -> None:
    job_id = ended(monday - 365 * DAY, ASIDE, FAILED, state=state, instance=instance)

    cleaning.clean()

    assert left(job_id) == [[ASIDE, FAILED]]


def test_the_history_of_an_instance_stays(run: Run, monday: datetime) -> None:
    instance = run(
        d.simple(d.service("shout", "test_shout"), d.user("check"), names=("shout", "check")), {"greeting": "hi"}
    )
    jobs.run_waiting()
    before = overview.history(instance)

    with clock.at(monday + 400 * DAY):
        cleaning.clean()

    assert session().scalar(select(func.count()).select_from(Attempt)) == 0
    assert overview.history(instance) == before
    assert "job_done" in {line.what for line in before}


def test_ended_jobs_of_no_instance_go_with_their_attempts(app: Flask, monday: datetime) -> None:
    old, young = (ended(monday - days * DAY, DONE) for days in (8, 6))
    tried_often, very_old = (ended(monday - days * DAY, FAILED, DONE) for days in (89, 91))
    waiting = ended(monday - 365 * DAY, FAILED, state=JobState.WAITING)

    cleaning.clean()

    assert known([old, young, tried_often, very_old, waiting]) == {young, tried_often, waiting}


def test_a_job_that_was_left_for_a_person_stays(app: Flask, monday: datetime) -> None:
    job_id = ended(monday - 365 * DAY, FAILED, DONE)
    with transaction():
        session().add(Incident(job_id=job_id, cause="test", message="no", opened_at=monday, resolved_at=monday))

    cleaning.clean()

    assert known([job_id]) == {job_id}


def test_no_more_goes_at_once_than_is_said(instance: Instance, monday: datetime) -> None:
    for number in range(5):
        ended(monday - (8 + number) * DAY, DONE, instance=instance)

    assert [cleaning.clean(most=2) for _ in range(4)] == [True, True, False, False]
    assert session().scalar(select(func.count()).select_from(Attempt)) == 0


def test_the_oldest_go_first(instance: Instance, monday: datetime) -> None:
    ids = [ended(monday - (8 + number) * DAY, DONE, instance=instance) for number in range(3)]

    cleaning.clean(most=2)

    assert left(*ids) == [[DONE], [], []]


@pytest.mark.parametrize(("what", "index"), [("plain attempts", "ix_attempt_plain"), ("fruitless attempts", "ix_attempt_fruitless"),
                                             ("jobs of no instance", "ix_job_alone")])  # fmt: skip
def test_looking_for_what_is_old_uses_a_small_index(app: Flask, what: str, index: str) -> None:
    with transaction():
        session().connection().exec_driver_sql("SET LOCAL enable_seqscan = off")
        plan = session().execute(text(f"EXPLAIN {cleaning.STATEMENTS[what]}"), cleaning.limits(1000))
        told = "\n".join(row[0] for row in plan)

    assert f"using {index}" in told


def test_the_clock_cleans(own_app: Flask) -> None:
    stop = threading.Event()

    def tick() -> None:
        with own_app.app_context():
            timers.keep_time(stop, every=0.01)

    with own_app.app_context():
        job_id = ended(clock.now() - 8 * DAY, DONE)
        thread = threading.Thread(target=tick)
        thread.start()
        try:
            end = time.monotonic() + 30
            while known([job_id]):
                assert time.monotonic() < end, "nobody cleans"
        finally:
            stop.set()
            thread.join()
