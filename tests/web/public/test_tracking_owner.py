"""What the holder of the owner link sees and may do, and nobody else."""

from __future__ import annotations

import pytest

from tests import town
from tests.town import TEXT
from tests.web.public.lives import QUESTION, asked, own, photo_id, resolved
from tests.web.public.visitor import Visitor, photo


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
    token = own(visitor, sent).tree.xpath("//input[@name='csrf_token']/@value")[0]
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
    assert not [form for form in thanked.tree.forms if "feedback" in form.action]


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
