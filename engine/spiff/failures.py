"""What can go wrong while an instance runs and is the diagram's, its data's or its stored state's fault."""

from __future__ import annotations

from SpiffWorkflow.exceptions import SpiffWorkflowException

from engine.feel import FeelError
from engine.spiff.clock import BadTimer
from engine.spiff.correlation import BadCorrelationKey
from engine.spiff.events import UncaughtError
from engine.spiff.repeats import BadRepeat
from engine.spiff.state import StateMismatch
from engine.spiff.upgrades import UnknownStateVersion

FAILURES = (
    BadCorrelationKey,
    BadRepeat,
    BadTimer,
    FeelError,
    SpiffWorkflowException,
    StateMismatch,
    UncaughtError,
    UnknownStateVersion,
)
