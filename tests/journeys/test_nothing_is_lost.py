"""Workers and clocks are killed, the queue is emptied: every letter is sent once, every deadline is noted once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta

import pytest
import redis
from flask import Flask
from sqlalchemy import func, select, text

from cases.models import Case, Deadline, Event, Message
from engine import clock
from engine.base import session, transaction
from engine.models import Incident, Job, JobState, Timer
from settings import ROOT
from tests import town
from tests.journeys.test_whole_lives import environment

PATIENCE = 60.0
REPORTS = 6


@pytest.fixture
def city(own_app: Flask) -> Iterator[Flask]:
    """Six reports sent two working days ago that nobody has looked at: every reminder and deadline is due."""
    with own_app.app_context():
        with transaction():
            town.found()
        with clock.at(clock.now() - timedelta(days=21)), transaction():
            for number in range(REPORTS):
                town.report(
                    text=f"Ổ gà số {number} trước chợ, rất sâu và nguy hiểm.", contact_email="suoi@citizen.example"
                )
        yield own_app


@contextmanager
def process(app: Flask, name: str) -> Iterator[subprocess.Popen[bytes]]:
    """`caseway worker` or `caseway clock`."""
    command = [sys.executable, "-m", "cli", name]
    started = subprocess.Popen(command, cwd=ROOT, env=environment(app), start_new_session=True)  # noqa: S603  # our own program
    try:
        yield started
    finally:
        _kill(started)


def _kill(started: subprocess.Popen[bytes]) -> None:
    """At once and with everything it started, as a power cut would."""
    with suppress(ProcessLookupError):
        os.killpg(started.pid, signal.SIGKILL)
    started.wait()


def until(what: str, is_so: Callable[[], bool]) -> None:
    """Wait for something another process does."""
    end = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < end, f"waited in vain for: {what}"
        session().rollback()
        session().expire_all()
        threading.Event().wait(0.05)


def a_minute_passes() -> None:
    """What was queued and never done counts as lost after a minute, and so does who fell silent; nobody waits for it here."""
    with transaction():
        session().execute(text("UPDATE job SET seen_at = seen_at - interval '2 minutes', run_after = now()"))
        session().execute(text("UPDATE timer SET queued_at = queued_at - interval '2 minutes'"))


def count(model: type, *conditions: object) -> int:
    return session().scalar(select(func.count()).select_from(model).where(*conditions)) or 0  # type: ignore[arg-type]  # conditions of any column


def all_is_done() -> bool:
    late = count(Timer, Timer.due_at <= clock.now())
    return late == 0 and count(Job, Job.state.in_([JobState.WAITING, JobState.RUNNING])) == 0


def assert_everything_happened_once() -> None:
    assert count(Incident) == 0
    assert count(Deadline, Deadline.kind == "accept", Deadline.breached_at.is_not(None)) == REPORTS
    assert count(Event, Event.name == "deadline_breached") == REPORTS
    assert count(Event, Event.name == "deadline_reminded") == 2 * REPORTS
    assert count(Event, Event.name == "case_escalated") == REPORTS
    assert count(Message, Message.moment == "report_acknowledged", Message.state == "sent") == REPORTS
    assert count(Message, Message.state != "sent") == 0
    assert [town.open_tasks(case) for case in session().scalars(select(Case))] == [
        ["intake_check", "escalation_accept"]
    ] * REPORTS


def test_a_worker_and_a_clock_killed_midway_lose_nothing(city: Flask) -> None:
    with process(city, "worker"), process(city, "clock"):
        until("the first letter", lambda: count(Message, Message.state == "sent") > 0)

    a_minute_passes()
    with process(city, "worker"), process(city, "clock"):
        until("everything done", all_is_done)

    assert_everything_happened_once()


def test_an_emptied_queue_loses_nothing(city: Flask) -> None:
    with process(city, "clock"):
        until("the clock has queued", lambda: count(Timer, Timer.queued_at.is_not(None)) > 0)
    with redis.Redis.from_url(city.config["CASEWAY"].redis_url) as server:
        server.flushdb()

    a_minute_passes()
    with process(city, "clock"), process(city, "worker"):
        until("everything done", all_is_done)

    assert_everything_happened_once()


def test_two_clocks_and_three_workers_do_nothing_twice(city: Flask) -> None:
    with (
        process(city, "clock"),
        process(city, "clock"),
        process(city, "worker"),
        process(city, "worker"),
        process(city, "worker"),
    ):
        until("everything done", all_is_done)

    assert_everything_happened_once()
