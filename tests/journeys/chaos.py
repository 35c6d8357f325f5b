"""A house of killable processes, who drives cases through it, and who kills: used by test_crashes.py."""

from __future__ import annotations

import http.client
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import psycopg
import redis
from flask import Flask
from sqlalchemy import func, select

from engine import clock
from engine.base import session, transaction
from engine.ledger import Operation
from engine.models import Attempt, Incident, Instance, InstanceStatus, Job, JobState, TaskState, Timer, UserTask
from settings import ROOT
from tests.journeys.crashing import SERVICES
from tests.journeys.test_whole_lives import environment

#: The name under which the killable processes are known to PostgreSQL.
NAME = "caseway-crash"
LOOK_EVERY = 0.05


@dataclass(frozen=True)
class Outcome:
    """What became of a case: how it ended, its rows, what its handlers wrote, under how many keys they told the world what."""

    status: str
    outcome: str | None
    rows: list[str]
    written: list[str]
    told: dict[str, int]


class House:
    """Two workers, a clock and gunicorn with its processes; each is started again as soon as it has been killed."""

    def __init__(self, app: Flask, effects: Path) -> None:
        self.app = app
        self.effects = effects
        self.port = _free_port()
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Self:
        for name in ("web", "clock", "worker-1", "worker-2"):
            self.start(name)
        return self

    def __exit__(self, *_error: object) -> None:
        for name in list(self.running):
            self.kill(name)

    def start(self, name: str) -> None:
        """Start one of them."""
        command = [sys.executable, "-m", "tests.journeys.crashing", name.partition("-")[0]]
        surroundings = {
            **environment(self.app),
            "PGAPPNAME": NAME,
            "EFFECTS": str(self.effects),
            "PORT": str(self.port),
        }
        with (self.effects / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(  # noqa: S603  # our own module
                command, cwd=ROOT, env=surroundings, start_new_session=True, stdout=log, stderr=log
            )

    def kill(self, name: str) -> None:
        """At once, as a power cut would."""
        process = self.running.pop(name)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def kill_one_of_web(self) -> None:
        """One of the processes gunicorn has made; it makes another."""
        gunicorn = self.running["web"].pid
        made = Path(f"/proc/{gunicorn}/task/{gunicorn}/children").read_text(encoding="ascii").split()
        for pid in made[:1]:
            with suppress(ProcessLookupError):
                os.kill(int(pid), signal.SIGKILL)

    def ask(self, verb: str, key: str) -> bool:
        """Ask the web process for something; False when it did not answer that it is done."""
        try:
            with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)) as connection:
                connection.request("POST", f"/{verb}/{key}")
                return connection.getresponse().status == http.HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False


@dataclass
class Killer:
    """Kills at random moments, each a few steps of the house after the one before."""

    house: House
    seed: int
    kills: int
    done: Counter[str] = field(default_factory=Counter)
    next_at: int = 0

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)  # what happened can be made to happen again

    def look(self, steps: int, per_kill: int) -> None:
        """Kill something if the house has gone far enough since the last time."""
        if self.done.total() >= self.kills or steps < self.next_at:
            return
        self.next_at = steps + self.random.randint(1, max(1, 2 * per_kill - 1))
        act = self.random.choice(
            [
                "worker-1",
                "worker-2",
                "worker-1",
                "worker-2",
                "clock",
                "web",
                "answerer",
                "connections",
                "connections",
                "queue",
            ]
        )
        if act == "connections":
            self.cut_connections()
        elif act == "queue":
            self.empty_queue()
        elif act == "answerer":
            self.house.kill_one_of_web()
        else:
            self.house.kill(act)
            self.house.start(act)
        self.done[act.partition("-")[0]] += 1

    def cut_connections(self) -> None:
        """One or two of those the killable processes have."""
        url = self.house.app.config["CASEWAY"].libpq_url
        with psycopg.connect(url, autocommit=True) as connection:
            query = "SELECT pid FROM pg_stat_activity WHERE application_name = %s AND datname = current_database()"
            pids = [pid for (pid,) in connection.execute(query, [NAME])]
            for pid in self.random.sample(pids, min(len(pids), self.random.randint(1, 2))):
                connection.execute("SELECT pg_terminate_backend(%s)", [pid])

    def empty_queue(self) -> None:
        """Redis forgets everything."""
        with redis.Redis.from_url(self.house.app.config["CASEWAY"].redis_url) as server:
            server.flushdb()


