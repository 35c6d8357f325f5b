"""What a diagram may contain: refuses at upload whatever the engine would silently do wrong.

`inspect` looks at a bundle of files in a process of its own, which no file can hang, fill or end; `check` is the same
look without that process. What is merely sloppy is put right first, and every change told;
what is only probably meant is proposed, and done if the uploader `Answers` so. `command` is the same for a
terminal. Every finding names the rule, the element, what is wrong and what to do, in two languages. Knows the names
handlers and functions go by, not what they do; must not import SpiffWorkflow.
"""

from engine.lint.answers import Answers
from engine.lint.bundle import Vocabulary
from engine.lint.checking import check
from engine.lint.command import command
from engine.lint.findings import Finding
from engine.lint.inspection import Inspection, inspect
from engine.lint.normalising import normalise

__all__ = ["Answers", "Finding", "Inspection", "Vocabulary", "check", "command", "inspect", "normalise"]
