"""What the public sees, and above all what it does not."""

from __future__ import annotations

import dataclasses
import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from cases import attachments, cases, duplicates, owner, publications
from cases.models import Case
from engine import clock, timers
from engine.base import session
from engine.models import Definition
from tests import town as cast

#: Everything a reporter says; no part of it may appear anywhere in public.
SECRETS = {
    "text": "Ổ gà trước cổng nhà tôi, gọi chị Suối 0905 123 456",
    "address": "hẻm 12 Lê Lợi",
    "contact_name": "Lê Thị Suối Nguồn",
    "contact_email": "suoi@citizen.pleiku.vn",
    "contact_phone": "+84905123456",
}
WORDS = ("ổ gà trước", "suối", "0905", "905123456", "lê lợi", "hẻm", "citizen")
EVERYWHERE = (13.0, 107.0, 15.0, 109.0)


def said(shown: Any) -> str:
    """Everything in a view, in lower case."""
    return json.dumps(dataclasses.asdict(shown), default=str, ensure_ascii=False).casefold()


def asked(case: Case) -> None:
    cast.do(case, "intake_check", cast.INTAKE, decision="ask", message="Chị Suối ơi, số nhà bao nhiêu?")


def answered(case: Case) -> None:
    asked(case)
    owner.answer_question(case, "Nhà Suối, hẻm 12 Lê Lợi, 0905 123 456")


def accepted(case: Case) -> None:
    cast.do(case, "intake_check", cast.INTAKE, decision="accept", internal_note="Chị Suối hay gọi.")


def returned(case: Case) -> None:
    accepted(case)
    cast.do(case, "assign", cast.LEADER, assignment="return", reason="Hẻm 12 Lê Lợi thuộc Hội Phú.")


def handled(case: Case) -> None:
    accepted(case)
    cast.do(case, "assign", cast.LEADER, assignment="assign", official=cast.OFFICIAL)


def overdue(case: Case) -> None:
    handled(case)
    with clock.at(clock.now() + timedelta(days=9)):
        timers.fire_due()


def approved(case: Case) -> None:
    handled(case)
    cast.do(case, "resolve", cast.OFFICIAL, outcome="done", result_text="Đã gọi chị Suối 0905123456, đã vá.")
    cast.do(case, "approve", cast.LEADER, approval="approve")


def resolved_privately(case: Case) -> None:
    approved(case)
    hidden = {"public_title": "Nhà chị Suối", "public_text": "Đã gọi 0905123456"}
    cast.do(case, "publication_check", cast.INTAKE, publish="private", **hidden)


def published(case: Case) -> None:
    approved(case)
    shown = {"public_title": "Đã vá mặt đường", "public_text": "Đội duy tu đã vá xong."}
    cast.do(case, "publication_check", cast.INTAKE, publish="publish", **shown)


def reopened(case: Case) -> None:
    published(case)
    owner.give_feedback(case, "not_fixed", 1, "Chị Suối ở hẻm 12 vẫn vấp.")


def closed(case: Case) -> None:
    published(case)
    owner.give_feedback(case, "satisfied", 5, "Cảm ơn, Suối")


def withdrawn(case: Case) -> None:
    owner.withdraw(case, "Suối tự vá rồi.")


def supported_and_noted(case: Case) -> None:
    owner.support(case)
    cases.note(case, "Chị Suối là chủ quán ở Lê Lợi.", by=cast.INTAKE)


STAGES = (
    supported_and_noted,
    asked,
    answered,
    accepted,
    returned,
    handled,
    overdue,
    approved,
    resolved_privately,
    published,
    reopened,
    closed,
    withdrawn,
)


@pytest.mark.parametrize("category", ["pothole", "public-service"])
@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.__name__)
def test_nothing_a_citizen_said_is_public_at_any_stage(town: Definition, stage: Any, category: str) -> None:
    case = cast.report(**SECRETS, category=category, photos=[cast.photo()]).case
    stage(case)
    session().flush()
    session().expire_all()
    shown = [publications.view(case), *publications.recent(), *publications.on_map(EVERYWHERE)]
    shown += [*duplicates.nearby(category, *cast.DIEN_HONG)]
    leaked = [word for word in WORDS for one in shown if word in said(one)]
    assert leaked == []


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.__name__)
def test_not_even_the_owner_s_page_carries_the_contact(town: Definition, stage: Any) -> None:
    case = cast.report(**SECRETS).case
    stage(case)
    shown = said(publications.view(case, owner=True))
    assert [word for word in ("nguồn", "citizen", "905123456", "0905") if word in shown] == []


