"""Dates written anew: what waits for them waits for the new ones, in whatever branch the old one had been read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from engine import clock, instances, jobs, messages, operations, tasks, timers
from engine.base import session, transaction
from engine.errors import ExecutionFailed, InstanceEnded
from engine.models import Instance, Job, Timer
from engine.spiff import Run as Running
from tests.engine import drawing as d
from tests.engine.conftest import open_tasks

Run = Callable[..., Instance]


def promised(*more: str, work: str = d.user("work", dueDate="= due_at")) -> bytes:
    """Work with a reminder before the due moment and a breach at it, beside each other and the work."""
    return d.process(
        d.start(), work, d.end(), d.path("start", "work", "end"),
        d.boundary("soon", "work", d.timer("timeDate", "remind_at"), interrupting=False),
        d.user("remind"), d.end("reminded"), d.path("soon", "remind", "reminded"),
        d.boundary("late", "work", d.timer("timeDate", "due_at"), interrupting=False),
        d.user("breach"), d.end("told"), d.path("late", "breach", "told"), *more,
    )  # fmt: skip


def moments(monday: datetime, *, remind: int, due: int) -> dict[str, str]:
    """Both moments, in hours from Monday."""
    hours = {"remind_at": remind, "due_at": due}
    return {name: (monday + timedelta(hours=after)).isoformat() for name, after in hours.items()}


def waiting(instance: Instance) -> dict[str, datetime]:
    """Moments by element."""
    query = select(Timer).where(Timer.instance_id == instance.id).execution_options(populate_existing=True)
    return {timer.element_id: timer.due_at for timer in session().scalars(query)}


def redate(instance: Instance, values: dict[str, str]) -> None:
    with transaction():
        instances.redate(instance.id, values, by="lan")


def test_timers_and_tasks_follow_their_dates(run: Run, monday: datetime) -> None:
    instance = run(promised(), moments(monday, remind=8, due=10))

    redate(instance, moments(monday, remind=18, due=20))

    later = {"soon": monday + timedelta(hours=18), "late": monday + timedelta(hours=20)}
    assert waiting(instance) == later
    assert open_tasks(instance)["work"].due_at == later["late"]
    with clock.at(monday + timedelta(hours=12)):
        timers.fire(instance.id)
        assert set(open_tasks(instance)) == {"work"}
    with clock.at(monday + timedelta(hours=20)):
        assert timers.fire_due() == 1
        assert set(open_tasks(instance)) == {"work", "remind", "breach"}


NEVER = {"remind_at": "never", "due_at": "never"}


def test_a_date_that_never_comes_waits_for_nothing_until_it_is_written_anew(run: Run, monday: datetime) -> None:
    instance = run(promised(), NEVER)
    assert waiting(instance) == {}
    assert open_tasks(instance)["work"].due_at is None
    with clock.at(monday + timedelta(days=4000)):
        timers.fire_due()
        assert set(open_tasks(instance)) == {"work"}

    redate(instance, moments(monday, remind=18, due=20))

    assert waiting(instance) == {"soon": monday + timedelta(hours=18), "late": monday + timedelta(hours=20)}
    assert open_tasks(instance)["work"].due_at == monday + timedelta(hours=20)
    with clock.at(monday + timedelta(hours=20)):
        timers.fire_due()
        assert set(open_tasks(instance)) == {"work", "remind", "breach"}


def test_a_date_may_be_taken_away(run: Run, monday: datetime) -> None:
    instance = run(promised(), moments(monday, remind=8, due=10))
    with clock.at(monday + timedelta(hours=9)):
        timers.fire_due()

    redate(instance, NEVER)

    assert waiting(instance) == {}
    assert open_tasks(instance)["work"].due_at is None
    with clock.at(monday + timedelta(days=4000)):
        timers.fire_due()
        assert "breach" not in open_tasks(instance)


@pytest.mark.parametrize("written", ["soon", "Never", "", "P1D"])
def test_no_other_word_stands_for_a_date(run: Run, monday: datetime, written: str) -> None:
    with pytest.raises(ExecutionFailed):
        run(promised(work=d.user("work")), {**moments(monday, remind=8, due=10), "due_at": written})


def test_what_is_read_from_other_variables_stays(run: Run, monday: datetime) -> None:
    instance = run(promised(), moments(monday, remind=8, due=10))

    redate(instance, {"due_at": (monday + timedelta(hours=20)).isoformat()})

    assert waiting(instance)["soon"] == monday + timedelta(hours=8)


def test_a_reminder_that_came_already_comes_again_before_the_new_moment(run: Run, monday: datetime) -> None:
    instance = run(promised(), moments(monday, remind=8, due=10))
    with clock.at(monday + timedelta(hours=9)):
        timers.fire_due()
        assert waiting(instance).keys() == {"late"}

        redate(instance, moments(monday, remind=18, due=20))

    assert waiting(instance) == {"soon": monday + timedelta(hours=18), "late": monday + timedelta(hours=20)}
    with clock.at(monday + timedelta(hours=18)):
        assert timers.fire_due() == 1
        assert len(instance_tasks(instance, "remind")) == 2


def test_a_reminder_that_came_already_does_not_come_again_when_its_new_moment_is_over(
    run: Run, monday: datetime
) -> None:  # fmt: skip
    instance = run(promised(), moments(monday, remind=4, due=10))
    with clock.at(monday + timedelta(hours=5)):
        timers.fire_due()

        redate(instance, moments(monday, remind=3, due=9))

    assert waiting(instance) == {"late": monday + timedelta(hours=9)}


def test_a_moment_that_is_over_is_left_to_the_clock(run: Run, monday: datetime) -> None:
    instance = run(promised(), moments(monday, remind=8, due=10))

    with clock.at(monday + timedelta(hours=1)):
        redate(instance, moments(monday, remind=-2, due=10))
        assert set(open_tasks(instance)) == {"work"}
        assert timers.fire_due() == 1
        assert set(open_tasks(instance)) == {"work", "remind"}


def test_the_activity_goes_on_to_its_end_after_a_second_reminder(run: Run, monday: datetime) -> None:
    instance = run(promised(), moments(monday, remind=8, due=10))
    with clock.at(monday + timedelta(hours=9)):
        timers.fire_due()
        redate(instance, moments(monday, remind=18, due=20))
    with clock.at(monday + timedelta(hours=21)):
        timers.fire_due()
        for element in ("work", "remind", "remind", "breach"):
            with transaction():
                tasks.complete(open_tasks(instance)[element].id, {}, by="tuan")

    assert instance.ended_at is not None
    assert waiting(instance) == {}


def test_dates_of_an_outer_scope_follow_what_is_written_inside(run: Run, monday: datetime) -> None:
    """An extension granted in a branch beside the work moves the dates of the whole subprocess."""
    inside = d.subprocess(
        "work", d.start("s"), d.user("do", dueDate="= due_at"), d.end("e"), d.path("s", "do", "e"),
        d.boundary("asked", "do", d.message("extension")[1], interrupting=False),
        d.user("grant", answers="due_at remind_at", redates="due_at remind_at"), d.end("granted"), d.path("asked", "grant", "granted"),
    )  # fmt: skip
    xml = promised(work=inside).replace(b"<bpmn:process", d.message("extension")[0].encode() + b"<bpmn:process", 1)
    instance = run(xml, moments(monday, remind=8, due=10))
    with transaction():
        messages.deliver("extension", "PK-1", {}, by="tuan")

    with transaction():
        tasks.complete(open_tasks(instance)["grant"].id, moments(monday, remind=18, due=20), by="lan")

    assert waiting(instance) == {"soon": monday + timedelta(hours=18), "late": monday + timedelta(hours=20)}
    assert open_tasks(instance)["do"].due_at == monday + timedelta(hours=20)


def test_a_job_that_waits_begins_with_the_new_dates(run: Run, monday: datetime) -> None:
    xml = promised(work=d.service("work", "test_shout", {"greeting": "=due_at"}))
    instance = run(xml, moments(monday, remind=8, due=10))

    redate(instance, moments(monday, remind=18, due=20))

    job = (
        session().scalars(select(Job).where(Job.task_uid.is_not(None)).execution_options(populate_existing=True)).one()
    )
    assert job.payload["greeting"] == (monday + timedelta(hours=20)).isoformat()
    jobs.run(job.id)
    assert instance.ended_at is not None


def test_a_suspended_instance_keeps_the_new_dates_for_later(run: Run, monday: datetime) -> None:
    instance = run(promised(), moments(monday, remind=8, due=10))
    with transaction():
        operations.suspend(instance.id, by="an", reason="a flood")

    redate(instance, moments(monday, remind=18, due=20))

    assert waiting(instance)["late"] == monday + timedelta(hours=20)
    with clock.at(monday + timedelta(hours=30)):
        assert timers.fire_due() == 0


def test_a_date_that_is_no_moment_changes_nothing(run: Run, monday: datetime) -> None:
    instance = run(promised(), moments(monday, remind=8, due=10))

    with pytest.raises(ExecutionFailed, match="not a moment"):
        redate(instance, {"due_at": "soon"})

    session().rollback()
    assert waiting(instance)["late"] == monday + timedelta(hours=10)


def test_an_instance_that_has_ended_has_no_dates(run: Run, monday: datetime) -> None:
    instance = run(promised(), moments(monday, remind=8, due=10))
    with transaction():
        tasks.complete(open_tasks(instance)["work"].id, {}, by="tuan")

    with pytest.raises(InstanceEnded):
        redate(instance, moments(monday, remind=18, due=20))


def test_an_event_gateway_waits_for_the_new_date(run: Run, monday: datetime) -> None:
    declared, caught = d.message("answer")
    xml = d.process(
        d.start(), d.event_gateway("which"), d.path("start", "which"),
        d.catch("over", d.timer("timeDate", "due_at")), d.catch("answered", caught),
        d.end("a"), d.end("b"), d.path("which", "over", "a"), d.path("which", "answered", "b"), outside=declared,
    )  # fmt: skip
    instance = run(xml, moments(monday, remind=8, due=10))

    redate(instance, moments(monday, remind=18, due=20))

    assert set(waiting(instance).values()) == {monday + timedelta(hours=20)}
    with clock.at(monday + timedelta(hours=12)):
        assert timers.fire_due() == 0
    with clock.at(monday + timedelta(hours=20)):
        assert timers.fire_due() == 1
    assert instance.ended_at is not None


def instance_tasks(instance: Instance, element: str) -> list[Any]:
    """All open tasks of one element."""
    found: list[Any] = []
    with transaction():
        instances.amend(instance.id, lambda run: found.extend(of(run, element)), by="lan")
    return found


def of(run: Running, element: str) -> list[Any]:
    return [task for task in run.tasks() if task.element.id == element]
