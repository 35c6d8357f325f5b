"""The offices whose hours the working-time tests count: plain values, no public-holiday package behind them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from cases.working_time import Calendar

SAIGON = ZoneInfo("Asia/Ho_Chi_Minh")
LOS_ANGELES = ZoneInfo("America/Los_Angeles")
ZURICH = ZoneInfo("Europe/Zurich")
BERLIN = ZoneInfo("Europe/Berlin")
KOLKATA = ZoneInfo("Asia/Kolkata")

MORNING = (time(7), time(11, 30))
AFTERNOON = (time(13, 30), time(17))
FULL = (MORNING, AFTERNOON)

TET_2026 = {date(2026, 2, day) for day in range(14, 23)}
DAYS_OFF = frozenset(
    {
        *TET_2026,
        date(2022, 4, 30),
        date(2022, 5, 1),
        date(2022, 5, 2),
        date(2022, 5, 3),
        date(2025, 4, 30),
        date(2025, 5, 1),
        date(2025, 5, 2),
        date(2026, 8, 31),
        date(2026, 9, 1),
        date(2026, 9, 2),
        date(2026, 11, 24),
    }
)
SWAPPED = {date(2025, 4, 26): FULL, date(2026, 8, 22): FULL}

OFFICE = Calendar("office", SAIGON, (FULL,) * 5 + ((), ()), DAYS_OFF, SWAPPED)
OFFICE_SATURDAY = Calendar("office-saturday", SAIGON, (FULL,) * 5 + ((MORNING,), ()), DAYS_OFF, SWAPPED)
CONTINUOUS = Calendar("continuous", SAIGON, continuous=True)
LOS_ANGELES_OFFICE = Calendar("la", LOS_ANGELES, (((time(8), time(17)),),) * 5 + ((), ()))
ZURICH_NIGHTS = Calendar("nights", ZURICH, (((time(0), time(4)), (time(22), time(0))),) * 7)
#: Half an hour off the hour; longer Fridays from 2026 on; a power cut over lunch, and a day closed by a flood.
KOLKATA_OFFICE = Calendar(
    "kolkata",
    KOLKATA,
    (FULL,) * 5 + ((), ()),
    changes=((date(2026, 1, 1), (FULL,) * 4 + (((time(7), time(19)),), (), ())),),
    closures={
        date(2025, 3, 5): ((time(10), time(14)),),
        date(2026, 3, 6): ((time(0), time(0)),),
        date(2026, 7, 3): ((time(6), time(8)), (time(18), time(20))),
    },
)
BERLIN_OFFICE = Calendar("berlin", BERLIN, (((time(1), time(4)), (time(8), time(12))),) * 7)

CALENDARS = (
    OFFICE,
    OFFICE_SATURDAY,
    CONTINUOUS,
    LOS_ANGELES_OFFICE,
    ZURICH_NIGHTS,
    KOLKATA_OFFICE,
    BERLIN_OFFICE,
)
H = timedelta(hours=1)


def saigon(text: str) -> datetime:
    """A wall-clock moment in Pleiku, such as `2026-11-20 16:30`."""
    return datetime.fromisoformat(text).replace(tzinfo=SAIGON)


def in_zone(zone: ZoneInfo, text: str) -> datetime:
    """A wall-clock moment elsewhere."""
    return datetime.fromisoformat(text).replace(tzinfo=zone)
