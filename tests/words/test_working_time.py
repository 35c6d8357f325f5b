"""Every kind of day that did not count, or counted all the same, has its sentence."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from flask import Flask

from cases.working_time import Calendar, account
from tests.cases.offices import FULL, SAIGON, ZURICH
from words.working_time import explanation

WEEK = (*(FULL,) * 5, (), ())
OFFICE = Calendar(
    "office",
    SAIGON,
    WEEK,
    days_off=frozenset({date(2026, 4, 30), date(2026, 5, 1)}),
    working_days={date(2026, 5, 2): FULL},
    closures={date(2026, 4, 29): ((time(8), time(10)),), date(2026, 5, 4): ((time(0), time(0)),)},
    known=(date(2026, 1, 1), date(2026, 12, 31)),
    decided_until=date(2026, 5, 5),
)
NAMES = {date(2026, 4, 30): "Reunification", date(2026, 5, 1): "Labour Day", date(2026, 5, 2): "for 30 April"}


def at(month: int, day: int, hour: int, *, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, tzinfo=SAIGON).astimezone(UTC)


def said(start: datetime, end: datetime, calendar: Calendar = OFFICE, locale: str = "en") -> list[str]:
    return explanation(account(calendar, start, end), NAMES, locale=locale)[2:]


@pytest.mark.usefixtures("app")
def test_every_kind_of_day_is_told(app: Flask) -> None:
    with app.app_context():
        assert said(at(4, 29, 6), at(5, 6, 12)) == [
            "The office was closed at the beginning: it counts from 07:00, Wed 29/04/2026.",
            "Not counted: 30/04/2026, Reunification.",
            "Not counted: 01/05/2026, Labour Day.",
            "Not counted: 04/05/2026, closed.",
            "Not counted: 1 day the office is closed every week.",
            "On 29/04/2026 the office is closed 08:00–10:00.",
            "Counted: 02/05/2026, worked instead of another day (for 30 April).",
            "Which days are swapped after 05/05/2026 has not been decided yet: this may change.",
        ]


@pytest.mark.usefixtures("app")
def test_what_is_not_known_is_told(app: Flask) -> None:
    with app.app_context():
        found = said(at(12, 31, 16, year=2025), at(1, 4, 10, year=2027))

    assert "Public holidays before 01/01/2026 are not known." in found
    assert "Public holidays after 31/12/2026 are not known." in found


@pytest.mark.usefixtures("app")
def test_a_changed_clock_is_told(app: Flask) -> None:
    calendar = Calendar("zurich", ZURICH, WEEK)
    with app.app_context():
        found = said(datetime(2026, 3, 27, 9, tzinfo=UTC), datetime(2026, 3, 30, 9, tzinfo=UTC), calendar, "vi")

    assert found == ["Không tính: 2 ngày nghỉ hằng tuần.", "Ngày 29/03/2026 đổi giờ."]
