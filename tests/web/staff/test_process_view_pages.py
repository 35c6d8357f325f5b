"""The bottleneck map on screen: the drawing's colours in words, its table, the ways, and the cases that wait."""

from __future__ import annotations

import csv
import html
import io
import json
import re

import pytest

from engine.base import transaction
from tests import town as cast
from tests.web.staff.conftest import DeskOf
from tests.web.staff.desk import Desk

MAP = "/insight/process/report_case"


@pytest.fixture
def supervisor(desk: DeskOf) -> Desk:
    """A supervisor who looks at two cases: one waits for its official, one for the desk."""
    with transaction():
        cast.accepted()
        cast.report()
    return desk(cast.SUPERVISOR)


def test_every_process_that_ran_has_its_map(supervisor: Desk) -> None:
    assert MAP in supervisor.get("/insight/process").links("/insight/process/")
    assert "/insight/process" in supervisor.get("/insight").links("/insight/process")
    assert supervisor.get("/insight/process/unheard-of").status == 404


def test_the_colours_of_the_drawing_are_also_said(supervisor: Desk) -> None:
    page = supervisor.get(f"{MAP}?metric=standing")
    heat = json.loads(html.unescape(re.findall(r'data-heat="([^"]*)"', page.source)[0]))
    assert heat["resolve"] == {"level": 5, "text": "1 · 1"}
    assert heat["intake_check"] == {"level": 5, "text": "2 · 1"}
    assert "5: " in page.text
    assert 'data-element="resolve"' in page.source
    assert supervisor.client.get(f"{MAP}/1/process.bpmn").data.startswith(b"<?xml")


def test_a_number_of_standing_cases_opens_them(supervisor: Desk) -> None:
    page = supervisor.get(MAP)
    link = next(one for one in page.links(MAP) if "/steps/resolve" in one)
    waiting = supervisor.get(link)
    assert waiting.heading == "Waiting at “Resolve and report”"
    assert len(waiting.links("/work/c/")) == 1


def test_too_little_is_said_as_such(supervisor: Desk) -> None:
    assert "n = 1" in supervisor.get(MAP).text
    assert "No case of this choice has finished its way yet." in supervisor.get(MAP).text


@pytest.mark.parametrize(
    "asked",
    [
        "metric=both&statistic=p90&time=clock",
        "metric=late&version=1",
        "unit=gao",
        "metric=nonsense&version=x",
        "period=year",
    ],
)
def test_any_choice_is_answered(supervisor: Desk, asked: str) -> None:
    assert supervisor.get(f"{MAP}?{asked}").status == 200


def test_a_choice_that_is_not_there_is_refused(supervisor: Desk) -> None:
    assert supervisor.get(f"{MAP}?unit=dragons").status == 422
    assert supervisor.get(f"{MAP}?from=tomorrow").status == 422


def test_the_file_holds_every_step(supervisor: Desk) -> None:
    page = supervisor.get(f"{MAP}.csv")
    rows = list(csv.DictReader(io.StringIO(page.source.removeprefix("\ufeff"))))
    people = {row["Element"]: row["Visits"] for row in rows if row["Kind"] == "Task of people"}
    assert people == {"intake_check": "2", "assign": "1", "resolve": "1"}
    machines = {row["Element"]: (row["Kind"], row["Visits"], row["Cases"]) for row in rows}
    assert machines["acknowledge"] == ("Machine", "2", "2")
    assert machines["intake_decision"] == ("Decision", "1", "1")


def test_gateways_machines_and_flows_are_on_the_drawing_and_in_words(supervisor: Desk) -> None:
    page = supervisor.get(MAP)
    heat, flows = (
        json.loads(html.unescape(re.findall(rf'data-{name}="([^"]*)"', page.source)[0])) for name in ("heat", "flows")
    )
    assert heat["acknowledge"]["text"] == "2"
    (accepted,) = (flow for flow in flows if flow.startswith("intake_decision"))
    assert flows[accepted]["text"] == "1"
    assert 'data-element="acknowledge"' in page.source
    assert f'data-element="{accepted}"' in page.source
    assert "100 %" in page.text


def test_what_has_no_name_is_called_after_the_next_step(supervisor: Desk) -> None:
    page = supervisor.get(MAP)
    assert "Before intake check" not in page.text
    assert "before: Check and decide on acceptance Ways meet" in page.text


def test_it_stands_beside_the_period_before_and_another_version(supervisor: Desk) -> None:
    alone = supervisor.get(MAP)
    assert alone.source.count('data-island="diagram"') == 1
    assert "beside:" not in alone.text
    before = supervisor.get(f"{MAP}?against=before")
    assert before.source.count('data-island="diagram"') == 2
    assert "beside: 0" in before.text
    version = supervisor.get(f"{MAP}?against=1")
    assert version.source.count('data-island="diagram"') == 2
    assert "beside: 2" in version.text
    assert supervisor.get(f"{MAP}?against=99").source.count('data-island="diagram"') == 1


def test_a_leader_sees_only_the_cases_he_may(desk: DeskOf, supervisor: Desk) -> None:
    page = desk("chair.gao").get(f"{MAP}/steps/resolve")
    assert page.links("/work/c/") == []
    assert "No case you may see waits here." in page.text


def test_officials_see_none_of_it(desk: DeskOf, supervisor: Desk) -> None:
    for path in ("/insight/process", MAP, f"{MAP}.csv", f"{MAP}/steps/resolve", f"{MAP}/1/process.bpmn"):
        assert desk(cast.OFFICIAL).get(path).status == 403
