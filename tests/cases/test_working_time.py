"""Adding working time, on the traps that real deadlines in Viet Nam have fallen into."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest

from cases.working_time import (
    Calendar,
    Measure,
    add_working_days,
    add_working_hours,
    due,
    next_opening,
    working_time_between,
)
from tests.cases.offices import (
    AFTERNOON,
    CONTINUOUS,
    DAYS_OFF,
    FULL,
    LOS_ANGELES,
    LOS_ANGELES_OFFICE,
    MORNING,
    OFFICE,
    OFFICE_SATURDAY,
    SAIGON,
    SWAPPED,
    ZURICH,
    ZURICH_NIGHTS,
    H,
    in_zone,
    saigon,
)

# ------------------------------------------------------------------------------------------------- working days


@pytest.mark.parametrize(
    ("start", "days", "expected"),
    [
        pytest.param("2026-11-16 08:00", 1, "2026-11-17 17:00", id="during office hours: day 1 is the next day"),
        pytest.param("2026-11-16 06:00", 1, "2026-11-17 17:00", id="before opening: received the same day"),
        pytest.param("2026-11-16 12:00", 1, "2026-11-17 17:00", id="during lunch: received the same day"),
        pytest.param("2026-11-16 16:59", 1, "2026-11-17 17:00", id="a minute before closing: received the same day"),
        pytest.param("2026-11-16 17:00", 1, "2026-11-18 17:00", id="at closing time: received the next morning"),
        pytest.param("2026-11-16 22:22", 1, "2026-11-18 17:00", id="at 22:22: received the next morning"),
        pytest.param("2026-11-15 20:00", 1, "2026-11-17 17:00", id="Sunday evening: received on Monday"),
        pytest.param("2026-11-20 18:00", 1, "2026-11-25 17:00", id="Friday evening, and the Tuesday is a holiday"),
        pytest.param("2026-11-20 09:00", 3, "2026-11-26 17:00", id="24 November is off from 2026 on"),
        pytest.param("2026-02-12 09:00", 3, "2026-02-24 17:00", id="Tet inside the span"),
        pytest.param("2026-02-13 17:30", 1, "2026-02-24 17:00", id="on the evening before Tet"),
        pytest.param("2026-02-18 10:00", 1, "2026-02-24 17:00", id="in the middle of Tet"),
        pytest.param("2022-04-29 22:22", 1, "2022-05-05 17:00", id="22:22 before a break with two days in lieu"),
        pytest.param("2022-04-29 09:00", 1, "2022-05-04 17:00", id="across two days in lieu"),
        pytest.param("2025-04-25 09:00", 1, "2025-04-26 17:00", id="a swapped Saturday is worked"),
        pytest.param("2025-04-29 09:00", 1, "2025-05-05 17:00", id="its Friday in exchange is off"),
        pytest.param("2026-08-21 09:00", 2, "2026-08-24 17:00", id="Saturday 22 August 2026 is worked"),
        pytest.param("2026-08-28 09:00", 1, "2026-09-03 17:00", id="Monday 31 August 2026 is off"),
        pytest.param("2026-11-16 08:00", 0, "2026-11-16 17:00", id="no day at all: by closing time"),
        pytest.param("2026-11-15 08:00", 0, "2026-11-16 17:00", id="no day at all, received on a Sunday"),
        pytest.param("2026-12-30 08:00", 3, "2027-01-04 17:00", id="over New Year, weekly hours alone"),
    ],
)
def test_a_limit_in_working_days_ends_at_the_end_of_office_hours(start: str, days: int, expected: str) -> None:
    assert add_working_days(OFFICE, saigon(start), days) == saigon(expected)


def test_a_due_day_never_ends_at_midnight() -> None:
    shown = add_working_days(OFFICE, saigon("2022-05-26 09:00"), 4).astimezone(SAIGON)

    assert (shown.date(), shown.time()) == (date(2022, 6, 1), time(17))


def test_a_due_saturday_ends_at_the_end_of_its_morning() -> None:
    assert add_working_days(OFFICE_SATURDAY, saigon("2026-11-20 09:00"), 1) == saigon("2026-11-21 11:30")


def test_a_swapped_saturday_is_worked_in_full_where_saturdays_are_half() -> None:
    assert add_working_days(OFFICE_SATURDAY, saigon("2026-08-21 09:00"), 1) == saigon("2026-08-22 17:00")


def test_a_saturday_afternoon_report_counts_as_received_on_monday_where_saturdays_are_half() -> None:
    assert add_working_days(OFFICE_SATURDAY, saigon("2026-11-14 11:30"), 1) == saigon("2026-11-17 17:00")
    assert add_working_days(OFFICE_SATURDAY, saigon("2026-11-14 11:29"), 1) == saigon("2026-11-16 17:00")


def test_a_day_around_the_clock_is_twenty_four_hours() -> None:
    start = saigon("2026-02-16 22:22")

    assert add_working_days(CONTINUOUS, start, 2) == start + timedelta(hours=48)


# ------------------------------------------------------------------------------------------------ working hours


@pytest.mark.parametrize(
    ("start", "hours", "expected"),
    [
        pytest.param("2026-11-16 10:00", 4, "2026-11-16 16:00", id="four hours across lunch"),
        pytest.param("2026-11-16 10:00", 8, "2026-11-17 10:00", id="eight hours across lunch and a night"),
        pytest.param("2026-11-16 07:00", 8, "2026-11-16 17:00", id="a whole day ends at closing time"),
        pytest.param("2026-11-16 07:00", 4.5, "2026-11-16 11:30", id="a morning ends at lunch, not after it"),
        pytest.param("2026-11-16 12:15", 1, "2026-11-16 14:30", id="from lunch it starts after lunch"),
        pytest.param("2026-11-16 22:22", 2, "2026-11-17 09:00", id="at 22:22 it starts the next morning"),
        pytest.param("2026-11-15 20:00", 2, "2026-11-16 09:00", id="on Sunday evening it starts on Monday"),
        pytest.param("2026-11-20 16:00", 2, "2026-11-23 08:00", id="over a weekend"),
        pytest.param("2026-11-23 16:00", 2, "2026-11-25 08:00", id="over 24 November 2026"),
        pytest.param("2026-02-13 16:00", 8, "2026-02-23 16:00", id="over Tet"),
        pytest.param("2025-04-25 16:00", 2, "2025-04-26 08:00", id="into a swapped Saturday"),
        pytest.param("2025-04-29 16:30", 1, "2025-05-05 07:30", id="over the day swapped for it"),
        pytest.param("2026-12-31 16:00", 2, "2027-01-01 08:00", id="over the turn of the year"),
        pytest.param(
            "2026-12-31 07:00", 8, "2026-12-31 17:00", id="the last closing time of the year is still this year"
        ),
        pytest.param("2026-11-16 17:00", 0, "2026-11-16 17:00", id="nothing, at closing time"),
        pytest.param("2026-11-16 13:30", 0, "2026-11-16 13:30", id="nothing, at opening time"),
        pytest.param("2026-11-16 12:00", 0, "2026-11-16 13:30", id="nothing, during lunch: the next opening"),
        pytest.param("2026-12-31 22:00", 0, "2027-01-01 07:00", id="nothing, on New Year's Eve"),
        pytest.param("2026-01-01 00:00", 0, "2026-01-01 07:00", id="nothing, before the year's first opening"),
    ],
)
def test_a_limit_in_working_hours_runs_only_while_the_office_is_open(start: str, hours: float, expected: str) -> None:
    assert add_working_hours(OFFICE, saigon(start), hours) == saigon(expected)


def test_saturday_morning_counts_where_it_is_worked() -> None:
    friday = saigon("2026-11-20 16:00")

    assert add_working_hours(OFFICE_SATURDAY, friday, 5) == saigon("2026-11-21 11:00")
    assert add_working_hours(OFFICE, friday, 5) == saigon("2026-11-23 11:00")


def test_hours_around_the_clock_know_neither_night_nor_tet() -> None:
    assert add_working_hours(CONTINUOUS, saigon("2026-02-16 23:00"), 4) == saigon("2026-02-17 03:00")


@pytest.mark.parametrize("hours", [Decimal("1.5"), 1.5, timedelta(minutes=90)])
def test_hours_may_be_given_as_decimal_float_or_duration(hours: Decimal | float | timedelta) -> None:
    assert add_working_hours(OFFICE, saigon("2026-11-16 07:00"), hours) == saigon("2026-11-16 08:30")


def test_a_year_that_is_off_as_a_whole_is_skipped() -> None:
    sabbatical = frozenset(date(2027, 1, 1) + timedelta(days=day) for day in range(365))
    calendar = Calendar("sabbatical", SAIGON, OFFICE.weekly, sabbatical)
    last_hour = saigon("2026-12-31 16:00")

    assert add_working_hours(calendar, last_hour, 2) == saigon("2028-01-03 08:00")
    assert add_working_days(calendar, last_hour, 1) == saigon("2028-01-03 17:00")
    assert working_time_between(calendar, last_hour, saigon("2028-01-03 08:00")) == 2 * H
    assert next_opening(calendar, saigon("2027-05-05 05:05")) == saigon("2028-01-03 07:00")


# ----------------------------------------------------------------------------------------------- clocks that change


def test_office_hours_stay_on_the_wall_clock_when_it_springs_forward() -> None:
    friday = in_zone(LOS_ANGELES, "2026-03-06 16:00")
    monday = in_zone(LOS_ANGELES, "2026-03-09 09:00")

    assert add_working_hours(LOS_ANGELES_OFFICE, friday, 2) == monday
    assert monday.astimezone(UTC) - friday.astimezone(UTC) == 64 * H


def test_office_hours_stay_on_the_wall_clock_when_it_falls_back() -> None:
    due_at = add_working_days(LOS_ANGELES_OFFICE, in_zone(LOS_ANGELES, "2026-10-30 12:00"), 1)

    assert due_at == datetime(2026, 11, 3, 1, tzinfo=UTC)


def test_a_night_on_which_the_clock_changes_is_as_long_as_it_is() -> None:
    evening, morning = in_zone(ZURICH, "2026-03-28 22:00"), in_zone(ZURICH, "2026-03-29 04:00")
    assert working_time_between(ZURICH_NIGHTS, evening, morning) == 5 * H

    evening, morning = in_zone(ZURICH, "2026-10-24 22:00"), in_zone(ZURICH, "2026-10-25 04:00")
    assert working_time_between(ZURICH_NIGHTS, evening, morning) == 7 * H


def test_hours_that_meet_in_the_missing_hour_are_not_counted_twice() -> None:
    calendar = Calendar("gap", LOS_ANGELES, (((time(1), time(2, 45)), (time(3), time(5))),) * 7)
    midnight, six = in_zone(LOS_ANGELES, "2026-03-08 00:00"), in_zone(LOS_ANGELES, "2026-03-08 06:00")

    assert working_time_between(calendar, midnight, six) == 3 * H
    assert add_working_hours(calendar, midnight, 3) == in_zone(LOS_ANGELES, "2026-03-08 05:00")


# -------------------------------------------------------------------------------------------------- due in general


@pytest.mark.parametrize(
    ("amount", "measure", "expected"),
    [
        (8, "working_hours", "2026-11-17 10:00"),
        (Decimal(3), "working_days", "2026-11-19 17:00"),
        (2.0, Measure.WORKING_DAYS, "2026-11-18 17:00"),
        (4, "hours", "2026-11-16 14:00"),
        (24, Measure.HOURS, "2026-11-17 10:00"),
    ],
)
def test_the_measure_says_how_a_limit_is_counted(
    amount: float | Decimal, measure: str | Measure, expected: str
) -> None:
    assert due(OFFICE, saigon("2026-11-16 10:00"), amount, measure) == saigon(expected)


@pytest.mark.parametrize(
    ("amount", "measure"),
    [
        (1.5, "working_days"),
        (Decimal("0.5"), "working_days"),
        (timedelta(hours=30), "working_days"),
        (-1, "working_days"),
        (-1, "working_hours"),
        (-1, "hours"),
        (1, "fortnights"),
    ],
)
def test_a_limit_that_makes_no_sense_is_refused(amount: float | Decimal | timedelta, measure: str) -> None:
    with pytest.raises(ValueError, match=r"negative|whole|fortnights"):
        due(OFFICE, saigon("2026-11-16 10:00"), amount, measure)


def test_whole_days_may_be_given_as_a_duration() -> None:
    assert due(OFFICE, saigon("2026-11-16 10:00"), timedelta(days=2), "working_days") == saigon("2026-11-18 17:00")


def test_a_moment_without_time_zone_is_refused() -> None:
    naive = datetime(2026, 11, 16, 10)  # noqa: DTZ001  # naive on purpose

    for count in (add_working_hours, add_working_days):
        with pytest.raises(ValueError, match="no time zone"):
            count(OFFICE, naive, 1)
    with pytest.raises(ValueError, match="no time zone"):
        working_time_between(OFFICE, naive, saigon("2026-11-16 10:00"))


def test_the_office_is_closed_at_closing_time() -> None:
    assert next_opening(OFFICE, saigon("2026-11-16 17:00")) == saigon("2026-11-17 07:00")
    assert next_opening(OFFICE, saigon("2026-11-16 16:59")) == saigon("2026-11-16 16:59")
    assert next_opening(OFFICE, saigon("2026-11-16 07:00")) == saigon("2026-11-16 07:00")
    assert next_opening(CONTINUOUS, saigon("2026-11-15 03:00")) == saigon("2026-11-15 03:00")


# ------------------------------------------------------------------------------------------------ calendar values


def test_a_swapped_day_is_a_working_day_and_a_holiday_is_not() -> None:
    assert OFFICE.is_working_day(date(2025, 4, 26))
    assert not OFFICE.is_working_day(date(2025, 5, 2))
    assert not OFFICE.is_working_day(date(2026, 11, 24))
    assert OFFICE.is_working_day(date(2025, 11, 24))
    assert CONTINUOUS.is_working_day(date(2026, 2, 17))


def test_calendars_of_equal_hours_are_equal_even_after_use() -> None:
    twin = Calendar("office", SAIGON, OFFICE.weekly, DAYS_OFF, dict(SWAPPED))
    add_working_hours(OFFICE, saigon("2026-11-16 10:00"), 1)

    assert twin == OFFICE
    assert len({twin, OFFICE}) == 1


@pytest.mark.parametrize(
    "weekly",
    [
        ((),) * 7,
        (FULL,) * 5,
        ((AFTERNOON, MORNING),) * 7,
        (((time(9), time(12)), (time(11), time(17))),) * 7,
        (((time(17), time(9)),),) * 7,
        (((time(9), time(0)), (time(10), time(11))),) * 7,
    ],
    ids=["never open", "five days", "out of order", "overlapping", "backwards", "after midnight"],
)
def test_a_calendar_with_impossible_hours_is_refused(weekly: tuple[tuple[tuple[time, time], ...], ...]) -> None:
    with pytest.raises(ValueError, match="calendar odd"):
        Calendar("odd", SAIGON, weekly)
