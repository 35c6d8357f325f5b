"""Days off on screen: planned, looked at, put into force; and what is wrong is told beside its field."""

from __future__ import annotations

import pytest

from cases import city, deadlines
from engine import jobs
from engine.base import transaction
from tests import town as cast
from tests.web.staff.conftest import DeskOf
from tests.web.staff.desk import Desk

DAY = {
    "kind": "off",
    "first": "2026-11-26",
    "name_vi": "Nghỉ bù",
    "name_en": "Day in lieu",
    "reason": "Quyết định 812/QĐ-UBND",
}


@pytest.fixture
def admin(desk: DeskOf) -> Desk:
    """The administrator at work."""
    return desk("admin")


def test_a_day_off_is_looked_at_before_deadlines_move(admin: Desk) -> None:
    with transaction():
        case = cast.accepted()
    assert admin.get("/admin/calendars").heading == "Office hours and days off"

    page = admin.follow(admin.post("/admin/calendars/days", **DAY))

    assert "Deadlines that would move 1 Later 1 Sooner 0 Without target 0" in page.text
    assert case.tracking_code in page.text
    assert "17:00, Fri 27/11/2026 17:00, Mon 30/11/2026" in page.text
    assert city.own_days() == []

    address = _address(page.source)
    page = admin.follow(admin.post(f"{address}/application"))
    assert "Deadlines are being moved" in page.text
    jobs.run_waiting()
    assert "1 deadlines moved" in admin.get(address).text
    made = deadlines.latest(case, "resolve")
    assert made is not None
    assert f"{made.due_at:%Y-%m-%d}" == "2026-11-30"
    assert "Day in lieu" in admin.get("/admin/calendars").text


def _address(source: str) -> str:
    return source.split("/application", maxsplit=1)[0].rsplit('"', 1)[1]


def test_a_day_is_taken_back_with_a_reason(admin: Desk) -> None:
    admin.post(f"{_address(admin.follow(admin.post('/admin/calendars/days', **DAY)).source)}/application")

    page = admin.post("/admin/calendars/days/0/removal", reason="weg")
    assert page.status == 422
    assert "Write at least 10 characters." in page.text

    page = admin.follow(admin.post("/admin/calendars/days/0/removal", reason="Quyết định bị bãi bỏ"))
    admin.post(f"{_address(page.source)}/application")
    assert city.own_days() == []


def test_what_was_looked_at_may_be_dropped(admin: Desk) -> None:
    page = admin.follow(admin.post("/admin/calendars/days", **DAY))
    back = admin.follow(admin.post(f"{_address(page.source)}/drop"))
    assert "Dropped" in back.text
    assert admin.post(f"{_address(page.source)}/application").status == 409


def test_everything_wrong_is_told_beside_its_field_and_nothing_is_lost(admin: Desk) -> None:
    page = admin.post("/admin/calendars/days", kind="closed", first="morgen", hours="9-7", name_vi="Họp", reason="x")
    assert page.status == 422
    assert "Give a day, such as 2026-12-24." in page.text
    assert "Write hours in their order" in page.text
    assert 'value="Họp"' in page.source
    page = admin.post("/admin/calendars/days", **{**DAY, "name_en": "", "reason": "x"})
    assert page.text.count("This is needed. Please fill it in.") == 2  # on top, and beside the field
    assert "Write at least 10 characters." in page.text


def test_open_deadlines_are_counted_again_by_what_is_now(admin: Desk) -> None:
    with transaction():
        cast.accepted()
    page = admin.follow(admin.post("/admin/redatings", source="targets", reason="Bảng thời hạn mới"))
    assert "No open deadline would move." in page.text
    assert admin.post("/admin/redatings", source="moon", reason="Bảng thời hạn mới").status == 422


def test_two_who_look_at_once_are_told(admin: Desk) -> None:
    first = admin.follow(admin.post("/admin/calendars/days", **DAY))
    second = admin.follow(admin.post("/admin/calendars/days", **{**DAY, "first": "2026-11-27"}))
    admin.post(f"{_address(first.source)}/application")
    page = admin.post(f"{_address(second.source)}/application")
    assert page.status == 409
    assert "The days have been changed since you looked." in page.text
    assert city.own_days()[0].first.day == 26


@pytest.mark.parametrize("locale", ["vi", "en"])
def test_the_pages_speak_both_languages(desk: DeskOf, locale: str) -> None:
    admin = desk("admin", locale)
    said = {"vi": "Giờ làm việc và ngày nghỉ", "en": "Office hours and days off"}
    assert admin.get("/admin/calendars").heading == said[locale]


def test_only_administrators_change_the_calendar(desk: DeskOf) -> None:
    official = desk(cast.OFFICIAL)
    assert official.get("/admin/calendars").status == 403
    assert official.post("/admin/calendars/days", **DAY).status == 403
    assert official.post("/admin/redatings/1/application").status == 403
    assert desk("admin").get("/admin/redatings/4711").status == 404
