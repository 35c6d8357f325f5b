"""Instances begun by hand: where, with what, under which key; and how live processes begin by themselves."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from engine import beginnings, clock, definitions, instances, operations
from engine.base import session, transaction
from engine.beginnings import BusinessKeyTaken
from engine.errors import CasewayError, DefinitionNotFound, DefinitionSuspended, ExecutionFailed, Invalid
from engine.ledger import Operation
from engine.models import Instance
from tests.engine import drawing as d
from tests.engine.conftest import open_tasks

_MESSAGE, CAUGHT = d.message("asked")
DAY = timedelta(days=1)


def drawn(*events: tuple[str, str]) -> bytes:
    """A process with these start events, each with a task of its own behind it: `work_<id>`."""
    parts: list[str] = []
    for name, event in events:
        parts += [f'<bpmn:startEvent id="{name}" name="Begin {name}">{event}</bpmn:startEvent>', d.user(f"work_{name}")]
        parts += [d.path(name, f"work_{name}", "end")]
    return d.process(*parts, d.end(), outside=_MESSAGE)


def daily(text: str = "R/P1D") -> str:
    return d.timer("timeCycle", f'"{text}"')


def deploy(*events: tuple[str, str]) -> None:
    with transaction():
        definitions.deploy({"demo.bpmn": drawn(*events)}, by="mai")


def begin(key: str = "demo", **asked: Any) -> Instance:
    given: dict[str, Any] = {"variables": {}, "business_key": None, "at": None, "by": "mai", "reason": "by phone"}
    with transaction():
        return beginnings.begin(key, **{**given, **asked})


def count(table: type[Instance | Operation]) -> int:
    return session().scalar(select(func.count()).select_from(table)) or 0


def test_an_instance_begins_at_the_plain_start_event_and_is_written_down(app: Flask) -> None:
    deploy(("plain", ""), ("asked", CAUGHT), ("daily", daily()))

    instance = begin(variables={"street": "Lê Lợi"}, business_key="D-1")

    assert (instance.business_key, list(open_tasks(instance))) == ("D-1", ["work_plain"])
    told = session().scalars(select(Operation)).one()
    assert (told.kind, told.by, told.reason, told.instance_id) == ("instance_begun", "mai", "by phone", instance.id)
    assert told.particulars == {"element_id": "plain", "after": {"street": "Lê Lợi"}}


@pytest.mark.parametrize("name", ["asked", "daily"])
def test_an_instance_begins_where_it_is_told_to(app: Flask, name: str) -> None:
    deploy(("plain", ""), ("asked", CAUGHT), ("daily", daily()))

    assert list(open_tasks(begin(at=name))) == [f"work_{name}"]


def test_a_key_is_made_where_none_is_given(app: Flask) -> None:
    deploy(("plain", ""))

    first, second = begin(), begin()

    assert len({first.business_key, second.business_key, ""}) == 3


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"at": "nowhere"}, "unknown_start_event"),
        ({"at": "work_asked"}, "unknown_start_event"),
        ({}, "start_event_needed"),
        ({"at": "daily", "variables": {"a b": 1}}, "not_a_name"),
        ({"at": "daily", "variables": {"self": 1}}, "reserved_name"),
        ({"at": "daily", "variables": {"note": "x" * 5000}}, "too_big"),
        ({"at": "daily", "business_key": "k" * 201}, "too_long"),
    ],
)
def test_what_cannot_begin_is_told_and_nothing_is_kept(app: Flask, asked: dict[str, Any], code: str) -> None:
    deploy(("asked", CAUGHT), ("daily", daily()))

    with pytest.raises(Invalid) as caught:
        begin(**asked)

    assert [one.code for one in caught.value.problems] == [code]
    if "start_event" in code:
        assert caught.value.problems[0].params == {"known": "asked, daily"}
    assert (count(Instance), count(Operation)) == (0, 0)


def test_a_key_that_is_taken_is_refused(app: Flask) -> None:
    deploy(("plain", ""))
    begin(business_key="D-1")

    with pytest.raises(BusinessKeyTaken):
        begin(business_key="D-1")

    assert (count(Instance), count(Operation)) == (1, 1)


def test_nothing_begins_that_is_unknown_or_suspended(app: Flask) -> None:
    deploy(("plain", ""))
    with transaction():
        operations.suspend_definition("demo", by="mai", reason="a test")

    for key, refusal in (("x", DefinitionNotFound), ("demo", DefinitionSuspended)):
        with pytest.raises(refusal):
            begin(key)

    assert count(Instance) == 0


def test_of_two_at_once_one_is_told_that_the_key_is_taken(own_app: Flask) -> None:
    together, told = threading.Barrier(4), []

    def one() -> None:
        with own_app.app_context():
            together.wait()
            try:
                begin(business_key="D-1")
                told.append("begun")
            except CasewayError as error:
                told.append(error.code)

    with own_app.app_context():
        deploy(("plain", ""))
    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(told) == ["begun", *["business_key_taken"] * 3]


def test_one_who_starts_without_the_lock_may_be_faster(own_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    start = instances.start

    def somebody_else() -> None:
        with own_app.app_context(), transaction():
            start("demo", {}, business_key="D-1", by="lan")

    def faster(*asked: Any, **named: Any) -> Instance:
        thread = threading.Thread(target=somebody_else)
        thread.start()
        thread.join()
        return start(*asked, **named)

    monkeypatch.setattr(instances, "start", faster)
    with own_app.app_context():
        deploy(("plain", ""))
        with pytest.raises(BusinessKeyTaken):
            begin(business_key="D-1")
        assert (count(Instance), count(Operation)) == (1, 0)


def test_the_starts_of_live_versions_are_listed(app: Flask, monday: datetime) -> None:
    with clock.at(monday):
        deploy(("old", ""))
        deploy(("plain", ""), ("asked", CAUGHT), ("daily", daily()), ("thrice", daily("R3/P1D")),
               ("gone", d.timer("timeDate", '"2020-01-01T08:00:00+07:00"')))  # fmt: skip

        found = beginnings.starts()

    assert [(one.element_id, one.kind, one.message, one.due_at, one.left) for one in found] == [
        ("plain", "plain", None, None, 0),
        ("asked", "message", "asked", None, 0),
        ("daily", "timer", None, monday + DAY, None),
        ("thrice", "timer", None, monday + DAY, 3),
        ("gone", "timer", None, None, 0),
    ]
    assert {(one.definition.key, one.definition.version) for one in found} == {("demo", 2)}
    assert found[0].name == "Begin plain"


def test_what_fails_at_the_start_leaves_nothing(app: Flask) -> None:
    late = d.boundary("late", "work", d.timer("timeDate", "due"), interrupting=False)
    never = d.process(d.start(), d.user("work"), d.end(), d.path("start", "work", "end"), late, d.end("noted"),
                      d.path("late", "noted"))  # fmt: skip
    with transaction():
        definitions.deploy({"demo.bpmn": never}, by="mai")

    with pytest.raises(ExecutionFailed):
        begin(variables={"due": "some day"})

    assert (count(Instance), count(Operation)) == (0, 0)
