"""Telling people: at a named moment a letter is written as a row, and a job sends it.

`send` is for handlers; it reads the case and writes `Message` rows and jobs, nothing else. What is sent how is decided
in `channels/`; whom a moment concerns in `moments.py`; the words are in `templates/`.
"""

from notifications.delivery import configure
from notifications.letters import send, send_report, silence
from notifications.moments import MOMENTS

__all__ = ["MOMENTS", "configure", "send", "send_report", "silence"]
