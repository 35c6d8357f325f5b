"""A service task that does nothing, and a worker that knows it: `python -m bench.stepping` is `caseway worker` with it."""

from __future__ import annotations

from cli import main
from engine import registry

TOPIC = "bench_step"


@registry.handler(TOPIC)
def step() -> dict[str, bool]:
    """Nothing outside, one variable for the process."""
    return {"done": True}


if __name__ == "__main__":
    main(["worker"])
