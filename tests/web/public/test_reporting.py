"""Reporting in three steps, without scripts: nothing is lost, nothing is sent twice."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from flask import Flask
from sqlalchemy import select

from cases.models import Category, KpiUsual
from cases.performance import survival
from cases.performance.survival import Curve
from engine import clock
from engine.base import session
from tests.town import DIEN_HONG
from tests.web.public.lives import cases, only_report
from tests.web.public.visitor import Steps, Visitor, photo
from web.pages.public.drafts import KEPT_FOR
from web.pages.public.report_contact import CONSENT_VERSION

TEXT = "Đèn đường trước số 15 không sáng 3 đêm nay"
LATITUDE, LONGITUDE = (str(number) for number in DIEN_HONG)


# ------------------------------------------------------------------------------------------------------- the way


def test_three_steps_make_a_case_and_the_receipt_says_its_code(steps: Steps) -> None:
    receipt = steps.all(
        photos=[photo("red"), photo("blue")],
        lat=LATITUDE,
        lon=LONGITUDE,
        address="15 Lê Lợi",
        contact="email",
        contact_email="hanh@citizen.pleiku.vn",
        contact_name="Trần Thị Hạnh",
    )

    report = only_report()
    assert report.case.tracking_code in receipt.heading
    assert (report.text, report.category_code, report.address) == (TEXT, "street-light", "15 Lê Lợi")
    assert (report.latitude, report.longitude) == DIEN_HONG
    assert (report.contact_email, report.contact_name) == ("hanh@citizen.pleiku.vn", "Trần Thị Hạnh")
    assert (report.locale, report.channel, report.consent_version) == ("en", "web", CONSENT_VERSION)
    assert len(report.attachments) == 2
    assert report.case.area is not None
    assert report.case.area.code == "dien-hong"


def test_the_receipt_says_what_happens_next_and_gives_the_owner_link(steps: Steps) -> None:
    receipt = steps.all()

    assert "By 10:00, Mon 23/11/2026" in receipt.text
    assert "17:00, Thu 26/11/2026" in receipt.text  # two working days; Tuesday 24 is a holiday
    own = receipt.visitor.get(receipt.links("?k=")[0])
    assert TEXT in own.text


def test_the_page_offers_the_category_its_words_speak_for_with_the_promise(steps: Steps) -> None:
    asked = steps.what()

    assert asked.value("/report", "category") == "street-light"
    assert "Usually done in 2 working days" in asked.text
    assert "đèn đường" in asked.text


def test_a_photo_alone_is_enough(steps: Steps) -> None:
    steps.all(text="", photos=[photo()])

    assert (only_report().text, len(only_report().attachments)) == ("", 1)


def test_a_ward_alone_is_place_enough(steps: Steps) -> None:
    steps.all(area="hoi-phu")

    case = only_report().case
    assert (case.latitude, case.area and case.area.code) == (None, "hoi-phu")


def test_the_last_step_shows_everything_and_leads_back_without_losing_the_contact(steps: Steps) -> None:
    summary = steps.where(address="15 Lê Lợi")
    assert TEXT in summary.text
    assert "Street light out" in summary.text
    assert "Public Lighting Team" in summary.text

    back = summary.send(
        "/report/contact", press=("back", "where"), contact="phone", contact_phone="0905 123 456", website=""
    )
    assert back.value("/report/where", "address") == "15 Lê Lợi"
    again = back.send("/report/where")

    assert again.value("/report/contact", "contact_phone") == "0905 123 456"
    assert again.value("/report/contact", "contact") == "phone"


def test_the_vietnamese_pages_lead_to_vietnamese_pages(visitor: Visitor) -> None:
    visitor.root = ""

    receipt = Steps(visitor).all()

    assert receipt.address.startswith("/report/done/")
    assert only_report().locale == "vi"


def test_the_receipt_says_how_long_such_reports_usually_take(steps: Steps) -> None:
    lamps = session().scalars(select(Category.id).where(Category.code == "street-light")).one()
    curve = Curve(survival.bucket(np.array([2880.0, 7200.0])), np.array([0.5, 0.1]), 87)
    session().add(KpiUsual(category_id=lamps, area_id=0, results=87, curve=curve.pack()))
    session().flush()

    assert "Half of such reports have a result within 2 days, nine of ten within 5 days." in steps.all().text


# --------------------------------------------------------------------------------------------------------- nearby


def test_a_report_close_by_is_shown_once_before_going_on(steps: Steps) -> None:
    first = steps.all(lat=LATITUDE, lon=LONGITUDE)
    code = only_report().case.tracking_code

    shown = Steps(first.visitor).kind().send("/report/where", lat=LATITUDE, lon=LONGITUDE)
    assert "1 report nearby" in shown.text
    assert code in shown.text
    assert shown.send("/report/where").heading == "How should we tell you the result?"


def test_me_too_counts_a_person_and_sends_no_second_report(steps: Steps) -> None:
    steps.all(lat=LATITUDE, lon=LONGITUDE)
    code = only_report().case.tracking_code
    shown = steps.kind().send("/report/where", lat=LATITUDE, lon=LONGITUDE)

    followed = shown.send("/report/where", press=("support", code), to="/en/report/support")

    assert followed.address == f"/en/c/{code}"
    assert "1 also affected" in followed.text
    assert cases() == 1


def test_a_moved_pin_is_answered_with_who_gets_the_report(steps: Steps) -> None:
    place = steps.kind()
    draft = place.value("/report/where", "d")

    part = place.visitor.open(f"/report/outlook?d={draft}&lat={LATITUDE}&lon={LONGITUDE}")

    assert "Public Lighting Team" in part.source
    assert "<html" not in part.source


def test_half_a_text_is_answered_with_a_part_of_the_page(visitor: Visitor) -> None:
    token = visitor.open("/report").value("/report", "csrf_token")

    part = visitor.post("/en/report/suggestions", {"csrf_token": [token], "text": ["ổ gà lớn"]})

    assert 'value="pothole"' in part.source
    assert "<html" not in part.source


# ------------------------------------------------------------------------------------------------- once, and only mine


def test_a_second_click_leads_to_the_same_receipt(steps: Steps) -> None:
    third = steps.where(photos=[photo()])

    first = third.send("/report/contact", contact="none")
    second = third.send("/report/contact", contact="none")

    assert first.address == second.address
    assert cases() == 1


def test_after_sending_every_step_leads_to_the_receipt(steps: Steps) -> None:
    third = steps.where()
    draft = third.value("/report/contact", "d")
    third.send("/report/contact", contact="none")

    for step in ("", "/where", "/contact"):
        assert "/report/done/" in third.visitor.open(f"/report{step}?d={draft}").address


def test_another_browser_sees_neither_draft_nor_its_photo_nor_the_receipt(steps: Steps, stranger: Visitor) -> None:
    asked = steps.what(photos=[photo()])
    draft, picture = asked.value("/report", "d"), asked.main.xpath(".//form//img/@src")[0]
    assert stranger.open(f"/report?d={draft}").status == 404
    assert stranger.get(picture).status == 404

    receipt = asked.send("/report").send("/report/where", area="dien-hong").send("/report/contact", contact="none")
    elsewhere = stranger.get(receipt.address)

    assert "/report/done/" not in elsewhere.address
    assert "k=" not in elsewhere.source
    assert TEXT not in elsewhere.source


@pytest.mark.parametrize("name", ["../../etc", "x" * 22, ""])
def test_a_draft_that_does_not_exist_is_not_found(visitor: Visitor, name: str) -> None:
    assert visitor.open(f"/report/where?d={name}").status == 404


def test_nothing_of_a_sent_draft_stays_but_its_code(steps: Steps, app: Flask) -> None:
    steps.all(photos=[photo()], contact="email", contact_email="hanh@citizen.pleiku.vn")

    kept = [path for path in drafts(app).rglob("*") if path.is_file()]
    assert [path.name for path in kept] == ["draft.json"]
    assert "hanh@" not in kept[0].read_text(encoding="utf-8")


def test_a_draft_is_forgotten_after_a_day(steps: Steps, app: Flask) -> None:
    steps.what()
    old = next(drafts(app).iterdir())
    long_ago = (clock.now() - KEPT_FOR - timedelta(minutes=1)).timestamp()
    os.utime(old, (long_ago, long_ago))

    steps.what()

    assert not old.exists()
    assert len(list(drafts(app).iterdir())) == 1


def drafts(app: Flask) -> Path:
    return Path(app.config["CASEWAY"].storage_url) / "drafts"


@pytest.fixture(autouse=True)
def _no_drafts(app: Flask) -> None:
    for path in sorted(drafts(app).rglob("*"), reverse=True) if drafts(app).is_dir() else []:
        path.rmdir() if path.is_dir() else path.unlink()
