"""`python -m bench`: every figure, one JSON object a line. `python -m bench NAME…` measures some of them."""

from __future__ import annotations

import sys

from bench import dashboard, doors, expressions, journey, timers
from bench.deploy import deploy
from bench.durable import durable_case
from bench.small_case import small_case
from bench.steps import steps_per_second
from bench.working_time import working_time

BENCHES = {
    "case_journey": journey.case_journey,
    "case_in_memory": journey.case_in_memory,
    "state_growth": journey.state_growth,
    "expressions": expressions.expressions,
    "decisions": expressions.decisions,
    "reports": doors.reports_per_second,
    "durable_case": durable_case,
    "small_case": small_case,
    "tasks": doors.tasks_per_second,
    "steps": steps_per_second,
    "deploy": deploy,
    "clock_million": timers.clock_cost,
    "timers_fired": timers.timers_fired,
    "dashboard": dashboard.dashboard,
    "freshness": dashboard.freshness,
    "working_time": working_time,
}


def main(names: list[str]) -> int:
    """Measure what is named, or everything."""
    unknown = [name for name in names if name not in BENCHES]
    if unknown:
        sys.stderr.write(f"unknown: {', '.join(unknown)}; known: {', '.join(BENCHES)}\n")
        return 2
    for name in names or BENCHES:
        BENCHES[name]()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
