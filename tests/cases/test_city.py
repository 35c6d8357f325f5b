"""The loaded city: rows brought up to date, and what every process remembers of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from cases import calendars, city
from cases.models import Area, Category, Membership, Person, Setting, Unit
from engine.base import session
from tests import town as cast


@pytest.fixture
def loaded(app: Flask, frozen_clock: datetime) -> None:
    city.load(cast.pleiku())


def count(table: Any) -> int:
    return session().scalar(select(func.count()).select_from(table)) or 0


def row(table: Any, code: str) -> Any:
    return session().scalars(select(table).where(table.code == code)).one()


def test_a_city_is_loaded_as_its_file_says(loaded: None) -> None:
    file = cast.pleiku()
    assert [count(table) for table in (Unit, Area, Category, Person)] == [51, 7, 26, 52]
    assert list(session().scalars(select(Unit.code).order_by(Unit.id))) == [entry.code for entry in file.units]
    assert row(Unit, "dien-hong-police").parent is row(Unit, "dien-hong")
    light = row(Category, "street-light")
    assert (light.field, light.field_vi, light.name_en) == ("lighting", "Chiếu sáng", "Street light out")
    assert row(Category, "manhole-cover").danger == ["114"]
    roles = {(member.unit.code, member.role) for member in cast.person("director").memberships}
    assert roles == {("ioc", "head"), ("ioc", "leader"), ("ioc", "supervisor")}


def test_another_process_reads_the_same_city(loaded: None) -> None:
    file = cast.pleiku()
    city.forget()
    session().flush()
    session().expire_all()
    assert city.settings() == file.city
    for entry in file.calendars:
        assert city.calendar(entry.code) == calendars.build(entry, file)
        assert city.calendar_entry(entry.code) == entry
    assert city.calendar("office") is city.calendar("office")


def test_loading_again_changes_what_changed_and_nothing_else(loaded: None) -> None:
    file = cast.pleiku()
    cast.person("intake1").full_name = "Nguyễn Thị Đổi Tên"
    ids = {unit.code: unit.id for unit in session().scalars(select(Unit))}
    units = tuple(
        replace(entry, name_en="Star Team") if entry.code == "lighting-team" else entry for entry in file.units
    )
    city.load(replace(file, units=units, city=replace(file.city, notice_en="Trial")))
    assert {unit.code: unit.id for unit in session().scalars(select(Unit))} == ids
    assert row(Unit, "lighting-team").name_en == "Star Team"
    assert city.settings().notice_en == "Trial"
    assert cast.person("intake1").full_name == "Nguyễn Thị Đổi Tên"
    assert [count(table) for table in (Unit, Area, Category, Person, Setting)] == [51, 7, 26, 52, 1]


def test_what_the_file_no_longer_names_is_closed_and_comes_back(loaded: None, frozen_clock: datetime) -> None:
    file = cast.pleiku()
    gone = replace(file, units=file.units[:-1], areas=file.areas[:-1], categories=file.categories[:-1], people=())
    for now, is_there in ((gone, False), (file, True)):
        city.load(now)
        unit, area = row(Unit, file.units[-1].code), row(Area, file.areas[-1].code)
        assert (unit.valid_to is None, area.valid_to is None) == (is_there, is_there)
        assert row(Category, file.categories[-1].code).is_active is is_there
    assert count(Membership) > 0


def test_a_city_that_was_never_loaded_is_missed_by_name(app: Flask) -> None:
    city.forget()
    with pytest.raises(city.CityNotLoaded):
        city.settings()


def test_a_calendar_the_city_does_not_have_is_a_key_error(loaded: None) -> None:
    for ask in (city.calendar, city.calendar_entry):
        with pytest.raises(KeyError):
            ask("lunar")


def test_days_off_have_names_in_both_languages(loaded: None, frozen_clock: datetime) -> None:
    tet = datetime(2026, 2, 17, tzinfo=frozen_clock.tzinfo).date()
    assert "Tết" in city.day_names("vi")[tet]
    assert "New Year" in city.day_names("en")[tet]


@pytest.mark.parametrize(
    "names",
    [
        ["Nguyễn Văn An", "Lê Thị Ân", "Trần Bình", "Phạm Văn Dũng", "Lê Đức", "Hồ Văn Giang"],
        ["Vũ Hoa", "Vũ Hòa", "Vũ Hỏa", "Vũ Hõa", "Vũ Hóa", "Vũ Họa"],
        ["Lê Van", "Lê Văn", "Lê Vân", "Lê Vinh"],
        ["Lê Tô", "Lê Tơ", "Lê Tu", "Lê Tư", "Lê Ty"],
        ["Bùi Lan", "Lê An Lan", "Lê Thị Lan", "Nguyễn Lan"],
        ["Hoàng An", "Hoàng Anh"],
    ],
)
def test_people_are_sorted_by_given_name_in_vietnamese_order(names: list[str]) -> None:
    assert sorted(sorted(names), key=city.sort_key) == names
    assert sorted((name.upper() for name in names), key=city.sort_key) == [name.upper() for name in names]
