"""Pauses, due soon, what is left and what was skipped: a deadline while it runs."""

from __future__ import annotations

from decimal import Decimal

import pytest

from cases.working_time import (
    RemainingUnit,
    SkipReason,
    due_soon_at,
    explain,
    extend,
    remaining,
)
from tests.cases.offices import CONTINUOUS, OFFICE, SAIGON, ZURICH, ZURICH_NIGHTS, H, in_zone, saigon

# ------------------------------------------------------------------------------------------- pauses and extensions


def test_a_pause_pushes_the_deadline_by_the_working_time_it_took() -> None:
    due_at = saigon("2026-11-18 10:00")
    pause = (saigon("2026-11-16 15:00"), saigon("2026-11-17 09:00"))

    assert extend(OFFICE, due_at, [pause]) == saigon("2026-11-18 16:00")


def test_a_pause_outside_office_hours_pushes_nothing() -> None:
    due_at = saigon("2026-11-18 17:00")
    night_and_weekend = [
        (saigon("2026-11-14 08:00"), saigon("2026-11-16 06:00")),
        (saigon("2026-11-16 17:00"), saigon("2026-11-17 07:00")),
    ]

    assert extend(OFFICE, due_at, night_and_weekend, whole_days=True) == due_at


def test_overlapping_pauses_count_once() -> None:
    due_at = saigon("2026-11-18 09:00")
    first = (saigon("2026-11-16 08:00"), saigon("2026-11-16 10:00"))
    second = (saigon("2026-11-16 09:00"), saigon("2026-11-16 11:00"))
    inner = (saigon("2026-11-16 08:30"), saigon("2026-11-16 09:30"))

    assert extend(OFFICE, due_at, [second, first, inner]) == saigon("2026-11-18 14:00")


def test_a_limit_in_days_still_ends_at_closing_time_after_a_pause() -> None:
    due_at = saigon("2026-11-18 17:00")
    pause = (saigon("2026-11-16 15:00"), saigon("2026-11-17 09:00"))

    assert extend(OFFICE, due_at, [pause], whole_days=True) == saigon("2026-11-19 17:00")


def test_a_pause_over_tet_pushes_only_by_the_days_worked_around_it() -> None:
    due_at = saigon("2026-02-25 17:00")
    pause = (saigon("2026-02-13 07:00"), saigon("2026-02-23 17:00"))

    assert extend(OFFICE, due_at, [pause]) == saigon("2026-02-27 17:00")


def test_a_pause_around_the_clock_pushes_by_its_whole_length() -> None:
    due_at = saigon("2026-11-16 20:00")
    pause = (saigon("2026-11-16 02:00"), saigon("2026-11-16 05:00"))

    assert extend(CONTINUOUS, due_at, [pause], whole_days=True) == due_at + 3 * H


def test_a_pause_after_the_deadline_does_not_bring_it_back() -> None:
    due_at = saigon("2026-11-16 10:00")
    late = (saigon("2026-11-16 14:00"), saigon("2026-11-16 16:00"))

    assert extend(OFFICE, due_at, [late]) == due_at


def test_a_second_pause_counts_when_the_first_has_pushed_the_deadline_beyond_it() -> None:
    due_at = saigon("2026-11-16 10:00")
    first = (saigon("2026-11-16 08:00"), saigon("2026-11-16 14:30"))
    second = (saigon("2026-11-16 15:00"), saigon("2026-11-16 16:00"))

    assert extend(OFFICE, due_at, [first, second]) == saigon("2026-11-17 07:30")


def test_a_deadline_set_by_hand_outside_office_hours_stays_where_it_is_without_pauses() -> None:
    by_hand = saigon("2026-11-16 23:59")

    assert extend(OFFICE, by_hand, []) == by_hand
    assert extend(OFFICE, by_hand, [], whole_days=True) == by_hand


def test_a_pause_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ValueError, match="ends before it begins"):
        extend(OFFICE, saigon("2026-11-16 10:00"), [(saigon("2026-11-13 10:00"), saigon("2026-11-13 09:00"))])


def test_a_pushed_limit_in_days_that_ends_with_the_year_stays_on_its_day() -> None:
    begin, new_year = in_zone(ZURICH, "2026-12-30 01:00"), in_zone(ZURICH, "2027-01-01 00:00")
    three_hours = (begin, begin + 6 * H)
    five_hours = (begin, in_zone(ZURICH, "2026-12-31 00:00"))

    assert extend(ZURICH_NIGHTS, in_zone(ZURICH, "2026-12-31 00:00"), [three_hours], whole_days=True) == new_year
    assert extend(ZURICH_NIGHTS, in_zone(ZURICH, "2026-12-31 01:00"), [five_hours], whole_days=True) == new_year


# ------------------------------------------------------------------------------------------- due soon, remaining


def test_a_deadline_is_due_soon_while_a_fifth_of_its_working_time_is_left() -> None:
    start, due_at = saigon("2026-11-02 07:00"), saigon("2026-11-06 17:00")

    assert due_soon_at(OFFICE, start, due_at) == saigon("2026-11-06 07:00")
    assert due_soon_at(OFFICE, start, due_at, share=Decimal("0.4")) == saigon("2026-11-05 07:00")


def test_a_deadline_is_due_soon_while_four_working_hours_are_left() -> None:
    assert due_soon_at(OFFICE, saigon("2026-11-16 07:00"), saigon("2026-11-17 09:00")) == saigon("2026-11-16 15:00")


