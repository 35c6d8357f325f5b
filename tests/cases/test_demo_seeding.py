"""Seeding: all at once or not at all, on any day, and nobody's own choices overwritten."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from cases import accounts, attachments, demo, routing
from cases.demo import drawing, living, stories
from cases.demo.paths import PATHS
from cases.models import Area, Case, Message, Person, Setting
from engine import clock, definitions
from engine.base import db, session
from engine.models import Instance, Job
from settings import ROOT
from tests import town

if TYPE_CHECKING:
    from flask import Flask

#: A Thursday, 10:30 in Viet Nam, no holiday near.
NOW = datetime(2026, 10, 15, 3, 30, tzinfo=UTC)
CITY = SimpleNamespace(city_file=ROOT / "cities/pleiku/city.toml")
DRAWINGS = ("", "pothole", "lamp", "waste", "tree", "cable", "water")


def test_a_seeding_that_breaks_off_leaves_nothing_behind(own_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[int] = []
    really = living.Life.approve

    def break_off(life: living.Life) -> None:
        really(life)
        told.append(session().scalars(select(func.count()).select_from(Case)).one())
        raise RuntimeError("power cut")

    monkeypatch.setattr(living.Life, "approve", break_off)
    with own_app.app_context():
        with clock.at(NOW), pytest.raises(RuntimeError, match="power cut"):
            demo.seed(CITY)
        assert told[0] > 0
        for table in (Case, Person, Setting, Instance, Job, Message):
            assert session().scalar(select(func.count()).select_from(table)) == 0
        assert not demo.is_seeded()
        assert db.session() is session()


def test_a_city_without_reports_can_be_seeded_and_an_existing_one_left_alone(app: Flask) -> None:
    with clock.at(NOW):
        assert demo.seed(CITY, reports=False)
        assert session().scalar(select(func.count()).select_from(Case)) == 0
        assert routing.unit_by_code("dien-hong").name_vi == "UBND phường Diên Hồng"
        assert definitions.active("report_case").deployed_by == "designer1"
        session().delete(session().get_one(Setting, "demo"))
        session().commit()
        assert demo.seed(CITY, reports=False, if_empty=True) is False


def test_a_password_somebody_chose_is_not_overwritten(app: Flask) -> None:
    town.found()
    accounts.set_password(town.person("intake1"), "một mật khẩu riêng")
    session().commit()
    demo.seed(CITY, reports=False)
    assert accounts.authenticate("intake1", "một mật khẩu riêng").username == "intake1"


def test_every_story_is_told_with_words_the_city_knows(app: Flask) -> None:
    town.found()
    reporters, told = stories.read()
    categories = {entry.code for entry in town.pleiku().categories}
    areas = set(session().scalars(select(Area.code)))
    keys = {story.key for story in told if story.key}
    for story in told:
        assert story.path in PATHS
        assert story.category in categories
        assert story.area in areas
        assert 0 <= story.by <= len(reporters)
        assert bool(story.used) != bool(story.days), story.text
        assert not story.like or story.like in keys
        assert story.drawing in DRAWINGS
    assert {story.path for story in told} == set(PATHS)
    assert len({story.text for story in told}) == len(told)


@pytest.mark.parametrize(
    "now", [NOW, datetime(2026, 10, 18, 13, 0, tzinfo=UTC), datetime(2026, 2, 19, 3, 0, tzinfo=UTC)]
)
def test_an_open_case_is_late_or_in_time_as_its_story_says_on_any_day(app: Flask, now: datetime) -> None:
    """Also on a Sunday evening and in the middle of the New Year break."""
    town.found()
    for story in stories.read()[1]:
        if story.used:
            accepting, resolving = stories.paces(story, now)
            pace = accepting if story.path in stories.ACCEPTING else resolving
            assert pace.opened_at < now
            assert (pace.used >= 1) == (story.used >= 1), story.address


@pytest.mark.parametrize("kind", DRAWINGS)
def test_drawings_are_the_same_for_the_same_chance_and_change_when_mended(kind: str) -> None:
    one, other = drawing.before(kind, Random(1)), drawing.before(kind, Random(1))
    assert one == other
    assert attachments.read(one).width == drawing.WIDTH
    if kind:
        assert drawing.after(kind, Random(1)) != one
