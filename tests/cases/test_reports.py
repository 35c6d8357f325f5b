"""Taking in a report: all of it or nothing, once, and with everything there is to mend said together."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from cases import cases, codes, reports
from cases.models import Attachment, Case, Deadline, Event, Message, Report
from cases.reports import PhotoUpload
from engine.base import session, transaction
from engine.errors import DefinitionNotFound, InvalidReport
from engine.models import Definition, Instance, Timer
from tests import town as cast


def count(table: Any) -> int:
    return session().scalar(select(func.count()).select_from(table)) or 0


def problems(**changes: Any) -> list[tuple[str, str]]:
    with pytest.raises(InvalidReport) as refused:
        cast.report(**changes)
    return [(problem.where, problem.code) for problem in refused.value.problems]


# --------------------------------------------------------------------------------------------------------------- whole


def test_a_report_opens_a_case_and_starts_its_process(town: Definition) -> None:
    sent = cast.report(photos=[cast.photo("red"), cast.photo("blue")], accuracy_m=12.5, address="15 Lê Lợi")
    case, report = sent.case, sent.report
    assert codes.normalise(sent.tracking_code, "PK") == case.tracking_code
    assert (case.status, case.priority, case.supporters, case.is_sensitive) == ("submitted", 50, 0, False)
    assert (case.area and case.area.code, case.category.code) == ("dien-hong", "pothole")
    assert case.unit is cast.unit("dien-hong-infrastructure")
    assert (report.text, report.accuracy_m, report.address, report.locale) == (cast.TEXT, 12.5, "15 Lê Lợi", "vi")
    assert (report.contact_email, report.contact_phone) == ("suoi@citizen.pleiku.vn", "+84905123456")
    assert [photo.kind for photo in report.attachments] == ["report", "report"]
    assert cast.open_tasks(case) == ["intake_check"]
    assert cast.task(case, "intake_check").candidate_groups == ["intake:ioc"]


def test_the_process_knows_what_decides_its_way(town: Definition) -> None:
    case = cast.report(channel="phone").case
    instance = session().get_one(Instance, case.instance_id)
    assert instance.business_key == case.tracking_code
    assert instance.definition_id == town.id
    blob = instance.state.decode("utf-8", "replace")
    for fact in ('"case_id":', '"category":"pothole"', '"field":"traffic"', '"area":"dien-hong"', '"channel":"phone"'):
        assert fact in blob
    assert "Lê Lợi" not in blob
    assert "suoi@" not in blob


def test_only_the_hash_of_the_owner_key_is_kept(town: Definition) -> None:
    sent = cast.report()
    assert sent.owner_key is not None
    assert sent.case.owner_key_hash == codes.secret_hash(sent.owner_key)


def test_a_place_in_no_area_goes_to_the_intake_unit(town: Definition) -> None:
    case = cast.report(at=cast.NOWHERE).case
    assert case.area is None
    assert case.unit is cast.unit("ioc")


def test_an_area_and_words_are_enough_of_a_place(town: Definition) -> None:
    case = cast.report(at=(None, None), area="gao", address="Đối diện trường tiểu học").case
    assert case.area is not None
    assert case.area.code == "gao"
    assert (case.latitude, case.longitude) == (None, None)


def test_a_photo_may_stand_for_words(town: Definition) -> None:
    sent = cast.report(text="", photos=[cast.photo()])
    assert sent.case.title == "Ổ gà, mặt đường hư hỏng"


def test_the_title_is_the_beginning_of_the_words(town: Definition) -> None:
    assert cast.report(text="Mất nắp cống\n  trước chợ").case.title == "Mất nắp cống trước chợ"
    long = cast.report(text="đường hỏng " * 30).case.title
    assert long.endswith(" hỏng…")
    assert len(long) <= 81


def test_words_are_kept_as_written_but_for_what_cannot_be_printed(town: Definition) -> None:
    composed = 'Đường\nLê Lợi <b>hỏng</b> 😀 \'; DROP TABLE "case"'
    sent = cast.report(
        text='  Đường\r\nLê Lợi\0 <b>hỏng</b>\ud800 😀 \'; DROP TABLE "case"\x07 ', address=" 15\0 Lê  Lợi "
    )
    session().flush()
    session().expire_all()
    assert sent.report.text == composed
    assert sent.report.address == "15 Lê Lợi"


def test_an_unknown_language_is_the_city_s(town: Definition) -> None:
    assert cast.report(locale="tlh").report.locale == "vi"
    assert cast.report(locale="en").report.locale == "en"


def test_a_program_may_add_facts_but_not_change_the_city_s(town: Definition) -> None:
    case = cast.report(variables={"district": "7", "category": "noise", "case_id": 0}).case
    blob = session().get_one(Instance, case.instance_id).state.decode("utf-8", "replace")
    assert '"district":"7"' in blob
    assert '"category":"pothole"' in blob
    assert f'"case_id":{case.id}' in blob


# ------------------------------------------------------------------------------------------------------------- refused

BROKEN = PhotoUpload("x.jpg", b"<html>")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"text": ""}, ("text", "required")),
        ({"text": " \n\0 "}, ("text", "required")),
        ({"text": "ổ gà"}, ("text", "too_short")),
        ({"text": "a" * 5001}, ("text", "too_long")),
        ({"category": ""}, ("category", "required")),
        ({"category": "volcano"}, ("category", "unknown")),
        ({"at": (float("nan"), 108.0)}, ("latitude", "not_a_number")),
        ({"at": (13.98, float("inf"))}, ("longitude", "not_a_number")),
        ({"at": (13.98, None)}, ("longitude", "required")),
        ({"at": (0.0, 0.0)}, ("latitude", "out_of_area")),
        ({"at": (108.0, 13.98)}, ("latitude", "out_of_area")),
        ({"at": (1e300, -1e300)}, ("latitude", "out_of_area")),
        ({"at": (None, None), "area": "atlantis"}, ("area", "unknown")),
        ({"accuracy_m": float("nan")}, ("accuracy_m", "not_a_number")),
        ({"accuracy_m": -1.0}, ("accuracy_m", "not_a_number")),
        ({"address": "a" * 301}, ("address", "too_long")),
        ({"contact_name": "a" * 301}, ("contact_name", "too_long")),
        ({"contact_email": "suoi@"}, ("contact_email", "bad_email")),
        ({"contact_email": "suoi@citizen.vn\nBcc: all@city.vn"}, ("contact_email", "bad_email")),
        ({"contact_email": "a" * 300 + "@citizen.vn"}, ("contact_email", "bad_email")),
        ({"contact_phone": "0123"}, ("contact_phone", "bad_phone")),
        ({"contact_phone": "gọi tôi"}, ("contact_phone", "bad_phone")),
        ({"photos": [cast.photo()] * 6}, ("photos", "too_many")),
        ({"photos": [BROKEN]}, ("photos", "not_an_image")),
        ({"photos": [PhotoUpload("big.jpg", b"\0" * 15_000_001)]}, ("photos", "too_big")),
        ({"idempotency_key": "k" * 301}, ("idempotency_key", "too_long")),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    town: Definition, changes: dict[str, Any], expected: tuple[str, str]
) -> None:
    assert problems(**changes) == [expected]


def test_everything_wrong_is_said_together(town: Definition) -> None:
    found = problems(
        text="",
        category="volcano",
        at=(None, None),
        contact_email="@",
        contact_phone="1",
        photos=[cast.photo(), BROKEN],
    )
    assert found == [
        ("latitude", "required"),
        ("longitude", "required"),
        ("category", "unknown"),
        ("contact_email", "bad_email"),
        ("contact_phone", "bad_phone"),
        ("photos", "not_an_image"),
    ]


def test_a_problem_says_the_limit_and_which_photo(town: Definition) -> None:
    with pytest.raises(InvalidReport) as refused:
        cast.report(text="ổ gà", photos=())
    assert dict(refused.value.problems[0].params) == {"min": 10}
    with pytest.raises(InvalidReport) as refused:
        cast.report(photos=[cast.photo(), BROKEN])
    assert dict(refused.value.problems[0].params) == {"number": 2, "filename": "x.jpg"}


def test_a_refused_report_leaves_nothing(town: Definition) -> None:
    problems(text="")
    assert [count(table) for table in (Case, Report, Attachment, Instance, Event, Message)] == [0] * 6


def test_a_report_whose_process_cannot_start_leaves_nothing(own_app: Flask) -> None:
    with own_app.app_context():
        with transaction():
            cast.found()
            session().scalars(select(Definition)).one().state = "retired"
        with pytest.raises(DefinitionNotFound), transaction():
            cast.report()
        assert [count(table) for table in (Case, Report, Instance, Event, Deadline, Timer)] == [0] * 6


# ---------------------------------------------------------------------------------------------------------------- once


@pytest.mark.parametrize("key", ["idempotency_key", "external_id"])
def test_the_same_report_sent_again_is_the_same_case(town: Definition, key: str) -> None:
    first = cast.report(**{key: "phone-7"})
    again = cast.report(**{key: " phone-7 "}, text="Gửi lại lần nữa cho chắc.")
    assert (again.case, again.report, again.is_replay, again.owner_key) == (first.case, first.report, True, None)
    assert not first.is_replay
    assert count(Case) == 1


def test_reports_without_a_key_or_with_another_are_different_cases(town: Definition) -> None:
    for key in (None, None, "a", "b"):
        cast.report(idempotency_key=key)
    assert count(Case) == 4


def test_the_same_report_sent_twice_at_once_is_one_case(own_app: Flask) -> None:
    with own_app.app_context(), transaction():
        cast.found()
    start, sent = threading.Barrier(4), []

    def send() -> None:
        with own_app.app_context():
            start.wait(10)
            with transaction():
                sent.append(cast.report(idempotency_key="twice").is_replay)

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(sent) == [False, True, True, True]
    with own_app.app_context():
        assert count(Case) == 1


def test_a_code_somebody_has_already_is_drawn_again(town: Definition, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = cast.report().tracking_code
    draws = iter([taken, taken, codes.valid_code("PK", "7F3K92")])
    monkeypatch.setattr(codes, "new_tracking_code", lambda _prefix: next(draws))
    assert cast.report().tracking_code == codes.valid_code("PK", "7F3K92")


# ------------------------------------------------------------------------------------------------------------- finding


def test_a_case_is_found_by_what_people_type(town: Definition) -> None:
    case = cast.report().case
    for typed in (case.tracking_code, case.tracking_code.lower(), case.tracking_code[3:].replace("-", " ")):
        assert cases.find_by_code(typed) is case


def test_a_code_with_a_typo_says_which_one_may_be_meant(town: Definition) -> None:
    code = cast.report().tracking_code
    typed = code[:-1] + ("0" if code[-1] != "0" else "1")
    with pytest.raises(cases.CaseNotFound) as missing:
        cases.find_by_code(typed)
    assert missing.value.near == [code]
    assert missing.value.code == "case_not_found"


@pytest.mark.parametrize("typed", ["", "PK-0000-001", "hello", "%", "\0"])
def test_what_is_no_code_of_a_case_is_not_found(town: Definition, typed: str) -> None:
    cast.report()
    with pytest.raises(cases.CaseNotFound) as missing:
        cases.find_by_code(typed)
    assert missing.value.near == []


def test_the_reports_of_a_case_include_those_of_what_was_merged_into_it(town: Definition) -> None:
    first, second, third = (cast.report().case for _ in range(3))
    cast.do(first, "intake_check", cast.INTAKE, decision="duplicate", duplicate_of=second.tracking_code)
    cast.do(second, "intake_check", cast.INTAKE, decision="duplicate", duplicate_of=third.tracking_code)
    assert [report.case_id for report in reports.of(third)] == [third.id, first.id, second.id]
    assert [report.case_id for report in reports.of(second)] == [second.id, first.id]


def test_an_area_that_is_named_counts_before_the_coordinates(town: Definition) -> None:
    case = cast.report(at=cast.DIEN_HONG, area="gao").case

    assert case.area is not None
    assert case.area.code == "gao"
