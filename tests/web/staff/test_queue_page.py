"""Background work on screen: what waits, for how long, and who does it."""

from __future__ import annotations

from datetime import timedelta

import pytest
import redis
from rq import Queue, Worker

from engine import clock, jobs
from engine.base import transaction
from tests.web.staff.conftest import DeskOf
from tests.web.staff.desk import Desk
from tests.web.staff.test_running_pages import demo, failing
from web.pages.staff import queue


@pytest.fixture
def admin(desk: DeskOf) -> Desk:
    """The administrator at work."""
    return desk("admin")


def test_depth_age_and_failures_are_told_for_each_process(admin: Desk) -> None:
    demo(failing(), amount="many")
    jobs.run_waiting()
    demo(failing(), key="D-2", amount=2)
    with clock.at(clock.now() + timedelta(minutes=3)):
        page = admin.get("/admin/jobs")

    assert page.heading == "Background work"
    assert "Due now 1 oldest: 3 min" in page.text
    assert "Failed 1 Incidents 1" in page.text
    assert "Demo 1 3 min 0 0 0 1 1 0 ms 0 ms 1" in page.text


def test_nothing_to_do_and_nobody_to_do_it_is_said(admin: Desk) -> None:
    page = admin.get("/admin/jobs")

    assert "Nothing waits, and nothing was done in the last five minutes." in page.text
    assert "No worker is alive" in page.text


def test_workers_that_live_are_named(admin: Desk, redis_url: str) -> None:
    connection = redis.Redis.from_url(redis_url)
    worker = Worker([Queue(jobs.QUEUE, connection=connection)], connection=connection, name="worker-7")
    worker.register_birth()  # type: ignore[no-untyped-call]  # RQ has not typed it

    page = admin.get("/admin/jobs")
    worker.register_death()  # type: ignore[no-untyped-call]  # RQ has not typed it

    assert ("Workers alive (1)" in page.text, "worker-7" in page.text) == (True, True)
    assert "No worker is alive" in admin.get("/admin/jobs").text


def test_a_queue_that_does_not_answer_is_told(admin: Desk, redis_url: str) -> None:
    with transaction():
        jobs.add("test_web_double", {}, run_after=clock.now() + timedelta(hours=1))
    jobs.connect("redis://127.0.0.1:1/0")
    try:
        page = admin.get("/admin/jobs")
    finally:
        jobs.connect(redis_url)

    assert ("The queue does not answer" in page.text, "Later 1" in page.text) == (True, True)


def test_a_span_is_said_in_the_unit_that_fits(admin: Desk) -> None:
    with admin.client.application.test_request_context("/en"):
        assert [queue.span(one) for one in (0, 0.25, 59, 61, 7300)] == ["0 ms", "250 ms", "59 s", "1 min", "2 h"]
