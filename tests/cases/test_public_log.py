"""What the public log of a case tells, and what it never does."""

from __future__ import annotations

import pytest

from cases import history, public_log
from cases.models import Case
from engine.base import session
from engine.models import Definition
from tests import town
from tests.town import INTAKE, LEADER, OFFICIAL, TEXT


@pytest.fixture(autouse=True)
def _city(app: object, frozen_clock: object) -> Definition:
    return town.found()


def names(case: Case, *, owner: bool = False) -> list[str]:
    return [line.name for line in public_log.lines(case, owner=owner)]


def test_the_newest_line_comes_first() -> None:
    case = town.resolved()

    assert names(case) == [
        "result_published",
        "official_assigned",
        "case_accepted",
        "case_routed",
        "report_received",
    ]


def test_only_listed_events_are_told() -> None:
    case = town.accepted()
    history.record(case, "something_new", by=INTAKE, text="private")
    session().flush()

    assert "something_new" not in names(case)


def test_no_line_carries_a_person_or_a_word_of_the_reporter() -> None:
    case = town.resolved()

    told = repr(public_log.lines(case))

    for private in (INTAKE, LEADER, OFFICIAL, TEXT):
        assert private not in told


def test_a_line_names_the_unit_it_is_about() -> None:
    routed = public_log.lines(town.report().case)[0]

    assert (routed.name, routed.unit and routed.unit.code) == ("case_routed", "dien-hong-infrastructure")


def test_of_a_sensitive_case_only_the_owner_learns() -> None:
    case = town.report(category="public-disorder").case

    assert names(case) == []
    assert names(case, owner=True) == ["case_routed", "report_received"]


def test_until_when_an_answer_is_awaited() -> None:
    case = town.report().case
    assert public_log.answer_until(case) is None

    town.do(case, "intake_check", INTAKE, decision="ask", message="Số nhà nào?")

    until = public_log.answer_until(case)
    assert until is not None
    assert until.isoformat() == "2026-11-30T01:00:00+00:00"
