"""The past of the demo: cases drawn by chance that could have been, each lived alone beside a city that works."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from random import Random
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

import notifications
from cases import demo, history
from cases.demo import past
from cases.demo.paths import PATHS
from cases.models import Area, Case, Category, Event, Feedback, KpiDirty, Message
from engine import clock
from engine.base import session
from engine.models import Instance, Timer, UserTask
from settings import ROOT

if TYPE_CHECKING:
    from flask import Flask

#: A Thursday, 10:30 in Viet Nam, no holiday near.
NOW = datetime(2026, 10, 15, 3, 30, tzinfo=UTC)
CITY = SimpleNamespace(city_file=ROOT / "cities/pleiku/city.toml")
FEW = 12
#: What the forms ask for at least.
SHORTEST = 20


@pytest.fixture
def city(app: Flask) -> Iterator[None]:
    with clock.at(NOW):
        demo.seed(CITY, reports=False)
        with notifications.silence():
            yield


def lived(cases: int = FEW) -> list[int]:
    done: list[int] = []
    past.live(cases=cases, progress=done.append)
    return done


def count(table: type) -> int:
    return session().scalars(select(func.count()).select_from(table)).one()


def test_every_case_that_is_drawn_could_have_been(city: None) -> None:
    told = past.read()
    drawn = [past.story(number, told, Random(past.CHANCE + number)) for number in range(past.CASES)]
    assert {one.category for one in drawn} <= set(session().scalars(select(Category.code)))
    assert {one.area for one in drawn} == set(session().scalars(select(Area.code)))
    assert {one.path for one in drawn} == set(past.ENDS) <= set(PATHS)
    assert min(len(text) for one in drawn for text in (one.text, one.result, one.second_result)) >= SHORTEST
    assert "{" not in "".join(one.text + one.address for one in drawn)
    assert [one.days for one in drawn] == sorted(one.days for one in drawn)
    late = sum(one.pace > 1 for one in drawn) / past.CASES
    assert 0.04 < late < 0.1  # about as many as the file says


def test_they_were_decided_and_nothing_happened_after_now(city: None) -> None:
    assert lived() == [1] * FEW
    cases = list(session().scalars(select(Case)))
    assert len(cases) == FEW
    assert all(history.verify(case) for case in cases)
    assert {case.status for case in cases} <= {"closed", "resolved", "rejected", "withdrawn", "reopened"}
    assert session().scalars(select(func.max(Event.at))).one() <= NOW
    assert all(task.ended_at is None or task.ended_at <= NOW for task in session().scalars(select(UserTask)))
    assert all(due_at > NOW for due_at in session().scalars(select(Timer.due_at)))
    assert count(Message) == 0


def test_waiting_and_working_can_be_told_apart(city: None) -> None:
    lived()
    done = list(session().scalars(select(UserTask).where(UserTask.element_id == "resolve")))
    assert len(done) > FEW / 2
    assert all(task.claimed_at and task.ended_at for task in done)
    assert all(task.created_at < (task.claimed_at or NOW) < (task.ended_at or NOW) for task in done)


def test_it_may_be_stopped_and_started_again(city: None) -> None:
    def stop(_one: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        past.live(cases=4, progress=stop)
    assert (count(Case), past.is_lived()) == (1, False)
    first = session().scalars(select(Case.tracking_code)).one()
    assert lived(4) == [1] * 4
    assert (count(Case), past.is_lived()) == (4, True)
    assert first in set(session().scalars(select(Case.tracking_code)))
    assert count(Instance) == 4


def test_the_figures_follow(city: None) -> None:
    lived()
    assert count(KpiDirty) == 0
    by_outcome = Counter(session().scalars(select(Case.outcome)))
    assert by_outcome["closed_satisfied"] <= count(Feedback)
