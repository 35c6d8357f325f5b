"""What a clock costs: one look with nothing waiting and with a million timers waiting, and how fast due ones fire."""

from __future__ import annotations

import statistics
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

from flask import Flask
from sqlalchemy import text

from bench import processor
from bench.report import line
from bench.world import World, world
from engine import clock, definitions, instances, timers
from engine.base import db, session, transaction
from wsgi import create_app

MILLION = 1_000_000
ROUNDS, LOOKS = 12, 100
FIRED = 500
HOUR = timedelta(hours=1)
KEY = "reminder"
_FILL = """
INSERT INTO timer (instance_id, task_uid, element_id, due_at)
SELECT :instance, 'u' || n, 'late', now() + interval '1 day' + n * interval '1 second' FROM generate_series(1, :many) n
"""
DIAGRAM = f"""
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="t"
 xmlns:camunda="http://camunda.org/schema/1.0/bpmn" xmlns:caseway="https://caseway.dev/schema/1.0/bpmn">
<process id="{KEY}" name="Reminder" isExecutable="true"><startEvent id="start"/>
<userTask id="work" name="Work" camunda:candidateGroups="official:dien-hong" caseway:publicStep="received"/>
<boundaryEvent id="late" attachedToRef="work" cancelActivity="false"><timerEventDefinition>
<timeDuration>"PT1H"</timeDuration></timerEventDefinition></boundaryEvent>
<scriptTask id="note"><script>reminded = true</script></scriptTask><endEvent id="noted"/><endEvent id="end"/>
<sequenceFlow id="a" sourceRef="start" targetRef="work"/><sequenceFlow id="b" sourceRef="work" targetRef="end"/>
<sequenceFlow id="c" sourceRef="late" targetRef="note"/><sequenceFlow id="d" sourceRef="note" targetRef="noted"/>
</process></definitions>
"""


def clock_cost() -> None:
    """Ms of processor time of one look, application and PostgreSQL, at a million waiting timers and at none."""
    with world() as made, _with_a_million(made) as full:
        used: dict[Flask, list[float]] = {full: [], made.app: []}
        for number in range(ROUNDS + 1):
            for app, figures in used.items():
                figure = _looks(app, made)
                if number:  # the first round warms the caches
                    figures.append(figure)
    ours, base = (statistics.median(figures) for figures in used.values())
    line("clock_million", ours, base, unit="ms CPU per look of the clock, application and PostgreSQL",
         base_is="no timer waiting", n=ROUNDS * LOOKS)  # fmt: skip


def timers_fired() -> None:
    """Timers fired per second by one process, each with its instance read, advanced and stored."""
    with world() as made, made.app.app_context():
        with transaction():
            definitions.deploy({"reminder.bpmn": DIAGRAM.encode()}, by="bench")
        for _ in range(FIRED):
            _start()
        with clock.at(clock.now() + HOUR):
            began, cpu = time.perf_counter(), time.process_time()
            before, fired = processor.of_postgres(made.database), 0
            while found := timers.fire_due():
                fired += found
            took, used = time.perf_counter() - began, time.process_time() - cpu
            used += processor.of_postgres(made.database) - before
        if fired != FIRED:
            raise RuntimeError(f"{fired} of {FIRED} timers fired")
    line(
        "timers_fired",
        fired / took,
        0,
        unit="timers per second, one process",
        base_is="nothing to compare with",
        n=fired,
    )
    line("timer_cpu", used * 1000 / fired, 0, unit="ms CPU per timer, application and PostgreSQL",
         base_is="nothing to compare with", n=fired)  # fmt: skip


@contextmanager
def _with_a_million(made: World) -> Iterator[Flask]:
    """The same city in a database of its own, with a million timers of one instance."""
    with made.app.app_context():
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("CREATE DATABASE full_of_timers TEMPLATE template0"))
        url = db.engine.url.set(database="full_of_timers").render_as_string(hide_password=False)
    full = create_app(replace(made.settings, database_url=url))
    with full.app_context():
        db.create_all()
        with transaction():
            definitions.deploy({"reminder.bpmn": DIAGRAM.encode()}, by="bench")
        instance = _start()
        with transaction():
            session().execute(text(_FILL), {"instance": instance, "many": MILLION})
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE timer"))
        yield full


def _start() -> int:
    with transaction():
        return instances.start(KEY, {}, business_key=str(uuid.uuid4()), by="bench").id


def _looks(app: Flask, made: World) -> float:
    with app.app_context():
        here, there = time.process_time(), processor.of_postgres(made.database)
        for _ in range(LOOKS):
            timers.tick()
        return (time.process_time() - here + processor.of_postgres(made.database) - there) * 1000 / LOOKS
