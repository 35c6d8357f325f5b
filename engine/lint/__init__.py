"""What a diagram may contain: refuses at upload whatever the engine would silently do wrong.

`check` looks at a bundle of files and never raises; `command` is the same for a terminal; `normalise` gives ids to
elements that lack them. Every finding names the rule, the element, what is wrong and what to do, in two languages.
Knows the names handlers and functions go by, not what they do; must not import SpiffWorkflow.
"""

from engine.lint.bundle import Vocabulary
from engine.lint.checking import check
from engine.lint.command import command
from engine.lint.findings import Finding
from engine.lint.normalise import normalise

__all__ = ["Finding", "Vocabulary", "check", "command", "normalise"]
