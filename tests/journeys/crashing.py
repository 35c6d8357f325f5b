"""A process with retries, timers and people, and the house around it in processes that may be killed: worker, clock, web.

`python -m tests.journeys.crashing worker|clock|web` is one of them; web is gunicorn as `caseway web` starts it, with these doors.
What has to be noticed sooner than in a city (who fell silent, what was lost) is noticed after seconds here.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from cli import application, gunicorn_options
from engine import attempts, instances, jobs, operations, registry, tasks, timers
from engine.base import session, transaction
from engine.errors import InstanceNotFound
from engine.models import Instance, TaskState, UserTask
from settings import Settings
from tests.engine import drawing as d

#: How often `flaky` fails in each case before it succeeds.
FAILURES = 2
SOON = timedelta(seconds=4)
OFTEN = "R90/PT1S/PT2S"


def diagram() -> bytes:
    """Start → flaky → a second → check → three branches (deadly; a second, steady; nobody comes, escalate) → closing → end."""
    after = d.timer("timeDuration", '"PT1S"')
    late = d.boundary("late", "ignored", after)
    nodes = [
        d.start(), *(d.service(name, "crash_outside") for name in ("flaky", "deadly", "steady", "escalate", "closing")),
        d.catch("pause", after), d.catch("rest", after), d.user("check"), d.user("ignored"), late, d.parallel("split"),
        d.parallel("join"), d.exclusive("either"), d.end(),
    ]  # fmt: skip
    flows = [
        d.path("start", "flaky", "pause", "check", "split", "deadly", "join"),
        d.path("split", "rest", "steady", "join"),
        d.path("split", "ignored", "either", "join"),
        d.path("late", "escalate", "either"),
        d.path("join", "closing", "end"),
    ]
    return d.process(*nodes, *flows, key="crash")


SERVICES = ("flaky", "deadly", "steady", "escalate", "closing")


@registry.handler("crash_outside", retries=OFTEN)
def outside(job_id: str, instance_id: int, business_key: str, element_id: str) -> dict[str, str]:
    """Tell the world outside under the job's key, and write a row of our own."""
    directory = Path(os.environ["EFFECTS"])
    earlier = _append(directory / f"tries.{business_key}.{element_id}", job_id)
    if element_id == "flaky" and earlier < FAILURES:
        raise ConnectionError("the world does not answer")
    if element_id == "deadly" and earlier == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    _append(directory / f"effect.{business_key}.{element_id}", job_id)
    instance = session().get_one(Instance, instance_id)
    operations.record("crash_effect", by="system", reason=element_id, instance=instance)
    return {element_id: "done"}


def _append(path: Path, line: str) -> int:
    """Write a line as nobody can lose it; how many were there before."""
    earlier = path.read_text(encoding="ascii").count("\n") if path.exists() else 0
    file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.write(file, f"{line}\n".encode("ascii"))
    os.close(file)
    return earlier


def start(key: str) -> str:
    """Start a case unless it has been; asked again by whoever got no answer."""
    with transaction():
        try:
            instances.find(key)
        except InstanceNotFound:
            instances.start("crash", {}, business_key=key, by="hanh")
    return "200 OK"


def complete(key: str) -> str:
    """Complete the task of a case unless it has been."""
    with transaction():
        mine = select(UserTask).join(Instance, Instance.id == UserTask.instance_id).where(Instance.business_key == key)
        task = session().scalars(mine.where(UserTask.element_id == "check")).one()
        if task.state == TaskState.OPEN:
            tasks.complete(task.id, {}, by="tuan")
    return "200 OK"


DOORS: dict[str, Callable[[str], str]] = {"start": start, "complete": complete}


def doors() -> Callable[..., Iterable[bytes]]:
    """What gunicorn serves: a door for each of these; whoever gets no 200 asks again."""
    app = application()

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        _, verb, key = environ["PATH_INFO"].split("/")
        try:
            with app.app_context():
                status = DOORS[verb](key)
        except Exception as error:  # noqa: BLE001  # a cut connection, another request at the same moment
            status = f"503 {type(error).__name__}"
        start_response(status, [("Content-Length", "0")])
        return [b""]

    return answer


def be(kind: str) -> None:
    """Be one of the processes until killed."""
    if kind == "web":
        command = [sys.executable, "-m", "gunicorn", *gunicorn_options(Settings.from_environment())]
        os.execv(sys.executable, [*command, "tests.journeys.crashing:doors()"])  # noqa: S606  # no shell is wanted
    attempts.DEAD_AFTER = jobs.LOST_AFTER = SOON
    attempts.SAID_EVERY = timedelta(seconds=1)
    app = application()
    with app.app_context():
        if kind == "worker":
            jobs.work(app_context=app.app_context)
        else:
            timers.keep_time(threading.Event(), every=0.2)


if __name__ == "__main__":
    be(sys.argv[1])
