"""Reporting something through the API: once, with everything that is wrong told together."""

from __future__ import annotations

import io
from typing import Any

import pytest
from sqlalchemy import func, select

from cases.models import Attachment, Case, Report
from engine.base import session
from tests import town as cast
from tests.api.conftest import Program

LATITUDE, LONGITUDE = cast.DIEN_HONG
POTHOLE = {"text": cast.TEXT, "category": "pothole", "latitude": LATITUDE, "longitude": LONGITUDE}
KEY = {"Idempotency-Key": "kiosk-7:2026-11-23:0001"}


def codes_of(response: Any) -> dict[str, str]:
    """The problem of each field."""
    return {error["field"]: error["code"] for error in response.json["errors"]}


def form(*photos: bytes, **changes: Any) -> dict[str, Any]:
    """A report as a form with files."""
    files = [(io.BytesIO(photo), f"{number}.jpg") for number, photo in enumerate(photos)]
    return {"data": {**POTHOLE, **changes, "photos": files}, "content_type": "multipart/form-data"}


def test_a_report_is_taken_in_and_can_be_followed(citizen: Program) -> None:
    answer = citizen.post("/api/public/reports", json=POTHOLE)

    receipt = answer.json
    assert answer.status_code == 201
    assert receipt["owner_url"] == f"{receipt['tracking_url']}?k={receipt['owner_key']}"
    assert receipt["status"] == "submitted"
    assert receipt["deadline"]["due_at"] == "2026-11-27T10:00:00+00:00"
    assert citizen.get(answer.headers["Location"]).json["category"]["code"] == "pothole"


def test_a_report_without_a_channel_came_through_the_api(citizen: Program) -> None:
    citizen.post("/api/public/reports", json=POTHOLE)

    assert session().scalars(select(Report.channel)).one() == "api"


def test_photos_come_as_a_form(citizen: Program) -> None:
    answer = citizen.post("/api/public/reports", **form(cast.photo().content, cast.photo("blue").content))

    assert answer.status_code == 201
    assert session().scalar(select(func.count()).select_from(Attachment)) == 2


def test_everything_that_is_wrong_is_told_together(citizen: Program) -> None:
    answer = citizen.post(
        "/api/public/reports",
        json={"text": 7, "category": "dragons", "latitude": True, "colour": "red", "contact_email": "nobody"},
    )

    assert answer.status_code == 422
    assert answer.json["code"] == "invalid_report"
    assert codes_of(answer) == {
        "text": "wrong_type",
        "category": "unknown",
        "latitude": "not_a_number",
        "longitude": "required",
        "colour": "unknown_field",
        "contact_email": "bad_email",
    }
    assert session().scalar(select(func.count()).select_from(Case)) == 0


@pytest.mark.parametrize(
    ("changes", "problems"),
    [
        ({"text": "short"}, {"text": "too_short"}),
        ({"text": "x" * 5001}, {"text": "too_long"}),
        ({"latitude": 10.0}, {"latitude": "out_of_area"}),
        ({"latitude": None}, {"latitude": "required"}),
        ({"channel": "answer"}, {"channel": "not_an_option"}),
        ({"locale": "fr"}, {"locale": "not_an_option"}),
        ({"contact_phone": "12"}, {"contact_phone": "bad_phone"}),
        ({"photos": ["a.jpg"]}, {"photos[0]": "wrong_type"}),
        ({"text": "NUL \0 here it is"}, {"text": "bad_character"}),
    ],
)
def test_a_wrong_value_is_named(citizen: Program, changes: dict[str, Any], problems: dict[str, str]) -> None:
    answer = citizen.post("/api/public/reports", json={**POTHOLE, **changes})

    assert answer.status_code == 422
    assert codes_of(answer) == problems


def test_a_file_that_is_no_photo_is_refused_with_its_number(citizen: Program) -> None:
    answer = citizen.post("/api/public/reports", **form(cast.photo().content, b"not a photo"))

    (error,) = answer.json["errors"]
    assert (error["field"], error["code"], error["params"]["number"]) == ("photos", "not_an_image", 2)


def test_a_file_in_the_place_of_a_text_is_refused(citizen: Program) -> None:
    answer = citizen.post("/api/public/reports", data={"category": "pothole", "text": (io.BytesIO(b"words"), "t.txt")})

    assert codes_of(answer)["text"] == "wrong_type"


# ------------------------------------------------------------------------------------------------- sent once or twice


def test_the_same_key_with_the_same_report_gives_the_same_receipt(citizen: Program) -> None:
    first = citizen.post("/api/public/reports", json=POTHOLE, headers=KEY)
    again = citizen.post("/api/public/reports", json=POTHOLE, headers=KEY)

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json["tracking_code"] == first.json["tracking_code"]
    assert (again.json["owner_key"], again.json["owner_url"]) == (None, None)
    assert session().scalar(select(func.count()).select_from(Case)) == 1


def test_the_same_photos_are_the_same_report(citizen: Program) -> None:
    sent = [citizen.post("/api/public/reports", **form(cast.photo().content), headers=KEY) for _ in range(2)]

    assert [answer.status_code for answer in sent] == [201, 200]


def test_contact_details_written_otherwise_are_the_same_report(citizen: Program) -> None:
    citizen.post("/api/public/reports", json={**POTHOLE, "contact_phone": "0905 123 456"}, headers=KEY)
    again = citizen.post("/api/public/reports", json={**POTHOLE, "contact_phone": "+84905123456"}, headers=KEY)

    assert again.status_code == 200


@pytest.mark.parametrize(
    "changes",
    [{"text": "Another pothole altogether"}, {"category": "street-light"}, {"contact_name": "Ba"}, {"text": "?"}],
)
def test_the_same_key_with_another_report_is_refused(citizen: Program, changes: dict[str, str]) -> None:
    citizen.post("/api/public/reports", json=POTHOLE, headers=KEY)
    other = citizen.post("/api/public/reports", json={**POTHOLE, **changes}, headers=KEY)

    assert other.status_code == 422
    assert other.json["code"] == "idempotency_key_reused"


def test_the_same_key_with_another_photo_is_refused(citizen: Program) -> None:
    citizen.post("/api/public/reports", **form(cast.photo().content), headers=KEY)
    other = citizen.post("/api/public/reports", **form(cast.photo("blue").content), headers=KEY)

    assert other.json["code"] == "idempotency_key_reused"


@pytest.mark.parametrize(
    ("key", "code"), [("short", "too_short"), ("x" * 101, "too_long"), ("with a blank", "bad_character")]
)
def test_an_idempotency_key_has_a_form(citizen: Program, key: str, code: str) -> None:
    answer = citizen.post("/api/public/reports", json=POTHOLE, headers={"Idempotency-Key": key})

    assert codes_of(answer) == {"Idempotency-Key": code}
