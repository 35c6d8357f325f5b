"""What the public sees of a case, and the publishing of results."""

from __future__ import annotations

import dataclasses
from datetime import datetime

import pytest

from cases import attachments, owner, public_list, publications
from cases.models import Case
from cases.public_list import Filters
from engine.base import session
from engine.models import Definition
from tests import town as cast

EVERYWHERE = (13.0, 107.0, 15.0, 109.0)


def ask(case: Case) -> None:
    cast.do(case, "intake_check", cast.INTAKE, decision="ask", message="Chị Suối ơi, số nhà bao nhiêu?")


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
    ask(case)
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
    assert (public_list.page(Filters()).lines, publications.on_map(EVERYWHERE)) == ((), [])


# ----------------------------------------------------------------------------------------------------------------- map


def test_the_map_shows_what_is_under_way_or_published_within_its_borders(town: Definition) -> None:
    under_way, published_case = cast.report().case, cast.resolved()
    owner.withdraw(cast.report().case)
    cast.report(at=(13.90, 107.9))
    owner.give_feedback(cast.resolved("private"), "satisfied")
    spots = publications.on_map((13.95, 107.95, 14.0, 108.05))
    assert [(spot.tracking_code, spot.status, spot.title) for spot in spots] == [
        (published_case.tracking_code, "resolved", "Đã vá ổ gà trên đường Lê Lợi"),
        (under_way.tracking_code, "submitted", None),
    ]
    assert {spot.position for spot in spots} == {(13.979, 107.997)}
    assert len(publications.on_map(EVERYWHERE, limit=2)) == 2
