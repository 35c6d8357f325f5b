"""Letters leave the house once, and what became of them is written down."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

import notifications
from cases import history
from cases.models import Case, Message
from engine import clock, jobs
from engine.base import session, transaction
from engine.models import Incident, Job, JobState
from notifications.channels import email
from notifications.delivery import PAUSES_S
from tests import town
from tests.notifications.post_office import PostOffice

if TYPE_CHECKING:
    from flask import Flask

SendTo = Callable[..., PostOffice]


def report(**changes: str) -> Case:
    """A report whose acknowledgement waits to be sent."""
    with transaction():
        return town.report(**changes).case


def only_message() -> Message:
    session().expire_all()
    return session().scalars(select(Message)).one()


def only_job() -> Job:
    return session().scalars(select(Job)).one()


def test_an_acknowledgement_reaches_the_reporter(send_to: SendTo, now: datetime) -> None:
    office = send_to(PostOffice())
    case = report()
    assert jobs.run_waiting() == 1
    posted = office.letters[0]
    mail = posted.mail
    assert (posted.sender, posted.recipients) == ("paht@pleiku.vn", ("suoi@citizen.pleiku.vn",))
    assert mail["Subject"] == f"[{case.tracking_code}] Đã nhận phản ánh: Ổ gà, mặt đường hư hỏng"
    assert mail["From"] == "Pleiku <paht@pleiku.vn>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Date"].datetime == now
    assert mail["Content-Language"] == "vi"
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None
    assert html is not None
    assert "Kính gửi Ông/Bà Lê Thị Suối Nguồn," in text.get_content()
    assert f"https://hotro.pleiku.vn/c/{case.tracking_code}?k=" in html.get_content()
    message = only_message()
    assert (message.state, message.sent_at, message.attempts) == ("sent", now, 1)


def test_the_owners_key_is_in_the_letter_and_nowhere_in_the_database(send_to: SendTo) -> None:
    office = send_to(PostOffice())
    with transaction():
        submitted = town.report()
    jobs.run_waiting()
    key = submitted.owner_key
    assert key is not None
    text = office.letters[0].mail.get_body(("plain",))
    assert text is not None
    assert any(line.endswith(f"?k={key}") for line in text.get_content().splitlines())
    message = only_message()
    assert key not in message.body_text + message.body_html


def test_a_letter_is_sent_once_however_often_its_job_runs(send_to: SendTo) -> None:
    office = send_to(PostOffice())
    report()
    jobs.run_waiting()
    job = only_job()
    job.state = JobState.WAITING
    session().flush()
    assert jobs.run(job.id) == JobState.DONE
    assert len(office.letters) == 1


def test_a_letter_sent_again_after_a_crash_is_the_same_letter(send_to: SendTo, now: datetime) -> None:
    office = send_to(PostOffice())
    report()
    jobs.run_waiting()
    job, message = only_job(), only_message()
    job.state, message.state = JobState.WAITING, "waiting"  # as if the commit had never happened
    session().flush()
    with clock.at(now + timedelta(minutes=5)):
        jobs.run_waiting()
    first, second = (posted.mail for posted in office.letters)
    assert first["Message-ID"] == second["Message-ID"]
    assert first["Date"] == second["Date"]


@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA", "LETTER"])
def test_what_a_server_will_never_take_is_given_up_and_told(send_to: SendTo, verb: str) -> None:
    send_to(PostOffice(answers={verb: "550 5.1.1 no such mailbox"}))
    case = report()
    jobs.run_waiting()
    message = only_message()
    assert (message.state, message.error) == ("failed", "550 5.1.1 no such mailbox")
    assert only_job().state == JobState.DONE
    assert history.timeline(case)[-1].name == "message_failed"
    assert history.verify(case)
    assert session().scalars(select(Incident)).all() == []


@pytest.mark.parametrize("answer", [{"RCPT": "450 mailbox busy"}, {"LETTER": "451 try later"}, {"CONNECT": "421 closing"},
                                    {"CONNECT": "554 no"}, {"AUTH": "535 wrong password"}])  # fmt: skip
def test_what_may_work_later_is_tried_again_later(send_to: SendTo, now: datetime, answer: dict[str, str]) -> None:
    url = "smtp://city:secret@127.0.0.1:{port}?tls=no"
    office = send_to(PostOffice(answers=answer, offers=("AUTH PLAIN",)), url)
    report()
    jobs.run_waiting()
    job = only_job()
    assert (only_message().state, job.state, job.attempts) == ("waiting", JobState.WAITING, 1)
    assert job.run_after == now + timedelta(seconds=PAUSES_S[0])
    office.answers.clear()
    with clock.at(job.run_after):
        jobs.run_waiting()
    message = only_message()
    assert (message.state, message.attempts, len(office.letters)) == ("sent", 2, 1)


def test_a_server_that_stays_away_becomes_an_incident_and_the_letter_stays(app: Flask, now: datetime) -> None:
    notifications.configure(replace(app.config["CASEWAY"], smtp_url="smtp://127.0.0.1:9", mail_from="x@pleiku.vn"))
    report()
    moment = now
    for _ in range(len(PAUSES_S) + 1):
        with clock.at(moment):
            jobs.run_waiting()
        moment = only_job().run_after
    notifications.configure(app.config["CASEWAY"])
    assert only_message().state == "waiting"
    assert only_job().state == JobState.FAILED
    assert [incident.cause for incident in session().scalars(select(Incident))] == ["deliver_message"]


def test_names_and_titles_cannot_write_headers(send_to: SendTo) -> None:
    office = send_to(PostOffice())
    case = report(contact_name="Lan\r\nBcc: everybody@pleiku.vn", address="Lê Lợi\nSubject: x")
    message = only_message()
    message.subject += "\r\nBcc: everybody@pleiku.vn"
    session().flush()
    jobs.run_waiting()
    posted = office.letters[0]
    assert posted.recipients == ("suoi@citizen.pleiku.vn",)
    assert posted.mail["Bcc"] is None
    assert posted.mail["Subject"].startswith(f"[{case.tracking_code}]")


@pytest.mark.parametrize(
    "address", ["", "no address", "a@b\r\nBcc: c@pleiku.vn", "a@b@c", "<>", "@", "a@", "x" * 999, "é\0@x.vn"]
)
def test_what_is_no_address_is_given_up(send_to: SendTo, address: str) -> None:
    office = send_to(PostOffice())
    report()
    message = only_message()
    message.address = address.replace("\0", "")
    session().flush()
    jobs.run_waiting()
    assert [posted for posted in office.letters if posted.recipients != (message.address,)] == []
    assert only_message().state in ("failed", "sent")


def test_letters_to_names_made_for_examples_stay_in_the_house(send_to: SendTo, app: Flask) -> None:
    office = send_to(PostOffice())
    report(contact_email="suong.mai@example.org")
    jobs.run_waiting()
    assert office.letters == []
    assert only_message().state == "sent"


def test_without_a_server_letters_become_files_a_mail_program_can_read(
    app: Flask, now: datetime, tmp_path: Path
) -> None:
    notifications.configure(replace(app.config["CASEWAY"], var=tmp_path, embedded=True))
    case = report()
    jobs.run_waiting()
    notifications.configure(app.config["CASEWAY"])
    (path,) = (tmp_path / "mail").iterdir()
    mail = message_from_bytes(path.read_bytes(), policy=default)
    assert path.suffix == ".eml"
    assert mail["To"] == "suoi@citizen.pleiku.vn"
    assert mail["Subject"].startswith(f"[{case.tracking_code}]")
    assert mail["Date"].datetime.astimezone(UTC) == now


def test_a_directory_that_cannot_be_written_is_no_reason_to_lose_a_letter(
    app: Flask, now: datetime, tmp_path: Path
) -> None:
    (tmp_path / "mail").write_text("in the way")
    notifications.configure(replace(app.config["CASEWAY"], var=tmp_path, embedded=True))
    report()
    jobs.run_waiting()
    notifications.configure(app.config["CASEWAY"])
    assert (only_message().state, only_job().state) == ("waiting", JobState.WAITING)


def test_a_city_that_named_no_mail_server_loses_no_letter(app: Flask, now: datetime, send_to: SendTo) -> None:
    report()
    jobs.run_waiting()
    waiting = only_job()
    assert (only_message().state, waiting.state) == ("waiting", JobState.WAITING)
    assert "set SMTP_URL" in str(waiting.last_error)
    office = send_to(PostOffice())
    with clock.at(waiting.run_after):
        jobs.run_waiting()
    assert (only_message().state, len(office.letters)) == ("sent", 1)


def test_a_letter_to_an_example_is_given_up_where_nothing_may_be_written(
    app: Flask, now: datetime, tmp_path: Path
) -> None:
    (tmp_path / "mail").write_text("in the way")
    notifications.configure(replace(app.config["CASEWAY"], var=tmp_path))
    report(contact_email="suong.mai@example.org")
    jobs.run_waiting()
    notifications.configure(app.config["CASEWAY"])
    assert (only_message().state, only_job().state) == ("failed", JobState.DONE)


def test_a_message_that_is_gone_is_no_failure(now: datetime) -> None:
    with transaction():
        job = jobs.add("deliver_message", {"message_id": 404})
    assert jobs.run(job.id) == JobState.DONE


def test_a_password_goes_over_no_open_line(send_to: SendTo) -> None:
    office = send_to(PostOffice(offers=("AUTH PLAIN",)), "smtp://city:secret@127.0.0.1:{port}")
    report()
    jobs.run_waiting()
    assert (office.signed_in, office.letters) == ([], [])
    assert "offers no encryption" in str(only_job().last_error)


def test_a_password_goes_over_an_open_line_when_the_operator_says_so(send_to: SendTo) -> None:
    office = send_to(PostOffice(offers=("AUTH PLAIN",)), "smtp://city:s%40fe@127.0.0.1:{port}?tls=no")
    report()
    jobs.run_waiting()
    assert (office.signed_in, len(office.letters)) == (["city:s@fe"], 1)


def test_encryption_that_is_required_and_not_offered_is_waited_for(send_to: SendTo) -> None:
    office = send_to(PostOffice(), "smtp://127.0.0.1:{port}?tls=required")
    report()
    jobs.run_waiting()
    assert office.letters == []
    assert only_message().state == "waiting"


def test_an_address_only_some_servers_can_write_is_given_up_where_it_cannot_be_written(send_to: SendTo) -> None:
    send_to(PostOffice(offers=()))
    report()
    message = only_message()
    message.address = "lan@phố.vn"
    session().flush()
    jobs.run_waiting()
    assert only_message().state == "failed"


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.pleiku.vn", email.Server("mail.pleiku.vn", 25, "offered", None, "")),
        ("smtp://a%40b:c%3Ad@mail.pleiku.vn", email.Server("mail.pleiku.vn", 587, "offered", "a@b", "c:d")),
        ("smtps://a:b@mail.pleiku.vn", email.Server("mail.pleiku.vn", 465, "implicit", "a", "b")),
        ("smtp://mail.pleiku.vn:2525?tls=required", email.Server("mail.pleiku.vn", 2525, "required", None, "")),
    ],
)
def test_an_address_names_the_server_and_how_to_speak_to_it(url: str, server: email.Server) -> None:
    assert email.Server.of(url) == server


@pytest.mark.parametrize("url", ["http://x", "smtp://", "smtp://x?tls=maybe", "mail.pleiku.vn", "smtp://x:port"])
def test_what_names_no_server_is_refused_at_the_start(url: str) -> None:
    with pytest.raises(ValueError, match=r"mail server|Port"):
        email.Server.of(url)
