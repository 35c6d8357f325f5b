"""The first command of a newcomer says in one sentence what is missing."""

from __future__ import annotations

import os
import socket
import subprocess
import sys

import pytest

from settings import ROOT


def run(**environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["./run"], cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, check=False, timeout=60
    )


def test_a_missing_python_is_named() -> None:
    ended = run(PYTHON="python-that-is-not-there")
    assert ended.returncode == 1
    assert "Python 3.11 or newer is needed" in ended.stderr
    assert ended.stdout == ""


def test_a_taken_port_is_told_before_anything_is_set_up() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        ended = run(PYTHON=sys.executable, PORT=str(other.getsockname()[1]))
    assert ended.returncode == 1
    assert "PORT=" in ended.stderr
    assert ended.stdout == ""


@pytest.mark.parametrize(
    "target", ["run", "test", "lint", "format", "bench", "crash", "doctor", "locks", "clean", "help"]
)
def test_help_names_every_command(target: str) -> None:
    shown = subprocess.run(["/usr/bin/env", "make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert f"make {target} " in shown.stdout
