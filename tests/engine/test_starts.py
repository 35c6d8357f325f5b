"""Processes that begin by themselves: at the moments drawn, each once, on the version that is active then."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from sqlalchemy import select

from engine import appointments, clock, definitions, entries, jobs, messages, operations, timers
from engine.base import session, transaction
from engine.entries import StartEvent
from engine.models import Definition, Incident, Instance
from engine.spiff.starts import Entry, of_moment
from tests.engine import drawing as d
from tests.engine.conftest import open_tasks

MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
_MESSAGE, _CAUGHT = d.message("answered")


def begun(event: str, attributes: str = "", task: str = "work") -> bytes:
    start = f'<bpmn:startEvent id="daily" {attributes}>{event}</bpmn:startEvent>'
    return d.process(start, d.user(task), d.end(), d.path("daily", task, "end"), outside=_MESSAGE)


def every(text: str) -> str:
    return d.timer("timeCycle", f'"{text}"')


def deploy(diagram: bytes) -> Definition:
    with transaction():
        return definitions.deploy({"demo.bpmn": diagram}, by="mai")


def looks(moment: datetime) -> list[str]:
    """The keys of all instances after the clock has looked at a moment and workers have worked."""
    with clock.at(moment):
        timers.tick()
        jobs.run_waiting()
    session().expire_all()
    return list(session().scalars(select(Instance.business_key).order_by(Instance.id)))


def test_each_moment_starts_one_instance(app: Flask, monday: datetime) -> None:
    deploy(begun(every("R/P1D")))

    assert looks(monday + 23 * HOUR) == []
    assert looks(monday + DAY) == ["demo daily 2026-11-24T01:00:00Z"]
    assert looks(monday + DAY + HOUR) == ["demo daily 2026-11-24T01:00:00Z"]
    assert len(looks(monday + 2 * DAY)) == 2
    started = session().scalars(select(Instance)).first()
    assert started is not None
    assert (started.started_at, list(open_tasks(started))) == (monday + DAY, ["work"])


@pytest.mark.parametrize(
    ("event", "moments"),
    [
        (every("R2/P1D"), [DAY, 2 * DAY]),
        (every("R/2026-11-22T18:00:00+07:00/P1D"), [10 * HOUR, 34 * HOUR, 58 * HOUR, 82 * HOUR]),
        (d.timer("timeDuration", '"PT36H"'), [36 * HOUR]),
        (d.timer("timeDate", '"2026-11-24T08:00:00+07:00"'), [DAY]),
        (d.timer("timeDate", '"2026-11-22T08:00:00+07:00"'), []),
    ],
)
def test_what_is_written_there(app: Flask, monday: datetime, event: str, moments: list[timedelta]) -> None:
    deploy(begun(event))

    for hour in range(96):
        looks(monday + hour * HOUR)

    assert [one - monday for one in session().scalars(select(Instance.started_at).order_by(Instance.id))] == moments
    assert (session().scalar(select(StartEvent.id)) is None) == (len(moments) < 3)


@pytest.mark.parametrize(("attributes", "count"), [("", 1), ('caseway:catchUp="all"', 7)])
def test_a_week_without_a_clock(app: Flask, monday: datetime, attributes: str, count: int) -> None:
    deploy(begun(every("R/P1D"), attributes))

    for _ in range(10):
        looks(monday + 7 * DAY + HOUR)

    assert len(looks(monday + 7 * DAY + HOUR)) == count
    assert len(looks(monday + 8 * DAY)) == count + 1


def test_only_the_active_version_begins(app: Flask, monday: datetime) -> None:
    first = deploy(begun(every("R/P1D"))).id
    deploy(begun(every("R/P7D"), task="other"))

    assert looks(monday + 2 * DAY) == []
    with clock.at(monday + 2 * DAY), transaction():
        definitions.activate(definitions.get(first))
    assert looks(monday + 3 * DAY) == ["demo daily 2026-11-26T01:00:00Z"]
    with transaction():
        definitions.activate(definitions.get(first))  # it is already; nothing begins anew
    assert looks(monday + 4 * DAY)[1:] == ["demo daily 2026-11-27T01:00:00Z"]
    assert [row.definition_id for row in session().scalars(select(StartEvent))] == [first]


def test_a_suspended_process_begins_once_when_it_is_resumed(app: Flask, monday: datetime) -> None:
    deploy(begun(every("R/P1D")))
    with transaction():
        operations.suspend_definition("demo", by="phuc", reason="broken")

    assert looks(monday + 5 * DAY) == []
    with transaction():
        operations.resume_definition("demo", by="phuc", reason="mended")
    assert looks(monday + 5 * DAY) == ["demo daily 2026-11-24T01:00:00Z"]
    assert len(looks(monday + 6 * DAY)) == 2


def test_two_clocks_start_an_instance_once(own_app: Flask) -> None:
    with own_app.app_context(), clock.at(MONDAY):
        deploy(begun(every("R/P1D")))
    meet = threading.Barrier(2)

    def look() -> None:
        with own_app.app_context(), clock.at(MONDAY + DAY), transaction():
            meet.wait()
            appointments.look()

    both = [threading.Thread(target=look) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    with own_app.app_context():
        assert len(looks(MONDAY + DAY)) == 1


def test_the_same_moment_twice_starts_nothing_twice(app: Flask, monday: datetime) -> None:
    definition = deploy(begun(every("R/P1D")))
    with transaction():
        for _ in range(2):  # as a clock that was set back would have it
            payload = {"definition": definition.id, "element": "daily", "due_at": (monday + DAY).isoformat()}
            jobs.add("start_at_moment", payload)

    assert looks(monday + HOUR) == ["demo daily 2026-11-24T01:00:00Z"]


def test_a_start_that_fails_is_an_incident_and_stops_no_other(app: Flask, monday: datetime) -> None:
    start = f'<bpmn:startEvent id="daily">{every("R/P1D")}</bpmn:startEvent>'
    bad = d.process(start, d.service("s", "test_break_inside"), d.end(), d.path("daily", "s", "end"))
    deploy(bad.replace(b'id="demo"', b'id="broken"'))
    deploy(begun(every("R/P1D")))

    for minute in range(0, 600, 10):
        looks(monday + DAY + timedelta(minutes=minute))

    assert looks(monday + DAY + 11 * HOUR) == ["demo daily 2026-11-24T01:00:00Z"]
    (incident,) = session().scalars(select(Incident))
    assert "table gone" in incident.message


def test_a_day_is_a_day_where_clocks_are_set_back(app: Flask) -> None:
    entry = Entry("daily", time=("timeCycle", "R/2026-10-24T06:00:00+00:00/P1D"))
    assert entry.first(datetime(2026, 10, 25, 7, tzinfo=UTC)).next == datetime(2026, 10, 26, 6, tzinfo=UTC)


def test_what_is_not_written_out_begins_by_hand(app: Flask) -> None:
    for time in (d.timer("timeDate", "when"), every("0 8 * * *"), every("R/PT10S"), d.timer("timeDuration", '"soon"')):
        definition = deploy(begun(time))
        assert "start-by-hand" in {one.rule for one in definitions.findings(definition)}
        assert session().scalar(select(StartEvent.id)) is None


@given(st.integers(1, 400), st.integers(0, 20_000))
def test_the_first_moment_is_the_first_after_now(hours: int, later: int) -> None:
    entry, now = Entry("daily", time=("timeCycle", f"R/{MONDAY.isoformat()}/PT{hours}H")), MONDAY + later * HOUR
    cycle = entry.first(now)
    assert now < cycle.next <= now + hours * HOUR
    assert (cycle.next - MONDAY) % (hours * HOUR) == timedelta(0)


@given(st.text(max_size=30))
def test_any_text_is_a_moment_or_none(text: str) -> None:
    timer = etree.Element("{http://www.omg.org/spec/BPMN/20100524/MODEL}startEvent", id="s")
    inner = etree.SubElement(timer, "{http://www.omg.org/spec/BPMN/20100524/MODEL}timerEventDefinition")
    try:
        etree.SubElement(inner, "{http://www.omg.org/spec/BPMN/20100524/MODEL}timeCycle").text = text
    except ValueError:  # no text XML could hold
        return
    assert len(list(of_moment(timer))) in (0, 1)


# -------------------------------------------------------------------------------------------------------- messages


def test_a_kept_message_starts_what_begins_with_it_as_soon_as_that_is_active(app: Flask, monday: datetime) -> None:
    with transaction():
        kept = messages.publish("answered", "PK-1", {"text": "yes"}, by="post", keep_for=DAY)
    assert looks(monday + HOUR) == []

    deploy(begun(_CAUGHT))

    assert kept.result == "kept"
    assert looks(monday + 2 * HOUR) == ["PK-1"]
    assert looks(monday + 3 * HOUR) == ["PK-1"]


def test_a_kept_message_starts_what_is_resumed(app: Flask, monday: datetime) -> None:
    deploy(begun(_CAUGHT))
    with transaction():
        operations.suspend_definition("demo", by="phuc", reason="broken")
        messages.publish("answered", "PK-1", {"text": "yes"}, by="post", keep_for=DAY)
    assert looks(monday + HOUR) == []

    with transaction():
        operations.resume_definition("demo", by="phuc", reason="mended")

    assert looks(monday + 2 * HOUR) == ["PK-1"]


def test_of_two_processes_the_first_in_the_alphabet_begins(app: Flask, monday: datetime) -> None:
    for key in (b'id="zebra"', b'id="ant"'):
        deploy(begun(_CAUGHT).replace(b'id="demo"', key))
    with transaction():
        messages.publish("answered", "PK-1", {}, by="post")

    assert looks(monday) == ["PK-1"]
    assert session().scalars(select(Definition.key).join(Instance)).all() == ["ant"]


def test_entries_follow_the_active_version(app: Flask, monday: datetime) -> None:
    definition = deploy(begun(every("R/P1D")))
    row = session().scalars(select(StartEvent)).one()
    with transaction():
        entries.next_round(row, monday + 3 * DAY)
    assert (row.definition_id, row.due_at) == (definition.id, monday + 4 * DAY)
