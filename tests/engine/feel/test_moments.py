"""Dates, times and durations."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import clock
from engine.feel import YearMonthDuration, compile_expression, set_time_zone
from engine.feel.temporal import read_literal, write
from tests.engine.feel.asking import same, value

DURATION = st.timedeltas(min_value=timedelta(days=-400), max_value=timedelta(days=400))
ZONES = [None, UTC, timezone(timedelta(hours=7)), ZoneInfo("Asia/Ho_Chi_Minh"), ZoneInfo("Europe/Paris")]
ZONE: st.SearchStrategy[tzinfo | None] = st.sampled_from(ZONES)
DAY = st.dates(min_value=date(1970, 1, 2), max_value=date(2100, 1, 1))
MOMENT = st.builds(datetime.combine, DAY, st.times(), ZONE)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('date("2026-11-20")', date(2026, 11, 20)),
        ("date(2026, 11, 20)", date(2026, 11, 20)),
        ('date(date and time("2026-11-20T10:30:00"))', date(2026, 11, 20)),
        ('@"2026-11-20"', date(2026, 11, 20)),
        ('time("10:30:00")', time(10, 30)),
        ('time("10:30:00Z")', time(10, 30, tzinfo=UTC)),
        ('time("10:30:00.25+07:00")', time(10, 30, 0, 250000, timezone(timedelta(hours=7)))),
        ('time(10, 30, 0, duration("PT7H"))', time(10, 30, tzinfo=timezone(timedelta(hours=7)))),
        ('date and time("2026-11-20T10:30:00Z")', datetime(2026, 11, 20, 10, 30, tzinfo=UTC)),
        (
            '@"2026-11-20T10:30:00@Asia/Ho_Chi_Minh"',
            datetime(2026, 11, 20, 10, 30, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh")),
        ),
        ('duration("P1DT2H3M4.5S")', timedelta(days=1, hours=2, minutes=3, seconds=4.5)),
        ('duration("-PT90M")', timedelta(minutes=-90)),
        ('duration("P1Y2M")', YearMonthDuration(14)),
        ('years and months duration(date("2011-12-22"), date("2013-08-24"))', YearMonthDuration(20)),
        ('years and months duration(date("2013-08-24"), date("2011-12-22"))', YearMonthDuration(-20)),
        ('date("2024-01-31") + duration("P1M")', date(2024, 2, 29)),
        ('date("2024-02-29") - duration("P1Y")', date(2023, 2, 28)),
        ('date("2026-11-20") + duration("P2D")', date(2026, 11, 22)),
        ('date("2026-11-20") - date("2026-11-18")', timedelta(days=2)),
        ('time("23:00:00") + duration("PT2H")', time(1)),
        ('time("10:00:00") - time("09:15:00")', timedelta(minutes=45)),
        ('duration("P1D") * 2.5', timedelta(days=2, hours=12)),
        ('duration("P1D") / 2', timedelta(hours=12)),
        ('duration("PT1H") / duration("PT10M")', 6),
        ('duration("P1Y") / duration("P3M")', 4),
        ('-duration("P1M")', YearMonthDuration(-1)),
        ('abs(duration("-P1D"))', timedelta(days=1)),
        ('date("2026-11-20").weekday', 5),
        ('duration("-P1Y2M").years', -1),
        ('duration("P1DT25H").hours', 1),
        ('time("10:30:00+07:00").time offset', timedelta(hours=7)),
        ('date and time("2026-11-20T10:30:00@Asia/Ho_Chi_Minh").timezone', "Asia/Ho_Chi_Minh"),
        ('day of year(date("2024-12-31"))', 366),
        ('day of week(date("2026-11-20"))', "Friday"),
        ('month of year(date("2026-11-20"))', "November"),
        ('week of year(date("2003-12-29"))', 1),
    ],
)
def test_a_moment_or_duration_comes_out_as_the_standard_says(source: str, expected: object) -> None:
    assert value(source) == expected


@pytest.mark.parametrize(
    "source",
    [
        'date("2026-02-30")',
        'date("20/11/2026")',
        'date("2026-11-20T00:00:00")',
        'time("25:00:00")',
        'time("10:30:00@Mars/Base")',
        'time("10:30:00+15:00")',
        'duration("P")',
        'duration("1D")',
        'duration("P1Y1D")',
        'date("9999-12-31") + duration("P1D")',
        'date("0001-01-01") - duration("P1M")',
        'duration("P999999999D") * 1000',
        'duration("P999999999999Y")',
        'duration("P1Y") * 10 ** 6000',
        'date("2026-11-20") < date and time("2026-11-20T00:00:00")',
        'date and time("2026-11-20T00:00:00") < date and time("2026-11-20T00:00:00Z")',
        'date and time("2026-11-20T00:00:00") - date and time("2026-11-20T00:00:00Z")',
        'duration("P1Y") = duration("P365D")',
    ],
)
def test_what_is_no_moment_or_cannot_be_compared_is_null(source: str) -> None:
    assert compile_expression(source)({}) is None


@given(
    st.one_of(
        DURATION,
        MOMENT,
        st.dates(),
        st.builds(lambda moment: moment.timetz(), MOMENT),
        st.builds(YearMonthDuration, st.integers(-999, 999)),
    )
)
def test_a_moment_or_duration_written_as_text_reads_back_the_same(
    moment: datetime | timedelta | YearMonthDuration,
) -> None:
    assert read_literal(write(moment)) == moment


@given(MOMENT, DURATION)
def test_adding_and_taking_away_a_duration_leads_back(moment: datetime, duration: timedelta) -> None:
    assert value("moment + duration - duration = moment", moment=moment, duration=duration) is True


@given(MOMENT, DURATION)
def test_the_distance_to_a_later_moment_is_the_duration(moment: datetime, duration: timedelta) -> None:
    assert value("(moment + duration) - moment", moment=moment, duration=duration) == duration


def test_a_day_added_across_a_change_of_the_clock_is_24_hours() -> None:
    assert same('@"2026-03-28T12:00:00@Europe/Paris" + @"P1D"', '@"2026-03-29T13:00:00@Europe/Paris"')


def test_moments_in_different_zones_are_compared_as_moments() -> None:
    assert value('@"2026-11-20T10:00:00+07:00" = @"2026-11-20T03:00:00Z"') is True
    assert value('is(@"2026-11-20T10:00:00+07:00", @"2026-11-20T03:00:00Z")') is False


def test_now_and_today_follow_the_clock_in_the_zone_of_the_house() -> None:
    evening = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
    today, now = compile_expression("today()"), compile_expression("now()")
    try:
        set_time_zone(ZoneInfo("Asia/Ho_Chi_Minh"))
        with clock.at(evening):
            assert (today({}), now({})) == (date(2026, 11, 21), evening)
    finally:
        set_time_zone(UTC)
    with clock.at(evening):
        assert today({}) == date(2026, 11, 20)
