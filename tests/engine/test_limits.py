"""What asks for too much ends in an error with a name, at once, and everything is left as it was."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from engine import clock, definitions, incidents, instances, jobs, tasks, timers
from engine.base import session, transaction
from engine.errors import ExecutionFailed, StepBudgetExceeded, TooManyRounds, TooMuchWork, VariablesTooLarge
from engine.models import Instance, Job, JobState
from engine.spiff import limits, load
from engine.spiff.repeats import MAX_ROUNDS
from settings import ROOT
from tests.engine import drawing as d
from tests.engine.beyond import DIAGRAMS, SEVERAL, Host
from tests.engine.conftest import open_tasks

Run = Callable[..., Instance]
LONG = "x" * limits.VARIABLES


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("call", "CallDepthExceeded"),
        ("rounds", "TooManyRounds"),
        ("in_turn", "TooManyRounds"),
        ("nested", "StepBudgetExceeded"),
        ("loop", "StepBudgetExceeded"),
    ],
)
def test_a_process_without_measure_ends_by_name_within_5_seconds_and_200_megabytes(name: str, error: str) -> None:
    command = [sys.executable, "-m", "tests.engine.beyond", name]
    said = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout  # noqa: S603  # ours

    assert said == error


def test_computing_for_too_long_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SECONDS", 0.0)
    process = load({"demo.bpmn": d.simple(d.script("a", "x = 1"), names=("a",))}, {})

    with pytest.raises(TooMuchWork):
        process.start({}, Host()).advance()


def test_an_instance_cannot_start_with_too_many_variables(run: Run) -> None:
    with pytest.raises(VariablesTooLarge) as refused:
        run(d.simple(d.user("a"), names=("a",)), {"short": 1, "long": LONG})

    assert [(p.where, p.code, p.params["limit"]) for p in refused.value.problems] == [
        ("long", "variables_too_large", limits.VARIABLES)
    ]
    assert session().query(Instance).count() == 0


def test_variables_may_take_up_exactly_so_much() -> None:
    rest = limits.VARIABLES - len('{"long":""}')
    process = load({"demo.bpmn": d.simple(d.user("a"), names=("a",))}, {})

    process.start({"long": "x" * rest}, Host())
    with pytest.raises(VariablesTooLarge):
        process.start({"long": "x" * (rest + 1)}, Host())


def test_answers_that_do_not_fit_are_refused_and_the_task_stays(run: Run) -> None:
    instance = run(d.simple(d.user("a", answers="long"), d.user("b"), names=("a", "b")), {"kept": 1})
    before = stored(instance)

    with pytest.raises(VariablesTooLarge), transaction():
        tasks.complete(open_tasks(instance)["a"].id, {"long": LONG}, by="tuan")

    assert stored(instance) == before
    with transaction():
        tasks.complete(open_tasks(instance)["a"].id, {"long": "short"}, by="tuan")
    assert list(open_tasks(instance)) == ["b"]


def test_a_script_that_writes_too_much_leaves_the_task_before_it_open(run: Run) -> None:
    script = d.script("grow", "big = [text, text, text]")
    instance = run(d.simple(d.user("a"), script, d.user("b"), names=("a", "grow", "b")), {"text": "x" * 1500})
    before = stored(instance)

    with pytest.raises(VariablesTooLarge) as refused, transaction():
        tasks.complete(open_tasks(instance)["a"].id, {}, by="tuan")

    assert [problem.where for problem in refused.value.problems] == ["big"]
    assert stored(instance) == before


def test_a_result_that_does_not_fit_fails_its_job_and_opens_an_incident(run: Run, monday: datetime) -> None:
    instance = run(d.simple(d.service("shout", "test_shout"), names=("shout",)), {"greeting": "x" * 2500})
    before = stored(instance)

    for hours in range(3):
        with clock.at(monday + timedelta(hours=hours)):
            jobs.run_waiting()

    assert [job.state for job in session().query(Job)] == [JobState.FAILED]
    assert ["VariablesTooLarge" in incident.message for incident in incidents.open_incidents()] == [True]
    assert stored(instance) == before


@pytest.mark.parametrize("in_turn", ["true", "false"])
def test_a_million_rounds_after_a_task_are_an_incident_of_the_instance(run: Run, in_turn: str) -> None:
    instance = run(repeated(in_turn))
    before = stored(instance)

    with pytest.raises(TooManyRounds) as told, transaction():
        tasks.complete(open_tasks(instance)["ask"].id, {"n": 1_000_000}, by="tuan")
    incidents.note_failure(told.value)

    assert stored(instance) == before
    assert [(one.instance_id, one.cause, "1000000" in one.message) for one in incidents.open_incidents()] == [
        (instance.id, "execution", True)
    ]
    with transaction():
        tasks.complete(open_tasks(instance)["ask"].id, {"n": MAX_ROUNDS}, by="tuan")
    assert instance.status == "ended"


@pytest.mark.parametrize("count", ['"many"', "-1", "2.5", "null"])
def test_a_number_of_rounds_that_is_none_is_told(run: Run, count: str) -> None:
    instance = run(repeated("true", "if n = 1 then 1 else " + count))

    with pytest.raises(ExecutionFailed, match="no number of rounds"), transaction():
        tasks.complete(open_tasks(instance)["ask"].id, {"n": 2}, by="tuan")


def test_a_timer_that_leads_into_a_circle_opens_an_incident_and_keeps_waiting(run: Run, monday: datetime) -> None:
    late = d.boundary("late", "work", d.timer("timeDuration", '"PT2H"'), interrupting=False)
    xml = d.process(
        d.start(), d.user("work"), d.end(), d.path("start", "work", "end"), late, d.script("count", "n = n + 1"),
        d.exclusive("enough", "enough_noted"), d.end("noted"), d.path("late", "count", "enough"),
        d.flow("enough", "count", "n > 0"), d.flow("enough", "noted"),
    )  # fmt: skip
    instance = started_unchecked(xml, {"n": 1})
    before = stored(instance)

    with clock.at(monday + timedelta(hours=3)):
        timers.fire_due()

    assert stored(instance) == before
    assert ["StepBudgetExceeded" in incident.message for incident in incidents.open_incidents()] == [True]


def test_a_process_that_calls_itself_never_begins(app: object) -> None:
    with pytest.raises(ExecutionFailed, match="calls inside one another"):
        started_unchecked(DIAGRAMS["call"], {})

    assert session().query(Instance).count() == 0


def test_the_error_of_a_limit_names_its_instance(app: object) -> None:
    with pytest.raises(StepBudgetExceeded) as told:
        started_unchecked(DIAGRAMS["loop"], {"n": 1})

    assert told.value.key == "PK-9"


def repeated(in_turn: str, count: str = "n") -> bytes:
    """Asks for n and then does a script so often."""
    script = d.script("one", "x = 1").replace(
        "</bpmn:scriptTask>", SEVERAL.format(in_turn, count) + "</bpmn:scriptTask>"
    )
    return d.simple(d.user("ask", answers="n"), script, names=("ask", "one"))


def started_unchecked(xml: bytes, variables: dict[str, Any]) -> Instance:
    """The linter refuses these; the engine must hold all the same."""
    with transaction():
        definition = definitions.deploy({"demo.bpmn": xml}, by="mai", draft=True)
        definition.state = "active"
        return instances.start(definition.key, variables, business_key="PK-9", by="hanh")


def stored(instance: Instance) -> tuple[bytes, int, list[str]]:
    session().refresh(instance, ["state", "revision", "status"])
    return bytes(instance.state), instance.revision, sorted(open_tasks(instance))
