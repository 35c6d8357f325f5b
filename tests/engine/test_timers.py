"""The clock: what is due fires once, at its moment, and a broken instance stops nobody else."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from engine import clock, definitions, instances, jobs, registry, timers
from engine.base import db, session, transaction
from engine.models import Incident, Instance, Job, Timer
from tests.engine import drawing as d
from tests.engine.conftest import MONDAY, open_tasks
from tests.engine.test_connections import cut

Run = Callable[..., Instance]


def reminder(after: str = '"PT1H"', kind: str = "timeDuration") -> bytes:
    """A task with a non-interrupting timer that opens another task."""
    return d.process(
        d.start(), d.user("work"), d.end(), d.path("start", "work", "end"),
        d.boundary("late", "work", d.timer(kind, after), interrupting=False),
        d.user("remind"), d.end("noted"), d.path("late", "remind", "noted"),
    )  # fmt: skip


def test_a_timer_fires_at_its_moment_and_not_before(run: Run, monday: datetime) -> None:
    instance = run(reminder())

    with clock.at(monday + timedelta(minutes=59, seconds=59)):
        assert timers.fire_due() == 0
    with clock.at(monday + timedelta(hours=1)):
        assert timers.fire_due() == 1

    assert set(open_tasks(instance)) == {"work", "remind"}


def test_a_timer_fires_only_once(run: Run, monday: datetime) -> None:
    instance = run(reminder())

    with clock.at(monday + timedelta(hours=1)):
        timers.fire_due()
        timers.fire(instance.id)
    with clock.at(monday + timedelta(hours=9)):
        assert timers.fire_due() == 0

    assert len(open_tasks(instance)) == 2


def test_a_moment_without_a_zone_is_utc(run: Run, monday: datetime) -> None:
    run(reminder('"2026-11-23T09:00:00"', "timeDate"))

    assert session().scalars(select(Timer.due_at)).one().isoformat() == "2026-11-23T09:00:00+00:00"


def test_a_timer_taken_but_never_fired_is_taken_again_after_a_minute(run: Run, monday: datetime) -> None:
    instance = run(reminder())

    with clock.at(monday + timedelta(hours=1)), transaction():
        assert timers.take_due() == [instance.id]
    with clock.at(monday + timedelta(hours=1, seconds=30)), transaction():
        assert timers.take_due() == []
    with clock.at(monday + timedelta(hours=1, seconds=61)), transaction():
        assert timers.take_due() == [instance.id]


def test_an_instance_that_cannot_go_on_opens_an_incident_and_lets_others_pass(run: Run, monday: datetime) -> None:
    broken = d.process(
        d.start(), d.user("work"), d.end(), d.path("start", "work", "end"),
        d.boundary("late", "work", d.timer("timeDuration", '"PT1H"'), interrupting=False),
        d.service("bad", "test_break_inside"), d.end("noted"), d.path("late", "bad", "noted"), key="broken",
    )  # fmt: skip
    with transaction():
        definitions.deploy({"broken.bpmn": broken}, by="mai")
        stuck = instances.start("broken", {}, business_key="PK-0", by="hanh")
    healthy = run(reminder())

    with clock.at(monday + timedelta(hours=2)):
        timers.fire_due()

    incident = session().scalars(select(Incident)).one()
    assert (incident.instance_id, incident.cause) == (stuck.id, "timer")
    assert "table gone" in incident.message
    assert "remind" in open_tasks(healthy)


def test_a_moved_deadline_moves_the_timer_row_and_the_event_together(run: Run, monday: datetime) -> None:
    instance = run(reminder())
    uid = session().scalars(select(Timer.task_uid)).one()

    with transaction():
        instances.advance(instance.id, lambda r: r.reschedule(uid, monday + timedelta(days=2)), by="lan")

    assert session().scalars(select(Timer.due_at)).one() == monday + timedelta(days=2)
    with clock.at(monday + timedelta(days=1)):
        timers.fire(instance.id)
    assert set(open_tasks(instance)) == {"work"}


def test_a_repeating_timer_stays_a_row_until_its_last_round(run: Run, monday: datetime) -> None:
    instance = run(reminder('"R2/PT1H"', "timeCycle"))

    with clock.at(monday + timedelta(hours=1)):
        timers.fire_due()
    assert session().scalars(select(Timer.due_at)).one() == monday + timedelta(hours=2)
    with clock.at(monday + timedelta(hours=2)):
        timers.fire_due()

    assert session().scalars(select(Timer)).all() == []
    assert instance.ended_at is None


def test_due_jobs_are_swept_up(app: object, monday: datetime) -> None:
    with transaction():
        jobs.add("test_shout", {"greeting": "x"}, run_after=monday + timedelta(minutes=5))

    with transaction():
        assert jobs.sweep() == 0
    with clock.at(monday + timedelta(minutes=5)), transaction():
        assert jobs.sweep() == 1


@contextmanager
def a_clock(app: Flask) -> Iterator[None]:
    """Somebody else's clock, ticking as fast as it can."""
    stop = threading.Event()

    def tick() -> None:
        with app.app_context():
            timers.keep_time(stop, every=0.01)

    thread = threading.Thread(target=tick)
    thread.start()
    try:
        with app.app_context():
            yield
    finally:
        stop.set()
        thread.join()


