"""The linter in a terminal: what is checked together, what is printed, how it exits."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from engine.lint import command
from tests.engine import drawing as d
from tests.engine.lint.asking import KNOWN, form, person, row
from tests.engine.lint.examples.tasks import DECISION

GOOD = row(d.rule("a", "route"), person("b", formKey="ask"), names=("a", "b"))
BAD = row(d.user("a", groups=""))


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """Two bundles, one with a mistake, and files that belong to none."""
    good, bad, hidden = tmp_path / "good", tmp_path / "deep" / "bad", tmp_path / ".git"
    for directory in (good / "forms", bad, hidden):
        directory.mkdir(parents=True)
    (good / "report.bpmn").write_bytes(GOOD)
    (good / "route.dmn").write_bytes(DECISION)
    (good / "forms" / "ask.form").write_bytes(form({"type": "textfield", "key": "words"}))
    (good / "README.md").write_text("words")
    (bad / "task.bpmn").write_bytes(BAD)
    (hidden / "old.bpmn").write_bytes(b"<")
    return tmp_path


def test_a_clean_bundle_exits_with_zero(town: Path) -> None:
    assert command([town / "good"], output="text", vocabulary=KNOWN) == (0, "0 errors, 0 warnings.\n")


def test_a_directory_is_searched_for_bundles_but_not_where_it_is_hidden(town: Path) -> None:
    status, text = command([town], output="text", vocabulary=KNOWN)
    assert status == 1
    assert text.startswith(f"{town / 'deep' / 'bad' / 'task.bpmn'}:1: error: ")
    assert "[task-without-people]" in text
    assert text.endswith("1 error, 1 warning.\n")


def test_warnings_alone_exit_with_zero(town: Path) -> None:
    (town / "good" / "report.bpmn").write_bytes(row(d.user("a")))
    status, text = command([town / "good"], output="text", vocabulary=KNOWN)
    assert (status, "warning: " in text) == (0, True)


def test_a_single_diagram_is_checked_with_what_lies_beside_it(town: Path) -> None:
    (town / "good" / "other.bpmn").write_bytes(BAD)
    assert command([town / "good" / "report.bpmn"], output="text", vocabulary=KNOWN)[0] == 0


def test_a_form_alone_needs_no_process(town: Path) -> None:
    assert command([town / "good" / "forms" / "ask.form"], output="json", vocabulary=KNOWN) == (0, "[]\n")


def test_a_broken_form_is_reported_by_its_path(town: Path) -> None:
    path = town / "good" / "forms" / "ask.form"
    path.write_bytes(b"{")
    status, text = command([path], output="text", vocabulary=KNOWN)
    assert status == 1
    assert text.startswith(f"{path}:1:")


def test_json_is_an_array_with_six_keys(town: Path) -> None:
    _, text = command([town], output="json", vocabulary=KNOWN)
    rows = json.loads(text)
    assert [list(found) for found in rows] == [["file", "rule", "element_id", "severity", "message", "remedy"]] * 2
    assert {found["rule"] for found in rows} == {"task-without-people", "task-without-public-step"}


def test_sarif_names_rule_place_and_level(town: Path) -> None:
    _, text = command([town], output="sarif", vocabulary=KNOWN)
    (run,) = json.loads(text)["runs"]
    first = run["results"][0]
    rule = run["tool"]["driver"]["rules"][first["ruleIndex"]]
    assert (rule["id"], first["level"]) == (first["ruleId"], "error")
    location = first["locations"][0]
    assert location["physicalLocation"]["region"] == {"startLine": 1}
    assert location["physicalLocation"]["artifactLocation"]["uri"].endswith("deep/bad/task.bpmn")
    assert location["logicalLocations"] == [{"name": "a", "kind": "element"}]


@pytest.mark.parametrize("name", ["good", ".", "bad"])
def test_sarif_has_all_that_version_2_1_0_requires(town: Path, name: str) -> None:
    """Source: OASIS SARIF 2.1.0: 3.13.2, 3.14, 3.19.2, 3.27.3 to 3.27.12, 3.28 to 3.30, 3.33, 3.49 and 3.50."""
    (town / "bad").mkdir()
    (town / "bad" / "đường 1.bpmn").write_bytes(b"<a>\n<b></a>")
    _, text = command([town / name], output="sarif", vocabulary=KNOWN)
    log = json.loads(text)
    assert set(log) == {"$schema", "version", "runs"}
    assert (log["version"], log["$schema"].endswith("sarif-2.1.0.json")) == ("2.1.0", True)
    for run in log["runs"]:
        assert set(run) == {"tool", "results"}
        driver = run["tool"]["driver"]
        assert driver["name"]
        ids = [rule["id"] for rule in driver["rules"]]
        assert len(set(ids)) == len(ids)
        assert {rule["defaultConfiguration"]["level"] for rule in driver["rules"]} <= LEVELS
        for result in run["results"]:
            _check_result(result, ids)


LEVELS = {"none", "note", "warning", "error"}


def _check_result(result: dict[str, Any], ids: list[str]) -> None:
    assert set(result) == {"ruleId", "ruleIndex", "level", "message", "locations"}
    assert ids[result["ruleIndex"]] == result["ruleId"]
    assert result["level"] in LEVELS
    assert result["message"]["text"].strip()
    for location in result["locations"]:
        assert set(location) <= {"physicalLocation", "logicalLocations"}
        uri = location["physicalLocation"]["artifactLocation"]["uri"]
        assert re.fullmatch(r"(?:[A-Za-z0-9/._~!$&'()*+,;=:@-]|%[0-9A-F]{2})+", uri)
        for number in location["physicalLocation"].get("region", {}).values():
            assert number >= 1
        assert all(logical["name"] for logical in location.get("logicalLocations", ()))


def test_the_words_come_in_the_language_asked_for(town: Path) -> None:
    _, text = command([town], output="text", vocabulary=KNOWN, locale="vi")
    assert "chưa có nhóm được giao" in text
    assert text.endswith("1 lỗi, 1 cảnh báo.\n")


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ([], "nothing to lint"),
        (["nowhere"], "no such file"),
        (["good/README.md"], "not a .bpmn"),
        (["good/forms"], "no .bpmn"),
    ],
)
def test_wrong_use_exits_with_two_and_one_line(town: Path, names: list[str], said: str) -> None:
    status, text = command([town / name for name in names], output="text", vocabulary=KNOWN)
    assert status == 2
    assert said in text
    assert text.count("\n") == 1


def test_an_unknown_format_exits_with_two(town: Path) -> None:
    status, text = command([town], output="xml", vocabulary=KNOWN)
    assert (status, "unknown format" in text) == (2, True)


def test_a_file_that_is_too_large_is_not_read_to_its_end(town: Path) -> None:
    path = town / "good" / "report.bpmn"
    path.write_bytes(GOOD + b" " * 3_000_000)
    status, text = command([path], output="text", vocabulary=KNOWN)
    assert status == 1
    assert "[file-too-large]" in text