# ------------------------------------------------------------------------------------------------------------ one case


def test_a_case_under_way_shows_what_where_who_and_until_when(town: Definition) -> None:
    case = cast.accepted()
    shown = publications.view(case)
    assert (shown.status, shown.is_owner, shown.publication) == ("in_progress", False, None)
    assert shown.category == publications.Name("pothole", "Ổ gà, mặt đường hư hỏng", "Pothole, road damage")
    assert shown.area is not None
    assert shown.area.code == "dien-hong"
    assert shown.unit is not None
    assert shown.unit.code == "dien-hong-infrastructure"
    assert shown.deadline is not None
    assert (shown.deadline.kind, shown.deadline.state) == ("resolve", "ontime")
    assert shown.due_at == shown.deadline.due_at
    assert shown.position == (13.979, 107.997)


def test_a_published_result_shows_its_words_and_the_photos_chosen(town: Definition) -> None:
    case = cast.accepted(photos=[cast.photo("red"), cast.photo("green")])
    proof = attachments.store(case, cast.photo("blue").content, kind="result", by=cast.OFFICIAL)
    hidden, chosen = case.reports[0].attachments
    strange = cast.report(photos=[cast.photo("black")]).case.reports[0].attachments[0]
    cast.resolve(case, photo_ids=[str(proof.id), str(chosen.id), str(strange.id), str(proof.id), "999999", "x"])
    shown = publications.view(case)
    assert shown.publication is not None
    assert (shown.publication.title, shown.publication.result) == (
        "Đã vá ổ gà trên đường Lê Lợi",
        "Đội duy tu đã vá ổ gà sáng 24/11.",
    )
    assert [photo.id for photo in shown.publication.photos] == [proof.id, chosen.id]
    assert [publications.photo(photo.id) for photo in (proof, chosen)] == [proof, chosen]
    for photo in (hidden, strange):
        with pytest.raises(attachments.PhotoNotFound):
            publications.photo(photo.id)


def test_without_words_for_the_public_the_official_s_result_and_the_category_are_shown(town: Definition) -> None:
    case = cast.accepted()
    cast.resolve(case, public_title="", public_text=" ")
    shown = publications.view(case).publication
    assert shown is not None
    assert (shown.title, shown.result) == ("Ổ gà, mặt đường hư hỏng", "Đã vá xong ổ gà bằng bê tông nhựa nguội.")


def test_a_private_result_is_known_but_not_shown(town: Definition, frozen_clock: datetime) -> None:
    case = cast.resolved("private")
    shown = publications.view(case)
    assert (shown.status, shown.resolved_at, shown.publication) == ("resolved", frozen_clock, None)
    assert shown.deadline is not None
    assert shown.deadline.state == "met"
    assert case.publication is None


def test_a_result_that_becomes_private_after_a_reopening_is_withdrawn(town: Definition) -> None:
    case = cast.accepted(photos=[cast.photo()])
    photo = case.reports[0].attachments[0]
    cast.resolve(case, photo_ids=[photo.id])
    assert publications.photo(photo.id) is photo
    owner.give_feedback(case, "not_fixed")
    cast.resolve(case, "private")
    assert publications.view(case).publication is None
    assert publications.recent() == []
    with pytest.raises(attachments.PhotoNotFound):
        publications.photo(photo.id)


def test_a_second_result_takes_the_place_of_the_first(town: Definition) -> None:
    case = cast.accepted(photos=[cast.photo("red"), cast.photo("blue")])
    first, second = (photo.id for photo in case.reports[0].attachments)
    cast.resolve(case, photo_ids=[first, second])
    owner.give_feedback(case, "not_fixed")
    cast.resolve(case, public_title="Đã vá lần hai", photo_ids=[second])
    session().flush()
    session().expire_all()
    shown = publications.view(case).publication
    assert shown is not None
    assert (shown.title, [photo.id for photo in shown.photos]) == ("Đã vá lần hai", [second])
    assert len(publications.recent()) == 1


