"""Pleiku as shipped: the places, units, categories, people and borders others rely on."""

from __future__ import annotations

import json
from collections import Counter
from itertools import combinations
from pathlib import Path

import pytest
import shapely
from shapely.geometry import shape

from cases import city_file
from cases.city_file import CityFile

PLEIKU_FILE = Path(__file__).parents[2] / "cities" / "pleiku" / "city.toml"
WARDS = {"pleiku", "hoi-phu", "thong-nhat", "dien-hong", "an-phu", "bien-ho", "gao"}
CATEGORIES = {
    "pothole", "traffic-signal", "road-sign", "illegal-parking", "manhole-cover", "street-light", "exposed-wires",
    "uncollected-waste", "illegal-dumping", "burning-dust", "waste-water", "noise", "dangerous-tree", "flooding",
    "water-outage", "pavement-encroachment", "illegal-advertising", "public-disorder", "unauthorised-building",
    "land-use-violation", "food-safety", "disease-risk", "school-safety", "tourism-service", "public-service",
    "telecom-cables",
}  # fmt: skip


@pytest.fixture(scope="module")
def pleiku() -> CityFile:
    return city_file.read(PLEIKU_FILE)


def test_pleiku_has_its_places_units_and_categories(pleiku: CityFile) -> None:
    rooms = {f"{ward}-{room}" for ward in WARDS for room in ("infrastructure", "culture", "office", "police")}
    codes = {unit.code for unit in pleiku.units}

    assert {area.code for area in pleiku.areas} == WARDS
    assert {"gia-lai", "ioc"} | WARDS | rooms <= codes
    assert Counter(unit.kind for unit in pleiku.units)["operator"] == 7
    assert {category.code for category in pleiku.categories} == CATEGORIES
    assert {calendar.code for calendar in pleiku.calendars} == {"office", "office-saturday", "continuous"}
    assert pleiku.city.notice_vi
    assert pleiku.city.notice_en


def test_pleiku_s_rooms_stand_below_their_ward(pleiku: CityFile) -> None:
    parents = {unit.code: unit.parent for unit in pleiku.units}

    assert all(parents[ward] == "gia-lai" for ward in WARDS)
    assert all(parents[f"{ward}-police"] == ward for ward in WARDS)


def test_every_category_of_pleiku_can_be_found_by_what_people_write(pleiku: CityFile) -> None:
    for category in pleiku.categories:
        assert len(category.keywords) >= 8, category.code
        assert len(set(category.keywords)) == len(category.keywords), category.code
        assert any(keyword.isascii() for keyword in category.keywords), category.code
        assert any(not keyword.isascii() for keyword in category.keywords), category.code


def test_delicate_and_dangerous_categories_of_pleiku_are_marked(pleiku: CityFile) -> None:
    by_code = {category.code: category for category in pleiku.categories}

    assert {code for code, category in by_code.items() if category.is_sensitive} == {
        "public-disorder",
        "land-use-violation",
        "public-service",
    }
    assert (by_code["public-disorder"].danger, by_code["exposed-wires"].danger) == ("113", "114")


def test_every_unit_of_pleiku_that_handles_cases_has_a_leader_and_an_official(pleiku: CityFile) -> None:
    filled = {(membership.unit, membership.role) for person in pleiku.people for membership in person.memberships}

    for unit in pleiku.units:
        if unit.kind in {"room", "operator"}:
            assert {(unit.code, "leader"), (unit.code, "official")} <= filled, unit.code
        if unit.kind in {"ward", "commune"}:
            assert (unit.code, "leader") in filled
    assert {("ioc", role) for role in city_file.ROLES} - {("ioc", "official")} <= filled


def test_nobody_in_pleiku_approves_their_own_work(pleiku: CityFile) -> None:
    for person in pleiku.people:
        by_role = {role: {each.unit for each in person.memberships if each.role == role} for role in city_file.ROLES}
        assert not by_role["leader"] & by_role["official"], person.username


def test_nobody_in_pleiku_can_receive_real_mail(pleiku: CityFile) -> None:
    addresses = [person.email for person in pleiku.people] + [unit.email for unit in pleiku.units if unit.email]

    assert addresses
    assert all(address.endswith(".example") for address in addresses)


def test_pleiku_s_areas_share_borders_without_gap_or_overlap(pleiku: CityFile) -> None:
    shapes = {area.code: shape(dict(area.polygon)) for area in pleiku.areas}
    whole = shapely.union_all(list(shapes.values()))

    assert all(one.intersection(two).area == 0 for one, two in combinations(shapes.values(), 2))
    assert isinstance(whole, shapely.Polygon)
    assert not whole.interiors
    assert [code for code, each in shapes.items() if each.contains(shapely.Point(108.003, 13.983))] == ["pleiku"]
    assert shapes["bien-ho"].centroid.y > shapes["pleiku"].centroid.y > shapes["hoi-phu"].centroid.y
    assert shapes["gao"].centroid.x < shapes["dien-hong"].centroid.x < shapes["an-phu"].centroid.x


def test_pleiku_s_borders_say_that_they_are_drawn_by_hand() -> None:
    features = json.loads((PLEIKU_FILE.parent / "areas.geojson").read_text(encoding="utf-8"))["features"]

    assert all("minh họa" in feature["properties"]["note"] for feature in features)
