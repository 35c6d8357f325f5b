"""Whole lives of cases: straight through one program, and with every step in a process of its own. Both end alike."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from engine import definitions
from engine.base import transaction
from settings import ROOT
from tests import town
from tests.journeys import steps

Life = list[tuple[str, float]]

STRAIGHT: Life = [
    ("send", 0), ("accept", 0.5), ("assign", 1), ("resolve", 5), ("wait", 6), ("satisfied", 30), ("wait", 31),
]  # fmt: skip
LATE_AND_REOPENED: Life = [
    ("send", 0), ("wait", 1.8), ("wait", 3), ("accept", 3.5), ("assign", 4), ("wait", 60), ("wait", 90), ("wait", 120),
    ("resolve", 121), ("not_fixed", 140), ("resolve", 150), ("not_fixed", 160), ("wait", 161),
]  # fmt: skip
ASKED_AND_SILENT: Life = [
    ("send", 0), ("ask", 0.5), ("answer", 20), ("accept", 21), ("assign", 22), ("resolve", 30), ("wait", 24 * 9),
]  # fmt: skip
LIVES = {"straight": STRAIGHT, "late and reopened": LATE_AND_REOPENED, "asked and silent": ASKED_AND_SILENT}


@pytest.fixture
def city(own_app: Flask) -> Flask:
    with own_app.app_context(), transaction():
        town.found()
    return own_app


def straight(app: Flask, life: Life) -> dict[str, Any]:
    with app.app_context():
        code = ""
        for name, hours in life:
            code = steps.play(name, code, hours)
        return steps.end_of(code)


def forgetful(app: Flask, life: Life) -> dict[str, Any]:
    """Every step finds nothing in memory."""
    code = ""
    for name, hours in life:
        definitions.forget()
        with app.app_context():
            code = steps.play(name, code, hours)
    with app.app_context():
        return steps.end_of(code)


def each_in_a_process_of_its_own(app: Flask, life: Life) -> dict[str, Any]:
    code = "none"
    for name, hours in life:
        code = in_another_process(app, name, code, hours)
    with app.app_context():
        return steps.end_of(code)


def in_another_process(app: Flask, name: str, code: str, hours: float) -> str:
    command = [sys.executable, "-m", "tests.journeys.steps", name, code, str(hours)]
    said = subprocess.run(command, cwd=ROOT, env=environment(app), capture_output=True, text=True, check=False)  # noqa: S603  # our own module
    assert said.returncode == 0, said.stderr
    answer: str = json.loads(said.stdout.splitlines()[-1])
    return answer


def environment(app: Flask) -> dict[str, str]:
    settings = app.config["CASEWAY"]
    return {
        **os.environ,
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": settings.redis_url,
        "SECRET_KEY": settings.secret_key,
        "STORAGE_URL": settings.storage_url,
        "PUBLIC_URL": settings.public_url,
        "VAR": str(settings.var),
        "DEMO": "1",
        "PYTHONPATH": str(ROOT),
    }


@pytest.mark.parametrize("name", LIVES)
def test_a_life_with_nothing_kept_in_memory_ends_as_the_straight_one(city: Flask, name: str) -> None:
    assert forgetful(city, LIVES[name]) == straight(city, LIVES[name])


def test_a_life_with_every_step_in_its_own_process_ends_as_the_straight_one(city: Flask, tmp_path: Path) -> None:
    assert each_in_a_process_of_its_own(city, STRAIGHT) == straight(city, STRAIGHT)


def test_the_straight_life_is_closed_with_both_promises_kept(city: Flask) -> None:
    end = straight(city, STRAIGHT)

    assert (end["status"], end["outcome"], end["open"]) == ("closed", "closed_satisfied", [])
    assert all("breached None" in deadline for deadline in end["deadlines"])
    assert end["is_sealed"]


def test_the_late_life_tells_the_leaders_and_goes_to_the_supervisor_at_its_second_reopening(city: Flask) -> None:
    end = straight(city, LATE_AND_REOPENED)

    assert end["status"] == "reopened"
    assert "supervisor_review" in end["open"]
    assert [line.split()[2] for line in end["events"]].count("deadline_breached") >= 2
    assert any(letter.startswith("deadline_escalated") for letter in end["letters"])


def test_the_asked_life_stood_still_while_the_citizen_was_asked(city: Flask) -> None:
    end = straight(city, ASKED_AND_SILENT)

    assert (end["status"], end["outcome"]) == ("closed", "closed_silent")
    assert all("breached None" in deadline for deadline in end["deadlines"])
