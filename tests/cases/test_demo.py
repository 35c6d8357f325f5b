"""The demo city: everything in it happened through the city's own verbs, all at once or not at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import func, select

import notifications
from cases import accounts, attachments, demo, history, inbox, performance, urgent
from cases.models import Attachment, Case, Deadline, Message, Person, Publication
from engine import clock
from engine.base import session
from engine.models import Incident, Job, JobState, Timer, UserTask
from settings import ROOT, Settings
from tests import databases, town

#: A Thursday, 10:30 in Viet Nam, no holiday near.
NOW = datetime(2026, 10, 15, 3, 30, tzinfo=UTC)
CITY = SimpleNamespace(city_file=ROOT / "cities/pleiku/city.toml")


@pytest.fixture(scope="module")
def seeded(shared_app: databases.SharedApp, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The demo as it stands on a Thursday morning; seeded once for all tests that only look."""
    app = shared_app.get()
    settings: Settings = app.config["CASEWAY"]
    with databases.forgetting(app), clock.at(NOW):
        assert demo.seed(settings)
        yield
    notifications.configure(settings)


def statuses() -> Counter[str]:
    return Counter(session().scalars(select(Case.status)))


def test_a_second_seeding_does_nothing(seeded: None) -> None:
    before = statuses()
    assert demo.is_seeded()
    assert demo.seed(CITY) is False
    assert statuses() == before


def test_cases_stand_at_every_point_of_their_way(seeded: None) -> None:
    found = statuses()
    assert sum(found.values()) == 66
    expected = {"submitted", "received", "in_progress", "awaiting_approval", "awaiting_info", "awaiting_other", "resolved", "closed",
                "reopened", "rejected", "merged", "withdrawn"}  # fmt: skip
    assert set(found) == expected
    outcomes = set(session().scalars(select(Case.outcome)))
    assert {"closed_satisfied", "closed_partly", "closed_silent", "refused", "merged", "withdrawn"} <= outcomes
    waiting = set(session().scalars(select(UserTask.element_id).where(UserTask.state == "open")))
    assert waiting >= {"intake_check", "assign", "resolve", "approve", "publication_check", "feedback",
                       "supervisor_review", "escalation_accept", "escalation_resolve", "approve_extension"}  # fmt: skip
    assert set(session().scalars(select(Deadline.extended_days))) == {0, 2}
    assert [one.category.code for one in urgent.waiting(limit=9)] == ["manhole-cover"]


def test_nothing_went_wrong_and_nothing_is_left_to_do(seeded: None) -> None:
    assert session().scalars(select(Incident)).all() == []
    assert session().scalar(select(func.count()).where(Job.state == JobState.WAITING)) == 0
    assert session().scalar(select(func.count()).where(Timer.due_at <= NOW)) == 0
    assert set(session().scalars(select(Message.state))) == {"sent"}


def test_nothing_happened_after_now_and_every_history_is_whole(seeded: None) -> None:
    for case in session().scalars(select(Case)):
        events = history.timeline(case)
        assert history.verify(case)
        assert [event.at for event in events] == sorted(event.at for event in events)
        assert events[0].name == "report_received"
        assert NOW - timedelta(days=90) < events[0].at <= events[-1].at <= NOW


def test_the_inbox_has_something_in_every_view(seeded: None) -> None:
    people = [town.person(name) for name in ("intake1", "supervisor", "vice.dien-hong", "lead.urban-services")]
    totals = Counter[str]()
    for person in people:
        totals.update(inbox.counts(person))
    assert all(totals[view] for view in inbox.VIEWS if view not in {"later", "mine"})
    assert inbox.counts(town.person("official.lighting-team"))["mine"] > 0
    assert inbox.counts(town.person("vice.dien-hong"))["unit"] > 0


def test_the_figures_are_those_of_a_city_that_mostly_keeps_its_word(seeded: None) -> None:
    found = performance.summary(from_on=(NOW - timedelta(days=45)).date(), to_on=NOW.date())
    on_time = found.totals.on_time_share.share
    assert on_time is not None
    assert 0.75 < on_time < 0.98
    assert found.totals.on_time_share.n > 25
    assert found.totals.overdue_now > 0
    assert found.totals.due_soon > 0
    assert found.totals.satisfaction.n > 10
    assert found.totals.reopened >= 3


def test_results_are_published_with_photos_and_sensitive_ones_are_not(seeded: None) -> None:
    published = list(session().scalars(select(Publication)))
    assert len(published) > 20
    assert all(one.photos and one.result for one in published)
    assert not any(one.case.is_sensitive for one in published)
    photo = session().scalars(select(Attachment).limit(1)).one()
    assert attachments.open_image(photo).stat().st_size == photo.byte_size


def test_merged_cases_were_about_the_same_place(seeded: None) -> None:
    merged = list(session().scalars(select(Case).where(Case.merged_into_id.is_not(None))))
    heads = {session().get_one(Case, case.merged_into_id) for case in merged}
    assert len(merged) == 2
    assert [head.supporters for head in heads] == [2]


def test_everybody_may_sign_in_with_the_one_password(seeded: None, monkeypatch: pytest.MonkeyPatch) -> None:
    assert demo.password() == "pleiku-demo"
    monkeypatch.setenv("DEMO_PASSWORD", "một mật khẩu khác")
    assert demo.password() == "một mật khẩu khác"
    for username in ("intake1", "designer1", "official.gao"):
        assert accounts.authenticate(username, "pleiku-demo").username == username
    listed = demo.accounts()
    assert len(listed) == session().scalar(select(func.count()).select_from(Person))
    assert listed[0] == ("intake1", "intake ioc", "Nguyễn Thị Ban Mai")
    assert str(listed[0]).split("  ")[0] == "intake1"


def test_reporters_of_the_demo_live_where_no_letter_arrives(seeded: None) -> None:
    addresses = set(session().scalars(select(Message.address)))
    assert addresses
    assert all(address.endswith(("@example.org", "@pleiku.example")) for address in addresses)
