"""Following a case: what everybody sees, what only the holder of the owner link sees and may do."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cases.models import Attachment, Case
from engine import clock, timers
from engine.base import session, transaction
from tests import town
from tests.conftest import MONDAY_MORNING
from tests.town import INTAKE, LEADER, OFFICIAL, REPORTER, TEXT
from tests.web.public.visitor import Seen, Visitor, photo

QUESTION = "Ổ gà nằm trước số nhà nào?"


def own(visitor: Visitor, sent: town.Submitted, more: str = "") -> Seen:
    return visitor.open(f"/c/{sent.tracking_code}?k={sent.owner_key}{more}")


def asked(**changes: object) -> town.Submitted:
    sent = town.report(**changes)
    town.do(sent.case, "intake_check", INTAKE, decision="ask", message=QUESTION)
    return sent


def resolved(**checked: object) -> town.Submitted:
    sent = town.report(photos=[photo("black")])
    town.do(sent.case, "intake_check", INTAKE, decision="accept")
    town.do(sent.case, "assign", LEADER, assignment="assign", official=OFFICIAL)
    town.resolve(sent.case, **checked)
    return sent


def photo_id(case: Case) -> int:
    return session().query(Attachment.id).filter_by(case_id=case.id).scalar() or 0


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
            timers.fire(sent.instance_id)
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


# ------------------------------------------------------------------------------------------------------------ owner


def test_the_owners_page_shows_their_words_and_photos_and_is_kept_nowhere(visitor: Visitor) -> None:
    sent = town.report(photos=[photo()])

    seen = own(visitor, sent)
    picture = seen.main.xpath(".//ul[@class='photos']//img/@src")[0]

    assert TEXT in seen.text
    assert seen.answer.headers["Cache-Control"] == "no-store"
    assert seen.answer.headers["Referrer-Policy"] == "no-referrer"
    assert visitor.get(picture).answer.mimetype == "image/jpeg"
    assert visitor.get(picture.split("?")[0]).status == 403
    assert visitor.open(f"/photos/{photo_id(sent.case)}/small").status == 404


def test_a_wrong_secret_shows_what_everybody_sees_and_says_so(visitor: Visitor) -> None:
    sent, other = town.report(), town.report()

    seen = visitor.open(f"/c/{sent.tracking_code}?k={other.owner_key}")

    assert "This link does not give the rights of the reporter." in seen.source
    assert TEXT not in seen.source
    assert seen.main.xpath(".//input[@name='k']") == []


@pytest.mark.parametrize("act", ["answer", "feedback", "withdrawal"])
def test_without_the_secret_nothing_can_be_done(visitor: Visitor, act: str) -> None:
    sent = resolved() if act == "feedback" else asked()
    token = own(visitor, sent).tree.xpath("//input[@name='csrf_token']/@value")[0]  # type: ignore[union-attr]  # a page
    before = sent.case.status

    refused = visitor.post(
        f"/en/c/{sent.tracking_code}/{act}",
        {"csrf_token": [token], "verdict": ["satisfied"], "text": ["Số 15"], "k": ["guess"]},
    )

    assert (refused.status, sent.case.status) == (403, before)


def test_a_question_is_asked_to_the_owner_alone(visitor: Visitor) -> None:
    sent = asked()

    assert QUESTION in own(visitor, sent).text
    assert "Please answer by 08:00, Mon 30/11/2026." in own(visitor, sent).text
    public = visitor.open(f"/c/{sent.tracking_code}")
    assert QUESTION not in public.source
    assert "We have asked the reporter something." in public.text


def test_an_answer_lets_the_case_go_on(visitor: Visitor) -> None:
    sent = asked()

    thanked = own(visitor, sent).send("/answer", text="Trước số nhà 15", photos=[photo()])

    assert "Your answer has been sent" in thanked.source
    assert "Trước số nhà 15" in thanked.text
    assert sent.case.status == "submitted"
    assert town.open_tasks(sent.case) == ["intake_check"]


def test_an_empty_answer_is_refused_and_nothing_moves(visitor: Visitor) -> None:
    sent = asked()

    refused = own(visitor, sent).send("/answer")

    assert (refused.status, len(refused.errors)) == (422, 1)
    assert sent.case.status == "awaiting_info"


def test_a_satisfied_reporter_closes_the_case(visitor: Visitor) -> None:
    sent = resolved()

    thanked = own(visitor, sent).send("/feedback", verdict="satisfied", stars="5", comment="Cảm ơn")

    assert "Thank you for your judgement." in thanked.source
    assert sent.case.status == "closed"
    assert not [form for form in thanked.tree.forms if "feedback" in form.action]  # type: ignore[union-attr]  # a page


def test_not_fixed_opens_the_case_again_with_a_new_deadline(visitor: Visitor) -> None:
    sent = resolved()

    thanked = own(visitor, sent).send("/feedback", verdict="not_fixed", comment="Vẫn còn ổ gà")

    assert "The case has been reopened" in thanked.source
    assert (sent.case.reopened_count, sent.case.closed_at) == (1, None)


def test_a_verdict_is_needed_and_the_comment_is_kept(visitor: Visitor) -> None:
    sent = resolved()

    refused = own(visitor, sent).send("/feedback", comment="Chưa biết")

    assert refused.errors == ["Choose whether the problem has been fixed."]
    assert refused.value("/feedback", "comment") == "Chưa biết"
    assert sent.case.closed_at is None


def test_a_link_in_a_message_chooses_but_never_votes(visitor: Visitor) -> None:
    sent = resolved()

    seen = own(visitor, sent, "&verdict=satisfied")

    assert seen.value("/feedback", "verdict") == "satisfied"
    assert sent.case.closed_at is None


def test_withdrawing_is_asked_twice(visitor: Visitor) -> None:
    sent = town.report()
    link = own(visitor, sent).links("/withdrawal")[0]

    asked_again = visitor.get(link)
    assert sent.case.closed_at is None
    gone = asked_again.send("/withdrawal", reason="Đã tự vá")

    assert "Your report has been withdrawn." in gone.source
    assert sent.case.status == "withdrawn"
    assert gone.links("/withdrawal") == []


def test_what_is_no_longer_awaited_is_answered_with_a_conflict(visitor: Visitor) -> None:
    sent = town.report()
    page = visitor.get(own(visitor, sent).links("/withdrawal")[0])
    page.send("/withdrawal")

    assert page.send("/withdrawal").status == 409


# ----------------------------------------------------------------------------------------------------------- me too


def test_me_too_counts_once_for_each_visitor(visitor: Visitor, stranger: Visitor) -> None:
    sent = town.report()
    address = f"/c/{sent.tracking_code}"

    for who in (visitor, visitor, stranger):
        seen = who.open(address).send("/support")

    assert "2 also affected" in seen.text
    assert sent.case.supporters == 2


def test_a_sensitive_case_has_no_supporters(visitor: Visitor) -> None:
    sent = town.report(category="public-disorder")
    token = own(visitor, sent).visitor.open("/report").value("/report", "csrf_token")

    assert visitor.post(f"/en/c/{sent.tracking_code}/support", {"csrf_token": [token]}).status == 404
    assert sent.case.supporters == 0
