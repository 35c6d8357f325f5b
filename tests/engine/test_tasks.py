"""Two people at one task: one wins, the other is told."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import pytest
from flask import Flask

from engine import definitions, instances, tasks
from engine.base import transaction
from engine.errors import TaskAlreadyClaimed, TaskAlreadyCompleted, TaskNotFound
from engine.models import Instance, UserTask
from tests.engine import drawing as d
from tests.engine.conftest import open_tasks


@pytest.fixture
def task(run: Callable[..., Instance]) -> UserTask:
    return open_tasks(run(d.simple(d.user("check"), d.user("next"), names=("check", "next"))))["check"]


def test_a_claimed_task_is_refused_to_another_person(task: UserTask) -> None:
    with transaction():
        tasks.claim(task.id, by="tuan")

    with pytest.raises(TaskAlreadyClaimed) as told, transaction():
        tasks.claim(task.id, by="minh")

    assert told.value.by == "tuan"


def test_claiming_twice_changes_nothing(task: UserTask) -> None:
    for _ in range(2):
        with transaction():
            tasks.claim(task.id, by="tuan")

    assert task.assignee == "tuan"


def test_a_released_task_can_be_claimed_by_somebody_else(task: UserTask) -> None:
    with transaction():
        tasks.claim(task.id, by="tuan")
    with transaction():
        tasks.release(task.id, by="tuan")
    with transaction():
        tasks.claim(task.id, by="minh")

    assert task.assignee == "minh"


def test_nobody_can_release_what_another_has(task: UserTask) -> None:
    with transaction():
        tasks.claim(task.id, by="tuan")

    with pytest.raises(TaskAlreadyClaimed), transaction():
        tasks.release(task.id, by="minh")


def test_a_delegated_task_belongs_to_the_delegate(task: UserTask) -> None:
    with transaction():
        tasks.delegate(task.id, to="minh", by="lan")

    with pytest.raises(TaskAlreadyClaimed), transaction():
        tasks.complete(task.id, {}, by="tuan")


def test_a_task_cannot_be_completed_twice(task: UserTask) -> None:
    with transaction():
        tasks.complete(task.id, {"note": "first"}, by="tuan")

    with pytest.raises(TaskAlreadyCompleted) as told, transaction():
        tasks.complete(task.id, {"note": "second"}, by="minh")

    assert told.value.by == "tuan"
    assert task.answers == {"note": "first"}


def test_a_completed_task_cannot_be_claimed(task: UserTask) -> None:
    with transaction():
        tasks.complete(task.id, {}, by="tuan")

    with pytest.raises(TaskAlreadyCompleted), transaction():
        tasks.claim(task.id, by="minh")


def test_completing_the_last_task_of_an_ended_instance_again_is_told_as_completed(run: Callable[..., Instance]) -> None:
    last = open_tasks(run(d.simple(d.user("only"), names=("only",))))["only"]
    with transaction():
        tasks.complete(last.id, {}, by="tuan")

    with pytest.raises(TaskAlreadyCompleted), transaction():
        tasks.complete(last.id, {}, by="minh")


def test_a_task_put_off_keeps_its_deadline(task: UserTask, monday: datetime) -> None:
    with transaction():
        tasks.claim(task.id, by="tuan")
        tasks.follow_up(task.id, at=monday + timedelta(days=1), by="tuan")

    assert task.follow_up_at == monday + timedelta(days=1)
    assert task.due_at is None


@pytest.mark.parametrize("verb", [tasks.claim, tasks.release])
def test_a_task_that_never_was_is_not_found(app: object, verb: Callable[..., UserTask]) -> None:
    with pytest.raises(TaskNotFound), transaction():
        verb(999_999, by="tuan")


def test_many_at_one_task_at_once_and_one_wins(own_app: Flask) -> None:
    gate, told = threading.Barrier(6), list[str]()

    def attempt(number: int, act: Callable[[int, str], object], task_id: int) -> None:
        with own_app.app_context():
            gate.wait()
            try:
                with transaction():
                    act(task_id, f"person{number}")
                told.append(f"person{number}")
            except (TaskAlreadyCompleted, TaskAlreadyClaimed) as refused:
                told.append(f"{refused.code} {refused.by}")

    def complete(task_id: int, by: str) -> object:
        return tasks.complete(task_id, {}, by=by)

    def claim(task_id: int, by: str) -> object:
        return tasks.claim(task_id, by=by)

    for number in range(10):
        with own_app.app_context(), transaction():
            diagram = d.simple(d.user("check"), d.user("next"), names=("check", "next"))
            key = definitions.deploy({"demo.bpmn": diagram}, by="mai").key
            instance = instances.start(key, {}, business_key=f"PK-{number}", by="hanh")
            task_id = open_tasks(instance)["check"].id
        acts = [complete] * 6 if number % 2 else [complete, complete, complete, claim, claim, claim]
        all_at_once([partial(attempt, one, act, task_id) for one, act in enumerate(acts)])

        winners = [one for one in told if one.startswith("person")]
        assert len(winners) == 1
        assert {one.rpartition(" ")[2] for one in told} == set(winners)
        with own_app.app_context():
            row = tasks.get(task_id)
            assert (row.ended_by or row.assignee) == winners[0]
        told.clear()


def all_at_once(acts: list[Callable[[], object]]) -> None:
    threads = [threading.Thread(target=act) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
