"""Reporting: what is wrong is said together, what is right is kept, and programs get nowhere."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.web.public.lives import cases, only_report
from tests.web.public.visitor import Steps, Visitor, photo

TEXT = "Đèn đường trước số 15 không sáng 3 đêm nay"


# --------------------------------------------------------------------------------------------------- what is wrong


def test_neither_words_nor_photo_is_said(visitor: Visitor) -> None:
    refused = visitor.open("/report").send("/report")

    assert (refused.status, refused.errors) == (422, ["Describe the problem or add a photo."])


def test_too_few_words_are_kept_and_said(visitor: Visitor) -> None:
    refused = visitor.open("/report").send("/report", text="Đèn hư")

    assert refused.errors == ["Write at least 10 characters."]
    assert refused.value("/report", "text") == "Đèn hư"


def test_photos_survive_a_mistake_elsewhere_and_can_be_taken_out(visitor: Visitor) -> None:
    refused = visitor.open("/report").send(
        "/report", text=TEXT, photos=[photo("red"), photo("blue")], kind_asked="1", category=""
    )
    kept = refused.main.xpath(".//button[@name='remove']/@value")
    assert refused.errors == ["Choose what it is about."]
    assert len(kept) == 2

    without = refused.send("/report", press=("remove", kept[0]))

    assert without.main.xpath(".//button[@name='remove']/@value") == kept[1:]
    assert without.value("/report", "text") == TEXT


def test_a_kept_photo_is_shown_to_its_writer(steps: Steps) -> None:
    asked = steps.what(photos=[photo()])

    shown = asked.visitor.get(asked.main.xpath(".//form//img/@src")[0])

    assert (shown.status, shown.answer.mimetype) == (200, "image/jpeg")


def test_a_file_that_is_no_photo_is_named_and_the_others_are_kept(visitor: Visitor) -> None:
    broken = photo()
    refused = visitor.open("/report").send(
        "/report", text=TEXT, photos=[photo("blue"), type(broken)("thơ.jpg", b"no picture")]
    )

    assert refused.errors[0].startswith("thơ.jpg: This file is no photo")
    assert len(refused.main.xpath(".//button[@name='remove']")) == 1


def test_a_sixth_photo_is_refused_and_five_are_kept(visitor: Visitor) -> None:
    refused = visitor.open("/report").send("/report", text=TEXT, photos=[photo("red")] * 6)

    assert refused.errors == ["These are too many. At most 5."]
    assert len(refused.main.xpath(".//button[@name='remove']")) == 5


def test_a_category_nobody_has_is_refused(steps: Steps) -> None:
    refused = steps.kind("no-such-category")

    assert refused.errors == ["Choose what it is about."]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"area": ""}, "Choose a place on the map, type an address, or choose a ward or commune."),
        ({"lat": "10.77", "lon": "106.7"}, "This place lies outside the city. Choose a place inside it."),
        (
            {"lat": "nan", "lon": "inf", "area": ""},
            "Choose a place on the map, type an address, or choose a ward or commune.",
        ),
        ({"area": "saigon"}, "This is not known here. Choose one from the list."),
        ({"address": "x" * 400}, "Write at most 300 characters."),
    ],
)
def test_a_place_must_be_one_of_the_city(steps: Steps, given: dict[str, Any], said: str) -> None:
    refused = steps.kind().send("/report/where", **given)

    assert (refused.status, refused.errors) == (422, [said])


def test_a_contact_must_be_chosen_and_right_and_the_name_is_kept(steps: Steps) -> None:
    third = steps.where()

    nothing = third.send("/report/contact", contact_name="Hạnh")
    missing = nothing.send("/report/contact", contact="phone")
    wrong = missing.send("/report/contact", contact="email", contact_email="no address")

    assert nothing.errors == ["Choose how we should tell you the result."]
    assert missing.errors == ["Type your phone number, or choose another way."]
    assert wrong.errors == ["This is no e-mail address, for example name@example.org."]
    assert wrong.value("/report/contact", "contact_name") == "Hạnh"
    assert cases() == 0


def test_who_wants_no_news_leaves_no_contact_behind(steps: Steps) -> None:
    steps.all(contact="none", contact_name="Hạnh", contact_email="hanh@citizen.pleiku.vn")

    report = only_report()
    assert (report.contact_name, report.contact_email, report.contact_phone) == (None, None, None)


# ------------------------------------------------------------------------------------------------------- warnings


def test_words_of_danger_show_whom_to_call(steps: Steps) -> None:
    asked = steps.what(text="Đèn đường không sáng nên vừa có tai nạn, có người bị thương")

    assert asked.links("tel:115")[0] in asked.main.xpath(".//form//a/@href")


def test_a_dangerous_category_shows_whom_to_call_in_the_next_step(steps: Steps) -> None:
    place = steps.kind("exposed-wires")

    assert "tel:114" in place.main.xpath(".//a/@href")
    assert "tel:114" not in Steps(steps.visitor).kind("pothole").main.xpath(".//a/@href")


def test_denunciations_are_told_of_the_legal_way_and_may_go_on(steps: Steps) -> None:
    asked = steps.what(text="Tôi muốn tố cáo cán bộ nhận tiền")

    assert "Law on Denunciations" in asked.text
    assert asked.send("/report", category="other", other_category="public-service").heading == "Where is it?"


# ------------------------------------------------------------------------------------------------------- programs


def test_a_filled_trap_sends_nothing_and_a_second_try_does(steps: Steps) -> None:
    third = steps.where()

    trapped = third.send("/report/contact", contact="none", website="https://spam.example")
    assert (trapped.status, cases()) == (422, 0)

    trapped.send("/report/contact")
    assert cases() == 1


def test_without_the_token_of_the_page_nothing_is_sent(steps: Steps) -> None:
    refused = steps.where().send("/report/contact", contact="none", csrf_token="made up")

    assert (refused.status, cases()) == (400, 0)


def test_one_address_cannot_send_without_end_in_either_language(visitor: Visitor) -> None:
    spoken = [Visitor(visitor.client, root) for root in ("/en", "")]
    answers = [Steps(spoken[number % 2]).all().status for number in range(21)]

    assert answers == [200] * 20 + [429]


def test_mistakes_are_not_counted_against_the_limit(steps: Steps) -> None:
    third = steps.where()
    for _ in range(25):
        assert third.send("/report/contact", contact="email", contact_email="wrong").status == 422

    assert re.search(r"/report/done/PK-", third.send("/report/contact", contact="none").address)