def asked(query: str, *, until: Callable[[Any], bool], **values: Any) -> Any:
    """What the database answers, as soon as it is what we wait for."""
    end = time.monotonic() + 30
    while not until(found := session().scalar(text(query), values)):
        assert time.monotonic() < end, f"waited in vain: {query}"
        session().rollback()
    session().rollback()
    return found


HOLDS_THE_LOCK = """SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND (classid::bigint << 32) + objid::bigint = :key"""
WAITS = """SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"""


def test_a_clock_whose_lock_is_cut_takes_it_again(own_app: Flask) -> None:
    with a_clock(own_app):
        key = timers.CLOCK_LOCK
        first = asked(HOLDS_THE_LOCK, key=key, until=bool)
        session().execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": first})

        asked(HOLDS_THE_LOCK, key=key, until=lambda found: found not in (None, first))


def test_a_clock_that_is_cut_in_the_middle_of_a_tick_ticks_on(own_app: Flask) -> None:
    with a_clock(own_app):
        asked(HOLDS_THE_LOCK, key=timers.CLOCK_LOCK, until=bool)
        with db.engine.connect() as door, door.begin():
            door.execute(text("LOCK TABLE timer IN ACCESS EXCLUSIVE MODE"))
            waiting = asked(WAITS, until=bool)
            door.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": waiting})
        with transaction():
            session().add(Job(topic="test_shout", payload={}, run_after=clock.now(), created_at=clock.now()))

        end = time.monotonic() + 30
        while not jobs.tokens()[jobs.QUEUE]:
            assert time.monotonic() < end, "nobody ticks"


@pytest.mark.parametrize("cuts", [1, 2])
def test_a_connection_that_is_cut_while_a_timer_fires_is_no_incident(own_app: Flask, cuts: int) -> None:
    _to_cut[:] = range(cuts)
    cutting = d.process(
        d.start(), d.user("work"), d.end(), d.path("start", "work", "end"),
        d.boundary("late", "work", d.timer("timeDuration", '"PT1H"'), interrupting=False),
        d.service("cut", "test_cut"), d.user("remind"), d.end("noted"), d.path("late", "cut", "remind", "noted"),
    )  # fmt: skip
    with own_app.app_context(), clock.at(MONDAY), transaction():
        definitions.deploy({"cutting.bpmn": cutting}, by="mai")
        instance = instances.start("demo", {}, business_key="PK-1", by="hanh")

    with own_app.app_context():
        for later in (
            timedelta(hours=1),
            timedelta(hours=1) + jobs.LOST_AFTER,
            timedelta(hours=1) + 2 * jobs.LOST_AFTER,
        ):
            with clock.at(MONDAY + later):
                timers.fire_due()
        assert sorted(open_tasks(instance)) == ["remind", "work"]
        assert session().scalars(select(Incident)).all() == []


#: How often the handler cuts its own connection from now on.
_to_cut: list[int] = []


@registry.handler("test_cut", transactional=True)
def cut_once() -> None:
    if _to_cut:
        _to_cut.pop()
        cut(session().scalar(text("SELECT pg_backend_pid()")))
    session().scalar(text("SELECT 1"))
