"""Looking after the house, the letters, and one's own settings."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from flask import Flask

from cases import accounts
from cases.models import Message
from engine import clock
from engine.base import session, transaction
from engine.models import Incident, Job, JobState
from tests import town as cast
from tests.conftest import Client
from tests.web.staff.conftest import DeskOf

ADMINISTRATOR = "admin"


def stopped(topic: str = "deliver_message") -> Incident:
    """A job that failed for good, and what tells of it."""
    job = Job(topic=topic, payload={}, state=JobState.FAILED, attempts=4, run_after=clock.now(), created_at=clock.now())
    incident = Incident(job=job, cause="TransportError", message="mail.example does not answer", opened_at=clock.now())
    with transaction() as unit:
        unit.add(incident)
    return incident


def test_the_overview_counts_and_lists_units_and_people(desk: DeskOf) -> None:
    page = desk(ADMINISTRATOR).get("/admin")

    assert page.heading == "Administration"
    assert "Incidents 0" in page.text
    assert cast.person(cast.OFFICIAL).full_name in page.text
    assert cast.unit("dien-hong-infrastructure").name_en in page.text


def test_what_stopped_is_shown_and_tried_again(desk: DeskOf) -> None:
    incident = stopped()
    administrator = desk(ADMINISTRATOR)

    page = administrator.get("/admin/incidents")
    assert "mail.example does not answer" in page.text
    assert "4 attempts" in page.text

    after = administrator.follow(administrator.post(f"/admin/incidents/{incident.id}/retry"))
    assert "Nothing has stopped." in after.text
    assert incident.resolved_by == ADMINISTRATOR
    assert incident.job is not None
    assert incident.job.state == JobState.WAITING


def test_a_failure_is_tried_again_once(desk: DeskOf) -> None:
    incident = stopped()
    administrator = desk(ADMINISTRATOR)
    administrator.post(f"/admin/incidents/{incident.id}/retry")

    assert administrator.post(f"/admin/incidents/{incident.id}/retry").status == 409
    assert administrator.post("/admin/incidents/999999/retry").status == 404


def test_others_do_not_retry(desk: DeskOf) -> None:
    incident = stopped()

    assert desk(cast.SUPERVISOR).post(f"/admin/incidents/{incident.id}/retry").status == 403
    assert incident.resolved_at is None


# --------------------------------------------------------------------------------------------------------- letters


def test_letters_are_listed_with_what_became_of_them(desk: DeskOf) -> None:
    with transaction():
        case = cast.report().case
        letter = session().query(Message).filter_by(case_id=case.id).one()
        letter.state, letter.error = "failed", "no such mailbox"

    page = desk(cast.SUPERVISOR).get("/work/messages")

    assert letter.subject in page.text
    assert cast.REPORTER["contact_email"] in page.text
    assert "Not delivered" in page.text
    assert "no such mailbox" in page.text


def test_only_a_demo_shows_what_letters_say_for_they_hold_secret_links(
    desk: DeskOf, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction():
        cast.report()
    supervisor = desk(cast.SUPERVISOR)

    assert "?k=" not in supervisor.get("/work/messages").source

    monkeypatch.setitem(app.config, "CASEWAY", replace(app.config["CASEWAY"], demo=True))
    assert "?k=" in supervisor.get("/work/messages").source


# -------------------------------------------------------------------------------------------------------------- me


def test_language_and_shortcuts_are_kept(desk: DeskOf) -> None:
    official = desk(cast.OFFICIAL)

    page = official.follow(official.post("/me", locale="vi", shortcuts="alt"))

    assert '<html lang="vi"' in page.source
    assert 'data-keys="alt"' in page.source
    person = cast.person(cast.OFFICIAL)
    assert (person.locale, person.shortcuts) == ("vi", "alt")


def test_settings_that_do_not_exist_change_nothing(desk: DeskOf) -> None:
    desk(cast.OFFICIAL).post("/me", locale="xx", shortcuts="always", is_active="false")

    person = cast.person(cast.OFFICIAL)
    assert (person.locale, person.shortcuts, person.is_active) == ("en", "off", True)


def test_a_key_is_shown_once_and_has_its_owners_rights(desk: DeskOf, app: Flask) -> None:
    official = desk(cast.OFFICIAL)

    page = official.post("/me/keys", name="Bảng theo dõi của phòng")
    secret = re.search(r"cw_[0-9a-f]{8}_[\w-]{40,}", page.text)

    assert page.status == 201
    assert secret is not None
    assert secret[0] not in official.get("/me").source
    assert "Bảng theo dõi của phòng" in official.get("/me").text
    owner = accounts.person_of_key(secret[0])
    assert owner is not None
    assert owner.username == cast.OFFICIAL
    answer = Client(app, app.response_class).get("/api/tasks", headers={"Authorization": f"Bearer {secret[0]}"})
    assert answer.status_code == 200


def test_a_revoked_key_is_worth_nothing(desk: DeskOf) -> None:
    official = desk(cast.OFFICIAL)
    with transaction():
        secret = accounts.issue_api_key(cast.person(cast.OFFICIAL), "Máy in")
    key = accounts.api_keys(cast.person(cast.OFFICIAL))[0]

    official.post(f"/me/keys/{key.id}/revocation")

    assert accounts.person_of_key(secret) is None
    assert "Máy in" not in official.get("/me").text


def test_nobody_revokes_the_key_of_somebody_else(desk: DeskOf) -> None:
    with transaction():
        secret = accounts.issue_api_key(cast.person(cast.OFFICIAL), "Máy in")
    key = accounts.api_keys(cast.person(cast.OFFICIAL))[0]

    assert desk(cast.INTAKE).post(f"/me/keys/{key.id}/revocation").status == 404
    assert accounts.person_of_key(secret) is not None


def test_a_key_needs_a_name(desk: DeskOf) -> None:
    page = desk(cast.OFFICIAL).post("/me/keys", name=" ")

    assert page.status == 422
    assert page.links("#f-name")
    assert accounts.api_keys(cast.person(cast.OFFICIAL)) == []


def test_a_password_is_changed_by_who_knows_the_present_one(desk: DeskOf) -> None:
    with transaction():
        accounts.set_password(cast.person(cast.OFFICIAL), "mật khẩu cũ dài")
    official = desk(cast.OFFICIAL)

    wrong = official.post("/me/password", present="không biết gì cả", password="mật khẩu mới dài")
    short = official.post("/me/password", present="mật khẩu cũ dài", password="ngắn")
    good = official.post("/me/password", present="mật khẩu cũ dài", password="mật khẩu mới dài")

    assert (wrong.status, short.status, good.status) == (422, 422, 303)
    assert "This is not your present password." in wrong.text
    assert accounts.authenticate(cast.OFFICIAL, "mật khẩu mới dài").username == cast.OFFICIAL


def test_officials_see_their_own_figures_and_nobody_elses(desk: DeskOf) -> None:
    with transaction():
        cast.accepted()
    cast.counted()
    assert "My cases, 30 days Only you see these figures. Still open 1" in desk(cast.OFFICIAL).get("/me").text
    assert "My cases" not in desk("official.telecom").get("/me").text
