"""Reports by mail: when each is due, of which period it is, and that it goes once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from cases import subscriptions
from cases.models import Person, ReportSubscription
from cases.subscriptions import Rhythm, SubscriptionNotFound
from engine import clock
from engine.base import session
from engine.errors import Invalid
from engine.models import Job
from tests import town as cast

SAIGON = ZoneInfo("Asia/Ho_Chi_Minh")
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2035, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001  # bounds without a zone are asked for


@contextmanager
def city_with(monkeypatch: pytest.MonkeyPatch, zone: str, report_day: int) -> Iterator[None]:
    there = replace(cast.pleiku().city, time_zone=zone, report_day=report_day)
    with monkeypatch.context() as patched:
        patched.setattr(subscriptions, "settings", lambda: there)
        yield


def supervisor() -> Person:
    return cast.person(cast.SUPERVISOR)


def asked_for() -> list[tuple[int, str]]:
    query = select(Job.payload).where(Job.topic == subscriptions.TOPIC).order_by(Job.created_at)
    return [(payload["subscription"], payload["moment"]) for payload in session().scalars(query)]


# ------------------------------------------------------------------------------------------------------------- moments


@given(at=MOMENTS, rhythm=st.sampled_from(Rhythm), zone=st.sampled_from(["Asia/Ho_Chi_Minh", "America/Los_Angeles", "Europe/Zurich"]), report_day=st.sampled_from([1, 15, 21, 28]))  # fmt: skip
def test_a_report_is_of_a_whole_period_that_is_over_and_the_next_one_goes_on_from_there(
    at: datetime, rhythm: Rhythm, zone: str, report_day: int
) -> None:
    with pytest.MonkeyPatch.context() as monkeypatch, city_with(monkeypatch, zone, report_day):
        last, following = subscriptions.last_moment(rhythm, at), subscriptions.next_moment(rhythm, at)
        (days, before), (days_after, before_after) = (subscriptions.period(rhythm, one) for one in (last, following))
    local = ZoneInfo(zone)

    assert last <= at < following
    assert {one.astimezone(local).hour for one in (last, following)} == {7}
    assert days.to_on == last.astimezone(local).date() - timedelta(days=1)
    assert before.to_on == days.from_on - timedelta(days=1)
    assert days_after.from_on == days.to_on + timedelta(days=1)
    assert before_after == days
    if rhythm == Rhythm.WEEKLY:
        assert (days.from_on.weekday(), (days.to_on - days.from_on).days) == (0, 6)
    else:
        assert (days.from_on.day, days_after.from_on.day) == (report_day, report_day)


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize(
    ("rhythm", "now", "expected"),
    [
        ("weekly", "2026-11-23 06:59", "2026-11-23 07:00"),
        ("weekly", "2026-11-23 07:00", "2026-11-30 07:00"),
        ("weekly", "2026-12-31 12:00", "2027-01-04 07:00"),
        ("monthly", "2026-11-21 06:00", "2026-11-21 07:00"),  # Pleiku reports from the 21st to the 20th
        ("monthly", "2026-11-23 09:00", "2026-12-21 07:00"),
        ("monthly", "2026-12-21 07:00", "2027-01-21 07:00"),
    ],
)
def test_reports_go_at_seven(rhythm: str, now: str, expected: str) -> None:
    at = datetime.fromisoformat(now).replace(tzinfo=SAIGON)

    assert subscriptions.next_moment(rhythm, at) == datetime.fromisoformat(expected).replace(tzinfo=SAIGON)


# ---------------------------------------------------------------------------------------------------------- subscribing


@pytest.mark.usefixtures("town")
def test_the_same_wish_is_kept_once() -> None:
    first = subscriptions.subscribe(supervisor(), "weekly", {"unit": "dien-hong"})
    again = subscriptions.subscribe(supervisor(), "weekly", {"unit": "dien-hong", "area": ""})
    other = subscriptions.subscribe(supervisor(), "monthly", {"unit": "dien-hong"})

    assert first.id == again.id != other.id
    assert [one.id for one in subscriptions.of(supervisor())] == [first.id, other.id]


@pytest.mark.usefixtures("town")
def test_everything_wrong_with_a_wish_is_told_together() -> None:
    person = supervisor()
    person.email = ""
    with pytest.raises(Invalid) as told:
        subscriptions.subscribe(person, "daily", {"unit": "moon", "category": "x" * 101})
    assert {(one.where, one.code) for one in told.value.problems} == {
        ("rhythm", "not_an_option"), ("category", "unknown"), ("rhythm", "no_address"),
    }  # fmt: skip

    with pytest.raises(Invalid) as told:
        subscriptions.subscribe(person, "weekly", {"unit": "moon", "area": "sun\0"})
    assert ("area", "unknown") in {(one.where, one.code) for one in told.value.problems}


@pytest.mark.usefixtures("town")
def test_nobody_has_more_than_a_mailbox_bears(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subscriptions, "MOST", 1)
    subscriptions.subscribe(supervisor(), "weekly", {})

    with pytest.raises(Invalid) as told:
        subscriptions.subscribe(supervisor(), "monthly", {})
    assert [(one.where, one.code) for one in told.value.problems] == [("rhythm", "too_many")]


@pytest.mark.usefixtures("town")
def test_what_is_not_ones_own_is_not_there() -> None:
    wanted = subscriptions.subscribe(supervisor(), "weekly", {})

    for act in (subscriptions.cancel, subscriptions.send_now):
        with pytest.raises(SubscriptionNotFound):
            act(wanted.id, cast.person(cast.LEADER))
    subscriptions.cancel(wanted.id, supervisor())
    assert subscriptions.of(supervisor()) == []


@pytest.mark.usefixtures("town")
def test_only_an_address_made_here_stops_a_report() -> None:
    wanted = subscriptions.subscribe(supervisor(), "weekly", {})
    number, _, signature = subscriptions.stop_path(wanted).partition("/")

    assert subscriptions.signed(int(number), signature) is wanted
    for wrong in (signature[:-1], signature[::-1], "", "ẩ" * 32, "\ud800"):
        with pytest.raises(SubscriptionNotFound):
            subscriptions.signed(int(number), wrong)
    with pytest.raises(SubscriptionNotFound):
        subscriptions.signed(int(number) + 1, signature)


# -------------------------------------------------------------------------------------------------------------- sending


@pytest.mark.usefixtures("town")
def test_a_report_is_asked_for_once_when_it_is_due() -> None:
    wanted = subscriptions.subscribe(supervisor(), "weekly", {})
    subscriptions.look()
    assert asked_for() == []

    monday = datetime(2026, 11, 30, 7, tzinfo=SAIGON)
    with clock.at(monday):
        subscriptions.look()
        subscriptions.look()
    assert asked_for() == [(wanted.id, monday.isoformat())]
    assert wanted.next_at == monday + timedelta(weeks=1)


@pytest.mark.usefixtures("town")
def test_after_weeks_without_a_clock_only_the_last_one_is_asked_for() -> None:
    wanted = subscriptions.subscribe(supervisor(), "weekly", {})

    with clock.at(datetime(2026, 12, 30, 12, tzinfo=SAIGON)):
        subscriptions.look()

    assert asked_for() == [(wanted.id, datetime(2026, 12, 28, 7, tzinfo=SAIGON).isoformat())]
    assert wanted.next_at == datetime(2027, 1, 4, 7, tzinfo=SAIGON)


@pytest.mark.usefixtures("town")
def test_the_last_one_can_be_had_at_once_and_changes_nothing_of_the_next() -> None:
    wanted = subscriptions.subscribe(supervisor(), "monthly", {})
    before = wanted.next_at

    subscriptions.send_now(wanted.id, supervisor())

    assert asked_for() == [(wanted.id, datetime(2026, 11, 21, 7, tzinfo=SAIGON).isoformat())]
    assert session().scalars(select(ReportSubscription)).one().next_at == before
    assert subscriptions.period("monthly", datetime(2026, 11, 21, 7, tzinfo=SAIGON))[0] == (
        date(2026, 10, 21), date(2026, 11, 20),
    )  # fmt: skip
