"""Lines that tell the person who started Caseway how far it is, with the seconds since they pressed Enter."""

from __future__ import annotations

import os
import sys
import time

_started = float(os.environ.get("CASEWAY_STARTED") or time.time())


def say(text: str) -> None:
    """Print one line with the seconds passed since the start."""
    show(f"[{time.time() - _started:3.0f} s] {text}\n")


def show(text: str) -> None:
    """Print the text; into the void from the moment on when the reader or the terminal is gone."""
    try:
        print(text, end="", flush=True)
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
