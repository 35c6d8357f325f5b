"""Everything is killed at random moments, and the run ends as one in which nothing was killed. `make crash` does it at length."""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from engine import definitions
from engine.base import session, transaction
from engine.models import Attempt, Incident
from tests.journeys import chaos, crashing

CASES = int(os.environ.get("CRASH_CASES", "12"))
KILLS = max(8, CASES // 5)
SEED = int(os.environ.get("CRASH_SEED", "0")) or time.time_ns() % 1_000_000
PATIENCE = 120.0 + 4 * CASES
QUIET, KILLED = ([f"{kind}-{number}" for number in range(CASES)] for kind in ("quiet", "killed"))


@pytest.fixture
def city(own_app: Flask, tmp_path: Path) -> Flask:
    with own_app.app_context(), transaction():
        definitions.deploy({"crash.bpmn": crashing.diagram()}, by="mai")
    return own_app


def test_a_run_with_kills_ends_as_one_without(city: Flask, tmp_path: Path) -> None:
    with city.app_context(), chaos.House(city, tmp_path) as house:
        began = time.monotonic()
        chaos.drive(house, QUIET, None, PATIENCE)
        quiet_s = time.monotonic() - began
        killer = chaos.Killer(house, SEED, KILLS)
        chaos.drive(house, KILLED, killer, PATIENCE)
        killed_s = time.monotonic() - began - quiet_s
        quiet, killed = chaos.outcome(QUIET, tmp_path), chaos.outcome(KILLED, tmp_path)
        tell(killer, quiet_s, killed_s, tmp_path)

    assert [*killed.values()] == [*quiet.values()], f"seed {SEED}"
    assert all(one.told == dict.fromkeys(crashing.SERVICES, 1) for one in killed.values()), f"seed {SEED}"
    assert killer.done.total() >= KILLS // 2
    with city.app_context():
        assert session().scalars(select(Incident)).all() == []
        assert session().scalars(select(Attempt).where(Attempt.ended_at.is_(None))).all() == []


def tell(killer: chaos.Killer, quiet_s: float, killed_s: float, effects: Path) -> None:
    """The figures, for those who look (`make crash`)."""
    with transaction():
        outcomes = Counter(session().scalars(select(Attempt.outcome)))
        causes = Counter((error or "").partition(":")[0] for error in session().scalars(select(Attempt.error)))
    times = [chaos.deliveries(keys, effects) for keys in (QUIET, KILLED)]
    sys.stdout.write(
        f"\n{CASES} cases, seed {SEED}: quiet {quiet_s:.0f} s, {times[0]} deliveries; with kills {killed_s:.0f} s, {times[1]}"
        f" deliveries under {CASES * len(crashing.SERVICES)} keys.\nkilled or cut: {dict(killer.done)}; attempts: {dict(outcomes)}"
        f"; causes: {dict(causes)}\n"
    )
