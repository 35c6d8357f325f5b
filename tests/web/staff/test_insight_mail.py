"""Performance by mail: asking for it on the page, the letter that comes, and stopping it from the letter."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import select

from cases import subscriptions
from cases.models import Message, ReportSubscription
from engine import clock, jobs
from engine.base import session, transaction
from notifications.delivery import compose
from tests import town as cast
from tests.conftest import Client
from tests.web.staff.conftest import DeskOf
from web.pages.staff import insight_mail

MONDAY = datetime(2026, 11, 30, 7, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))


def subscribed(locale: str = "en", rhythm: str = "weekly", **scope: str) -> ReportSubscription:
    with transaction():
        person = cast.person(cast.SUPERVISOR)
        person.locale = locale
        return subscriptions.subscribe(person, rhythm, scope)


def written(wanted: ReportSubscription, at: datetime = MONDAY) -> Message | None:
    with clock.at(at), transaction():
        insight_mail.write_report(wanted.id, at.isoformat())
    return session().scalar(select(Message).where(Message.moment == "performance_report").order_by(Message.id.desc()))


def stop_path(wanted: ReportSubscription) -> str:
    return f"/en/reports/{subscriptions.stop_path(wanted)}"


# ---------------------------------------------------------------------------------------------------------------- page


def test_the_figures_on_the_page_can_be_asked_for_by_mail(desk: DeskOf) -> None:
    reader = desk(cast.SUPERVISOR)
    link = next(one for one in reader.get("/insight?unit=dien-hong&period=90").links("/insight/mail"))

    reader.get(link)
    answer = reader.post("/insight/mail", rhythm="weekly", unit="dien-hong")

    assert answer.status == 303
    shown = reader.get("/insight/mail").text
    assert "Diên Hồng" in shown
    assert "Every Monday at 07:00" in shown
    assert "07:00, Mon 30/11/2026" in shown


def test_a_wish_that_cannot_be_is_told_beside_its_field(desk: DeskOf) -> None:
    reader = desk(cast.SUPERVISOR)

    answer = reader.post("/insight/mail", rhythm="hourly", unit="moon")

    assert answer.status == 422
    assert "Choose one of the options offered." in answer.text
    assert session().scalars(select(ReportSubscription)).all() == []


def test_one_stops_ones_own_and_has_the_last_one_sent(desk: DeskOf) -> None:
    wanted, reader = subscribed(), desk(cast.SUPERVISOR)

    assert reader.post(f"/insight/mail/{wanted.id}/copies").status == 303
    assert jobs.run_waiting() >= 1
    assert len(session().scalars(select(Message).where(Message.moment == "performance_report")).all()) == 1
    assert desk(cast.LEADER).post(f"/insight/mail/{wanted.id}/cancellation").status == 404
    assert reader.post(f"/insight/mail/{wanted.id}/cancellation").status == 303
    assert session().scalars(select(ReportSubscription)).all() == []


# -------------------------------------------------------------------------------------------------------------- letter


@pytest.mark.parametrize(
    ("locale", "subject", "line"),
    [
        ("en", "Performance 23/11/2026 – 29/11/2026: Diên Hồng Ward People's Committee", "Received: 1 (0)"),
        ("vi", "Kết quả xử lý 23/11/2026 – 29/11/2026: UBND phường Diên Hồng", "Tiếp nhận: 1 (0)"),
    ],
)
def test_the_letter_says_the_figures_of_the_week_beside_those_before(
    desk: DeskOf, locale: str, subject: str, line: str
) -> None:
    with transaction():
        cast.accepted()
    cast.counted()
    wanted = subscribed(locale, unit="dien-hong")

    letter = written(wanted)

    assert letter is not None
    assert (letter.address, letter.locale, letter.subject) == (wanted.person.email, locale, subject)
    assert line in letter.body_text.splitlines()
    assert "unit=dien-hong" in letter.body_text
    assert "from=2026-11-23&to=2026-11-29" in letter.body_text
    assert wanted.sent_at == MONDAY


def test_a_month_is_the_reporting_month_beside_the_one_before(desk: DeskOf) -> None:
    letter = written(subscribed(rhythm="monthly"), datetime(2026, 12, 21, 7, tzinfo=MONDAY.tzinfo))

    assert letter is not None
    assert letter.subject == "Performance 21/11/2026 – 20/12/2026: The whole city"
    assert "in brackets those of 21/10/2026 – 20/11/2026" in letter.body_text


def test_the_workbook_comes_with_it_and_mail_programs_know_how_to_stop_it(desk: DeskOf) -> None:
    wanted = subscribed()
    letter = written(wanted)
    assert letter is not None

    mail = compose(letter)

    (book,) = mail.iter_attachments()
    assert book.get_filename() == "performance-20261123-20261129.xlsx"
    assert "xl/workbook.xml" in zipfile.ZipFile(io.BytesIO(book.get_content())).namelist()
    assert mail["List-Unsubscribe"] == f"<http://localhost{stop_path(wanted)}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["References"] is None


@pytest.mark.parametrize("lost", ["right", "account", "address", "wish"])
def test_whoever_may_not_see_the_figures_any_more_gets_none(desk: DeskOf, lost: str) -> None:
    wanted = subscribed()
    with transaction():
        if lost == "right":
            wanted.person.memberships.clear()
        elif lost == "account":
            wanted.person.is_active = False
        elif lost == "address":
            wanted.person.email = ""
        else:
            session().delete(wanted)

    assert written(wanted) is None


# ------------------------------------------------------------------------------------------------------------ stopping


def test_looking_at_the_address_of_the_letter_stops_nothing_its_button_does(app: Flask, desk: DeskOf) -> None:
    wanted, anybody = subscribed(), Client(app, app.response_class)

    looked = anybody.get(stop_path(wanted))
    assert looked.status_code == 200
    assert "Every Monday" in looked.text
    assert session().scalars(select(ReportSubscription)).all() != []

    path = stop_path(wanted)
    pressed = anybody.post(path, data={"List-Unsubscribe": "One-Click"})
    assert pressed.status_code == 200
    assert session().scalars(select(ReportSubscription)).all() == []
    assert anybody.post(path).status_code == 200
    assert "comes no more" in anybody.get(path).text


def test_an_address_nobody_made_is_not_found(app: Flask, desk: DeskOf) -> None:
    wanted = subscribed()
    anybody = Client(app, app.response_class)

    for path in (f"/reports/{wanted.id}/{'0' * 32}", f"/reports/{wanted.id + 1}/{stop_path(wanted).rsplit('/')[-1]}"):
        assert anybody.get(path).status_code == 404
        assert anybody.post(path).status_code == 404
    assert session().scalars(select(ReportSubscription)).all() == [wanted]


def test_the_clock_has_it_written_and_sent_once(desk: DeskOf) -> None:
    subscribed()
    with clock.at(MONDAY + timedelta(minutes=1)):
        for _ in range(2):
            subscriptions.look()
            jobs.run_waiting()
        letters = session().scalars(select(Message).where(Message.moment == "performance_report")).all()

    assert [one.state for one in letters] == ["sent"]
