"""The figures of a process through the API."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests import town as cast
from tests.api.conftest import Program

Issue = Callable[[str], Program]
DOOR = "/api/performance/processes/report_case"


def test_every_element_and_flow_is_told_with_its_figures(program_of: Issue) -> None:
    cast.accepted()
    cast.report()

    told = program_of(cast.SUPERVISOR).get(DOOR).json

    elements = {one["element_id"]: one for one in told["elements"]}
    assert told["cases"] == 2
    assert (elements["intake_check"]["kind"], elements["intake_check"]["visits"]) == ("userTask", 2)
    assert elements["intake_check"]["standing"] == 1
    assert elements["intake_check"]["waiting"] == {"median": 0.0, "p90": 0.0}
    assert (elements["acknowledge"]["kind"], elements["acknowledge"]["visits"]) == ("serviceTask", 2)
    (flow,) = (one for one in told["flows"] if one["source"] == "intake_decision")
    assert (flow["times"], flow["back"]) == (1, 0)
    assert told["ways"] == []


def test_it_is_narrowed_and_refused_like_the_page(program_of: Issue) -> None:
    cast.accepted()
    program = program_of(cast.SUPERVISOR)

    assert program.get(f"{DOOR}?unit=gao").json["cases"] == 0
    assert program.get(f"{DOOR}?version=1&clock=true").json["cases"] == 1
    assert program.get(f"{DOOR}?version=7").status_code == 404
    assert program.get("/api/performance/processes/unheard-of").status_code == 404


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("unit=dragons", "unit"),
        ("from=tomorrow", "from"),
        ("version=x", "version"),
        ("clock=maybe", "clock"),
        ("from=2026-11-23&to=2026-11-22", "to"),
    ],
)
def test_what_is_none_is_refused(program_of: Issue, query: str, field: str) -> None:
    cast.report()
    answer = program_of(cast.SUPERVISOR).get(f"{DOOR}?{query}")
    assert (answer.status_code, [one["field"] for one in answer.json["errors"]]) == (422, [field])


def test_officials_do_not_see_it(program_of: Issue) -> None:
    assert program_of(cast.OFFICIAL).get(DOOR).status_code == 403
