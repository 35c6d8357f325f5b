"""The city file: read whole, checked whole."""

from __future__ import annotations

import json
import re
from datetime import date, time
from pathlib import Path

import pytest
from shapely.geometry import shape

from cases import city_file
from engine.errors import Invalid
from tests.cases.hamlet import HAMLET, problems, read, square


def test_a_city_file_is_read_into_values(tmp_path: Path) -> None:
    hamlet = read(tmp_path, HAMLET)

    assert (hamlet.city.prefix, hamlet.city.map_centre, hamlet.city.notice_vi) == ("HM", (47.0, 8.0), "")
    assert hamlet.calendars[0].weekly[0] == ((time(8), time(12)), (time(14), time(0)))
    assert hamlet.calendars[0].weekly[1:] == ((),) * 6
    assert (hamlet.days_off[0].first, hamlet.days_off[0].last) == (date(2026, 5, 5), date(2026, 5, 5))
    assert hamlet.working_days[0].hours == ((time(9), time(12)),)
    assert (hamlet.units[1].parent, hamlet.units[1].email) == ("desk", "crew@hamlet.example")
    assert hamlet.areas[0].aliases == ("Upper End",)
    assert shape(dict(hamlet.areas[1].polygon)).bounds == (7.5, 46.0, 8.5, 47.0)
    assert (hamlet.categories[0].danger, hamlet.categories[0].process_key) == ("115", "report_case")
    assert [(each.unit, each.role) for each in hamlet.people[0].memberships] == [
        ("desk", "intake"),
        ("crew", "official"),
    ]


def test_the_borders_may_stand_in_another_file(tmp_path: Path) -> None:
    (tmp_path / "borders.json").write_text(json.dumps({"features": [square("north", 8, 47), square("south", 7, 46)]}))
    hamlet = read(tmp_path, HAMLET.replace('prefix = "HM"', 'prefix = "HM"\nareas_file = "borders.json"'))

    assert shape(dict(hamlet.areas[0].polygon)).bounds == (8, 47, 9, 48)


@pytest.mark.parametrize(
    ("old", "new", "where", "code"),
    [
        ('prefix = "HM"', "", "city.prefix", "missing"),
        ('prefix = "HM"', 'prefix = "hm!"', "city.prefix", "bad_form"),
        ('prefix = "HM"', "prefix = 7", "city.prefix", "wrong_kind"),
        ('name_en = "Hamlet"', 'name_en = ""', "city.name_en", "missing"),
        ('name_en = "Hamlet"', 'name_en = "Hamlet"\nnmae_en = "Hamlet"', "city.nmae_en", "unknown_key"),
        ('"Europe/Zurich"', '"Europe/Zuerich"', "city.time_zone", "unknown_time_zone"),
        ('"Europe/Zurich"', '"../etc/passwd"', "city.time_zone", "unknown_time_zone"),
        ('country = "CH"', 'country = "XX"', "city.country", "unknown_country"),
        ('subdivision = "ZH"', 'subdivision = "CA"', "city.country", "unknown_country"),
        ('locale = "en"', 'locale = "english"', "city.locale", "bad_form"),
        ('intake_unit = "desk"', 'intake_unit = "front"', "city.intake_unit", "unknown_code"),
        ("[47.0, 8.0]", "[8.0, 47.0]", "city.map_centre", "outside_box"),
        ("[47.0, 8.0]", "[47.0]", "city.map_centre", "wrong_kind"),
        ("[47.0, 8.0]", '["47", "8"]', "city.map_centre", "wrong_kind"),
        ("[46.0, 7.0, 48.0, 9.0]", "[48.0, 7.0, 46.0, 9.0]", "city.bounding_box", "bad_box"),
        ('["08:00-12:00", "14:00-24:00"]', '["8-12"]', "calendars[0].hours.monday", "bad_hours"),
        ('["08:00-12:00", "14:00-24:00"]', '["08:00-25:00"]', "calendars[0].hours.monday", "bad_hours"),
        ('"08:00-12:00", "14', '"08:00-14:30", "14', "calendars[0].hours.monday", "bad_hours"),
        ("monday =", "moonday =", "calendars[0].hours.moonday", "unknown_key"),
        ('monday = ["08:00-12:00", "14:00-24:00"]', "", "calendars[0].hours", "never_open"),
        ('code = "office"', 'code = "office"\ncontinuous = true', "calendars[0].hours", "always_open"),
        ('code = "office"', 'code = "office"\ncontinuous = 1', "calendars[0].continuous", "wrong_kind"),
        ("first = 2026-05-05", "first = 2026-05-05\nlast = 2026-05-04", "days_off[0].last", "ends_before_it_begins"),
        ("first = 2026-05-05", 'first = "5 May"', "days_off[0].first", "wrong_kind"),
        ("first = 2026-05-05", "first = 2026-05-05T00:00:00Z", "days_off[0].first", "wrong_kind"),
        ('hours = ["09:00-12:00"]', "hours = []", "working_days[0].hours", "never_open"),
        ('kind = "centre"', 'kind = "shop"', "units[0].kind", "not_allowed"),
        ('parent = "desk"', 'parent = "roof"', "units[1].parent", "unknown_parent"),
        ('kind = "centre"', 'kind = "centre"\nparent = "crew"', "units[0].parent", "unknown_parent"),
        ('code = "crew"', 'code = "desk"', "units[1].code", "duplicate"),
        ('code = "crew"', 'code = "The Crew"', "units[1].code", "bad_form"),
        ('"crew@hamlet.example"', '"crew at hamlet"', "units[1].email", "bad_form"),
        ('unit = "desk"\naliases', 'unit = "dusk"\naliases', "areas[0].unit", "unknown_code"),
        ('unit = "crew"\n', 'unit = "crew"\naliases = ["upper end"]\n', "areas[1].aliases", "ambiguous_alias"),
        ('unit = "crew"\n', 'unit = "crew"\ninhabitants = 0\n', "areas[1].inhabitants", "too_small"),
        ('unit = "crew"\n', 'unit = "crew"\ninhabitants = "many"\n', "areas[1].inhabitants", "wrong_kind"),
        ('prefix = "HM"', 'prefix = "HM"\ninhabitants_as_of = "2025"', "city.inhabitants_as_of", "wrong_kind"),
        ('code = "south"', 'code = "west"', "areas[1].code", "no_border"),
        ('field = "roads"', 'field = "rails"', "categories[0].field", "unknown_code"),
        ("duplicate_radius_m = 50", "duplicate_radius_m = -1", "categories[0].duplicate_radius_m", "too_small"),
        ("duplicate_radius_m = 50", "duplicate_radius_m = true", "categories[0].duplicate_radius_m", "wrong_kind"),
        ('keywords = ["ổ gà", "o ga"]', 'keywords = ["ổ gà", 7]', "categories[0].keywords", "wrong_kind"),
        ('keywords = ["ổ gà", "o ga"]', 'keywords = "ổ gà"', "categories[0].keywords", "wrong_kind"),
        ('danger = "115"', 'danger = "911"', "categories[0].danger", "not_allowed"),
        ('username = "ann"', 'username = "Ann B."', "people[0].username", "bad_form"),
        ('role = "intake"', 'role = "king"', "people[0].memberships[0].role", "not_allowed"),
        ('unit = "crew", role', 'unit = "cruel", role', "people[0].memberships[1].unit", "unknown_code"),
        ('email = "ann@hamlet.example"', 'password = "secret"', "people[0].password", "unknown_key"),
        ("[[people]]", "[people]", "people", "wrong_kind"),
        ("[[units]]", "[[moons]]\n[[units]]", "moons", "unknown_key"),
    ],
)
def test_a_mistake_is_named_with_its_place(tmp_path: Path, old: str, new: str, where: str, code: str) -> None:
    assert old in HAMLET

    assert problems(tmp_path, HAMLET.replace(old, new, 1))[f"city.toml: {where}"] == code


