"""The borders of a city's areas: sound, inside the city, and no two on the same ground."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cases.hamlet import HAMLET, Feature, problems, square


def test_areas_may_not_claim_the_same_ground(tmp_path: Path) -> None:
    found = problems(tmp_path, HAMLET, square("north", 7.5, 46.5), square("south", 7.5, 46.0))

    assert found == {"city.toml: areas": "overlapping_areas"}


def test_an_area_may_not_reach_outside_the_bounding_box(tmp_path: Path) -> None:
    found = problems(tmp_path, HAMLET, square("north", 8.5, 47.0), square("south", 7.5, 46.0))

    assert found == {"city.toml: areas[0].code": "outside_box"}


def test_a_border_that_belongs_to_no_area_is_named(tmp_path: Path) -> None:
    found = problems(tmp_path, HAMLET, square("north", 7, 47), square("south", 7, 46), square("east", 8, 46))

    assert found == {"city.toml: areas (areas.geojson)": "border_without_area"}


@pytest.mark.parametrize(
    "geometry",
    [
        {"type": "Point", "coordinates": [8, 46]},
        {"type": "Polygon", "coordinates": [[[7, 46], [8, 47], [8, 46], [7, 47], [7, 46]]]},
        {"type": "Polygon", "coordinates": []},
        {"type": "Polygon", "coordinates": [[[7, 46], "here", [7, 46]]]},
        {"type": "Polygon"},
        {},
    ],
    ids=["a point", "a bow tie", "empty", "not numbers", "no coordinates", "nothing"],
)
def test_a_border_that_encloses_nothing_is_refused(tmp_path: Path, geometry: Feature) -> None:
    broken = {"type": "Feature", "properties": {"code": "south"}, "geometry": geometry}

    assert problems(tmp_path, HAMLET, square("north", 7.5, 47), broken) == {"city.toml: areas[1].code": "no_border"}


@pytest.mark.parametrize("text", ["[]", "{", '{"features": [{"geometry": {}}]}', '{"features": 3}'])
def test_a_borders_file_that_is_no_geojson_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "borders.json").write_text(text)

    found = problems(tmp_path, HAMLET.replace('prefix = "HM"', 'prefix = "HM"\nareas_file = "borders.json"'))

    assert found == {"borders.json": "not_geojson"}
