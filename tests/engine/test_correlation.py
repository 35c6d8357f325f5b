"""Messages by a key the diagram names: a work order, a lamp, an outage, instead of the business key of one instance."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from engine import definitions, instances, jobs, messages, operations, tasks, timers
from engine.base import session, transaction
from engine.errors import ExecutionFailed, InstanceSuspended, MessageNotAwaited
from engine.messages import Receipt
from engine.models import Instance, InstanceStatus, Subscription, TaskState, UserTask
from engine.received import ReceivedMessage
from engine.spiff.correlation import LONGEST, key_of
from engine.spiff.elements import Element
from tests.engine import drawing as d
from tests.engine.conftest import open_tasks

_MESSAGE, _MENDED = d.message("mended")
#: Waits for what is said about its lamp.
LAMP = d.process(
    d.start(), d.user("look", answers="lamp"), d.catch("hear", _MENDED, "= lamp"), d.user("read"), d.end(),
    d.path("start", "look", "hear", "read", "end"), outside=_MESSAGE,
)  # fmt: skip
#: Says something about a lamp; in its other branch it waits for the same message by its business key.
CREW = d.process(
    d.start(), d.parallel("both"), d.throw("tell", _MENDED, "= lamp"), d.end("told"), d.catch("own", _MENDED), d.end("heard"),
    d.path("start", "both", "tell", "told"), d.path("both", "own", "heard"), key="crew", outside=_MESSAGE,
)  # fmt: skip
_LATE, _TOO_LATE = d.message("late")
#: Whichever is said first about its lamp decides.
EITHER = d.process(
    d.start(), d.event_gateway("wait"), d.catch("good", _MENDED, "= lamp"), d.catch("bad", _TOO_LATE), d.user("glad"), d.user("sad"),
    d.end(), d.path("start", "wait", "good", "glad", "end"), d.path("wait", "bad", "sad", "end"), outside=_MESSAGE + _LATE,
)  # fmt: skip


@pytest.fixture(autouse=True)
def _monday(app: Flask, monday: datetime) -> None:
    with transaction():
        for xml in (LAMP, CREW):
            definitions.deploy({"demo.bpmn": xml}, by="mai")


def start(key: str, process: str = "demo", **variables: Any) -> Instance:
    with transaction():
        return instances.start(process, variables, business_key=key, by="hanh")


def waiting(key: str, lamp: object) -> Instance:
    """An instance that waits for what is said about a lamp."""
    instance = start(key)
    with transaction():
        tasks.complete(open_tasks(instance)["look"].id, {"lamp": lamp}, by="mai")
    return instance


def publish(key: str, **said: Any) -> Receipt:
    with transaction():
        return messages.publish("mended", key, {"text": "shines"}, by="post", **said)


def elements(instance_id: int) -> list[str]:
    """Where an instance has open tasks."""
    query = select(UserTask.element_id).where(UserTask.instance_id == instance_id, UserTask.state == TaskState.OPEN)
    return list(session().scalars(query))


def status(instance_id: int) -> str | None:
    return session().scalar(select(Instance.status).where(Instance.id == instance_id))


def clock_looks() -> None:
    timers.tick()
    jobs.run_waiting()
    session().expire_all()


def test_everybody_who_named_the_key_takes_it_and_nobody_else() -> None:
    one, two, other = waiting("PK-1", "L-7"), waiting("PK-2", "L-7"), waiting("PK-3", "L-8")
    for key in ("PK-1", "l-7", "L-7 "):
        with pytest.raises(MessageNotAwaited):
            publish(key)
    assert publish("L-7") == Receipt("taken", ("PK-1", "PK-2"))
    assert [set(open_tasks(each)) for each in (one, two, other)] == [{"read"}, {"read"}, set()]


@pytest.mark.parametrize(("lamp", "key"), [(17, "17"), (17.0, "17"), (0.5, "0.5"), (1200, "1200"), ("L 7", "L 7")])
def test_a_number_is_found_as_it_is_written(lamp: object, key: str) -> None:
    waiting("PK-1", lamp)
    assert publish(key).result == "taken"


@pytest.mark.parametrize("lamp", [None, "", "  ", True, ["L-7"], {"id": "L-7"}, "x" * (LONGEST + 1)])
def test_what_is_no_key_is_refused_with_its_element_and_nothing_happened(lamp: object) -> None:
    instance = start("PK-1")
    with pytest.raises(ExecutionFailed, match="hear"), transaction():
        tasks.complete(open_tasks(instance)["look"].id, {"lamp": lamp}, by="mai")
    assert set(open_tasks(instance)) == {"look"}
    assert session().scalars(select(Subscription)).all() == []


def test_the_key_stays_what_it_was_when_the_waiting_began() -> None:
    instance = waiting("PK-1", "L-7")
    with transaction():
        operations.edit_variables(instance.id, {"lamp": "L-8"}, by="admin", reason="a slip")
    with pytest.raises(MessageNotAwaited):
        publish("L-8")
    assert publish("L-7").result == "taken"


def test_what_is_said_before_anybody_waits_is_kept_for_the_key() -> None:
    assert publish("L-7", keep_for=timedelta(hours=1)) == Receipt("kept")
    instance = waiting("PK-1", "L-7")
    clock_looks()
    assert set(open_tasks(instance)) == {"read"}


def test_all_take_it_or_none() -> None:
    one, two = (waiting(key, "L-7").id for key in ("PK-1", "PK-2"))
    with transaction():
        operations.suspend(two, by="admin", reason="water in the cellar")
    with pytest.raises(InstanceSuspended):
        publish("L-7")
    assert elements(one) == []
    assert publish("L-7", keep_for=timedelta(hours=1)) == Receipt("kept")
    clock_looks()
    assert [elements(each) for each in (one, two)] == [[], []]
    assert session().scalars(select(ReceivedMessage.state)).all() == ["waiting"]
    with transaction():
        operations.resume(two, by="admin", reason="dry again")
    clock_looks()
    assert [elements(each) for each in (one, two)] == [["read"], ["read"]]


def test_what_is_sent_under_a_key_reaches_others_and_not_whoever_goes_by_its_business_key() -> None:
    lamp, crew = waiting("PK-1", "L-7"), start("crew-1", "crew", lamp="L-7")
    assert set(open_tasks(lamp)) == set()
    clock_looks()
    assert set(open_tasks(lamp)) == {"read"}
    assert status(crew.id) == InstanceStatus.RUNNING
    assert publish("crew-1") == Receipt("taken", ("crew-1",))
    assert status(crew.id) == InstanceStatus.ENDED


@pytest.mark.parametrize(("name", "key", "then"), [("mended", "L-7", "glad"), ("late", "PK-1", "sad")])
def test_behind_an_event_gateway_each_branch_has_its_own(
    run: Callable[..., Instance], name: str, key: str, then: str
) -> None:
    instance = run(EITHER, {"lamp": "L-7"})
    with pytest.raises(MessageNotAwaited), transaction():
        messages.publish(name, "PK-1" if key == "L-7" else "L-7", {}, by="post")
    with transaction():
        messages.publish(name, key, {}, by="post")
    assert set(open_tasks(instance)) == {then}
    assert session().scalars(select(Subscription)).all() == []


@given(st.integers(-(10**9), 10**9) | st.floats(-1e6, 1e6, allow_nan=False).map(lambda one: round(one, 4)))
def test_a_number_has_one_key_however_it_is_written(number: float) -> None:
    element = Element("hear", "receiveTask", "Hear", correlation_key=lambda _variables: number)
    key = key_of(element, {})
    assert key is not None
    assert Decimal(key) == Decimal(str(number))
    assert "e" not in key.lower()
