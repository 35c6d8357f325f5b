"""Diagrams others have drawn: each is refused with reasons or runs; the counts say what became of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import corpus
from tests.engine import drawing as d
from tests.engine.lint.asking import row

NAMING = row(
    d.user("ask", "anybody", formKey="a-form"),
    d.service("work", "anything"),
    '<bpmn:callActivity id="call" calledElement="elsewhere"/>',
    d.catch("later", d.timer("timeDuration", '"P400D"')),
    names=("ask", "work", "call", "later"),
)
CIRCLE = d.process(
    d.start(),
    d.user("ask", "anybody"),
    d.exclusive("again", "again_ask"),
    d.end(),
    d.path("start", "ask", "again", "ask"),
    d.flow("again", "end", "= done"),
)
OPEN = row('<bpmn:userTask id="a"/>', '<bpmn:serviceTask id="b" name="Tell them"/>', names=("a", "b"))
WRONG = row(d.service("a", ""))


def test_what_a_diagram_names_is_there_and_it_runs_to_its_end(tmp_path: Path) -> None:
    outcome = _tried(tmp_path, NAMING)

    assert (outcome.rules, outcome.went, outcome.why) == (frozenset(), "end", "")


def test_a_diagram_that_nobody_answers_goes_round_until_the_limit(tmp_path: Path) -> None:
    assert _tried(tmp_path, CIRCLE).went == "waits"


def test_a_diagram_that_leaves_something_open_runs_once_the_uploader_has_answered(tmp_path: Path) -> None:
    outcome = _tried(tmp_path, OPEN)

    assert (outcome.rules, outcome.went, outcome.is_answered) == (frozenset(), "end", True)


def test_a_diagram_with_errors_is_refused_and_not_run(tmp_path: Path) -> None:
    outcome = _tried(tmp_path, WRONG)

    assert (set(outcome.rules), outcome.went, outcome.is_fault) == ({"service-without-topic"}, "", False)


def test_the_table_counts_every_file_in_its_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, content in {
        "one/a.bpmn": NAMING,
        "one/b.bpmn": WRONG,
        "one/c.bpmn": OPEN,
        "two/deep/c.bpmn": b"no diagram",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)

    assert corpus.main([str(tmp_path)]) == 0

    printed = capsys.readouterr().out
    rows = {line.split()[0]: line.split()[1:] for line in printed.splitlines()[:4]}
    assert rows["folder"] == ["files", "accepted", "answered", "refused", "end", "waits", "failed"]
    assert rows["one"] == ["3", "1", "1", "1", "2", "0", "0"]
    assert rows["two"] == ["1", "0", "0", "1", "0", "0", "0"]
    assert rows["all"] == ["4", "1", "1", "2", "2", "0", "0"]
    assert "1     1  service-without-topic" in printed


def test_a_folder_without_diagrams_is_wrong_use(tmp_path: Path) -> None:
    assert corpus.main([str(tmp_path)]) == 2


@pytest.mark.skipif(not corpus.CORPUS.is_dir(), reason="the collected diagrams are not beside the checkout")
def test_collected_diagrams_are_refused_with_reasons_or_run() -> None:
    some = [path for _, path in corpus.diagrams([corpus.CORPUS])[::10]]

    faults = [outcome for outcome in map(corpus.tried, some) if outcome.is_fault]

    assert not faults


def _tried(tmp_path: Path, content: bytes) -> corpus.Outcome:
    path = tmp_path / "demo.bpmn"
    path.write_bytes(content)
    return corpus.tried(path)
