"""Real workers: processes take turns, what is deadly or endless holds up nobody, rates hold over several workers."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from engine import clock, definitions, instances, jobs, timers
from engine.base import session, transaction
from engine.ledger import Operation
from engine.models import Attempt, Incident, Job, JobState, Timer
from settings import ROOT
from tests.engine import drawing as d
from tests.journeys import working
from tests.journeys.test_whole_lives import environment

PATIENCE = 60.0
FLOOD = 10_000


@pytest.fixture
def city(own_app: Flask) -> Iterator[Flask]:
    with own_app.app_context():
        yield own_app


@contextmanager
def workers(app: Flask, number: int) -> Iterator[list[subprocess.Popen[bytes]]]:
    """So many workers that know the handlers of `working`."""
    with ExitStack() as stack:
        yield [stack.enter_context(_worker(app)) for _ in range(number)]


@contextmanager
def _worker(app: Flask) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "tests.journeys.working"]
    started = subprocess.Popen(command, cwd=ROOT, env=environment(app), start_new_session=True)  # noqa: S603  # our own module
    try:
        yield started
    finally:
        with suppress(ProcessLookupError):
            os.killpg(started.pid, signal.SIGKILL)
        started.wait()


def until(what: str, is_so: Callable[[], bool]) -> None:
    """Be the clock until something is so."""
    end = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < end, f"waited in vain for: {what}"
        timers.tick()
        threading.Event().wait(0.05)


def count(model: type, *conditions: object) -> int:
    with transaction():
        return session().scalar(select(func.count()).select_from(model).where(*conditions)) or 0  # type: ignore[arg-type]  # conditions of any column


def test_ten_thousand_jobs_of_one_process_let_the_first_one_of_another_through(city: Flask) -> None:
    now = clock.now()
    with transaction():
        session().add_all(
            Job(topic="work_quick", lane="flood", payload={}, run_after=now, created_at=now) for _ in range(FLOOD)
        )
    with workers(city, 2):
        until("the flood runs", lambda: count(Attempt) >= 4)
        with transaction():
            for _ in range(3):
                jobs.add("work_quick", {}, lane="small")
        with transaction():
            before = session().scalar(select(func.max(Attempt.id))) or 0
        until("the small one runs", lambda: count(Attempt, Attempt.lane == "small") == 3)
        with transaction():
            ids = session().scalars(select(Attempt.id).where(Attempt.lane == "small").order_by(Attempt.id)).all()
    assert ids[0] - before <= 3, "those whose turn it was before, one for each worker"
    assert ids[-1] - ids[0] <= 6
    assert count(Job, Job.state == JobState.WAITING) > FLOOD // 2


def test_what_is_deadly_or_endless_ends_as_an_incident_and_holds_up_nobody(city: Flask) -> None:
    with transaction():
        for topic in ("work_deadly", "work_endless"):
            jobs.add(topic, {})
        for _ in range(6):
            jobs.add("work_quick", {})
    with workers(city, 1):
        until("all has ended", lambda: count(Job, Job.state.in_([JobState.WAITING, JobState.RUNNING])) == 0)

    with transaction():
        told = {one.cause: one.message for one in session().scalars(select(Incident))}
        tries = Counter(session().scalars(select(Attempt.lane)))
    assert "signal 9" in told["work_deadly"]
    assert "timeout" in told["work_endless"].lower()
    assert tries == {"work_deadly": 2, "work_endless": 1, "work_quick": 6}
    assert count(Job, Job.state == JobState.DONE) == 6


def test_a_child_goes_on_with_what_is_due(city: Flask) -> None:
    with transaction():
        for _ in range(12):
            jobs.add("work_told", {})
    with workers(city, 1):
        until("all are done", lambda: count(Job, Job.state == JobState.DONE) == 12)

    with transaction():
        processes = session().scalars(select(Operation.by).where(Operation.kind == "work_told")).all()
    assert len(processes) == 12
    assert len(set(processes)) < 12


def test_what_is_deadly_or_endless_is_seen_when_a_child_was_made_for_something_else(city: Flask) -> None:
    now = clock.now()
    with transaction():
        for number, topic in enumerate(["work_quick", "work_deadly", "work_quick", "work_endless", "work_quick"]):
            jobs.add(topic, {}, run_after=now - timedelta(minutes=9 - number), lane="same")
    with workers(city, 1):
        until("all has ended", lambda: count(Job, Job.state.in_([JobState.WAITING, JobState.RUNNING])) == 0)

    with transaction():
        told = {one.cause: one.message for one in session().scalars(select(Incident))}
        tries = Counter(session().scalars(select(Job.topic).join(Attempt, Attempt.job_id == Job.id)))
    assert "signal 9" in told.pop("work_deadly")
    assert "timeout" in told.pop("work_endless").lower()
    assert told == {}
    assert tries == {"work_deadly": 2, "work_endless": 1, "work_quick": 3}


@pytest.mark.parametrize("others", [0, 3])
def test_a_timer_whose_step_is_deadly_ends_as_an_incident(city: Flask, others: int) -> None:
    assert working.deadly_inside is not None, "the linter must know it"
    wait = d.catch("wait", d.timer("timeDuration", '"PT1S"'))
    xml = d.simple(wait, d.service("die", "work_deadly_inside"), names=("wait", "die"))
    with transaction():
        instances.start(definitions.deploy({"demo.bpmn": xml}, by="mai").key, {}, business_key="PK-1", by="hanh")
    until("it is due", lambda: count(Timer, Timer.queued_at.is_not(None)) == 1)
    with transaction():
        for _ in range(others):
            jobs.add("work_quick", {})
    with workers(city, 1):
        until("somebody is told", lambda: count(Incident) == 1)
        until("the others are done", lambda: count(Job, Job.state == JobState.DONE) == others)

    with transaction():
        incident = session().scalars(select(Incident)).one()
        queued_at = session().scalars(select(Timer.queued_at)).one()
    assert (incident.cause, "signal 9" in incident.message) == ("timer", True)
    assert queued_at is not None
    assert queued_at > clock.now() + timedelta(minutes=50), "not again and again"


def test_a_rate_holds_over_several_workers(city: Flask) -> None:
    rate = 4
    with transaction():
        for _ in range(3 * rate):
            jobs.add("work_paced", {})
    with workers(city, 2):
        until("all are done", lambda: count(Job, Job.state == JobState.DONE) == 3 * rate)

    with transaction():
        moments = sorted(session().scalars(select(Attempt.began_at)))
        attempts = session().scalars(select(Job.attempts)).all()
    assert all(later - first >= timedelta(seconds=3) for first, later in zip(moments, moments[rate:], strict=False))
    assert attempts == [1] * 3 * rate


@pytest.mark.parametrize("before", [0, 1])
def test_whoever_works_long_says_that_he_lives(city: Flask, before: int) -> None:
    with transaction():
        for _ in range(before):
            jobs.add("work_quick", {}, lane="same")
        job_id = jobs.add("work_endless", {}, lane="same", run_after=clock.now()).id
        session().execute(update(Job).values(time_limit_s=8))
    seen = select(Job.seen_at).where(Job.id == job_id)
    with workers(city, 1):
        until("it has begun", lambda: count(Job, Job.id == job_id, Job.state == JobState.RUNNING) == 1)
        with transaction():
            first = session().scalar(seen)
        until("it has been said again", lambda: count(Job, Job.seen_at > first, Job.state == JobState.RUNNING) == 1)
