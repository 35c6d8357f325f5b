"""How many steps of processes workers do in a second: 1, 2 and 4 of them, each step a job with everything stored.

Each block is begun when its workers stand ready and the clock has put a token for every due job into RQ; it is over when
every instance has ended. In between the clock ticks every second, as it does in a city.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import pairwise

import redis
from sqlalchemy import func, select

from bench import processor
from bench.report import line
from bench.stepping import TOPIC
from bench.world import World, until, world
from engine import definitions, instances, timers
from engine.base import session, transaction
from engine.models import Instance, InstanceStatus, Job, JobState
from settings import ROOT

KEY = "steps"
INSTANCES, STEPS, ROUNDS = 200, 10, 3
WORKERS = (1, 2, 4)
_STEP = '<serviceTask id="step{n}" name="Step {n}" camunda:type="external" camunda:topic="{topic}"/>'


def diagram(steps: int) -> bytes:
    """Start → so many service tasks, one after the other → end."""
    names = ["start", *(f"step{n}" for n in range(steps)), "end"]
    flows = pairwise(names)
    drawn = "".join(f'<sequenceFlow id="{a}_{b}" sourceRef="{a}" targetRef="{b}"/>' for a, b in flows)
    tasks = "".join(_STEP.format(n=n, topic=TOPIC) for n in range(steps))
    return (
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="t"'
        ' xmlns:camunda="http://camunda.org/schema/1.0/bpmn">'
        f'<process id="{KEY}" name="Steps" isExecutable="true"><startEvent id="start"/>{tasks}<endEvent id="end"/>{drawn}'
        "</process></definitions>"
    ).encode()


def steps_per_second(cases: int = INSTANCES, steps: int = STEPS, rounds: int = ROUNDS) -> None:
    """Steps a second of wall time by 1, 2 and 4 workers, interleaved; and the processor time of one step."""
    speeds: dict[int, list[float]] = {number: [] for number in WORKERS}
    used: dict[int, list[float]] = {number: [] for number in WORKERS}
    with world() as made, made.app.app_context():
        with transaction():
            definitions.deploy({"steps.bpmn": diagram(steps)}, by="bench")
        for _ in range(rounds):
            for number in WORKERS:
                took, cpu = _block(made, number, cases)
                speeds[number].append(cases * steps / took)
                used[number].append(cpu * 1000 / (cases * steps))
        _check(cases * steps * rounds * len(WORKERS))
    n = cases * steps * rounds
    one, cost = statistics.median(speeds[1]), statistics.median(used[1])
    for number in WORKERS:
        line(f"steps_{number}_workers", statistics.median(speeds[number]), one, unit="steps per second, each a job",
             base_is="one worker", n=n)  # fmt: skip
    for number in WORKERS:
        line(f"step_cpu_{number}_workers", statistics.median(used[number]), cost,
             unit="ms CPU per step: workers, PostgreSQL, Valkey", base_is="one worker", n=n)  # fmt: skip


def _block(made: World, number: int, cases: int) -> tuple[float, float]:
    """Seconds of wall and of processor time this number of workers needs for all steps of these cases."""
    for _ in range(cases):
        with transaction() as unit:
            instances.start(KEY, {}, business_key=str(uuid.uuid4()), by="bench")
            unit.info.pop("after_commit", None)  # nobody is woken before all stand ready
    session().expunge_all()
    with _workers(made, number) as pids:
        before, began = _used(made, pids), time.perf_counter()
        ticked = 0.0
        while _are_running():
            if time.perf_counter() - ticked >= 1:
                timers.tick()
                ticked = time.perf_counter()
            time.sleep(0.02)
        return time.perf_counter() - began, _used(made, pids) - before


@contextmanager
def _workers(made: World, number: int) -> Iterator[list[int]]:
    """So many workers that wait for work: their process ids, and Valkey's."""
    with ExitStack() as stack:
        started = [stack.enter_context(_worker(made)) for _ in range(number)]
        server = stack.enter_context(redis.Redis.from_url(made.settings.redis_url))
        until(lambda: server.scard("rq:workers") == number)
        yield [server.info("server")["process_id"], *(one.pid for one in started)]


@contextmanager
def _worker(made: World) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "bench.stepping"]
    started = subprocess.Popen(command, cwd=ROOT, env=made.environment(), stderr=subprocess.DEVNULL)  # noqa: S603  # our own program
    try:
        yield started
    finally:
        started.terminate()
        started.wait()


def _used(made: World, pids: list[int]) -> float:
    return processor.of_postgres(made.database) + sum(map(processor.of_tree, pids))


def _are_running() -> bool:
    query = select(Instance.id).where(Instance.status == InstanceStatus.RUNNING).limit(1)
    found = session().scalar(query)
    session().rollback()
    return found is not None


def _check(wanted: int) -> None:
    """Every step has been done, once.

    Raises: RuntimeError when it was not.
    """
    done = (
        select(func.count()).select_from(Job).where(Job.topic == TOPIC, Job.state == JobState.DONE, Job.attempts == 1)
    )
    if (counted := session().scalar(done)) != wanted:
        raise RuntimeError(f"{counted} of {wanted} steps were done at the first attempt")
    session().rollback()