def test_a_refusal_says_why(town: Definition) -> None:
    case = cast.report().case
    refused = {"decision": "refuse", "refusal_reason": "not-competent", "message": "Xin gửi về Sở Xây dựng."}
    cast.do(case, "intake_check", cast.INTAKE, **refused)
    shown = publications.view(case)
    assert shown.refusal == publications.Refusal("not-competent", "Xin gửi về Sở Xây dựng.")
    assert (shown.status, shown.deadline, shown.due_at) == ("rejected", None, None)


def test_a_merged_case_points_to_the_one_that_goes_on(town: Definition) -> None:
    first, second, third = (cast.report().case for _ in range(3))
    for case, into in ((first, second), (second, third)):
        cast.do(case, "intake_check", cast.INTAKE, decision="duplicate", duplicate_of=into.tracking_code)
    assert publications.view(first).merged_into == third.tracking_code
    assert publications.view(third).merged_into is None
    assert third.supporters == 2


def test_what_the_city_asks_is_for_the_owner_only(town: Definition) -> None:
    case = cast.report().case
    asked(case)
    assert publications.view(case).question is None
    assert publications.view(case, owner=True).question == "Chị Suối ơi, số nhà bao nhiêu?"


def test_judging_is_offered_to_the_owner_only_and_only_while_it_is_awaited(town: Definition) -> None:
    case = cast.resolved()
    assert publications.view(case, owner=True).can_give_feedback
    assert not publications.view(case).can_give_feedback
    owner.give_feedback(case, "satisfied")
    assert not publications.view(case, owner=True).can_give_feedback


# ----------------------------------------------------------------------------------------------------------- sensitive


def test_a_sensitive_case_shows_code_status_steps_and_deadline_only(town: Definition) -> None:
    case = cast.report(category="public-service").case
    shown = publications.view(case)
    told = {name for name, value in dataclasses.asdict(shown).items() if value not in (None, 0, False)}
    assert told == {"tracking_code", "status", "is_sensitive", "steps", "deadline", "due_at"}
    assert publications.view(case, owner=True).category is not None


def test_a_sensitive_case_is_never_published(town: Definition) -> None:
    case = cast.report(category="public-service", photos=[cast.photo()]).case
    cast.do(case, "intake_check", cast.INTAKE, decision="accept")
    leader, official = "vice2.dien-hong", "office.dien-hong"
    cast.do(case, "assign", leader, assignment="assign", official=official)
    cast.do(case, "resolve", official, outcome="done", result_text="Đã xin lỗi.")
    cast.do(case, "approve", leader, approval="approve")
    chosen = [case.reports[0].attachments[0].id]
    cast.do(case, "publication_check", cast.INTAKE, publish="publish", public_text="Đã xin lỗi.", photo_ids=chosen)
    assert (case.status, case.publication) == ("resolved", None)
    assert publications.view(case).publication is None
    assert (publications.recent(), publications.on_map(EVERYWHERE)) == ([], [])


# --------------------------------------------------------------------------------------------------------------- lists


def test_results_are_listed_newest_first_page_by_page(town: Definition, frozen_clock: datetime) -> None:
    expected = []
    for hour in (0, 1, 1, 2):  # two at the same moment
        with clock.at(frozen_clock + timedelta(hours=hour)):
            expected.insert(0, cast.resolved().tracking_code)
    cast.accepted()
    seen: list[str] = []
    last = None
    while page := publications.recent(limit=3, before=last):
        seen += [line.tracking_code for line in page]
        last = page[-1].id
    assert seen == expected


def test_a_reopened_case_is_no_result(town: Definition) -> None:
    case = cast.resolved()
    owner.give_feedback(case, "not_fixed")
    assert publications.recent() == []


def test_the_map_shows_what_is_under_way_or_published_within_its_borders(town: Definition) -> None:
    under_way, published_case = cast.report().case, cast.resolved()
    withdrawn(cast.report().case)
    cast.report(at=(13.90, 107.9))
    owner.give_feedback(cast.resolved("private"), "satisfied")
    spots = publications.on_map((13.95, 107.95, 14.0, 108.05))
    assert [(spot.tracking_code, spot.status, spot.title) for spot in spots] == [
        (published_case.tracking_code, "resolved", "Đã vá ổ gà trên đường Lê Lợi"),
        (under_way.tracking_code, "submitted", None),
    ]
    assert {spot.position for spot in spots} == {(13.979, 107.997)}
    assert len(publications.on_map(EVERYWHERE, limit=2)) == 2
