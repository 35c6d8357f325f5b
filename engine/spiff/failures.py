"""What can go wrong while an instance runs and is the diagram's, its data's or its stored state's fault."""

from __future__ import annotations

from SpiffWorkflow.exceptions import SpiffWorkflowException

from engine.feel import FeelError
from engine.spiff.clock import BadTimer
from engine.spiff.specs import UncaughtError
from engine.spiff.state import StateMismatch, UnknownStateVersion

FAILURES = (BadTimer, FeelError, SpiffWorkflowException, StateMismatch, UncaughtError, UnknownStateVersion)
