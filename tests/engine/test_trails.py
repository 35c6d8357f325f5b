"""Every instance keeps what it passed, in order, with the moments; however it is stored between."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import clock, instances, tasks, timers, trails
from engine.base import session, transaction
from engine.models import Instance
from tests.engine import drawing as d
from tests.engine.conftest import open_tasks

Run = Callable[..., Instance]
HOUR = timedelta(hours=1)


def told(instance: Instance) -> list[tuple[str, timedelta]]:
    """The elements passed and how long after the start."""
    session().expire(instance)
    return [(one.element_id, one.at - instance.started_at) for one in trails.of(instance)]


def test_it_tells_gateways_machines_events_and_people_with_their_moments(run: Run, monday: object) -> None:
    xml = d.process(
        d.start(), d.service("hello", "test_greet"), d.exclusive("which", "which_end"), d.user("check"), d.end(),
        d.boundary("late", "check", d.timer("timeDuration", '"PT1H"'), interrupting=False), d.end("noted"),
        d.path("start", "hello", "which"), d.flow("which", "check", "true"), d.flow("which", "end"),
        d.path("check", "end"), d.path("late", "noted"),
    )  # fmt: skip
    instance = run(xml, {"name": "An"})
    with clock.at(instance.started_at + HOUR):
        timers.fire_due()
    with clock.at(instance.started_at + 3 * HOUR), transaction():
        tasks.complete(open_tasks(instance)["check"].id, {}, by="tuan")

    nothing = timedelta()
    assert told(instance) == [
        ("start", nothing), ("hello", nothing), ("which", nothing), ("late", HOUR), ("noted", HOUR),
        ("check", 3 * HOUR), ("end", 3 * HOUR),
    ]  # fmt: skip
    assert trails.visited(instance)[:3] == ["start", "hello", "which"]


def test_an_advance_that_passes_nothing_adds_nothing(run: Run) -> None:
    instance = run(d.simple(d.user("check"), names=("check",)))
    with transaction():
        instances.advance(instance.id, instances.nothing, by="tuan")

    assert told(instance) == [("start", timedelta())]


def test_what_fails_leaves_no_trail(run: Run) -> None:
    instance = run(d.simple(d.user("check"), d.user("after"), names=("check", "after")))

    def stop() -> None:
        tasks.complete(open_tasks(instance)["check"].id, {}, by="tuan")
        raise LookupError

    with pytest.raises(LookupError), transaction():
        stop()
    assert told(instance) == [("start", timedelta())]


def test_a_process_that_runs_in_circles_for_ever_stops_adding(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    instance = run(d.simple(d.user("check"), names=("check",)))
    instance.trail = "0\tx\n" * (trails.LONGEST // 4)
    with transaction():
        tasks.complete(open_tasks(instance)["check"].id, {}, by="tuan")

    assert {one for one, _ in told(instance)} == {"x"}


@given(
    st.lists(st.tuples(st.timedeltas(timedelta(0), timedelta(days=900)), st.lists(st.text(min_size=1, max_size=9), max_size=5)))
)  # fmt: skip
def test_any_ids_are_read_as_they_were_written(passed: list[tuple[timedelta, list[str]]]) -> None:
    started = datetime(2026, 11, 23, 1).astimezone()
    read = trails.read("".join(trails.line(ids, after) for after, ids in passed), started)

    assert [one.element_id for one in read] == [trails.plain(one) for _, ids in passed for one in ids]
    assert [one.at - started for one in read] == [timedelta(seconds=after // timedelta(seconds=1)) for after, ids in passed for _ in ids]  # fmt: skip
