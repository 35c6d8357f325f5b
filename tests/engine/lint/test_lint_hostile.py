"""Files that mean harm: whatever they are, there is a finding, soon, and for little memory; at a terminal too."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import cli
from bench import corpus
from engine.lint import Answers, Finding, apart, inspect
from engine.lint.apart import MAX_MEMORY, MAX_SECONDS, Helper, NoAnswer, ask
from engine.lint.texts.rewrites import GIVEN_UP
from settings import ROOT
from tests.engine import drawing as d
from tests.engine.lint import hostile
from tests.engine.lint.asking import KNOWN, Files, bundle, person, row
from tests.engine.lint.test_lint_reading import SHARP, damaged

EVERYTHING: dict[str, Files] = {**{name: files for name, (files, _) in hostile.FILES.items()}, **hostile.HARMLESS}
SHIPPED = sorted((ROOT / "bpmn").rglob("*.bpmn"))
SOME_COLLECTED = [path for _, path in corpus.diagrams([corpus.CORPUS])][::12] if corpus.CORPUS.is_dir() else []
CUTS = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 400), st.sampled_from(SHARP)), min_size=1, max_size=3)


@pytest.fixture(scope="module")
def measuring() -> Iterator[Helper]:
    helper = Helper("tests.engine.lint.measuring")
    yield helper
    helper.close()


@pytest.mark.parametrize("name", sorted(hostile.FILES))
def test_a_hostile_file_is_refused_with_the_finding_that_names_it(name: str) -> None:
    content, rule = hostile.FILES[name]
    found = {one.rule for one in inspect(bundle(content), KNOWN).errors}
    assert found & {rule, "check-too-long"}  # the second where others keep the machine from answering in time


@pytest.mark.parametrize("name", sorted(hostile.HARMLESS))
def test_what_only_looks_dangerous_is_let_in(name: str) -> None:
    assert inspect(bundle(hostile.HARMLESS[name]), KNOWN).errors == []


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="memory is counted by Linux")
@pytest.mark.parametrize("name", sorted(EVERYTHING))
def test_no_file_costs_more_than_is_allowed(name: str, measuring: Helper, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "_PATIENCE", 120.0)
    try:
        told = ask("cost", bundle(EVERYTHING[name]), KNOWN, by=measuring, answers=asdict(Answers()))
    except NoAnswer as stopped:
        pytest.fail(f"it had to be stopped: {stopped}")
    assert told["bytes"] < MAX_MEMORY
    assert told["seconds"] < MAX_SECONDS


def test_a_file_outside_is_never_read() -> None:
    secret = Path("/etc/passwd").read_text(encoding="utf-8").splitlines()[0][:20]
    for name in ("an entity from the machine", "an inclusion"):
        found = inspect(bundle(EVERYTHING[name]), KNOWN)
        assert not any(secret in one.message_en for one in found.findings)
        assert not any(secret.encode() in content for content in found.files.values())


# -------------------------------------------------------------------------------------------------- damaged by chance


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from([*SHIPPED, *SOME_COLLECTED]), CUTS)
def test_a_real_diagram_however_damaged_gets_findings_and_never_stops_the_check(
    path: Path, cuts: list[tuple[float, int, bytes]]
) -> None:
    found = inspect({"a.bpmn": damaged(path.read_bytes(), cuts)}, KNOWN, answers=Answers(accept=True, people="x"))
    given_up = {one.rule for one in found.findings} & set(GIVEN_UP)
    assert given_up <= {"check-too-long"}, _said(found.errors)  # see above


def _said(found: list[Finding]) -> str:
    return "; ".join(one.message_en for one in found)


# ------------------------------------------------------------------------------------------------------ at a terminal


def lint(*words: str) -> tuple[int, str]:
    said = CliRunner().invoke(cli.main, ["lint", *words], catch_exceptions=False)
    return said.exit_code, said.output


@pytest.mark.parametrize("form", ["text", "json", "sarif"])
def test_hostile_files_at_a_terminal_end_with_one_and_findings(tmp_path: Path, form: str) -> None:
    for number, (files, _) in enumerate(hostile.FILES.values()):
        for name, content in bundle(files).items():
            path = tmp_path / str(number) / ("forms" if name.endswith(".form") else "") / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)

    status, said = lint(str(tmp_path), "--format", form)

    assert status == 1
    if form == "text":
        told = {line.split(":", 1)[0] for line in said.splitlines() if line.startswith(str(tmp_path))}
    elif form == "json":
        told = {one["file"] for one in json.loads(said)}
    else:
        results = json.loads(said)["runs"][0]["results"]
        told = {one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for one in results}
    assert {Path(one).relative_to(tmp_path).parts[0] for one in told} == {
        str(number) for number in range(len(hostile.FILES))
    }


def test_a_clean_file_ends_with_nothing(tmp_path: Path) -> None:
    (tmp_path / "demo.bpmn").write_bytes(row(person("a")))
    assert lint(str(tmp_path / "demo.bpmn"), "--format", "json") == (0, "[]\n")


@pytest.mark.parametrize("form", ["text", "json", "sarif"])
def test_a_file_with_a_name_that_is_no_text_is_told_all_the_same(tmp_path: Path, form: str) -> None:
    Path(os.fsdecode(bytes(tmp_path) + b"/\xff\n.bpmn")).write_bytes(row(d.user("a", groups="")))
    status, said = lint(str(tmp_path), "--format", form)
    assert status == 1
    assert "xff" in said
    said.encode()


@pytest.mark.parametrize(
    "words",
    [(), ("nowhere.bpmn",), ("README.md",), (".", "--format", "xml"), ("--no-such-option", "."), ("x" * 5_000,)],
)
def test_wrong_use_ends_with_two(words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "README.md").write_text("words")
    monkeypatch.chdir(tmp_path)
    status, said = lint(*words)
    assert status == 2
    assert said.strip()


@pytest.mark.parametrize(
    ("content", "status"),
    [(row(person("a")), 0), (row(d.user("a", groups="")), 1), (hostile.BOMB, 1), (b"\0", 1), (b"", 1)],
)
def test_a_terminal_without_any_server_or_setting_gets_json_and_no_traceback(
    tmp_path: Path, content: bytes, status: int
) -> None:
    path = tmp_path / "demo.bpmn"
    path.write_bytes(content)
    done = _caseway("lint", str(path), "--format", "json")
    assert (done.returncode, done.stderr) == (status, "")
    assert [set(one) for one in json.loads(done.stdout)] == [
        {"file", "rule", "element_id", "severity", "message", "remedy"} for _ in json.loads(done.stdout)
    ]
    assert bool(json.loads(done.stdout)) == bool(status)


def test_wrong_use_at_a_real_terminal_is_a_sentence() -> None:
    done = _caseway("lint", "no such file.bpmn")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "no such file.bpmn" in done.stderr


def _caseway(*words: str) -> subprocess.CompletedProcess[str]:
    nothing = {"PATH": os.environ["PATH"], "DATABASE_URL": "postgresql://nobody@127.0.0.1:9/none", "SECRET_KEY": ""}
    return subprocess.run(  # noqa: S603  # our own program
        [sys.executable, str(ROOT / "cli.py"), *words], capture_output=True, text=True, env=nothing, check=False
    )
