"""Work that cannot go on without another body; while the city waits for it, the promise stands still."""

from __future__ import annotations

from datetime import datetime

from cases import cases, deadlines, history
from cases.models import Case
from engine import clock, messages

#: The public step of a case that waits, and the reason of the pause.
AWAITING_OTHER, OTHER_BODY = "awaiting_other", "other_body"


def begin(case: Case, body: str, reason: str, until: datetime, *, by: str) -> None:
    """The clock stands until the body answers, at the longest until then. Body and reason are told to everybody."""
    history.record(case, "waiting_began", by=by, body=body, reason=reason, until=until)
    deadlines.pause(case, OTHER_BODY, at=clock.now())


def end(case: Case, *, by: str) -> None:
    """The body has answered; the diagram goes on. Raises: MessageNotAwaited when nobody is waited for (any more)."""
    cases.lock(case)
    history.record(case, "body_answered", by=by)
    messages.deliver("body_answered", case.tracking_code, {}, by=by)
