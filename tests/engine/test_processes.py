"""Every construct that is supported, in a process of its own: lived straight, and with the instance stored and read back
between all steps. Every construct that is not, refused at upload.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from engine import clock
from engine.lint import Vocabulary, inspect
from engine.spiff import Element, Process, Run, load
from tests.engine.processes.lives import LIVES, REFUSED, Life

HERE = Path(__file__).parent / "processes"
MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
VOCABULARY = Vocabulary(handlers={"greet", "job_pave"}, functions={})
ALL = [(name, case) for name, lives in LIVES.items() for case in lives]


class Host:
    """Handlers whose topics start with `job` are waited for; the others answer at once."""

    def serve(self, element: Element, variables: Mapping[str, Any]) -> dict[str, Any] | None:
        return None if (element.topic or "").startswith("job") else {"served": element.id}


def files(name: str) -> dict[str, bytes]:
    """The diagram of a process, with its decision table where it has one."""
    return {path.name: path.read_bytes() for path in HERE.glob(f"{name}.*")}


def uploaded(name: str) -> Process:
    """A process as it is stored at upload, which finds no error in it."""
    found = inspect(files(name), VOCABULARY)
    assert found.errors == []
    return load(found.files, {})


class Walk:
    """A life on its way: `run` is where it stands, `hours` how late it is, `passed` what it has gone through."""

    def __init__(self, process: Process, life: Life, *, reload: bool) -> None:
        self.process, self.reload, self.hours = process, reload, 0
        self.passed: list[str] = []
        with clock.at(MONDAY):
            self.run = process.start(life.variables, Host(), at=life.at)
            self.run.advance()

    def go(self, line: str) -> None:
        """Do what a line tells and see that everything waits for what it says."""
        said, _, expected = line.partition("→")
        if said.strip():
            if self.reload:
                self.read_back(self.run.dump())
            if said.startswith("wait "):
                self.hours += int(said.split()[1])
            with clock.at(MONDAY + timedelta(hours=self.hours)):
                act(self.run, *said.split())
                self.run.advance()
        assert waiting(self.run) == expected.split(), line

    def read_back(self, state: bytes) -> None:
        """Go on with an instance as it was stored."""
        self.passed += [element.id for element in self.run.trail]
        self.run = self.process.resume(state, Host())
        assert self.run.trail == []

    def ended(self) -> tuple[str, dict[str, Any]]:
        """What was passed, and what is left."""
        return " ".join([*self.passed, *(element.id for element in self.run.trail)]), self.run.variables()


def act(run: Run, what: str, whom: str, *values: str) -> None:
    """One line of a life."""
    element, _, number = whom.partition(":")
    given = {name: _read(value) for name, _, value in (one.partition("=") for one in values if "=" in one)}
    if what == "do":
        (uid, names) = [(t.uid, t.element.answers) for t in run.tasks() if t.element.id == element][int(number or 0)]
        assert run.complete(uid, {name: value for name, value in given.items() if name in names})
    elif what in ("job", "fail"):
        uid = [job.uid for job in run.jobs() if job.element.id == element][int(number or 0)]
        assert run.finish_job(uid, given) if what == "job" else run.fail_job(uid, values[0], "")
    elif what == "message":
        name, _, key = whom.partition("@")
        run.receive(name, given, {one.uid for one in run.messages() if one.key() == key} if key else None)
    else:
        assert what == "wait"


def waiting(run: Run) -> list[str]:
    """What an instance waits for, by element."""
    if run.is_ended:
        return ["end"]
    waiting: list[Any] = [*run.tasks(), *run.jobs(), *run.timers(), *run.messages()]
    return sorted(one.element.id for one in waiting)


def _read(value: str) -> Any:
    try:
        return json.loads(value)
    except ValueError:
        return value


@pytest.mark.parametrize(("name", "case"), ALL, ids=lambda text: text or "once")
@pytest.mark.parametrize("reload", [False, True], ids=["straight", "reloaded"])
def test_a_process_lives_as_it_is_drawn(name: str, case: str, reload: bool) -> None:  # noqa: FBT001  # a parameter of the test
    life = LIVES[name][case]
    walk = Walk(uploaded(name), life, reload=reload)
    for line in life.lines:
        walk.go(line)
    assert walk.ended() == (life.passed, dict(life.left))
    assert walk.run.outcome == life.passed.split()[-1]


@pytest.mark.parametrize("name", REFUSED)
def test_what_would_not_run_as_drawn_is_refused(name: str) -> None:
    found = inspect({f"{name}.bpmn": (HERE / "refused" / f"{name}.bpmn").read_bytes()}, VOCABULARY)
    assert REFUSED[name] in [finding.rule for finding in found.errors]


def test_every_file_is_lived_or_refused() -> None:
    assert {path.stem for path in HERE.glob("*.bpmn")} == set(LIVES)
    assert {path.stem for path in (HERE / "refused").glob("*.bpmn")} == set(REFUSED)
