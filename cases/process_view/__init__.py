"""Where a process spends its time: how often each step was reached, how long it waited and was worked on, and by which ways
cases went. From the tasks of people as they are stored; what machines do takes no time worth drawing.
"""

from cases.process_view.paths import Deviation, Variant, Ways, ways
from cases.process_view.reading import MOST, Asked, Standing, Steps, processes, read, standing, versions
from cases.process_view.steps import Step, steps

__all__ = [
    "MOST",
    "Asked",
    "Deviation",
    "Standing",
    "Step",
    "Steps",
    "Variant",
    "Ways",
    "processes",
    "read",
    "standing",
    "steps",
    "versions",
    "ways",
]
