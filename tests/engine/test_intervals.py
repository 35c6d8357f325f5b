"""Durations and repeating intervals on the calendar people live by, in zones whose clocks change and in leap years."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import feel
from engine.spiff.intervals import ENDLESS, Cycle, Duration, parse_moment

BERLIN, SAIGON = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Ho_Chi_Minh")
MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  # the zone is beside them
#: Texts, and the longest they can take, in days.
EVERY = st.one_of(
    st.integers(1, 40).map(lambda n: (f"P{n}D", n + 1)),
    st.integers(1, 14).map(lambda n: (f"P{n}M", 31 * n + 1)),
    st.integers(1, 3).map(lambda n: (f"P{n}Y", 366 * n + 1)),
    st.integers(1, 100_000).map(lambda n: (f"PT{n}M", n // 1440 + 1)),
    st.tuples(st.integers(0, 5), st.integers(1, 50)).map(lambda p: (f"P{p[0]}DT{p[1]}H", p[0] + p[1] // 24 + 2)),
)


@pytest.fixture
def berlin() -> Iterator[None]:
    """A city whose clocks change."""
    with in_zone(BERLIN):
        yield


class in_zone:  # noqa: N801  # reads as a word: with in_zone(BERLIN)
    """Within the block the city lies in another zone."""

    def __init__(self, zone: ZoneInfo) -> None:
        self.zone, self.before = zone, feel.time_zone()

    def __enter__(self) -> None:
        feel.set_time_zone(self.zone)

    def __exit__(self, *_unused: object) -> None:
        feel.set_time_zone(self.before)


def after(text: str, moment: str) -> str:
    """The moment so much later, as the people of the city write it."""
    return Duration.parse(text).after(parse_moment(moment)).astimezone(feel.time_zone()).isoformat()


@pytest.mark.parametrize(
    ("text", "moment", "later"),
    [
        ("P1D", "2026-03-28T09:00:00+01:00", "2026-03-29T09:00:00+02:00"),
        ("PT24H", "2026-03-28T09:00:00+01:00", "2026-03-29T10:00:00+02:00"),
        ("P1D", "2026-10-24T09:00:00+02:00", "2026-10-25T09:00:00+01:00"),
        ("P1D", "2026-03-28T02:30:00+01:00", "2026-03-29T03:30:00+02:00"),  # 02:30 does not exist on that day
        ("P1W", "2026-03-26T09:00:00+01:00", "2026-04-02T09:00:00+02:00"),
        ("P1M", "2027-01-31T09:00:00+01:00", "2027-02-28T09:00:00+01:00"),
        ("P1M", "2028-01-31T09:00:00+01:00", "2028-02-29T09:00:00+01:00"),
        ("P1Y", "2028-02-29T09:00:00+01:00", "2029-02-28T09:00:00+01:00"),
        ("P1Y2M3DT4H5M6S", "2026-01-01T00:00:00+01:00", "2027-03-04T04:05:06+01:00"),
        ("PT0.5S", "2026-01-01T00:00:00+01:00", "2026-01-01T00:00:00.500000+01:00"),
        ("PT0,5S", "2026-01-01T00:00:00+01:00", "2026-01-01T00:00:00.500000+01:00"),
    ],
)
def test_days_are_counted_on_the_calendar_and_hours_by_the_stopwatch(
    berlin: None, text: str, moment: str, later: str
) -> None:
    assert after(text, moment) == later


@pytest.mark.parametrize(
    "text",
    ["", "P", "PT", "P1", "1D", "P1H", "PT1D", "P-1D", "-P1D", "P1.5D", "P1DT", "P1D ago", "PT1e3S", "P9999999D", "P" + "1" * 80 + "D"],
)  # fmt: skip
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        Duration.parse(text)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("R/P1D", ["2026-11-24T08:00", "2026-11-25T08:00", "2026-11-26T08:00"]),
        ("R2/PT1H", ["2026-11-23T09:00", "2026-11-23T10:00"]),
        ("R-1/PT1H", ["2026-11-23T09:00", "2026-11-23T10:00", "2026-11-23T11:00"]),
        ("R2/2026-12-01T07:00:00+07:00/P1M", ["2026-12-01T07:00", "2027-01-01T07:00"]),
        ("R2/P1M/2027-03-31T07:00:00+07:00", ["2027-02-28T07:00", "2027-03-31T07:00"]),
        ("R3/2027-01-31T07:00:00+07:00/P1M", ["2027-01-31T07:00", "2027-02-28T07:00", "2027-03-31T07:00"]),
        ("R0/P1D", []),
    ],
)
def test_repetitions_are_counted_from_the_first_moment(text: str, first: list[str]) -> None:
    with in_zone(SAIGON):
        cycle = Cycle.parse(text, datetime(2026, 11, 23, 8, 0, tzinfo=SAIGON))
        found: list[str] = []
        while cycle.left and len(found) < 3:
            found.append(cycle.next.astimezone(SAIGON).isoformat(timespec="minutes")[:16])
            cycle = cycle.step()
    assert found == first


@pytest.mark.parametrize("text", ["", "R", "R3", "R3/", "P1D", "R/P0D", "R/P1D/P1D", "R/2026-01-01", "R3/P1D/x", "Rx/P1D", "R/P1D/P1D/P1D"])  # fmt: skip
def test_what_is_no_repeating_interval_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        Cycle.parse(text, datetime(2026, 11, 23, tzinfo=UTC))


@settings(max_examples=300)
@given(MOMENTS, EVERY, st.sampled_from([ENDLESS, 1, 2, 7, 500]), st.floats(0, 60), st.sampled_from([BERLIN, SAIGON]))
def test_what_was_missed_counts_as_one_and_the_next_is_the_first_to_come(
    start: datetime, every: tuple[str, int], left: int, late: float, zone: ZoneInfo
) -> None:
    text, days = every
    with in_zone(zone):
        cycle = Cycle.parse(f"R{'' if left == ENDLESS else left}/{start.isoformat()}/{text}", start)
        now = start + timedelta(days=days * late)
        slow = cycle
        while slow.left and slow.next <= now:
            slow = slow.step()
        past = cycle.past(now)
        assert (past.left, past.left and past.next) == (slow.left, slow.left and slow.next)
        assert Cycle.load(past.dump()).dump() == past.dump()


@settings(max_examples=200)
@given(MOMENTS, EVERY, st.integers(1, 50))
def test_later_is_later_whatever_the_calendar_does(start: datetime, every: tuple[str, int], times: int) -> None:
    with in_zone(BERLIN):
        duration = Duration.parse(every[0])
        moments = [duration.after(start, number) for number in range(times + 1)]
    assert moments == sorted(moments)
    assert all(one.tzinfo is UTC for one in moments)


def test_a_cycle_stored_before_the_calendar_was_known_goes_on() -> None:
    old = {"cycles": 2, "next": "2026-11-23T09:00:00+00:00", "duration": 3600.0}
    cycle = Cycle.load(old)  # type: ignore[arg-type]  # as it was stored
    assert [cycle.next, cycle.step().next] == [datetime(2026, 11, 23, hour, tzinfo=UTC) for hour in (9, 10)]
