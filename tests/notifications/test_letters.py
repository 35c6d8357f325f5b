"""Whom a moment concerns, and what the letter says."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from jinja2 import Environment, meta
from sqlalchemy import select

import notifications
from cases import cases, deadlines, owner
from cases.models import Case, Message, Unit
from engine import clock, jobs, timers
from engine.base import session
from engine.models import Job
from notifications import MOMENTS, rendering
from notifications.moments import recipients
from tests import town

if TYPE_CHECKING:
    from flask import Flask

DUE = datetime.fromisoformat("2026-11-24T09:30:00+00:00")
#: What handlers bring along at each moment.
BROUGHT: dict[str, dict[str, object]] = {
    "report_acknowledged": {},
    "question_asked": {"question": "Xin cho biết số nhà?", "answer_until": DUE},
    "result_published": {"feedback_until": DUE},
    "case_refused": {"reason": "insufficient", "message": "Không rõ địa điểm."},
    "case_merged": {},
    "case_reopened": {"due_at": DUE},
    "case_closed": {},
    "deadline_reminder": {"deadline_kind": "resolve", "due_at": DUE},
    "deadline_escalated": {"deadline_kind": "accept", "due_at": DUE, "escalation_group": "leader:dien-hong"},
    "leader_reminder": {"deadline_kind": "resolve", "due_at": DUE, "escalation_group": "head:dien-hong"},
    "deadline_changed": {"due_at": DUE, "reason_told": "Thành phố nghỉ bù ngày 2/1."},
    "extension_asked": {"days": 2, "reason_told": "Chờ nhựa nóng đến thứ Hai.", "due_at": DUE},
    "extension_granted": {"due_at": DUE},
    "extension_refused": {"reason_told": "Mượn nhựa nguội của phường bên."},
    "deadline_moved": {"due_at": DUE, "reason_told": "Chờ nhựa nóng đến thứ Hai."},
    "waiting_began": {"body": "Điện lực Pleiku", "reason_told": "Phải cắt điện trước khi đào.", "due_at": DUE},
    "direction_given": {"deadline_kind": "resolve", "due_at": DUE, "direction": "Đội chiếu sáng thay bóng hôm nay."},
    "task_assigned": {"official": town.OFFICIAL},
}


def letters(moment: str) -> list[Message]:
    return list(session().scalars(select(Message).where(Message.moment == moment).order_by(Message.id)))


def to(moment: str) -> list[str]:
    return [message.address for message in letters(moment)]


# ------------------------------------------------------------------------------------------------------------ whom


def test_every_moment_of_a_case_writes_to_those_it_concerns(now: datetime) -> None:
    case = town.resolved()
    owner.give_feedback(case, "satisfied")
    reporter, official = ["suoi@citizen.pleiku.vn"], ["infrastructure.dien-hong@pleiku.example"]
    assert to("report_acknowledged") == to("result_published") == to("case_closed") == reporter
    assert to("task_assigned") == official
    assert all(message.state == "waiting" for message in session().scalars(select(Message)))
    assert {job.payload["message_id"] for job in session().scalars(select(Job))} == {
        message.id for message in session().scalars(select(Message))
    }


def test_somebody_who_left_no_address_is_not_written_to(now: datetime) -> None:
    town.resolved(contact_email=None)
    assert to("report_acknowledged") == to("result_published") == []


def test_the_desk_is_reminded_before_acceptance_and_the_official_after(now: datetime) -> None:
    case = town.report().case
    with clock.at(now + timedelta(hours=1)):
        timers.fire_due()
    assert to("deadline_reminder") == ["ioc@pleiku.example"]
    assert "Đã hết nửa thời hạn tiếp nhận" in letters("deadline_reminder")[0].subject
    with clock.at(now + timedelta(hours=1, minutes=59)):
        timers.fire_due()
    assert "Sắp đến hạn tiếp nhận" in letters("deadline_reminder")[1].subject
    town.do(case, "intake_check", town.INTAKE, decision="accept")
    notifications.send("deadline_reminder", case, deadline_kind="accept", due_at=DUE)
    assert to("deadline_reminder")[2:] == ["vice.dien-hong@pleiku.example"]
    town.do(case, "assign", town.LEADER, assignment="assign", official=town.OFFICIAL)
    notifications.send("deadline_reminder", case, deadline_kind="resolve", due_at=DUE)
    assert to("deadline_reminder")[3:] == ["infrastructure.dien-hong@pleiku.example"]


def test_a_desk_without_a_mailbox_is_reminded_person_by_person(now: datetime) -> None:
    session().scalars(select(Unit).where(Unit.code == "ioc")).one().email = None
    case = town.report().case
    found = recipients("deadline_reminder", case, {"deadline_kind": "accept"})
    assert [one.address for one in found] == [f"intake{number}@pleiku.example" for number in (1, 2, 3)]


def test_a_broken_promise_goes_to_the_group_it_is_escalated_to(now: datetime) -> None:
    case = town.report().case
    due_at = town.task(case, "intake_check").due_at
    assert due_at is not None
    with clock.at(due_at):
        timers.fire_due()
    assert to("deadline_escalated") == ["supervisor@pleiku.example", "director@pleiku.example"]


def test_without_a_group_a_broken_promise_goes_to_the_supervisors(now: datetime) -> None:
    found = recipients("deadline_escalated", town.report().case, {})
    assert {one.address for one in found} == {"supervisor@pleiku.example", "director@pleiku.example"}


def test_people_who_left_are_not_written_to(now: datetime) -> None:
    case = town.accepted()
    town.person(town.OFFICIAL).is_active = False
    assert recipients("task_assigned", case, {"official": town.OFFICIAL}) == []


def test_the_reporters_of_merged_cases_get_the_result_under_their_own_code(now: datetime) -> None:
    case = town.accepted()
    other = town.report(contact_email="lan@citizen.pleiku.vn", contact_name="Lan").case
    cases.merge(other, case.tracking_code, by=town.INTAKE)
    town.resolve(case)
    first, second = letters("result_published")
    assert (second.address, second.case_id) == ("lan@citizen.pleiku.vn", other.id)
    assert second.subject.startswith(f"[{other.tracking_code}]")
    assert f"phản ánh {case.tracking_code}" in second.body_text
    assert f"/c/{other.tracking_code}?k=" in second.body_text
    assert f"/c/{case.tracking_code}?k=" not in second.body_text
    assert "xử lý chung" not in first.body_text


def test_one_address_gets_one_letter(now: datetime) -> None:
    case = town.accepted()
    other = town.report(contact_email="SUOI@citizen.pleiku.vn").case
    cases.merge(other, case.tracking_code, by=town.INTAKE)
    assert len(recipients("result_published", case, {})) == 1


def test_an_unknown_moment_is_a_mistake_of_the_caller(now: datetime) -> None:
    with pytest.raises(KeyError):
        notifications.send("birthday", town.report().case)


# ------------------------------------------------------------------------------------------------------------ words


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("locale", rendering.LOCALES)
def test_every_letter_is_polite_and_whole_in_both_languages(now: datetime, moment: str, locale: str) -> None:
    case = town.accepted()
    for brought in ({}, BROUGHT[moment]):
        for recipient in recipients(moment, case, BROUGHT[moment]):
            letter = rendering.render(moment, case, replace(recipient, locale=locale), brought)
            closing = {"vi": "Trân trọng,", "en": "Yours faithfully,"}[locale]
            assert letter.locale == locale
            assert letter.subject.startswith(f"[{case.tracking_code}] ")
            assert len(letter.subject) > len(case.tracking_code) + 8
            assert letter.text.startswith(("Kính gửi ",) if locale == "vi" else ("Dear ", "To "))
            assert closing in letter.text
            assert f"\nhttp://localhost{'/work' if not recipient.is_reporter else ''}" in letter.text
            assert not re.search(r"None|\{|\}|\n\n\n|  |!", letter.text)


def test_every_moment_has_its_words_and_no_words_are_without_a_moment() -> None:
    found = {path.name.split(".")[0] for path in rendering.TEMPLATES.glob("*.txt")}
    assert found == set(MOMENTS) | {"letter", "notice", "performance_report"}
    for name in found:
        assert all((rendering.TEMPLATES / f"{name}.{locale}.txt").is_file() for locale in rendering.LOCALES)


@pytest.mark.parametrize("path", sorted(rendering.TEMPLATES.glob("*.vi.txt")), ids=lambda path: path.name)
def test_both_languages_say_the_same_things(path: Path) -> None:
    def said(text: str) -> set[str]:
        return set(meta.find_undeclared_variables(Environment(autoescape=True).parse(text))) - {"deadline_kind"}

    other = path.with_name(path.name.replace(".vi.", ".en."))
    assert said(path.read_text(encoding="utf-8")) == said(other.read_text(encoding="utf-8"))


def test_an_acknowledgement_promises_what_the_city_is_going_to_promise(now: datetime) -> None:
    case = town.report().case
    promised = deadlines.latest(case, "resolve")
    assert promised is not None
    due = rendering.say_moment(promised.due_at, "vi")
    assert f"Hạn trả kết quả: {due}." in letters("report_acknowledged")[0].body_text


def test_a_question_is_quoted_and_says_until_when(now: datetime) -> None:
    case = town.report().case
    town.do(case, "intake_check", town.INTAKE, decision="ask", message="Số nhà nào?\nGần cột đèn nào?")
    (letter,) = letters("question_asked")
    assert "\n> Số nhà nào?\n> Gần cột đèn nào?\n" in letter.body_text
    assert "trước 08:00, thứ Hai 30/11/2026" in letter.body_text
    assert "Số nhà nào?<br>Gần cột đèn nào?</blockquote>" in letter.body_html


@pytest.mark.parametrize("publish", ["publish", "private"])
def test_the_reporter_reads_the_result_even_when_the_public_does_not(now: datetime, publish: str) -> None:
    town.resolved(publish)
    assert "> Đội duy tu đã vá ổ gà sáng 24/11." in letters("result_published")[0].body_text


def test_a_refusal_names_the_reason_in_words(now: datetime) -> None:
    case = town.report(locale="en").case
    answers = {"decision": "refuse", "refusal_reason": "legal-complaint", "message": "Please write to the chair."}
    town.do(case, "intake_check", town.INTAKE, **answers)
    (letter,) = letters("case_refused")
    assert "formal complaint or denunciation" in letter.body_text
    assert "> Please write to the chair." in letter.body_text
    assert letter.locale == "en"


def test_a_merger_names_the_case_that_goes_on(now: datetime) -> None:
    first, second = town.report().case, town.report().case
    town.do(second, "intake_check", town.INTAKE, decision="duplicate", duplicate_of=first.tracking_code)
    text = letters("case_merged")[0].body_text
    assert f"với mã {first.tracking_code}" in text
    assert f"\nhttp://localhost/c/{first.tracking_code}\n" in text


def test_what_people_wrote_is_never_markup(now: datetime) -> None:
    case = town.report(contact_name='<img src=x onerror="a()">', address="<b>Lê Lợi</b>").case
    town.do(case, "intake_check", town.INTAKE, decision="ask", message="<script>alert(1)</script> & {{ owner_page }}")
    for letter in session().scalars(select(Message)):
        assert "<img" not in letter.body_html
        assert "<script" not in letter.body_html
        assert "<b>" not in letter.body_html
    (asked,) = letters("question_asked")
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; {{ owner_page }}" in asked.body_html


def test_only_addresses_of_this_city_become_links(now: datetime) -> None:
    case = town.report().case
    message = "Xem thêm:\nhttps://elsewhere.example/phish\nhttp://localhost.elsewhere.example/c/x"
    town.do(case, "intake_check", town.INTAKE, decision="ask", message=message)
    links = re.findall(r'href="([^"]*)"', letters("question_asked")[0].body_html)
    assert links == [f"http://localhost/c/{case.tracking_code}?k=OWNER-KEY", f"http://localhost/c/{case.tracking_code}"]


def test_another_language_has_its_own_address(now: datetime) -> None:
    case = town.report(locale="en").case
    assert f"http://localhost/en/c/{case.tracking_code}\n" in letters("report_acknowledged")[0].body_text


def test_somebody_whose_language_is_not_spoken_gets_the_citys(now: datetime) -> None:
    case = town.accepted()
    (recipient,) = recipients("task_assigned", case, {"official": town.OFFICIAL})
    assert rendering.render("task_assigned", case, replace(recipient, locale="fr"), {}).locale == "vi"


@pytest.mark.parametrize("text", ["a\r\nBcc: x", "a\u2028b", "a\x00b", "x" * 400, "\t\n"])
def test_a_line_is_a_line(text: str) -> None:
    line = rendering.one_line(text)
    assert re.fullmatch(r"[^\r\n\u2028\x00]{0,150}", line)


@pytest.mark.parametrize("at", ["2026-11-24T09:30:00+00:00", DUE])
def test_moments_are_said_at_the_citys_clocks(now: datetime, at: object) -> None:
    assert rendering.say_moment(at, "vi") == "16:30, thứ Ba 24/11/2026"
    assert rendering.say_moment(at, "en") == "16:30, Tuesday 24/11/2026"
    assert rendering.say_moment(None, "vi") == ""


def test_letters_do_not_hold_up_the_case_when_nobody_can_be_written_to(app: Flask, now: datetime) -> None:
    for person in (town.person(name) for name in (town.OFFICIAL, town.LEADER)):
        person.email = ""
    case: Case = town.resolved(contact_email=None)
    assert case.status == "resolved"
    assert jobs.run_waiting() == 0
