"""The calendars of a city: public holidays from the package, the city's own word over them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from cases import calendars, city_file
from cases.city_file import CalendarEntry, CityFile, DayOff, WorkingDay
from cases.working_time import Calendar, add_working_days, add_working_hours

PLEIKU_FILE = Path(__file__).parents[2] / "cities" / "pleiku" / "city.toml"
SAIGON = ZoneInfo("Asia/Ho_Chi_Minh")
FULL = ((time(7), time(11, 30)), (time(13, 30), time(17)))


@pytest.fixture(scope="module")
def pleiku() -> CityFile:
    return city_file.read(PLEIKU_FILE)


@pytest.fixture(scope="module")
def office(pleiku: CityFile) -> Calendar:
    return calendars.build_all(pleiku)["office"]


def office_entry(pleiku: CityFile) -> CalendarEntry:
    return next(entry for entry in pleiku.calendars if entry.code == "office")


def without_own_days(pleiku: CityFile) -> CityFile:
    return replace(pleiku, days_off=(), working_days=())


def saigon(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SAIGON)


@pytest.mark.parametrize(
    "day",
    [
        pytest.param(date(2026, 1, 1), id="New Year"),
        pytest.param(date(2026, 2, 17), id="first day of Tet"),
        pytest.param(date(2026, 2, 20), id="fourth day of Tet"),
        pytest.param(date(2026, 4, 27), id="the Monday after Hung Kings on a Sunday"),
        pytest.param(date(2026, 4, 30), id="Reunification"),
        pytest.param(date(2022, 5, 2), id="day in lieu of 30 April 2022"),
        pytest.param(date(2022, 5, 3), id="day in lieu of 1 May 2022"),
        pytest.param(date(2025, 5, 2), id="swapped for a Saturday in 2025"),
        pytest.param(date(2026, 8, 31), id="swapped for a Saturday in 2026"),
        pytest.param(date(2026, 9, 1), id="second day of National Day"),
        pytest.param(date(2026, 11, 24), id="Vietnam Cultural Day"),
        pytest.param(date(2030, 2, 4), id="Tet 2030 by the Vietnamese moon, not the Chinese one"),
        pytest.param(date(2061, 11, 24), id="a year nobody has decided about yet"),
    ],
)
def test_a_public_holiday_is_off(office: Calendar, day: date) -> None:
    assert day.weekday() < 5
    assert not office.is_working_day(day)


@pytest.mark.parametrize("day", [date(2025, 11, 24), date(2026, 2, 13), date(2026, 2, 23), date(2026, 9, 3)])
def test_the_day_before_or_after_a_holiday_is_worked(office: Calendar, day: date) -> None:
    assert office.hours_on(day) == FULL


@pytest.mark.parametrize("code", ["office", "office-saturday"])
@pytest.mark.parametrize("day", [date(2025, 4, 26), date(2026, 8, 22)])
def test_a_swapped_saturday_is_worked_in_full(pleiku: CityFile, code: str, day: date) -> None:
    assert calendars.build_all(pleiku)[code].hours_on(day) == FULL


def test_swapped_saturdays_are_known_without_the_city_entering_them(pleiku: CityFile) -> None:
    calendar = calendars.build(office_entry(pleiku), without_own_days(pleiku))

    assert calendar.is_working_day(date(2026, 8, 22))
    assert not calendar.is_working_day(date(2026, 8, 29))


def test_the_saturdays_of_the_tet_break_are_off_where_saturdays_are_worked(pleiku: CityFile) -> None:
    calendar = calendars.build_all(pleiku)["office-saturday"]

    assert not calendar.is_working_day(date(2026, 2, 14))
    assert not calendar.is_working_day(date(2026, 2, 21))
    assert calendar.hours_on(date(2026, 2, 28)) == FULL[:1]


def test_a_report_before_tet_is_due_after_the_published_break(office: Calendar) -> None:
    assert add_working_days(office, saigon("2026-02-13 09:00"), 1) == saigon("2026-02-23 17:00")
    assert add_working_days(office, saigon("2026-11-23 09:00"), 1) == saigon("2026-11-25 17:00")


def test_a_day_the_city_takes_off_is_off(pleiku: CityFile) -> None:
    storm = DayOff(date(2026, 10, 5), date(2026, 10, 6), "Bão số 9", "Storm no. 9")
    calendar = calendars.build(office_entry(pleiku), replace(pleiku, days_off=(storm,)))

    assert [calendar.is_working_day(date(2026, 10, day)) for day in (2, 5, 6, 7)] == [True, False, False, True]


def test_a_day_the_city_works_is_worked_although_it_is_a_public_holiday(pleiku: CityFile) -> None:
    half = (FULL[0],)
    flood = WorkingDay(date(2026, 9, 2), "Trực bão", "Storm duty", hours=half)
    calendar = calendars.build(office_entry(pleiku), replace(pleiku, working_days=(flood,)))

    assert calendar.hours_on(date(2026, 9, 2)) == half


def test_a_swap_the_city_enters_moves_the_day_off(pleiku: CityFile) -> None:
    swap = WorkingDay(date(2027, 1, 9), "Làm bù", "Swapped", instead_of=date(2027, 1, 4))
    calendar = calendars.build(office_entry(pleiku), replace(pleiku, working_days=(swap,)))

    assert calendar.hours_on(date(2027, 1, 9)) == FULL
    assert not calendar.is_working_day(date(2027, 1, 4))


def test_a_city_may_stay_at_home_on_a_saturday_the_country_works(pleiku: CityFile) -> None:
    at_home = DayOff(date(2026, 8, 22), date(2026, 8, 22), "Không làm bù", "Not worked here")
    calendar = calendars.build(office_entry(pleiku), replace(pleiku, days_off=(at_home,), working_days=()))

    assert not calendar.is_working_day(date(2026, 8, 22))


def test_a_calendar_without_public_holidays_keeps_its_weekly_hours(pleiku: CityFile) -> None:
    entry = replace(office_entry(pleiku), public_holidays=False)
    calendar = calendars.build(entry, pleiku)

    assert calendar.is_working_day(date(2026, 2, 17))
    assert not calendar.is_working_day(date(2026, 8, 22))


def test_the_continuous_calendar_knows_no_holidays(pleiku: CityFile) -> None:
    calendar = calendars.build_all(pleiku)["continuous"]
    start = saigon("2026-02-17 02:00")

    assert add_working_hours(calendar, start, 4) == saigon("2026-02-17 06:00")


def test_beyond_the_years_asked_for_weekly_hours_still_count(pleiku: CityFile) -> None:
    calendar = calendars.build(office_entry(pleiku), pleiku, years=range(2026, 2027))

    assert add_working_days(calendar, saigon("2027-04-29 09:00"), 1) == saigon("2027-04-30 17:00")
    assert add_working_days(calendar, saigon("2150-01-01 09:00"), 10) == saigon("2150-01-15 17:00")


def test_other_countries_and_their_subdivisions_have_their_own_holidays(pleiku: CityFile) -> None:
    city = replace(pleiku.city, country="US", subdivision="CA", time_zone="America/Los_Angeles")
    calendar = calendars.build(office_entry(pleiku), replace(without_own_days(pleiku), city=city))

    assert not calendar.is_working_day(date(2026, 7, 3))
    assert not calendar.is_working_day(date(2026, 3, 31))
    assert calendar.is_working_day(date(2026, 2, 17))
    assert add_working_days(calendar, datetime(2026, 3, 6, 18, tzinfo=UTC), 1) == datetime(2026, 3, 10, 0, tzinfo=UTC)


def test_days_have_names_in_both_languages_and_the_city_may_rename_them(pleiku: CityFile) -> None:
    vietnamese, english = calendars.day_names(pleiku, "vi"), calendars.day_names(pleiku, "en")

    assert vietnamese[date(2026, 1, 1)] == "Tết Dương lịch"
    assert english[date(2026, 1, 1)] == "New Year's Day"
    assert vietnamese[date(2026, 2, 14)] == "Nghỉ Tết Bính Ngọ"
    assert english[date(2026, 2, 22)] == "Lunar New Year break"
    assert "dự kiến" in vietnamese[date(2027, 2, 4)]


def test_a_swapped_day_says_what_it_is_worked_for_and_its_counterpart_why_it_is_off(pleiku: CityFile) -> None:
    names = calendars.day_names(pleiku, "vi")
    assert names[date(2026, 8, 22)] == "Làm bù cho ngày 31/8/2026"
    assert names[date(2026, 8, 31)] == "Nghỉ lễ Quốc khánh"

    swap = WorkingDay(date(2027, 1, 9), "Đổi ngày", "Swapped", instead_of=date(2027, 1, 4))
    swapped = calendars.day_names(replace(pleiku, working_days=(swap,)), "en")
    assert (swapped[date(2027, 1, 9)], swapped[date(2027, 1, 4)]) == ("Swapped", "Swapped")
