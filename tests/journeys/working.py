"""Handlers that are slow, deadly or many, and a worker that knows them: `python -m tests.journeys.working` is one."""

from __future__ import annotations

import os
import signal
import threading
from datetime import timedelta

from engine import attempts, jobs, operations, registry
from engine.registry import Rate

BRIEF = timedelta(seconds=1)


@registry.handler("work_quick")
def quick() -> None:
    """Nothing to do."""


@registry.handler("work_told")
def told() -> None:
    """Says which process it is."""
    operations.record("work_told", by=str(os.getpid()), reason="it worked")


@registry.handler("work_endless", retries=(), time_limit=BRIEF)
def endless() -> None:
    """Waits for what never comes."""
    threading.Event().wait()


@registry.handler("work_deadly", retries="R2/PT1S")
def deadly() -> None:
    """Takes its process along."""
    os.kill(os.getpid(), signal.SIGKILL)


@registry.handler("work_deadly_inside", transactional=True)
def deadly_inside() -> None:
    """Takes its process along, within the step of an instance."""
    os.kill(os.getpid(), signal.SIGKILL)


@registry.handler("work_paced", rate=Rate(4, timedelta(seconds=3)))
def paced() -> None:
    """Nothing to do, but not too often."""


def be() -> None:
    """Work until killed."""
    from wsgi import create_app

    attempts.SAID_EVERY = BRIEF
    app = create_app()
    with app.app_context():
        jobs.work(app_context=app.app_context)


if __name__ == "__main__":
    be()
