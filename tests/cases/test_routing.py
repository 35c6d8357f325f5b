"""From a point to an area, to a unit, to people."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from shapely.geometry import shape
from sqlalchemy import delete, select

from cases import city, history, routing, targets
from cases.models import Area, Category, Membership, Unit
from cases.targets import Limit
from engine.base import session
from engine.errors import DefinitionNotFound
from engine.models import Definition
from tests import town as cast


def category(code: str) -> Category:
    return session().scalars(select(Category).where(Category.code == code)).one()


def desk(unit: str, place_unit: str = "dien-hong") -> routing.Desk:
    return routing.desk_of(unit, place_unit=place_unit, intake_unit="ioc")


def nobody_leads(*codes: str) -> None:
    units = select(Unit.id).where(Unit.code.in_(codes))
    session().execute(delete(Membership).where(Membership.role == "leader", Membership.unit_id.in_(units)))


# ----------------------------------------------------------------------------------------------------------------- map


@pytest.mark.parametrize("code", [area.code for area in cast.pleiku().areas])
def test_a_point_is_in_its_area(town: Definition, code: str) -> None:
    entry = next(area for area in cast.pleiku().areas if area.code == code)
    point = shape(entry.polygon).representative_point()  # type: ignore[arg-type]  # GeoJSON
    area = routing.area_at(point.y, point.x)
    assert area is not None
    assert (area.code, routing.place_unit(area).code) == (code, entry.unit)


def test_a_point_on_a_border_is_in_an_area(town: Definition) -> None:
    corners: Any = cast.pleiku().areas[0].polygon["coordinates"]
    assert all(routing.area_at(latitude, longitude) is not None for longitude, latitude in corners[0])


def test_outside_every_area_the_intake_unit_is_responsible(town: Definition) -> None:
    assert routing.area_at(*cast.NOWHERE) is None
    assert routing.place_unit(None).code == "ioc"


def test_an_area_the_city_file_no_longer_has_is_no_place(town: Definition) -> None:
    city_file = cast.pleiku()
    assert routing.area_at(*cast.DIEN_HONG) is not None
    kept = tuple(area for area in city_file.areas if area.code != "dien-hong")
    city.load(replace(city_file, areas=kept))
    assert routing.area_at(*cast.DIEN_HONG) is None
    assert routing.place_of("dien-hong") is None
    city.load(city_file)
    assert routing.area_at(*cast.DIEN_HONG) is not None


# ---------------------------------------------------------------------------------------------------------------- desk


def test_a_case_goes_to_the_leaders_and_officials_of_its_unit(town: Definition) -> None:
    found = desk("dien-hong-infrastructure")
    assert found.variables() == {
        "unit": "dien-hong-infrastructure",
        "leader_group": "leader:dien-hong-infrastructure",
        "official_group": "official:dien-hong-infrastructure",
    }
    assert not found.is_rerouted


def test_a_unit_without_a_leader_is_stood_in_for_by_the_one_above(town: Definition) -> None:
    nobody_leads("dien-hong-infrastructure")
    found = desk("dien-hong-infrastructure")
    assert (found.unit, found.leader_group, found.is_rerouted) == ("dien-hong", "leader:dien-hong", True)


def test_a_team_without_a_leader_is_stood_in_for_by_the_place_before_the_province(town: Definition) -> None:
    nobody_leads("lighting-team")
    assert desk("lighting-team", place_unit="gao").unit == "gao"
    nobody_leads("gao")
    assert desk("lighting-team", place_unit="gao").unit == "gia-lai"


def test_a_city_without_leaders_has_its_supervisors(town: Definition) -> None:
    nobody_leads(*session().scalars(select(Unit.code)))
    found = desk("lighting-team")
    assert set(found.variables().values()) == {"ioc", "supervisor:ioc"}
    assert found.is_rerouted


def test_somebody_who_has_left_leads_nothing(town: Definition) -> None:
    for username in ("vice.dien-hong", "chair.dien-hong", "vice2.dien-hong"):
        cast.person(username).is_active = False
    assert desk("dien-hong-infrastructure").unit == "gia-lai"


def test_a_ward_s_work_goes_to_the_officials_of_its_rooms(town: Definition) -> None:
    assert desk("dien-hong").official_group.split(",") == [
        "official:dien-hong-infrastructure",
        "official:dien-hong-culture",
        "official:dien-hong-office",
        "official:dien-hong-police",
    ]


def test_without_any_official_the_leaders_do_the_work_themselves(town: Definition) -> None:
    session().execute(delete(Membership).where(Membership.role == "official"))
    assert desk("lighting-team").official_group == "leader:lighting-team"


def test_a_unit_nobody_knows_is_stood_in_for_by_the_place(town: Definition) -> None:
    found = desk("moon-department")
    assert (found.unit, found.is_rerouted) == ("dien-hong", True)


def test_units_in_a_circle_come_to_an_end(town: Definition) -> None:
    ward, province = cast.unit("dien-hong"), cast.unit("gia-lai")
    province.parent_id = ward.id
    nobody_leads(*session().scalars(select(Unit.code)))
    assert desk("dien-hong-infrastructure").leader_group == "supervisor:ioc"


@pytest.mark.parametrize("where", ["dien-hong", "gao", None])
def test_whatever_a_report_is_about_its_groups_have_people(town: Definition, where: str | None) -> None:
    in_groups = select(Membership.role, Unit.code).join(Membership.unit)
    members = {f"{role}:{code}" for role, code in session().execute(in_groups)}
    area = session().scalar(select(Area).where(Area.code == where)) if where else None
    for entry in cast.pleiku().categories:
        found = desk(routing.responsible(category(entry.code), area).code, where or "ioc")
        groups = {*found.official_group.split(","), found.leader_group}
        assert groups <= members, entry.code


def test_rerouting_is_told(town: Definition) -> None:
    nobody_leads("dien-hong-infrastructure")
    case = cast.report().case
    told = [event.particulars for event in history.timeline(case) if event.name == "rerouted"]
    assert told == [{"asked_for": "dien-hong-infrastructure", "unit": "dien-hong"}]
    assert case.unit is cast.unit("dien-hong")


# ----------------------------------------------------------------------------------------------------- decision tables


def test_the_decision_table_says_where_a_report_would_go(town: Definition) -> None:
    area = routing.area_at(*cast.DIEN_HONG)
    assert routing.responsible(category("pothole"), area).code == "dien-hong-infrastructure"
    assert routing.responsible(category("pothole"), None).code == "ioc"


def test_the_decision_table_says_what_is_promised(town: Definition) -> None:
    promise = targets.promise_for("pothole")
    assert promise.accept == Limit(2, "working_hours")
    assert (promise.resolve, promise.calendar) == (Limit(3, "working_days"), "office")
    assert targets.promise_for(category("pothole")) is promise


def test_there_is_no_promise_for_what_is_no_category(town: Definition) -> None:
    with pytest.raises(targets.CategoryNotFound):
        targets.promise_for("volcano")


def test_there_is_no_promise_without_a_process(town: Definition) -> None:
    category("pothole").process_key = "unheard-of"
    session().flush()
    with pytest.raises(DefinitionNotFound):
        targets.promise_for("pothole")


def test_every_category_has_a_promise_on_a_calendar_of_the_city(town: Definition) -> None:
    for entry in cast.pleiku().categories:
        assert targets.promise_for(entry.code).calendar in {calendar.code for calendar in cast.pleiku().calendars}
