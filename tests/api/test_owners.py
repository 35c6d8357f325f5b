"""What a reporter may do with the owner key, and nobody without it."""

from __future__ import annotations

import io
from typing import Any

import pytest

from cases import codes
from cases.models import Case, Report
from engine.base import session
from tests import town as cast
from tests.api.conftest import Program


def asked() -> Case:
    """A case whose reporter is asked something."""
    case = cast.report().case
    cast.do(case, "intake_check", cast.INTAKE, decision="ask", message="Số nhà nào?")
    return case


def own(case: Case) -> dict[str, str]:
    """The header with the owner key."""
    return {"X-Owner-Key": codes.owner_key(case.tracking_code)}


def test_the_owner_sees_what_the_city_asks(citizen: Program) -> None:
    case = asked()

    public = citizen.get(f"/api/public/cases/{case.tracking_code}").json
    owner = citizen.get(f"/api/public/cases/{case.tracking_code}", headers=own(case))

    assert (public["question"], public["is_owner"]) == (None, False)
    assert (owner.json["question"], owner.json["is_owner"]) == ("Số nhà nào?", True)
    assert owner.headers["Cache-Control"] == "no-store"


def test_an_answer_lets_the_case_go_on(citizen: Program) -> None:
    case = asked()

    answer = citizen.post(f"/api/public/cases/{case.tracking_code}/answers", json={"text": "Số 15."}, headers=own(case))

    assert (answer.status_code, answer.json["status"]) == (201, "submitted")
    assert "Số 15." in session().scalars(session().query(Report.text).statement).all()


def test_an_answer_may_be_a_photo(citizen: Program) -> None:
    case = asked()
    sent = {"photos": (io.BytesIO(cast.photo().content), "house.jpg"), "owner_key": codes.owner_key(case.tracking_code)}

    answer = citizen.post(f"/api/public/cases/{case.tracking_code}/answers", data=sent)

    assert answer.status_code == 201


def test_an_answer_nobody_waits_for_is_told_so(citizen: Program) -> None:
    case = cast.report().case

    answer = citizen.post(f"/api/public/cases/{case.tracking_code}/answers", json={"text": "Hm"}, headers=own(case))

    assert (answer.status_code, answer.json["code"]) == (409, "message_not_awaited")


def test_the_owner_takes_the_report_back(citizen: Program) -> None:
    case = cast.report().case
    sent = {"owner_key": codes.owner_key(case.tracking_code), "reason": "Đã tự vá."}

    first = citizen.post(f"/api/public/cases/{case.tracking_code}/withdrawal", json=sent)
    again = citizen.post(f"/api/public/cases/{case.tracking_code}/withdrawal", json=sent)

    assert (first.status_code, first.json["status"]) == (201, "withdrawn")
    assert again.status_code == 409


def test_the_owner_judges_the_result(citizen: Program) -> None:
    case = cast.resolved()
    sent = {"verdict": "satisfied", "stars": 5, "comment": "Nhanh lắm."}

    first = citizen.post(f"/api/public/cases/{case.tracking_code}/feedback", json=sent, headers=own(case))
    again = citizen.post(f"/api/public/cases/{case.tracking_code}/feedback", json=sent, headers=own(case))

    assert (first.status_code, first.json["status"]) == (201, "closed")
    assert (again.status_code, again.json["code"]) == (409, "feedback_not_awaited")


@pytest.mark.parametrize(
    ("sent", "problems"),
    [
        ({}, {"verdict": "required"}),
        ({"verdict": "great"}, {"verdict": "not_an_option"}),
        ({"verdict": "partly", "stars": 6}, {"stars": "too_big"}),
        ({"verdict": "partly", "stars": "many"}, {"stars": "not_a_number"}),
        ({"verdict": "partly", "comment": "x" * 2001}, {"comment": "too_long"}),
    ],
)
def test_feedback_that_is_none_is_refused(citizen: Program, sent: dict[str, Any], problems: dict[str, str]) -> None:
    case = cast.report().case

    answer = citizen.post(f"/api/public/cases/{case.tracking_code}/feedback", json=sent, headers=own(case))

    assert {error["field"]: error["code"] for error in answer.json["errors"]} == problems


@pytest.mark.parametrize("door", ["answers", "withdrawal", "feedback"])
def test_a_wrong_key_gives_no_rights(citizen: Program, door: str) -> None:
    case = cast.report().case
    sent = {"verdict": "satisfied"} if door == "feedback" else {}

    wrong = citizen.post(f"/api/public/cases/{case.tracking_code}/{door}", json=sent, headers={"X-Owner-Key": "guess"})
    none = citizen.post(f"/api/public/cases/{case.tracking_code}/{door}", json=sent)

    assert (wrong.status_code, wrong.json["code"]) == (403, "not_the_owner")
    assert none.json["errors"][0] | {"message": ""} == {"field": "owner_key", "code": "required", "message": ""}
    assert session().get_one(Case, case.id).status == "submitted"


def test_everybody_may_say_me_too(citizen: Program) -> None:
    code = cast.report().tracking_code

    counts = [citizen.post(f"/api/public/cases/{code}/supporters").json["supporters"] for _ in range(2)]

    assert counts == [1, 2]
