"""Where a process spends its time: how often each step was reached, how long it waited and was worked on, and by which ways
cases went. People's steps are known from their tasks as they are stored, everything else from what instances passed.
"""

from cases.process_view.passing import MOST_TRAILS, Passing, Taken, passing
from cases.process_view.paths import Deviation, Variant, Ways, ways
from cases.process_view.reading import MOST, Asked, Standing, Steps, processes, read, standing, versions
from cases.process_view.steps import Step, steps

__all__ = [
    "MOST",
    "MOST_TRAILS",
    "Asked",
    "Deviation",
    "Passing",
    "Standing",
    "Step",
    "Steps",
    "Taken",
    "Variant",
    "Ways",
    "passing",
    "processes",
    "read",
    "standing",
    "steps",
    "versions",
    "ways",
]
