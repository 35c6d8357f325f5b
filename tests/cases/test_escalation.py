"""Who is the leader of whom: from the unit that holds a case up to the province."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import delete, select

from cases import escalation, history
from cases.models import Membership, Unit
from engine.base import session
from engine.models import Definition
from tests import town as cast


def leave(role: str, *units: str) -> None:
    """Nobody has this role in these units any more."""
    ids = session().scalars(select(Unit.id).where(Unit.code.in_(units))).all()
    session().execute(delete(Membership).where(Membership.role == role, Membership.unit_id.in_(ids)))


def test_a_room_answers_to_its_leader_then_to_the_head_of_the_ward_then_to_the_province(town: Definition) -> None:
    assert escalation.levels("dien-hong-infrastructure") == [
        "leader:dien-hong-infrastructure",
        "head:dien-hong",
        "leader:gia-lai",
    ]


def test_a_ward_answers_to_its_leaders_then_to_its_head(town: Definition) -> None:
    assert escalation.levels("dien-hong")[:2] == ["leader:dien-hong", "head:dien-hong"]


def test_a_ward_without_a_head_is_asked_as_all_its_leaders(town: Definition) -> None:
    leave("head", "dien-hong")
    assert escalation.levels("dien-hong-infrastructure")[1] == "leader:dien-hong"
    assert escalation.levels("dien-hong")[:2] == ["leader:dien-hong", "leader:gia-lai"]


def test_the_desk_answers_to_its_supervisors_first(town: Definition) -> None:
    assert escalation.levels("ioc")[:2] == ["supervisor:ioc", "leader:ioc"]


def test_a_level_of_the_same_people_is_not_asked_twice(town: Definition) -> None:
    room = cast.unit("dien-hong-infrastructure")
    chair = cast.person(cast.CHAIR)
    leave("leader", "dien-hong-infrastructure")
    session().add(Membership(person_id=chair.id, unit_id=room.id, role="leader"))
    session().flush()
    assert escalation.levels("dien-hong-infrastructure") == ["leader:dien-hong-infrastructure", "leader:gia-lai"]


def test_people_who_left_are_no_level(town: Definition) -> None:
    cast.person(cast.LEADER).is_active = False
    session().flush()
    assert escalation.levels("dien-hong-infrastructure")[0] == "head:dien-hong"


@pytest.mark.parametrize("unit", ["dien-hong", "atlantis"])
def test_a_city_without_leaders_has_its_supervisors(town: Definition, unit: str) -> None:
    everywhere = session().scalars(select(Unit.code)).all()
    leave("leader", *everywhere)
    leave("head", *everywhere)
    assert escalation.levels(unit) == ["supervisor:ioc"]


def test_units_in_a_circle_come_to_an_end(town: Definition) -> None:
    cast.unit("gia-lai").parent_id = cast.unit("dien-hong").id
    session().flush()
    assert escalation.levels("dien-hong") == ["leader:dien-hong", "head:dien-hong", "leader:gia-lai"]


def test_at_the_top_the_top_is_asked_again(town: Definition, frozen_clock: datetime) -> None:
    case = cast.accepted()
    asked = [escalation.escalate(case, "resolve", after=after, by="clock") for after in range(5)]
    assert [level.number for level in asked] == [1, 2, 3, 3, 3]
    assert [level.is_top for level in asked] == [False, False, True, True, True]
    assert [event.particulars["group"] for event in history.timeline(case) if event.name == "case_escalated"] == [
        level.group for level in asked
    ]
