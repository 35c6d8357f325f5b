"""The only room that knows SpiffWorkflow: it executes BPMN; everything durable is ours.

`process.load` turns the files of a definition into a `Process` (parsed once, kept); `Process.start` and `Process.resume`
give a `Run`, one instance in memory; `Run.dump` gives its compact state back. No type of the library leaves this room.
"""

from engine.spiff.clock import NEVER
from engine.spiff.elements import Element
from engine.spiff.failures import FAILURES
from engine.spiff.limits import check_size
from engine.spiff.process import Process, ProcessError, load
from engine.spiff.run import Run, WaitingJob, WaitingMessage, WaitingTask, WaitingTimer
from engine.spiff.starts import Entry

__all__ = [
    "FAILURES",
    "NEVER",
    "Element",
    "Entry",
    "Process",
    "ProcessError",
    "Run",
    "WaitingJob",
    "WaitingMessage",
    "WaitingTask",
    "WaitingTimer",
    "check_size",
    "load",
]
