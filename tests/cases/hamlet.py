"""The smallest city there can be, as files to break in one place at a time."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from cases import city_file
from cases.city_file import CityFile
from engine.errors import Invalid

Feature = Mapping[str, object]

HAMLET = """
[city]
name_vi = "Làng"
name_en = "Hamlet"
prefix = "HM"
time_zone = "Europe/Zurich"
locale = "en"
country = "CH"
subdivision = "ZH"
intake_unit = "desk"
map_centre = [47.0, 8.0]
bounding_box = [46.0, 7.0, 48.0, 9.0]

[[calendars]]
code = "office"
name_vi = "Giờ"
name_en = "Hours"
[calendars.hours]
monday = ["08:00-12:00", "14:00-24:00"]

[[days_off]]
first = 2026-05-05
name_vi = "Hội làng"
name_en = "Fair"

[[working_days]]
on = 2026-05-09
instead_of = 2026-05-04
name_vi = "Làm bù"
name_en = "Swapped"
hours = ["09:00-12:00"]

[[units]]
code = "desk"
name_vi = "Bàn"
name_en = "Desk"
kind = "centre"

[[units]]
code = "crew"
name_vi = "Đội"
name_en = "Crew"
kind = "operator"
parent = "desk"
email = "crew@hamlet.example"

[[areas]]
code = "north"
name_vi = "Bắc"
name_en = "North"
unit = "desk"
aliases = ["Upper End"]

[[areas]]
code = "south"
name_vi = "Nam"
name_en = "South"
unit = "crew"

[[fields]]
code = "roads"
name_vi = "Đường"
name_en = "Roads"

[[categories]]
code = "pothole"
field = "roads"
name_vi = "Ổ gà"
name_en = "Pothole"
duplicate_radius_m = 50
keywords = ["ổ gà", "o ga"]
danger = "115"

[[people]]
username = "ann"
full_name = "Ann Example"
email = "ann@hamlet.example"
memberships = [{ unit = "desk", role = "intake" }, { unit = "crew", role = "official" }]
"""


def square(code: str, west: float, south: float) -> Feature:
    """The border of one area: a square of one degree."""
    ring = [[west, south], [west + 1, south], [west + 1, south + 1], [west, south + 1], [west, south]]
    return {"type": "Feature", "properties": {"code": code}, "geometry": {"type": "Polygon", "coordinates": [ring]}}


def read(folder: Path, text: str, *features: Feature) -> CityFile:
    """Write the hamlet's files and read them."""
    features = features or (square("north", 7.5, 47.0), square("south", 7.5, 46.0))
    (folder / "areas.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    (folder / "city.toml").write_text(text, encoding="utf-8")
    return city_file.read(folder / "city.toml")


def problems(folder: Path, text: str, *features: Feature) -> dict[str, str]:
    """What is refused about the hamlet's files: code by place."""
    with pytest.raises(Invalid) as refused:
        read(folder, text, *features)
    assert all(problem.message for problem in refused.value.problems)
    return {problem.where: problem.code for problem in refused.value.problems}
