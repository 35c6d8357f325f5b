"""Messages from outside: taken once, by whom they are for, whether they come early, twice or at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from engine import clock, definitions, instances, jobs, messages, operations, tasks, timers
from engine.base import session, transaction
from engine.errors import InstanceSuspended, Invalid, MessageNotAwaited
from engine.messages import MEMORY, Receipt
from engine.models import Instance, InstanceStatus
from engine.received import ReceivedMessage
from tests.engine import drawing as d
from tests.engine.conftest import open_tasks

Run = Callable[..., Instance]
HOUR = timedelta(hours=1)
_MESSAGE, _CAUGHT = d.message("answered")
#: First a task, then the wait for a message.
LATE = d.process(
    d.start(), d.user("ask"), d.catch("hear", _CAUGHT), d.user("read"), d.end(), d.path("start", "ask", "hear", "read", "end"),
    outside=_MESSAGE,
)  # fmt: skip
STARTED = d.process(
    f'<bpmn:startEvent id="called">{_CAUGHT}</bpmn:startEvent>', d.user("read"), d.end(), d.path("called", "read", "end"),
    outside=_MESSAGE,
)  # fmt: skip


def publish(key: str = "PK-1", payload: dict[str, Any] | None = None, **said: Any) -> Receipt:
    with transaction():
        return messages.publish("answered", key, payload or {"text": "yes"}, by="post", **said)


def ask(instance: Instance) -> None:
    """Let the instance come to where it waits for the message."""
    with transaction():
        tasks.complete(open_tasks(instance)["ask"].id, {}, by="mai")


def clock_looks() -> None:
    timers.tick()
    jobs.run_waiting()
    session().expire_all()


def variables(instance: Instance) -> dict[str, Any]:
    return definitions.process_of(instance.definition_id).resume(instance.state, None).variables()  # type: ignore[arg-type]  # nobody is asked


def test_who_waits_takes_it(run: Run, monday: datetime) -> None:
    instance = run(LATE)
    ask(instance)

    assert publish() == Receipt("taken", ("PK-1",))
    assert set(open_tasks(instance)) == {"read"}
    with pytest.raises(MessageNotAwaited):
        publish()


def test_nobody_takes_what_is_for_another(run: Run, monday: datetime) -> None:
    ask(run(LATE))
    with pytest.raises(MessageNotAwaited):
        publish("PK-2")
    assert session().scalar(select(func.count()).select_from(ReceivedMessage)) == 0


def test_what_comes_too_early_is_kept_until_somebody_waits(run: Run, monday: datetime) -> None:
    instance = run(LATE)
    assert publish(keep_for=HOUR) == Receipt("kept")
    clock_looks()
    ask(instance)
    assert open_tasks(instance) == {}

    clock_looks()
    assert set(open_tasks(instance)) == {"read"}
    clock_looks()
    assert session().scalars(select(ReceivedMessage.state)).all() == ["taken"]


def test_what_nobody_wants_in_time_expires(run: Run, monday: datetime) -> None:
    instance = run(LATE)
    publish(keep_for=HOUR)
    with clock.at(monday + HOUR):
        clock_looks()
        ask(instance)
        clock_looks()
    assert open_tasks(instance) == {}
    assert session().scalars(select(ReceivedMessage.state)).all() == ["expired"]
    with clock.at(monday + MEMORY):
        clock_looks()
    assert session().scalars(select(ReceivedMessage)).all() == []


def test_the_same_message_again_changes_nothing(run: Run, monday: datetime) -> None:
    instance = run(LATE)
    assert publish(message_id="m-1", keep_for=HOUR) == Receipt("kept")
    assert publish(message_id="m-1", keep_for=HOUR) == Receipt("duplicate")
    ask(instance)
    clock_looks()
    assert publish(message_id="m-1") == Receipt("duplicate")
    with clock.at(monday + MEMORY - HOUR):
        clock_looks()
        assert publish(message_id="m-1") == Receipt("duplicate")


def test_a_message_nobody_wanted_may_be_sent_again(run: Run, monday: datetime) -> None:
    instance = run(LATE)
    with pytest.raises(MessageNotAwaited):
        publish(message_id="m-1")
    ask(instance)
    assert publish(message_id="m-1") == Receipt("taken", ("PK-1",))


def test_a_suspended_instance_takes_what_was_kept_when_it_goes_on(run: Run, monday: datetime) -> None:
    instance = run(LATE)
    publish(keep_for=HOUR)
    ask(instance)
    with transaction():
        operations.suspend(instance.id, by="admin", reason="water in the cellar")
    clock_looks()
    assert session().scalars(select(ReceivedMessage.state)).all() == ["waiting"]
    with transaction():
        operations.resume(instance.id, by="admin", reason="dry again")
    clock_looks()
    assert set(open_tasks(instance)) == {"read"}


def test_what_comes_for_a_suspended_instance_is_kept_until_it_goes_on(run: Run, monday: datetime) -> None:
    instance = run(LATE)
    ask(instance)
    with transaction():
        operations.suspend(instance.id, by="admin", reason="water in the cellar")
    with pytest.raises(InstanceSuspended):
        publish(message_id="m-1")
    assert publish(message_id="m-1", keep_for=HOUR) == Receipt("kept")
    with transaction():
        operations.resume(instance.id, by="admin", reason="dry again")
    clock_looks()
    assert set(open_tasks(instance)) == {"read"}


def test_a_message_starts_one_instance_for_each_key(app: Flask, monday: datetime) -> None:
    with transaction():
        definitions.deploy({"demo.bpmn": STARTED}, by="mai")
    assert publish("PK-7") == Receipt("started", ("PK-7",))
    with pytest.raises(MessageNotAwaited):
        publish("PK-7")
    keyless = publish("")
    assert keyless.result == "started"
    started = session().scalars(select(Instance).order_by(Instance.id)).all()
    assert [(one.business_key, one.status) for one in started] == [
        ("PK-7", InstanceStatus.RUNNING),
        (keyless.business_keys[0], InstanceStatus.RUNNING),
    ]
    assert variables(started[0]) == {"text": "yes"}


def test_a_suspended_process_is_started_by_nothing(app: Flask, monday: datetime) -> None:
    with transaction():
        definition = definitions.deploy({"demo.bpmn": STARTED}, by="mai")
        operations.suspend_definition(definition.key, by="admin", reason="under repair")
    assert publish("PK-7", keep_for=HOUR) == Receipt("kept")


@pytest.mark.parametrize("payload", [{"self": 1}, {"text": "x" * 5000}])
def test_what_an_instance_could_not_keep_is_refused_before_anything_happens(
    run: Run, monday: datetime, payload: dict[str, Any]
) -> None:
    with pytest.raises(Invalid):
        publish(payload=payload, keep_for=HOUR)
    assert session().scalars(select(ReceivedMessage)).all() == []


def at_once(app: Flask, *acts: Callable[[], object]) -> list[object]:
    """Do these things in threads of their own, all at the same moment."""
    gate, found = threading.Barrier(len(acts)), list[object]()

    def act(what: Callable[[], object]) -> None:
        with app.app_context():
            gate.wait()
            try:
                found.append(what())
            except MessageNotAwaited as error:
                found.append(type(error))

    threads = [threading.Thread(target=act, args=(one,)) for one in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_a_message_and_whoever_waits_for_it_never_miss_one_another(own_app: Flask) -> None:
    with own_app.app_context():
        with transaction():
            definitions.deploy({"demo.bpmn": LATE}, by="mai")
        for number in range(8):
            with transaction():
                instance = instances.start("demo", {}, business_key=f"PK-{number}", by="hanh")
            task_id = open_tasks(instance)["ask"].id

            def wait(task_id: int = task_id) -> None:
                with transaction():
                    tasks.complete(task_id, {}, by="mai")

            at_once(own_app, wait, lambda number=number: publish(f"PK-{number}", keep_for=HOUR))  # type: ignore[misc]
        clock_looks()
        waiting = session().scalars(select(Instance)).all()
        assert [set(open_tasks(one)) for one in waiting] == [{"read"}] * 8


def test_of_the_same_message_twice_at_once_one_is_known(own_app: Flask) -> None:
    with own_app.app_context():
        with transaction():
            definitions.deploy({"demo.bpmn": STARTED}, by="mai")
        for number in range(4):
            found = at_once(
                own_app,
                *[lambda n=number: publish(f"PK-{n}", message_id=f"m-{n}") for _ in range(3)],
            )
            assert sorted(one.result for one in found if isinstance(one, Receipt)) == [
                "duplicate",
                "duplicate",
                "started",
            ]
