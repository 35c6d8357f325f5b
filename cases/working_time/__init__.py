"""Working time: what "within three working days" means on the clock of one city.

Pure arithmetic. A `Calendar` is a value, moments go in and come out; nothing here reads a clock, a database or a
list of public holidays (`cases.calendars` fills a `Calendar` in). Moments must be aware; answers are aware UTC.

The rules, once:

* Office hours are half-open: a report at closing time comes after closing.
* A limit in working hours runs only while the office is open. What arrives outside hours starts at the next opening.
* A limit in working days ends at the end of office hours of its last day, never at midnight. What arrives after
  closing or on a day off counts as received at the next opening; day 1 is the first working day after the day of
  receipt.
* Subtracting is the mirror: working hours count back to the moment from which so many are left (an opening rather than
  the closing before it), working days to the beginning of office hours of their day. What was added is undone by it.
* During a closure nobody works, whatever the day; weekly hours may change from a day on.
* A continuous calendar never closes: its working hours are clock hours, its working days are 24 clock hours each.
"""

from __future__ import annotations

from cases.working_time.account import Account, DaysOff, Doubt, DoubtKind, account
from cases.working_time.arithmetic import (
    Amount,
    Measure,
    add_hours,
    add_working_days,
    add_working_hours,
    add_working_minutes,
    due,
    due_soon_at,
    extend,
    next_opening,
    start_for,
    subtract_working_days,
    subtract_working_hours,
    subtract_working_minutes,
    working_days_between,
    working_time_between,
)
from cases.working_time.calendar import CLOSED_ALL_WEEK, BeyondCalendars, Calendar, Interval, Intervals
from cases.working_time.explanation import (
    Remaining,
    RemainingUnit,
    Skipped,
    SkipReason,
    explain,
    remaining,
)

__all__ = [
    "CLOSED_ALL_WEEK",
    "Account",
    "Amount",
    "BeyondCalendars",
    "Calendar",
    "DaysOff",
    "Doubt",
    "DoubtKind",
    "Interval",
    "Intervals",
    "Measure",
    "Remaining",
    "RemainingUnit",
    "SkipReason",
    "Skipped",
    "account",
    "add_hours",
    "add_working_days",
    "add_working_hours",
    "add_working_minutes",
    "due",
    "due_soon_at",
    "explain",
    "extend",
    "next_opening",
    "remaining",
    "start_for",
    "subtract_working_days",
    "subtract_working_hours",
    "subtract_working_minutes",
    "working_days_between",
    "working_time_between",
]
