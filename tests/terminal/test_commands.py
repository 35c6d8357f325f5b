"""Operators at a terminal: what is printed, what happens, how a command ends."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import select

import cli
from engine import clock, instances, jobs
from engine.base import session, transaction
from engine.definitions import deploy
from engine.ledger import Operation
from engine.models import Instance, InstanceStatus
from tests.engine import drawing as d
from tests.engine.conftest import monday, open_tasks, run  # fixtures

__all__ = ["monday", "run"]

Run = Callable[..., Instance]
Ask = Callable[..., Result]


@pytest.fixture
def ask(app: Flask, monday: datetime, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """`caseway …` in the application of this test."""

    class Here:
        def app_context(self) -> nullcontext[None]:
            return nullcontext()

    monkeypatch.setattr(cli, "application", Here)

    def called(*words: str) -> Result:
        return CliRunner().invoke(cli.main, list(words), catch_exceptions=False)

    return called


def simple(task: str = "work") -> bytes:
    return d.process(d.start(), d.user(task, "official:roads"), d.end(), d.path("start", task, "end"))


def failing() -> bytes:
    return d.process(d.start(), d.service("call", "test_break"), d.end(), d.path("start", "call", "end"))


def test_whoever_waits_for_a_message_says_its_name_and_key(run: Run, ask: Ask) -> None:
    outside, mended = d.message("mended")
    hears = d.catch("hear", mended, "= lamp")
    run(d.process(d.start(), hears, d.end(), d.path("start", "hear", "end"), outside=outside), {"lamp": "L-7"})
    assert "message hear mended (L-7)" in " ".join(ask("instance", "PK-1").output.split())


def test_instances_are_listed_with_where_they_wait(run: Run, ask: Ask) -> None:
    run(simple())

    said = ask("instances")

    assert said.exit_code == 0
    assert said.output.splitlines() == [
        "INSTANCE  PROCESS  STATE    STARTED               WAITS AT",
        "PK-1      demo 1   running  2026-11-23 01:00:00Z  work",
    ]


def test_a_list_without_rows_says_so(run: Run, ask: Ask) -> None:
    run(simple())

    assert ask("instances", "--state", "suspended").output == "No instances.\n"
    assert ask("incidents").output == "No open incidents.\n"


def test_an_instance_is_looked_into(run: Run, ask: Ask) -> None:
    run(simple(), {"street": "Lê Lợi"})

    said = ask("instance", "PK-1").output

    assert '"street": "Lê Lợi"' in said
    assert "task       work" in said


def test_an_instance_is_suspended_resumed_and_cancelled(run: Run, ask: Ask) -> None:
    instance = run(simple())

    ask("suspend", "PK-1", "--reason", "the road is being built")
    assert "suspended" in ask("instances").output
    ask("resume", "PK-1", "--reason", "it is there")
    ask("cancel", "PK-1", "--reason", "sent twice", "--by", "phuc", "--yes")

    assert instance.status == InstanceStatus.ENDED
    assert open_tasks(instance) == {}
    told = session().scalars(select(Operation).order_by(Operation.id))
    assert [(one.kind, one.by, one.reason) for one in told][-1] == ("instance_cancelled", "phuc", "sent twice")


def test_nothing_is_cancelled_by_a_person_who_says_no(run: Run, ask: Ask) -> None:
    instance = run(simple())

    said = CliRunner().invoke(cli.main, ["cancel", "PK-1", "--reason", "sent twice"], input="n\n")

    assert said.exit_code == 1
    assert instance.status == InstanceStatus.RUNNING


def test_an_unknown_instance_ends_the_command_with_a_sentence(run: Run, ask: Ask) -> None:
    said = ask("suspend", "PK-2", "--reason", "x")

    assert said.exit_code == 1
    assert said.output == "Error: There is no such process instance.\n"


def test_an_incident_is_listed_and_tried_again(run: Run, ask: Ask, monday: datetime) -> None:
    run(failing())
    for hours in (0, 1):
        with clock.at(monday + timedelta(hours=hours)):
            jobs.run_waiting()

    listed = ask("incidents").output
    assert "RuntimeError: no connection" in listed
    number = listed.splitlines()[1].split()[0]

    assert ask("retry", number, "--reason", "the line is mended").output == "1 tried again.\n"
    assert ask("retry", number, "--reason", "again").output == "Error: This incident has already been resolved.\n"


def test_a_migration_is_looked_at_done_and_taken_back(run: Run, ask: Ask) -> None:
    instance = run(simple())
    with transaction():
        deploy({"demo.bpmn": simple("mend")}, by="mai")

    refused = ask("migrate-instances", "demo", "--to", "2", "--dry-run").output
    looked = ask("migrate-instances", "demo", "--to", "2", "--map", "work=mend", "--dry-run").output
    assert "work: node gone" in refused
    assert looked.splitlines()[1].split() == ["PK-1", "1", "yes", "work", "mend"]
    assert set(open_tasks(instance)) == {"work"}

    done = ask("migrate-instances", "demo", "--to", "2", "--map", "work=mend", "--reason", "a mended drawing").output
    assert done.splitlines()[-1].endswith("1 migrated.")
    assert set(open_tasks(instance)) == {"mend"}

    number = done.splitlines()[-1].split()[1].rstrip(":")
    assert ask("undo-migration", number, "--reason", "a mistake").output.splitlines()[-1].endswith("1 undone.")
    assert set(open_tasks(instances.find("PK-1"))) == {"work"}


@pytest.mark.parametrize("words", [("--to", "2"), ("--to", "2", "--reason", "x", "--map", "work")])
def test_a_migration_needs_a_reason_and_whole_pairs(ask: Ask, words: tuple[str, ...]) -> None:
    said = ask("migrate-instances", "demo", *words)

    assert said.exit_code == 2  # wrong use
    assert "Error:" in said.output


def test_a_process_is_deployed_with_what_its_drawing_leaves_open(app: Flask, ask: Ask, tmp_path: Path) -> None:
    tasks = ('<bpmn:userTask id="a"/>', '<bpmn:serviceTask id="b" name="Test greet"/>')
    (tmp_path / "demo.bpmn").write_bytes(d.simple(*tasks, names=("a", "b")))

    refused = ask("deploy", str(tmp_path))
    assert refused.exit_code == 1
    assert "→" in refused.output
    assert "proposal: the topic “test_greet”" in refused.output

    deployed = ask("deploy", str(tmp_path), "--accept-proposals", "--people", "official:roads")
    assert deployed.output.splitlines()[0] == "demo version 1"
    assert "now it is the topic “test_greet”" in deployed.output
    assert "now it is group “official:roads”" in deployed.output


def test_a_message_is_handed_in(run: Run, ask: Ask) -> None:
    outside, answered = d.message("answered")
    run(d.process(d.start(), d.catch("hear", answered), d.user("read"), d.end(), d.path("start", "hear", "read", "end"), outside=outside))  # fmt: skip

    assert ask("send-message", "answered", "--key", "PK-2", "--keep", "60").output == (
        "Nobody waits for it yet; kept for 0:01:00.\n"
    )
    assert ask("send-message", "answered", "--key", "PK-1", "--variables", '{"n": 1}').output == "Taken by PK-1.\n"
    assert ask("send-message", "answered", "--key", "PK-1").exit_code == 1
    assert "no JSON object" in ask("send-message", "answered", "--variables", "[1]").output
