"""What everybody may see of cases, and nothing more."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image

from cases.models import Category
from engine.base import session
from tests import town as cast
from tests.api.conftest import Program


def published(**changes: Any) -> str:
    """The code of a case with a published result and photo."""
    case = cast.accepted(photos=[cast.photo()], **changes)
    photo = case.reports[0].attachments[0]
    cast.resolve(case, photo_ids=[str(photo.id)])
    return case.tracking_code


def test_a_case_shows_where_it_stands_in_both_languages(citizen: Program) -> None:
    shown = citizen.get(f"/api/public/cases/{cast.accepted().tracking_code}").json

    assert (shown["status"], set(shown["status_text"])) == ("in_progress", {"vi", "en"})
    assert [(step["code"], step["state"]) for step in shown["steps"]][:3] == [
        ("submitted", "done"),
        ("received", "done"),
        ("in_progress", "now"),
    ]


def test_nothing_a_citizen_said_is_public(citizen: Program) -> None:
    code = cast.report(address="15 Lê Lợi").tracking_code

    told = [citizen.get(path).text for path in (f"/api/public/cases/{code}", "/api/public/cases")]

    for secret in (cast.TEXT[:12], "15 Lê Lợi", *cast.REPORTER.values()):
        assert not any(secret.encode("ascii", "backslashreplace").decode() in text for text in told)


def test_a_code_may_be_typed_as_people_type(citizen: Program) -> None:
    code = cast.report().tracking_code

    assert citizen.get(f"/api/public/cases/{code.lower().replace('-', ' ')}").json["tracking_code"] == code


def test_a_sensitive_case_shows_only_where_it_stands(citizen: Program) -> None:
    sensitive = session().query(Category).filter_by(is_sensitive=True).first()
    assert sensitive is not None
    code = cast.report(category=sensitive.code).tracking_code

    shown = citizen.get(f"/api/public/cases/{code}").json

    assert (shown["status"], shown["category"], shown["position"]) == ("submitted", None, None)
    assert citizen.get("/api/public/cases").json["cases"] == []
    assert citizen.get("/api/public/cases?bbox=107,13,109,15").json["cases"] == []


def test_a_published_result_is_shown_with_its_photo(citizen: Program) -> None:
    publication = citizen.get(f"/api/public/cases/{published()}").json["publication"]

    assert publication["title"] == "Đã vá ổ gà trên đường Lê Lợi"
    (photo,) = publication["photos"]
    with citizen.get(photo["url"].removeprefix("http://localhost") + "?size=small") as answer:
        assert answer.mimetype == "image/jpeg"
        assert Image.open(io.BytesIO(answer.data)).size == (64, 48)


def test_a_photo_that_was_not_published_is_no_photo(citizen: Program) -> None:
    report = cast.report(photos=[cast.photo()]).report

    answer = citizen.get(f"/api/public/photos/{report.attachments[0].id}")

    assert (answer.status_code, answer.json["code"]) == (404, "photo_not_found")


def test_the_list_is_read_page_by_page(citizen: Program) -> None:
    codes = [cast.report().tracking_code for _ in range(5)]

    seen: list[str] = []
    page = citizen.get("/api/public/cases?limit=2").json
    while True:
        seen += [line["tracking_code"] for line in page["cases"]]
        if page["next"] is None:
            break
        page = citizen.get(f"/api/public/cases?limit=2&before={page['next']}").json

    assert seen == codes[::-1]


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("category=pothole", 2),
        ("category=street-light", 0),
        ("area=dien-hong", 2),
        ("status=received", 0),
        ("status=submitted", 2),
    ],
)
def test_the_list_is_filtered(citizen: Program, query: str, count: int) -> None:
    for _ in range(2):
        cast.report()

    assert len(citizen.get(f"/api/public/cases?{query}").json["cases"]) == count


def test_a_part_of_the_map_shows_what_is_there(citizen: Program) -> None:
    code = cast.report().tracking_code

    (line,) = citizen.get("/api/public/cases?bbox=107.9,13.9,108.1,14.1").json["cases"]
    elsewhere = citizen.get("/api/public/cases?bbox=107.7,13.8,107.8,13.9").json["cases"]

    assert (line["tracking_code"], line["position"], line["category"]["code"]) == (code, [13.979, 107.997], "pothole")
    assert elsewhere == []


@pytest.mark.parametrize("box", ["1,2,3", "a,b,c,d", "108,14,107,13", "0,0,999,1", "nan,nan,nan,nan", "0,0,inf,1"])
def test_a_box_that_is_none_is_refused(citizen: Program, box: str) -> None:
    answer = citizen.get(f"/api/public/cases?bbox={box}")

    assert (answer.status_code, answer.json["errors"][0]["code"]) == (422, "not_a_box")


def test_a_box_is_asked_for_alone(citizen: Program) -> None:
    answer = citizen.get("/api/public/cases?bbox=107,13,109,15&status=closed")

    assert [(error["field"], error["code"]) for error in answer.json["errors"]] == [("status", "not_together")]


def test_areas_are_geojson_and_are_sent_once(citizen: Program) -> None:
    first = citizen.get("/api/public/areas")
    again = citizen.get("/api/public/areas", headers={"If-None-Match": first.headers["ETag"]})

    assert first.json["type"] == "FeatureCollection"
    assert {feature["geometry"]["type"] for feature in first.json["features"]} <= {"Polygon", "MultiPolygon"}
    assert "dien-hong" in {feature["id"] for feature in first.json["features"]}
    assert again.status_code == 304


def test_categories_come_in_the_order_of_the_city(citizen: Program) -> None:
    categories = citizen.get("/api/public/categories").json["categories"]

    assert [category["code"] for category in categories] == [entry.code for entry in cast.pleiku().categories]