def test_all_mistakes_are_named_together(tmp_path: Path) -> None:
    text = (
        HAMLET.replace('kind = "centre"', 'kind = "shop"')
        .replace('parent = "desk"', 'parent = "roof"')
        .replace("duplicate_radius_m = 50", "")
        .replace('role = "official"', 'role = "king"')
    )

    assert problems(tmp_path, text) == {
        "city.toml: units[0].kind": "not_allowed",
        "city.toml: units[1].parent": "unknown_parent",
        "city.toml: categories[0].duplicate_radius_m": "missing",
        "city.toml: people[0].memberships[1].role": "not_allowed",
    }


def test_a_mistake_does_not_drag_others_behind_it(tmp_path: Path) -> None:
    assert problems(tmp_path, HAMLET.replace("[46.0, 7.0, 48.0, 9.0]", '"everywhere"')) == {
        "city.toml: city.bounding_box": "wrong_kind"
    }


def test_an_empty_file_says_what_a_city_needs(tmp_path: Path) -> None:
    found = problems(tmp_path, "")

    assert found["city.toml: city.name_vi"] == "missing"
    assert found["city.toml: city.intake_unit"] == "missing"


def test_two_people_cannot_share_a_name_or_an_address(tmp_path: Path) -> None:
    person = HAMLET[HAMLET.index("[[people]]") :]
    twin = person.replace("ann@", "ANN@")

    assert problems(tmp_path, HAMLET + twin) == {
        "city.toml: people[1].username": "duplicate",
        "city.toml: people[1].email": "duplicate",
    }


def test_a_message_says_what_is_wrong_in_english(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match=re.escape("city.toml: units[1].parent: “roof” is not a unit")):
        read(tmp_path, HAMLET.replace('parent = "desk"', 'parent = "roof"'))


def test_text_that_looks_like_a_format_does_no_harm(tmp_path: Path) -> None:
    assert problems(tmp_path, HAMLET.replace('"HM"', '"{0.__class__}"')) == {"city.toml: city.prefix": "bad_form"}


def test_missing_and_unreadable_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(Invalid) as refused:
        city_file.read(tmp_path / "nowhere.toml")
    assert [(each.where, each.code) for each in refused.value.problems] == [("nowhere.toml", "file_missing")]

    assert problems(tmp_path, "[city") == {"city.toml": "not_toml"}
    missing = HAMLET.replace('prefix = "HM"', 'prefix = "HM"\nareas_file = "gone.json"')
    assert problems(tmp_path, missing) == {"gone.json": "file_missing"}
