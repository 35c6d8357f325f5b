"""A publication afterwards: taken back, shown again, said in other words."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cases import access, attachments, corrections, history, owner, public_list, public_log, publications
from cases.models import Case, Event
from cases.public_list import Filters
from engine import clock
from engine.base import session
from engine.errors import Invalid
from engine.models import Definition
from tests import town as cast

EVERYWHERE = (13.0, 107.0, 15.0, 109.0)
TITLE = "Đã vá ổ gà trên đường Lê Lợi"
WHY = "Ảnh còn thấy biển số xe."


@pytest.fixture
def case(town: Definition) -> Case:
    """A case with a published result and photo."""
    made = cast.accepted(photos=[cast.photo("red"), cast.photo("blue")])
    cast.resolve(made, photo_ids=[made.reports[0].attachments[0].id])
    return made


def photo_of(case: Case) -> int:
    return case.reports[0].attachments[0].id


def withdraw(case: Case) -> None:
    corrections.withdraw(case, WHY, by=cast.SUPERVISOR)


def test_what_was_taken_back_is_shown_as_before_the_publication(case: Case) -> None:
    shown_before = publications.view(case)

    withdraw(case)

    shown = publications.view(case)
    assert shown.publication is None
    assert (shown.status, shown.steps, shown.deadline) == (
        shown_before.status,
        shown_before.steps,
        shown_before.deadline,
    )
    with pytest.raises(attachments.PhotoNotFound):
        publications.photo(photo_of(case))
    assert [line.title for line in public_list.page(Filters()).lines] == [None]
    assert [line.photo_id for line in public_list.page(Filters()).lines] == [None]
    assert [spot.title for spot in publications.on_map(EVERYWHERE)] == [None]
    assert public_list.results(limit=5) == []
    assert public_list.count(Filters(text="Đã vá")) == 0


def test_a_closed_case_whose_result_was_taken_back_is_in_no_list(case: Case) -> None:
    owner.give_feedback(case, "satisfied")
    assert public_list.count(Filters()) == 1

    withdraw(case)

    assert (public_list.count(Filters()), public_list.spots(Filters()), publications.on_map(EVERYWHERE)) == (0, [], [])


def test_who_took_it_back_and_why_is_one_event_and_the_reason_stays_inside(case: Case) -> None:
    before = len(history.timeline(case))

    withdraw(case)

    (event,) = history.timeline(case)[before:]
    assert (event.name, event.by, event.particulars) == ("publication_withdrawn", cast.SUPERVISOR, {"reason": WHY})
    assert history.verify(case)
    assert public_log.lines(case)[0].name == "publication_withdrawn"
    assert WHY not in str(public_log.lines(case))


@pytest.mark.parametrize(("reason", "code"), [("", "required"), (" \n", "required"), ("x" * 2001, "too_long")])
def test_without_a_proper_reason_nothing_is_taken_back(case: Case, reason: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        corrections.withdraw(case, reason, by=cast.SUPERVISOR)

    assert [(problem.where, problem.code) for problem in refused.value.problems] == [("reason", code)]
    assert publications.view(case).publication is not None


def test_what_is_not_public_cannot_be_taken_back(town: Definition, case: Case) -> None:
    withdraw(case)

    for one in (case, cast.accepted(), cast.resolved("private")):
        with pytest.raises(corrections.NotPublished):
            withdraw(one)
    assert session().query(Event).filter_by(name="publication_withdrawn").count() == 1


def test_what_was_taken_back_is_shown_again_as_it_was(case: Case) -> None:
    shown_before = publications.view(case).publication
    withdraw(case)

    with clock.at(clock.now() + timedelta(hours=1)):
        corrections.publish_again(case, "Biển số đã được che.", by=cast.INTAKE)

    assert publications.view(case).publication == shown_before
    assert publications.photo(photo_of(case)).id == photo_of(case)
    last = history.timeline(case)[-1]
    assert (last.name, last.by) == ("publication_restored", cast.INTAKE)


def test_what_is_shown_is_said_in_other_words_with_other_photos(case: Case) -> None:
    other = case.reports[0].attachments[1].id

    corrections.publish_again(case, "Sai tên đường.", title="Đã vá", result="", photo_ids=[other], by=cast.INTAKE)

    shown = publications.view(case).publication
    assert shown is not None
    assert (shown.title, shown.result, [photo.id for photo in shown.photos]) == ("Đã vá", None, [other])
    assert history.timeline(case)[-1].name == "publication_changed"


def test_photos_of_another_case_are_never_shown(town: Definition, case: Case) -> None:
    strange = cast.report(photos=[cast.photo()]).report.attachments[0].id

    with pytest.raises(Invalid) as refused:
        corrections.publish_again(case, "", title=" ", photo_ids=[strange], by=cast.INTAKE)

    told = [(problem.where, problem.code) for problem in refused.value.problems]
    assert told == [("reason", "required"), ("title", "required"), ("photo_ids", "unknown")]


def test_what_the_diagram_did_not_publish_is_not_published_here(town: Definition, case: Case) -> None:
    owner.give_feedback(case, "not_fixed")
    cast.resolve(case, "private")  # the second result is for the reporter only

    for one in (case, cast.accepted(), cast.resolved("private")):
        with pytest.raises(corrections.NothingToPublish):
            corrections.publish_again(one, WHY, by=cast.SUPERVISOR)


def test_a_case_that_has_become_sensitive_is_not_published_again(case: Case) -> None:
    withdraw(case)
    case.is_sensitive = True

    with pytest.raises(corrections.NothingToPublish):
        corrections.publish_again(case, WHY, by=cast.SUPERVISOR)


def test_a_second_result_shows_itself_after_the_first_was_taken_back(case: Case) -> None:
    withdraw(case)
    owner.give_feedback(case, "not_fixed")

    cast.resolve(case, public_title="Đã vá lần hai")

    shown = publications.view(case).publication
    assert shown is not None
    assert shown.title == "Đã vá lần hai"


@pytest.mark.parametrize(
    ("username", "may"),
    [
        (cast.INTAKE, True),
        (cast.SUPERVISOR, True),
        ("auditor", False),
        ("admin", False),
        (cast.LEADER, False),
        (cast.OFFICIAL, False),
    ],
)
def test_who_checks_publications_may_correct_them(case: Case, username: str, *, may: bool) -> None:
    assert access.may_correct_publication(cast.person(username), case) is may
