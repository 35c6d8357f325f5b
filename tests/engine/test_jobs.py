"""Background work: at least once, its result and its completion together, an incident when retries are used up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from engine import clock, incidents, jobs
from engine.base import session, transaction
from engine.models import Incident, Instance, Job, JobState
from tests.engine import drawing as d
from tests.engine.conftest import open_tasks

Run = Callable[..., Instance]


def one_job() -> Job:
    return session().scalars(select(Job).execution_options(populate_existing=True)).one()


def test_a_service_task_waits_for_its_job_and_takes_its_result(run: Run) -> None:
    check = d.user("check", groups='= "a:" + shouted')
    instance = run(d.simple(d.service("shout", "test_shout"), check, names=("shout", "check")), {"greeting": "hi"})
    assert open_tasks(instance) == {}

    assert jobs.run_waiting() == 1

    assert open_tasks(instance)["check"].candidate_groups == ["a:HI"]
    assert one_job().state == JobState.DONE


def test_inputs_written_in_the_diagram_reach_the_handler(run: Run) -> None:
    shout = d.service("shout", "test_shout", {"greeting": '= "good " + part', "note": "as it is"})
    instance = run(d.simple(shout, d.user("check", groups="= shouted"), names=("shout", "check")), {"part": "day"})

    jobs.run_waiting()

    assert open_tasks(instance)["check"].candidate_groups == ["GOOD DAY"]


def test_a_job_that_ran_does_not_run_again(run: Run) -> None:
    run(d.simple(d.service("shout", "test_shout"), d.user("check"), names=("shout", "check")), {"greeting": "hi"})
    job_id = one_job().id

    assert jobs.run(job_id) == JobState.DONE
    assert jobs.run(job_id) is None


def test_a_failing_job_is_retried_with_pauses_and_then_becomes_an_incident(run: Run, monday: datetime) -> None:
    run(d.simple(d.service("bad", "test_break"), names=("bad",)))
    job_id = one_job().id

    assert jobs.run(job_id) == JobState.WAITING
    assert jobs.run(job_id) is None, "not before its pause is over"
    with clock.at(monday + timedelta(seconds=10)):
        assert jobs.run(job_id) == JobState.FAILED

    assert [i.message for i in incidents.open_incidents()] == ["RuntimeError: no connection"]


def test_an_incident_can_be_retried(run: Run, monday: datetime) -> None:
    run(d.simple(d.service("bad", "test_break"), names=("bad",)))
    job_id = one_job().id
    jobs.run(job_id)
    with clock.at(monday + timedelta(seconds=10)):
        jobs.run(job_id)
        with transaction():
            incidents.retry(session().scalars(select(Incident.id)).one(), by="phuc")
        assert incidents.open_incidents() == []
        assert jobs.run(job_id) == JobState.WAITING


def test_a_business_error_of_a_job_takes_the_way_drawn_for_it(run: Run) -> None:
    caught = '<bpmn:errorEventDefinition errorRef="e1"/>'
    xml = d.process(
        d.start(), d.service("find", "test_refuse_outside"), d.end(), d.path("start", "find", "end"),
        d.boundary("unknown", "find", caught), d.user("ask"), d.end("asked"), d.path("unknown", "ask", "asked"),
        outside='<bpmn:error id="e1" name="unknown address" errorCode="unknown-address"/>',
    )  # fmt: skip
    instance = run(xml)

    jobs.run_waiting()

    assert list(open_tasks(instance)) == ["ask"]


def test_a_business_error_nobody_catches_becomes_an_incident(run: Run, monday: datetime) -> None:
    run(d.simple(d.service("find", "test_refuse_outside"), names=("find",)))

    for minutes in (0, 1, 5, 30):
        with clock.at(monday + timedelta(minutes=minutes)):
            jobs.run_waiting()

    assert "unknown-address" in incidents.open_incidents()[0].message


def test_a_job_whose_instance_went_another_way_is_cancelled(run: Run) -> None:
    from engine import messages  # only here

    outside, definition = d.message("stop")
    inner = d.subprocess("sub", d.start("s"), d.service("shout", "test_shout"), d.end("e"), d.path("s", "shout", "e"))
    xml = d.process(
        d.start(), inner, d.end(), d.path("start", "sub", "end"), d.boundary("stopped", "sub", definition),
        d.end("left"), d.path("stopped", "left"), outside=outside,
    )  # fmt: skip
    run(xml, {"greeting": "hi"})

    with transaction():
        messages.deliver("stop", "PK-1", {}, by="reporter")

    assert one_job().state == JobState.CANCELLED
    assert jobs.run_waiting() == 0


def test_a_job_added_in_a_transaction_that_fails_never_was(app: object) -> None:
    def add_and_fail() -> None:
        with transaction():
            jobs.add("test_shout", {"greeting": "hi"})
            raise LookupError

    with pytest.raises(LookupError):
        add_and_fail()

    assert session().scalars(select(Job)).all() == []
