"""Areas out of a file somebody else keeps: names, borders, who is responsible, and how many people live there."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from cases import areas
from cases.models import Area
from cases.performance import grouping
from cases.performance.ranges import Scope
from engine.base import session
from engine.errors import Invalid
from tests import town


@pytest.fixture(autouse=True)
def _city(app: Flask) -> None:
    town.found()


def quarter(name: object, west: float = 108.0, **properties: object) -> dict[str, Any]:
    """A square of a tenth of a degree."""
    ring = [[west, 14.0], [west + 0.1, 14.0], [west + 0.1, 14.1], [west, 14.1], [west, 14.0]]
    geometry = {"type": "Polygon", "coordinates": [ring]}
    return {"type": "Feature", "properties": {"NAME": name, **properties}, "geometry": geometry}


def taken(folder: Path, *features: object, **how: str) -> int:
    """How many areas are taken in from these features."""
    (folder / "quarters.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return areas.import_file(folder / "quarters.geojson", name_property="NAME", **how)


def refused(folder: Path, *features: object, **how: str) -> Mapping[str, str]:
    """What is wrong with these features, by place."""
    before = session().scalars(select(Area.code)).all()
    with pytest.raises(Invalid) as found:
        taken(folder, *features, **how)
    assert session().scalars(select(Area.code)).all() == before
    return {problem.where: problem.code for problem in found.value.problems}


def area(code: str) -> Area:
    return session().scalars(select(Area).where(Area.code == code)).one()


def test_features_become_areas_of_the_unit_that_is_named(tmp_path: Path) -> None:
    assert taken(tmp_path, quarter("Khu Đông"), quarter("West End", 108.2), unit=town.LEADER.partition(".")[2]) == 2
    assert (area("khu-dong").name_vi, area("khu-dong").unit.code) == ("Khu Đông", "dien-hong")
    assert area("west-end").polygon["type"] == "Polygon"


def test_features_of_one_name_are_one_area_with_all_its_people(tmp_path: Path) -> None:
    features = quarter("East", POP=1200), quarter("East", 108.3, POP="800.0")
    assert taken(tmp_path, *features, inhabitants_property="POP") == 1
    assert (area("east").polygon["type"], area("east").inhabitants) == ("MultiPolygon", 2000)


def test_where_a_part_was_not_counted_the_number_is_not_known(tmp_path: Path) -> None:
    features = quarter("East", POP=1200), quarter("East", 108.3, POP=None), quarter("West", 108.5, POP=70)
    assert taken(tmp_path, *features, inhabitants_property="POP") == 2
    assert (area("east").inhabitants, area("west").inhabitants) == (None, 70)


def test_taking_borders_in_again_keeps_the_numbers_of_inhabitants(tmp_path: Path) -> None:
    taken(tmp_path, quarter("East", POP=1200), inhabitants_property="POP")
    taken(tmp_path, quarter("East", 108.3))
    assert area("east").inhabitants == 1200
    assert area("east").polygon["coordinates"][0][0][0] == 108.3


def test_everything_wrong_is_told_together_and_nothing_is_taken(tmp_path: Path) -> None:
    flat = quarter("Flat") | {"geometry": {"type": "Point", "coordinates": [108, 14]}}
    many = [quarter(f"Q{place}", POP=value) for place, value in enumerate(("a lot", -3, 0, 2.5, "nan", [4], 10**12))]
    found = refused(tmp_path, quarter("Good", POP=10), quarter(""), flat, "none", *many, inhabitants_property="POP")
    assert found == {
        "features[1].properties.NAME": "required",
        "features[2].geometry": "wrong_type",
        "features[3].properties.NAME": "required",
        "features[3].geometry": "wrong_type",
        **{f"features[{place}].properties.POP": "wrong_type" for place in range(4, 11)},
    }


def test_a_property_no_feature_has_is_a_slip(tmp_path: Path) -> None:
    found = refused(tmp_path, quarter("East", POP=3), quarter("West", 108.3, POP=4), inhabitants_property="Pop")
    assert found == {"features[*].properties.Pop": "required"}


@pytest.mark.parametrize("text", ["{", "[]", '{"features": []}', '{"features": 7}'])
def test_a_file_that_is_no_collection_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "quarters.geojson").write_text(text)
    with pytest.raises(Invalid) as found:
        areas.import_file(tmp_path / "quarters.geojson", name_property="NAME")
    assert [problem.code for problem in found.value.problems] == ["not_geojson"]


def test_the_inhabitants_of_the_city_are_known_when_those_of_every_area_are(tmp_path: Path) -> None:
    assert grouping.inhabitants(Scope()) == 339_000
    taken(tmp_path, quarter("East"))
    assert grouping.inhabitants(Scope()) == 0
