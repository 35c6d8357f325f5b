"""The handbook of the engine names every rule, and what it shows as running or refused is so."""

from __future__ import annotations

import re

import pytest

from engine.lint.catalogue import table
from engine.lint.texts import RULES
from settings import ROOT
from tests.engine import drawing as d
from tests.engine.lint.asking import KNOWN, findings, person

HANDBOOK = (ROOT / "docs/engine.md").read_text(encoding="utf-8")
#: The pictures of the handbook.
RUNS = d.process(
    '<bpmn:laneSet id="lanes"><bpmn:lane id="lane" name="official:roads"><bpmn:flowNodeRef>look</bpmn:flowNodeRef>'
    "<bpmn:flowNodeRef>close</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>",
    d.start(),
    '<bpmn:userTask id="look"/>',
    d.boundary("after_one", "look", d.timer("timeDuration", "P1D"), interrupting=False),
    d.boundary("after_three", "look", d.timer("timeDuration", "P3D")),
    *(d.service(name, "greet") for name in ("remind", "tell", "call")),
    *map(d.end, ("reminded", "told", "end")),
    d.exclusive("dangerous", "dangerous_meet"),
    d.parallel("split"),
    '<bpmn:userTask id="close"/>',
    d.parallel("join"),
    d.exclusive("meet"),
    d.path("start", "look", "dangerous", "meet", "end"),
    d.flow("dangerous", "split", "= danger"),
    d.path("split", "close", "join", "meet"),
    d.path("split", "call", "join"),
    d.path("after_one", "remind", "reminded"),
    d.path("after_three", "tell", "told"),
)
SPLIT = d.process(
    d.start(),
    *map(person, ("receive", "check", "answer")),
    d.path("start", "receive", "check"),
    d.flow("receive", "answer"),
)
REPAIR = d.process(
    d.start(), d.exclusive("x", "x_repair"), person("repair"), person("replace"), d.parallel("join"), d.end(),
    d.path("start", "x", "repair", "join", "end"), d.flow("x", "replace", "= broken"), d.flow("replace", "join"),
)  # fmt: skip
PAY = d.process(
    d.start(), d.exclusive("x"), person("approve"), person("pay"), d.end(), d.path("start", "x"),
    d.flow("x", "approve", "= amount >= 100"), d.flow("x", "pay", "= amount < 100"), d.path("approve", "end"),
    d.path("pay", "end"),
)  # fmt: skip


def test_the_handbook_has_the_table_of_all_rules() -> None:
    """When it differs: `python -m engine.lint.catalogue` prints the table."""
    assert HANDBOOK.partition("<!-- rules -->\n")[2] == table()
    assert set(re.findall(r"^\| `([\w-]+)` \|", table(), re.MULTILINE)) == set(RULES)


@pytest.mark.parametrize("page", ["README.md", "docs/map.md"])
def test_the_handbook_is_found_from_other_pages(page: str) -> None:
    assert "engine.md" in (ROOT / page).read_text(encoding="utf-8")


def test_every_picture_and_page_the_handbook_shows_is_there() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", HANDBOOK):
        assert (ROOT / "docs" / target).is_file(), target


@pytest.mark.parametrize(
    ("drawn", "rules"),
    [
        (RUNS, {"group-taken", "timer-not-quoted"}),
        (SPLIT, {"split-drawn", "missing-end"}),
        (REPAIR, {"join-waits-for-ever"}),
        (PAY, {"gateway-without-default", "default-proposed"}),
    ],
)
def test_what_the_pictures_show_is_so(drawn: bytes, rules: set[str]) -> None:
    assert {one.rule for one in findings(drawn, KNOWN)} - {"task-without-public-step"} == rules


def test_rules_the_handbook_speaks_of_exist() -> None:
    words = HANDBOOK.partition("<!-- rules -->\n")[0]
    assert {"start-by-hand", "unknown-group"} <= set(re.findall(r"`([a-z]+(?:-[a-z]+)+)`", words)) <= set(RULES)
