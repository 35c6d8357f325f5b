"""What the public never sees: at no stage of a case and nowhere any word of the reporter."""

from __future__ import annotations

import dataclasses
import json
from datetime import timedelta
from typing import Any

import pytest

from cases import cases, duplicates, owner, public_list, public_log, publications
from cases.models import Case
from cases.public_list import Filters
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
    shown = [publications.view(case), *publications.on_map(EVERYWHERE), *public_log.lines(case)]
    shown += [*public_list.page(Filters()).lines, *public_list.spots(Filters())]
    shown += duplicates.nearby(category, *cast.DIEN_HONG)
    leaked = [word for word in WORDS for one in shown if word in said(one)]
    assert leaked == []


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.__name__)
def test_not_even_the_owner_s_page_carries_the_contact(town: Definition, stage: Any) -> None:
    case = cast.report(**SECRETS).case
    stage(case)
    shown = said(publications.view(case, owner=True))
    assert [word for word in ("nguồn", "citizen", "905123456", "0905") if word in shown] == []


def test_searching_the_public_list_for_a_reporter_s_words_finds_nothing(town: Definition) -> None:
    published(cast.report(**SECRETS).case)
    session().flush()
    assert public_list.count(Filters(text="mặt đường")) == 1
    for word in ("Suối", "0905", "hẻm 12", "citizen"):
        assert public_list.count(Filters(text=word)) == 0
