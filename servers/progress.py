"""Lines that tell the person who started Caseway how far it is, with the seconds since they pressed Enter."""

from __future__ import annotations

import os
import time

_started = float(os.environ.get("CASEWAY_STARTED") or time.time())


def say(text: str) -> None:
    """Print one line with the seconds passed since the start."""
    print(f"[{time.time() - _started:3.0f} s] {text}", flush=True)