def test_a_short_limit_is_not_due_soon_from_its_first_minute() -> None:
    assert due_soon_at(OFFICE, saigon("2026-11-16 08:00"), saigon("2026-11-16 10:00")) == saigon("2026-11-16 09:00")


def test_the_reminder_comes_when_people_are_back_rather_than_when_they_leave() -> None:
    start, due_at = saigon("2026-11-18 07:00"), saigon("2026-11-23 17:00")

    assert due_soon_at(OFFICE, start, due_at, at_least=8 * H) == saigon("2026-11-23 07:00")


def test_due_soon_reaches_back_over_new_year() -> None:
    start, due_at = saigon("2026-12-28 07:00"), saigon("2027-01-01 09:00")

    assert due_soon_at(OFFICE, start, due_at) == saigon("2026-12-31 10:12")


def test_due_soon_around_the_clock_counts_clock_hours() -> None:
    start = saigon("2026-11-15 20:00")

    assert due_soon_at(CONTINUOUS, start, start + 8 * H) == start + 4 * H
    assert due_soon_at(CONTINUOUS, start, start + 100 * H) == start + 80 * H


def test_a_deadline_already_over_at_its_start_is_due_soon_at_once() -> None:
    start = saigon("2026-11-16 10:00")

    assert due_soon_at(OFFICE, start, saigon("2026-11-16 09:00")) == start


@pytest.mark.parametrize(
    ("at", "amount", "unit", "is_overdue"),
    [
        ("2026-11-18 16:15", 45, RemainingUnit.MINUTES, False),
        ("2026-11-18 08:30", 6, RemainingUnit.WORKING_HOURS, False),
        ("2026-11-18 09:30", 5, RemainingUnit.WORKING_HOURS, False),
        ("2026-11-18 07:00", 1, RemainingUnit.WORKING_DAYS, False),
        ("2026-11-16 09:00", 2, RemainingUnit.WORKING_DAYS, False),
        ("2026-11-14 09:00", 3, RemainingUnit.WORKING_DAYS, False),
        ("2026-11-18 17:00", 0, RemainingUnit.MINUTES, False),
        ("2026-11-18 20:00", 0, RemainingUnit.MINUTES, True),
        ("2026-11-19 09:15", 2, RemainingUnit.WORKING_HOURS, True),
        ("2026-11-26 10:00", 4, RemainingUnit.WORKING_DAYS, True),
    ],
)
def test_the_badge_counts_minutes_then_hours_then_days(
    at: str, amount: int, unit: RemainingUnit, *, is_overdue: bool
) -> None:
    left = remaining(OFFICE, saigon("2026-11-18 17:00"), at=saigon(at))

    assert (left.amount, left.unit, left.is_overdue) == (amount, unit, is_overdue)


def test_the_badge_of_a_continuous_calendar_counts_clock_hours_and_days() -> None:
    at = saigon("2026-11-15 20:00")

    left = remaining(CONTINUOUS, at + 23 * H, at=at)
    assert (left.amount, left.unit) == (23, RemainingUnit.HOURS)
    left = remaining(CONTINUOUS, at - 50 * H, at=at)
    assert (left.amount, left.unit, left.is_overdue, left.time) == (2, RemainingUnit.DAYS, True, -50 * H)


# ---------------------------------------------------------------------------------------------------- explanation


def test_the_explanation_names_nights_weekends_and_holidays() -> None:
    skipped = explain(OFFICE, saigon("2026-11-20 16:00"), saigon("2026-11-25 08:00"))

    assert [(each.start.astimezone(SAIGON), each.end.astimezone(SAIGON), each.reason) for each in skipped] == [
        (saigon("2026-11-20 17:00"), saigon("2026-11-21 00:00"), SkipReason.OUTSIDE_HOURS),
        (saigon("2026-11-21 00:00"), saigon("2026-11-23 00:00"), SkipReason.WEEKEND),
        (saigon("2026-11-23 00:00"), saigon("2026-11-23 07:00"), SkipReason.OUTSIDE_HOURS),
        (saigon("2026-11-23 11:30"), saigon("2026-11-23 13:30"), SkipReason.OUTSIDE_HOURS),
        (saigon("2026-11-23 17:00"), saigon("2026-11-24 00:00"), SkipReason.OUTSIDE_HOURS),
        (saigon("2026-11-24 00:00"), saigon("2026-11-25 00:00"), SkipReason.HOLIDAY),
        (saigon("2026-11-25 00:00"), saigon("2026-11-25 07:00"), SkipReason.OUTSIDE_HOURS),
    ]


def test_a_night_is_one_stretch_and_tet_is_one_holiday() -> None:
    night = explain(OFFICE, saigon("2026-11-16 16:00"), saigon("2026-11-17 08:00"))
    assert [(each.start, each.end) for each in night] == [(saigon("2026-11-16 17:00"), saigon("2026-11-17 07:00"))]

    tet = explain(OFFICE, saigon("2026-02-13 08:00"), saigon("2026-02-23 08:00"))
    holidays = [each for each in tet if each.reason == SkipReason.HOLIDAY]
    assert [(each.start, each.end) for each in holidays] == [(saigon("2026-02-14 00:00"), saigon("2026-02-23 00:00"))]


def test_nothing_is_skipped_around_the_clock_or_backwards() -> None:
    start = saigon("2026-02-16 10:00")

    assert explain(CONTINUOUS, start, start + 100 * H) == []
    assert explain(OFFICE, start, start - 100 * H) == []
