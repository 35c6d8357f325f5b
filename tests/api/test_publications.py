"""Taking a published result back and showing it again, as programs do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cases import publications
from cases.models import Case
from engine.models import Definition
from tests import town as cast
from tests.api.conftest import Program

Issue = Callable[[str], Program]
WHY = "Ảnh còn thấy biển số xe."


@pytest.fixture
def case(town: Definition) -> Case:
    """A case with a published result and photo."""
    made = cast.accepted(photos=[cast.photo()])
    cast.resolve(made, photo_ids=[made.reports[0].attachments[0].id])
    return made


def at(case: Case) -> str:
    return f"/api/cases/{case.tracking_code}/publication"


def test_a_result_is_taken_back_and_shown_again(program_of: Issue, citizen: Program, case: Case) -> None:
    program, shown = program_of(cast.SUPERVISOR), f"/api/public/cases/{case.tracking_code}"
    photo = f"/api/public/photos/{case.reports[0].attachments[0].id}"

    gone = program.delete(at(case), json={"reason": WHY})

    assert (gone.status_code, gone.json["photo_ids"]) == (200, [case.reports[0].attachments[0].id])
    assert gone.json["withdrawn_at"] is not None
    assert citizen.get(shown).json["publication"] is None
    assert WHY not in citizen.get(shown).text
    assert citizen.get(photo).status_code == 404

    back = program.post(at(case), json={"reason": "Đã che biển số.", "title": "Đã vá"})

    assert (back.status_code, back.json["withdrawn_at"]) == (200, None)
    assert citizen.get(shown).json["publication"]["title"] == "Đã vá"
    with citizen.get(photo) as answer:
        assert answer.status_code == 200


def test_a_program_that_knew_the_photo_is_told_that_it_is_gone(program_of: Issue, citizen: Program, case: Case) -> None:
    path = f"/api/public/photos/{case.reports[0].attachments[0].id}"
    with citizen.get(path) as answer:
        known, kept = answer.headers["ETag"], answer.headers["Cache-Control"]
    program_of(cast.SUPERVISOR).delete(at(case), json={"reason": WHY})

    assert citizen.get(path, headers={"If-None-Match": known}).status_code == 404
    assert f"max-age={int(publications.PHOTO_KEPT_FOR.total_seconds())}" in kept
    assert "must-revalidate" in kept


@pytest.mark.parametrize("method", ["POST", "DELETE"])
@pytest.mark.parametrize("username", [cast.OFFICIAL, cast.LEADER, "auditor", "official.province1"])
def test_only_who_checks_publications_may(program_of: Issue, case: Case, username: str, method: str) -> None:
    answer = program_of(username).ask(method, at(case), json={"reason": WHY})

    assert (answer.status_code, answer.json["code"]) == (403, "may_not_open")
    assert publications.view(case).publication is not None


@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_nobody_without_a_key_may(citizen: Program, case: Case, method: str) -> None:
    assert citizen.ask(method, at(case), json={"reason": WHY}).status_code == 401


def test_a_result_is_taken_back_once(program_of: Issue, case: Case) -> None:
    program = program_of(cast.INTAKE)

    answers = [program.delete(at(case), json={"reason": WHY}) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 409]
    assert answers[1].json["code"] == "not_published"


def test_what_was_never_published_is_not_published_here(program_of: Issue, town: Definition) -> None:
    answer = program_of(cast.SUPERVISOR).post(at(cast.accepted()), json={"reason": WHY})

    assert (answer.status_code, answer.json["code"]) == (409, "nothing_to_publish")


@pytest.mark.parametrize(
    ("method", "sent", "problem"),
    [
        ("DELETE", {}, ("reason", "required")),
        ("DELETE", {"reason": ""}, ("reason", "too_short")),
        ("DELETE", {"reason": "  "}, ("reason", "required")),
        ("DELETE", {"reason": WHY, "title": "x"}, ("title", "unknown_field")),
        ("POST", {"title": "x"}, ("reason", "required")),
        ("POST", {"reason": WHY, "title": " "}, ("title", "required")),
        ("POST", {"reason": WHY, "result": "x" * 5001}, ("result", "too_long")),
        ("POST", {"reason": WHY, "photo_ids": [999999]}, ("photo_ids", "unknown")),
        ("POST", {"reason": WHY, "photo_ids": [0]}, ("photo_ids[0]", "unknown")),
        ("POST", {"reason": WHY, "photo_ids": [2**40]}, ("photo_ids[0]", "unknown")),
        ("POST", {"reason": WHY, "photo_ids": ["x"]}, ("photo_ids[0]", "not_a_number")),
        ("POST", {"reason": WHY, "photo_ids": 7}, ("photo_ids", "wrong_type")),
    ],
)
def test_what_is_wrong_is_said(
    program_of: Issue, case: Case, method: str, sent: dict[str, Any], problem: tuple[str, str]
) -> None:
    answer = program_of(cast.SUPERVISOR).ask(method, at(case), json=sent)

    assert answer.status_code == 422
    assert [(error["field"], error["code"]) for error in answer.json["errors"]] == [problem]
    assert publications.view(case).publication is not None


def test_officials_see_what_is_published(program_of: Issue, case: Case) -> None:
    told = program_of(cast.LEADER).get(f"/api/cases/{case.tracking_code}").json["publication"]

    assert (told["title"], told["withdrawn_at"]) == ("Đã vá ổ gà trên đường Lê Lợi", None)