def drive(house: House, keys: list[str], killer: Killer | None, patience: float) -> None:
    """Start every case, complete its task when it has one, until all have ended and nothing waits."""
    end = time.monotonic() + patience
    unstarted, per_kill = list(keys), max(1, len(keys) * 4 // (killer.kills if killer else 1))
    while unstarted or not _is_over():
        assert time.monotonic() < end, f"stuck: {len(unstarted)} not started, {standing()}"
        if unstarted and house.ask("start", unstarted[0]):
            unstarted.pop(0)
        for key in _to_complete():
            house.ask("complete", key)
        if killer is not None:
            killer.look(_count(Attempt) + _count(UserTask), per_kill)
        if not unstarted:
            threading.Event().wait(LOOK_EVERY)


def outcome(keys: list[str], effects: Path) -> dict[str, Outcome]:
    """What became of each case, without what differs between two equal runs; and how often the world was told what."""
    found: dict[str, Outcome] = {}
    with transaction():
        for key in keys:
            instance = session().scalars(select(Instance).where(Instance.business_key == key)).one()
            mine = [*_states("task", UserTask, instance.id), *_states("job", Job, instance.id)]
            rows = session().scalars(select(Operation.reason).where(Operation.instance_id == instance.id))
            told = {name: len(set(_lines(effects / f"effect.{key}.{name}"))) for name in SERVICES}
            found[key] = Outcome(instance.status, instance.outcome, sorted(mine), sorted(rows), told)
    return found


def _states(kind: str, model: Any, instance_id: int) -> list[str]:
    rows = session().scalars(select(model).where(model.instance_id == instance_id))
    return [f"{kind} {row.element_id} {row.state}" for row in rows]


def deliveries(keys: list[str], effects: Path) -> int:
    """How often the world was told something, the same again included."""
    return sum(len(_lines(effects / f"effect.{key}.{name}")) for key in keys for name in SERVICES)


def standing() -> dict[str, object]:
    """How much is where, and what went wrong; for whoever asks why it does not go on."""
    with transaction():
        states: Counter[str] = Counter(session().scalars(select(Job.state)))
        states.update(f"instance {state}" for state in session().scalars(select(Instance.status)))
        incidents = session().execute(
            select(Incident.instance_id, Incident.job_id, Incident.resolved_at, Incident.message)
        )
        errors = session().scalars(select(Attempt.error).where(Attempt.error.is_not(None)).order_by(Attempt.id.desc()))
        stuck = select(Instance.business_key).where(Instance.status == InstanceStatus.RUNNING).limit(3)
        waits = [
            _states("task", UserTask, one.id)
            for one in session().scalars(select(Instance).where(Instance.business_key.in_(stuck)))
        ]
        return {
            **states,
            "incidents": [tuple(one) for one in incidents],
            "waits": waits,
            "errors": [error[:200] for error in errors.fetchmany(5)],
        }


def _is_over() -> bool:
    busy = _count(Instance, Instance.status == InstanceStatus.RUNNING)
    busy += _count(Job, Job.state.in_([JobState.WAITING, JobState.RUNNING]))
    return busy + _count(Timer, Timer.due_at <= clock.now()) == 0


def _to_complete() -> list[str]:
    query = select(Instance.business_key).join(UserTask, UserTask.instance_id == Instance.id)
    with transaction():
        return list(session().scalars(query.where(UserTask.element_id == "check", UserTask.state == TaskState.OPEN)))


def _count(model: type, *conditions: object) -> int:
    with transaction():
        return session().scalar(select(func.count()).select_from(model).where(*conditions)) or 0  # type: ignore[arg-type]  # conditions of any column


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="ascii").splitlines() if path.exists() else []


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
