"""Two people at one task: one wins, the other is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from engine import tasks
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
