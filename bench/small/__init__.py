"""The small human case, run by every engine of the comparison: start, script, task, gateway, task, end."""

from __future__ import annotations

#: What the citizen wrote, in every engine.
TEXT = "Deep pothole next to the school crossing, about half a metre wide. " * 4
#: What the two people answer.
ASSIGNED = {"valid": "yes", "department": "roads"}
RESOLVED = {"outcome": "fixed", "note": "Patched"}
