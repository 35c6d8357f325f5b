"""Figures about jobs: what stands, what was tried, how long it took; as Prometheus reads them."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask

from engine import attempts, clock, figures, jobs, registry
from engine.base import transaction
from engine.models import JobState

LINE = re.compile(r'[a-z_]+(\{([a-z]+="(?:[^"\\\n]|\\.)*"(,(?=[a-z])|(?=\})))*\})? -?[0-9.e+-]+')


@registry.handler("test_fail_once", retries=(1,))
def fail_once() -> None:
    raise RuntimeError("no connection")


def said(name: str) -> dict[tuple[str, ...], float]:
    figure = next(one for one in figures.of_jobs() if one.name == name)
    return {tuple(labels.values()): value for labels, value in figure.samples}


@pytest.fixture
def work(app: Flask, monday: datetime) -> datetime:
    """Two are due, one waits for later, one is running, one has failed twice, one is held."""
    with transaction():
        failing = jobs.add("test_fail_once", {}, lane="street lamps")
    for second in (10, 20):
        with clock.at(monday + timedelta(seconds=second)):
            jobs.run(failing.id)
    with transaction():
        for _ in range(3):
            jobs.add("test_shout", {"greeting": "hi"}, lane='pot"holes')
        jobs.add("test_shout", {}, lane="lamps", run_after=monday + timedelta(days=1))
        jobs.add("test_shout", {}, lane="lamps").state = JobState.HELD
    with clock.at(monday + timedelta(seconds=30)):
        attempts.begin_next()
    return monday + timedelta(seconds=40)


def test_every_process_says_how_many_jobs_stand_where(work: datetime) -> None:
    with clock.at(work):
        assert said("caseway_jobs") == {
            ("lamps", "held"): 1,
            ("lamps", "later"): 1,
            ('pot"holes', "due"): 2,
            ('pot"holes', "running"): 1,
            ("street lamps", "failed"): 1,
        }
        assert said("caseway_job_oldest_due_seconds") == {('pot"holes',): 40}
        assert said("caseway_incidents_open") == {("street lamps",): 1}


def test_attempts_and_their_times_are_those_of_the_last_minutes(work: datetime) -> None:
    with clock.at(work):
        assert said("caseway_job_attempts") == {("street lamps", "failed"): 2, ('pot"holes', "running"): 1}
        assert said("caseway_job_retries") == {("street lamps",): 1, ('pot"holes',): 0}
        assert said("caseway_job_latency_seconds")['pot"holes', "0.5"] == 30
        assert said("caseway_job_duration_seconds")["street lamps", "1"] == 0
    with clock.at(work + timedelta(minutes=10)):
        assert said("caseway_job_attempts") == said("caseway_job_latency_seconds") == {}


def test_every_line_is_one_prometheus_reads(work: datetime) -> None:
    with clock.at(work):
        text = figures.written(figures.of_jobs())

    lines = [line for line in text.splitlines() if not line.startswith("# ")]
    assert len(lines) > 10
    assert [line for line in lines if not LINE.fullmatch(line)] == []
    assert text.endswith("\n")
    assert 'definition="pot\\"holes"' in text


def test_the_summary_adds_all_processes_up(work: datetime) -> None:
    with clock.at(work):
        assert figures.summary() == {
            "due": 2, "later": 1, "running": 1, "held": 1, "failed": 1, "oldest_s": 40, "retries": 1, "incidents": 1,
        }  # fmt: skip


def test_without_jobs_there_is_nothing_to_say(app: Flask, monday: datetime) -> None:
    assert all(figure.samples == [] or figure.name == "caseway_queue_tokens" for figure in figures.of_jobs())
