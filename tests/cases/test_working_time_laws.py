"""The laws that adding and measuring working time obey, whatever the calendar and the moment."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from cases.working_time import (
    Calendar,
    account,
    add_hours,
    add_working_days,
    add_working_hours,
    add_working_minutes,
    due,
    due_soon_at,
    explain,
    extend,
    next_opening,
    start_for,
    subtract_working_days,
    subtract_working_hours,
    subtract_working_minutes,
    working_days_between,
    working_time_between,
)
from tests.cases.offices import CALENDARS, LOS_ANGELES, SAIGON, ZURICH, ZURICH_NIGHTS, H

# --------------------------------------------------------------------------------------------- laws of the arithmetic

law = settings(deadline=None)  # a slow machine breaks no law
calendars = st.sampled_from(CALENDARS)
# hypothesis wants its bounds without a zone
moments = st.datetimes(datetime(2024, 12, 1), datetime(2027, 2, 1), timezones=st.just(UTC))  # noqa: DTZ001
amounts = st.timedeltas(timedelta(), timedelta(hours=120))
zones = st.sampled_from([SAIGON, LOS_ANGELES, ZURICH, UTC, ZoneInfo("Pacific/Apia")])


def is_open_or_closing(calendar: Calendar, at: datetime) -> bool:
    local = at.astimezone(calendar.time_zone)
    if calendar.continuous:
        return True
    today = calendar.hours_on(local.date())
    yesterday = calendar.hours_on(local.date() - timedelta(days=1))
    closes_at_midnight = local.time() == time(0) and any(closing == time(0) for _, closing in yesterday)
    return closes_at_midnight or any(
        opening <= local.time() <= (closing if closing != time(0) else time.max) for opening, closing in today
    )


@law
@given(calendars, moments, amounts)
def test_what_was_added_is_what_lies_between(calendar: Calendar, start: datetime, amount: timedelta) -> None:
    assert working_time_between(calendar, start, add_working_hours(calendar, start, amount)) == amount


@law
@given(calendars, moments, amounts, amounts)
def test_adding_twice_is_adding_the_sum(calendar: Calendar, start: datetime, one: timedelta, two: timedelta) -> None:
    together = add_working_hours(calendar, start, one + two)
    in_turn = add_working_hours(calendar, add_working_hours(calendar, start, one), two)

    # Both have the same working time behind them; after nothing more, the first may stand at an opening.
    assert working_time_between(calendar, together, in_turn) == timedelta()
    assert in_turn == together or not (one and two)


@law
@given(calendars, moments, amounts)
def test_an_added_limit_ends_inside_office_hours_or_at_their_end(
    calendar: Calendar, start: datetime, amount: timedelta
) -> None:
    end = add_working_hours(calendar, start, amount)

    assert end >= start
    assert end.tzinfo is UTC
    assert is_open_or_closing(calendar, end)


@law
@given(calendars, moments, moments, amounts)
def test_a_later_start_never_ends_earlier(calendar: Calendar, one: datetime, two: datetime, amount: timedelta) -> None:
    earlier, later = sorted((one, two))

    assert add_working_hours(calendar, earlier, amount) <= add_working_hours(calendar, later, amount)
    assert add_working_days(calendar, earlier, 3) <= add_working_days(calendar, later, 3)


@law
@given(calendars, moments, amounts, amounts, st.integers(0, 15), st.integers(0, 15))
def test_a_longer_limit_never_ends_earlier(
    calendar: Calendar, start: datetime, one: timedelta, two: timedelta, few: int, many: int
) -> None:
    shorter, longer = sorted((one, two))
    few, many = sorted((few, many))

    assert add_working_hours(calendar, start, shorter) <= add_working_hours(calendar, start, longer)
    assert add_working_days(calendar, start, few) <= add_working_days(calendar, start, many)


@law
@given(calendars, moments, zones, amounts)
def test_the_time_zone_in_which_a_moment_is_written_does_not_matter(
    calendar: Calendar, start: datetime, zone: ZoneInfo, amount: timedelta
) -> None:
    elsewhere = start.astimezone(zone)

    assert add_working_hours(calendar, elsewhere, amount) == add_working_hours(calendar, start, amount)
    assert add_working_days(calendar, elsewhere, 2) == add_working_days(calendar, start, 2)


@law
@given(calendars, moments, st.integers(1, 12))
def test_a_limit_in_days_ends_at_the_last_minute_worked_that_day(
    calendar: Calendar, start: datetime, days: int
) -> None:
    end = add_working_days(calendar, start, days)

    assert end.tzinfo is UTC
    assert end > start
    if not calendar.continuous:
        assert is_open_or_closing(calendar, end)
        assert next_opening(calendar, end) > end or calendar is ZURICH_NIGHTS
        assert working_time_between(calendar, start, end) >= (days - 1) * min(4 * H, calendar.day_length)


@law
@given(calendars, moments, moments, moments)
def test_working_time_adds_up_over_any_moment_between(
    calendar: Calendar, one: datetime, two: datetime, three: datetime
) -> None:
    whole = working_time_between(calendar, one, three)

    assert working_time_between(calendar, one, two) + working_time_between(calendar, two, three) == whole
    assert working_time_between(calendar, three, one) == -whole


@law
@given(calendars, moments, st.timedeltas(timedelta(), timedelta(days=40)))
def test_what_is_skipped_and_what_is_worked_make_up_the_whole(
    calendar: Calendar, start: datetime, span: timedelta
) -> None:
    skipped = explain(calendar, start, start + span)

    assert sum((each.end - each.start for each in skipped), working_time_between(calendar, start, start + span)) == span
    assert all(one.end <= two.start for one, two in pairwise(skipped))
    assert not any(working_time_between(calendar, each.start, each.end) for each in skipped)


@law
@given(calendars, moments, amounts, moments, amounts)
def test_a_pause_never_brings_a_deadline_forward(
    calendar: Calendar, start: datetime, amount: timedelta, begin: datetime, length: timedelta
) -> None:
    due_at = add_working_hours(calendar, start, amount)
    pause = (begin, begin + length)
    extended = extend(calendar, due_at, [pause])

    paused = working_time_between(calendar, *pause) if begin < due_at else timedelta()
    assert working_time_between(calendar, due_at, extended) == paused
    assert extend(calendar, due_at, [pause], whole_days=True) >= extended


@law
@given(calendars, moments, amounts)
def test_due_soon_lies_between_start_and_due(calendar: Calendar, start: datetime, amount: timedelta) -> None:
    due_at = add_working_hours(calendar, start, amount)

    assert start <= due_soon_at(calendar, start, due_at) <= due_at


@law
@given(calendars, moments, amounts)
def test_subtracting_undoes_adding(calendar: Calendar, start: datetime, amount: timedelta) -> None:
    back = subtract_working_hours(calendar, add_working_hours(calendar, start, amount), amount)

    assert back == (next_opening(calendar, start) if amount else add_working_hours(calendar, start, amount))
    assert subtract_working_minutes(calendar, start, amount) == subtract_working_hours(calendar, start, amount)


@law
@given(calendars, moments, amounts)
def test_what_was_subtracted_is_what_lies_between(calendar: Calendar, end: datetime, amount: timedelta) -> None:
    start = subtract_working_hours(calendar, end, amount)

    assert start <= end
    assert start.tzinfo is UTC
    assert is_open_or_closing(calendar, start)
    assert working_time_between(calendar, start, end) == amount


@law
@given(calendars, moments, st.integers(0, 30))
def test_subtracting_days_undoes_adding_them(calendar: Calendar, start: datetime, days: int) -> None:
    end = add_working_days(calendar, start, days)
    back = subtract_working_days(calendar, end, days)

    assert add_working_days(calendar, back, days) == end
    assert back == subtract_working_days(calendar, add_working_days(calendar, start, 0), 0)


@law
@given(calendars, moments, st.integers(0, 30))
def test_days_added_are_the_days_between(calendar: Calendar, start: datetime, days: int) -> None:
    end = add_working_days(calendar, start, days)

    assert working_days_between(calendar, start, end) == days
    assert working_days_between(calendar, end, start) == -days
    if days:
        assert working_days_between(calendar, start, end - timedelta(microseconds=1)) == days - 1


@law
@given(calendars, moments, moments, amounts, st.integers(0, 15))
def test_an_earlier_end_never_begins_later(
    calendar: Calendar, one: datetime, two: datetime, amount: timedelta, days: int
) -> None:
    earlier, later = sorted((one, two))

    assert subtract_working_hours(calendar, earlier, amount) <= subtract_working_hours(calendar, later, amount)
    assert subtract_working_days(calendar, earlier, days) <= subtract_working_days(calendar, later, days)
    assert subtract_working_days(calendar, later, days + 1) <= subtract_working_days(calendar, later, days)


@law
@given(calendars, moments, st.timedeltas(timedelta(), timedelta(days=40)))
def test_an_account_names_exactly_the_days_nobody_worked(calendar: Calendar, start: datetime, span: timedelta) -> None:
    told = account(calendar, start, start + span)
    first, last = calendar.local_day(start), calendar.local_day(max(start, start + span - timedelta(microseconds=1)))
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]

    assert [day for run in told.days_off for day in run.days] == [
        day for day in days if not calendar.is_working_day(day)
    ]
    assert account(calendar, start + span, start) == told
    assert told.time == working_time_between(calendar, start, start + span)


@law
@given(calendars, moments, amounts)
def test_minutes_are_sixtieths_of_hours(calendar: Calendar, start: datetime, amount: timedelta) -> None:
    minutes = amount // timedelta(minutes=1)

    whole = timedelta(minutes=minutes)
    assert add_working_minutes(calendar, start, minutes) == add_working_hours(calendar, start, whole)
    assert due(calendar, start, minutes, "working_minutes") == due(calendar, start, whole, "working_hours")
    assert start_for(calendar, start, minutes, "working_minutes") == subtract_working_hours(calendar, start, whole)


@law
@given(moments, amounts)
def test_clock_hours_are_clock_hours(start: datetime, amount: timedelta) -> None:
    assert add_hours(start, amount) == start + amount
