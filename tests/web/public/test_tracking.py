"""Following a case by its code: what everybody sees."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from cases.models import KpiUsual
from cases.performance import survival
from cases.performance.survival import Curve
from engine import clock, timers
from engine.base import session, transaction
from tests import town
from tests.conftest import MONDAY_MORNING
from tests.town import INTAKE, OFFICIAL, REPORTER, TEXT
from tests.web.public.lives import own, photo_id, resolved
from tests.web.public.visitor import Visitor

# -------------------------------------------------------------------------------------------------------- everybody


def test_everybody_sees_state_unit_and_deadline(visitor: Visitor) -> None:
    sent = town.report()

    seen = visitor.open(f"/c/{sent.tracking_code}")

    assert seen.heading == "Pothole, road damage"
    assert "Submitted" in seen.text
    assert "Result due 17:00, Fri 27/11/2026" in seen.text
    assert "working days left" in seen.text
    assert "Diên Hồng" in seen.text


def test_nobody_else_sees_the_reporters_words_name_or_address(visitor: Visitor) -> None:
    sent = resolved()

    seen = visitor.open(f"/c/{sent.tracking_code}")

    for private in (TEXT, *REPORTER.values(), "+84905123456", sent.owner_key, OFFICIAL, INTAKE):
        assert str(private) not in seen.source


def test_how_long_such_cases_usually_take_is_said_until_there_is_a_result(visitor: Visitor) -> None:
    sent, hidden = town.report(), town.report(category="public-disorder")
    day = 24 * 60
    for case in (sent.case, hidden.case):
        curve = Curve(survival.bucket(np.array([2.0 * day, 5.0 * day])), np.array([0.5, 0.1]), 87)
        session().add(KpiUsual(category_id=case.category_id, area_id=0, results=87, curve=curve.pack()))
    session().flush()

    seen = visitor.open(f"/c/{sent.tracking_code}")
    assert "Half of such reports have a result within 2 days, nine of ten within 5 days." in seen.text
    assert "From 87 results in the whole city" in seen.text
    assert "have a result within" not in visitor.open(f"/c/{hidden.tracking_code}").text
    assert "have a result within" not in visitor.open(f"/c/{town.resolved().tracking_code}").text


def test_a_sensitive_case_shows_its_steps_and_deadline_only(visitor: Visitor) -> None:
    sent = town.report(category="public-disorder")

    seen = visitor.open(f"/c/{sent.tracking_code}")

    assert seen.heading == "Report that is not public"
    assert "only the state and the deadline are shown" in seen.text
    for hidden in ("Diên Hồng", "Public log", "disorder", "Do you have this problem too?", "How the deadline"):
        assert hidden not in seen.text
    assert "disorder" in own(visitor, sent).text


def test_a_result_is_shown_with_its_text_and_the_chosen_photos(visitor: Visitor) -> None:
    shown = resolved()
    picture = photo_id(shown.case)
    assert f"/photos/{picture}/" not in visitor.open(f"/c/{shown.tracking_code}").source

    with_photo = resolved(photo_ids=[str(picture + 1)])
    seen = visitor.open(f"/c/{with_photo.tracking_code}")

    assert seen.heading == "Đã vá ổ gà trên đường Lê Lợi"
    assert "Đội duy tu đã vá ổ gà sáng 24/11." in seen.text
    assert visitor.open(f"/photos/{picture + 1}/small").answer.mimetype == "image/jpeg"


def test_a_result_that_is_not_published_is_said_to_exist(visitor: Visitor) -> None:
    sent = resolved(publish="private")

    seen = visitor.open(f"/c/{sent.tracking_code}")

    assert "The result of this report is not published." in seen.text
    assert "Đội duy tu" not in seen.source


def test_an_overdue_case_is_apologised_for(visitor: Visitor) -> None:
    sent = town.accepted()
    late = MONDAY_MORNING + timedelta(days=14)
    with clock.at(late):
        with transaction():
            timers.take_due(100)
        with transaction():
            timers.fire(sent.instance_id or 0)
        seen = visitor.open(f"/c/{sent.tracking_code}")

    assert "We apologise. The leaders were told at 08:00, Mon 07/12/2026." in seen.text
    assert "working days overdue" in seen.text


def test_a_refused_report_says_why_and_what_to_do(visitor: Visitor) -> None:
    sent = town.report()
    words = "Đường này do Ban quản lý dự án phụ trách."
    town.do(sent.case, "intake_check", INTAKE, decision="refuse", refusal_reason="not-competent", message=words)

    seen = visitor.open(f"/c/{sent.tracking_code}")

    assert "Not accepted" in seen.text
    assert words in seen.text
    assert "You can turn to it." in seen.text


def test_a_merged_report_leads_to_the_one_that_goes_on(visitor: Visitor) -> None:
    first, second = town.report(), town.report()
    town.do(second.case, "intake_check", INTAKE, decision="duplicate", duplicate_of=first.tracking_code)

    seen = visitor.open(f"/c/{second.tracking_code}")

    assert f"/en/c/{first.tracking_code}" in seen.links("/c/")


def test_the_log_tells_what_happened_and_names_no_person(visitor: Visitor) -> None:
    sent = resolved()

    log = visitor.open(f"/c/{sent.tracking_code}").main.xpath(".//ol[@class='line']")[0].text_content()

    for told in ("Report received", "Accepted", "Given to an official", "Result published"):
        assert told in log
    assert town.person(OFFICIAL).full_name not in log


def test_how_the_deadline_is_reckoned_names_the_days_that_did_not_count(visitor: Visitor) -> None:
    sent = town.report()

    seen = visitor.open(f"/c/{sent.tracking_code}")

    assert "3 working days" in seen.text
    assert "24/11" in seen.main.xpath(".//details")[-1].text_content()


# ------------------------------------------------------------------------------------------------------------ codes


def test_a_code_as_people_write_it_leads_to_the_case_and_keeps_the_secret(visitor: Visitor) -> None:
    sent = town.report()
    scribbled = sent.tracking_code.lower().replace("-", "")

    seen = visitor.open(f"/c/{scribbled}?k={sent.owner_key}")

    assert seen.address == f"/en/c/{sent.tracking_code}?k={sent.owner_key}"
    assert TEXT in seen.text


@pytest.mark.parametrize("way", ["/c/{}", "/search?q={}"])
def test_a_typo_in_a_code_is_answered_with_the_code_that_was_meant(visitor: Visitor, way: str) -> None:
    code = town.report().tracking_code
    typo = code[:-1] + ("0" if code[-1] != "0" else "1")

    seen = visitor.open(way.format(typo))

    assert seen.status == 404
    assert f"/en/c/{code}" in seen.links("/c/")


def test_a_code_that_is_like_no_other_is_not_found(visitor: Visitor) -> None:
    seen = visitor.open("/c/PK-0000-000")

    assert (seen.status, seen.heading) == (404, "No such code")


@pytest.mark.parametrize("code", ["%00", "a" * 3000, "..%2f..", "PK-%F0%9F%90%98-1"])
def test_any_text_can_be_asked_for_as_a_code(visitor: Visitor, code: str) -> None:
    assert visitor.open(f"/c/{code}").status == 404


# ----------------------------------------------------------------------------------------------------------- me too


def test_me_too_counts_once_for_each_visitor(visitor: Visitor, stranger: Visitor) -> None:
    sent = town.report()
    address = f"/c/{sent.tracking_code}"

    for who in (visitor, visitor, stranger):
        who.open(address).send("/support")

    assert "2 also affected" in visitor.open(address).text
    assert sent.case.supporters == 2


def test_a_sensitive_case_has_no_supporters(visitor: Visitor) -> None:
    sent = town.report(category="public-disorder")
    token = own(visitor, sent).visitor.open("/report").value("/report", "csrf_token")

    assert visitor.post(f"/en/c/{sent.tracking_code}/support", {"csrf_token": [token]}).status == 404
    assert sent.case.supporters == 0
