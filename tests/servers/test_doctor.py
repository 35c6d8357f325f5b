"""What the doctor says of jobs: how they stand, how they went, and what to do when they wait too long."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from engine import clock, jobs, registry, timers
from engine.base import transaction
from servers import doctor
from servers.doctor import Finding
from settings import ROOT


@registry.handler("test_doctor_break", retries=())
def break_down() -> None:
    raise RuntimeError("no connection")


@pytest.fixture
def city(own_app: Flask) -> Flask:
    return own_app


def examined(app: Flask) -> dict[str, Finding]:
    found = doctor.examine(app.config["CASEWAY"], ROOT, clock_lock=timers.CLOCK_LOCK)
    return {finding.subject: finding for finding in found}


def test_a_quiet_house_has_nothing_wrong_with_its_jobs(city: Flask) -> None:
    found = examined(city)

    assert found["jobs"].state == "0 due, 0 later, 0 running; the oldest has been due for 0 s"
    assert (found["jobs"].remedy, found["incidents"].state, found["incidents"].remedy) == ("", "0 open", "")


def test_jobs_that_wait_too_long_and_incidents_come_with_a_remedy(city: Flask) -> None:
    with city.app_context():
        with transaction():
            failing = jobs.add("test_doctor_break", {})
            jobs.add("test_doctor_wait", {}, run_after=clock.now() - timedelta(hours=1))
            jobs.add("test_doctor_wait", {}, run_after=clock.now() + timedelta(hours=1))
        jobs.run(failing.id)

    found = examined(city)

    assert found["jobs"].state.startswith("1 due, 1 later, 0 running")
    assert "caseway worker" in found["jobs"].remedy
    assert found["attempts"].state.startswith("1 in five minutes, 0 of them retries, 0 lost")
    assert (found["incidents"].state, bool(found["incidents"].remedy)) == ("1 open", True)
