"""What the expressions of a diagram gave, as the columns of a task."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from engine import clock
from engine.errors import ExecutionFailed
from engine.spiff import NEVER

#: Of a task that names none.
DEFAULT_PRIORITY = 50


def groups(written: Any) -> list[str]:
    """Names from a list, or from a text with commas; each once, in order."""
    if isinstance(written, str):
        written = written.split(",")
    return sorted({str(group).strip() for group in written or [] if group and str(group).strip()})


def number(written: Any) -> int:
    """A priority; the usual one for what is no number."""
    try:
        return int(written)
    except (TypeError, ValueError):
        return DEFAULT_PRIORITY


def moment(element_id: str, written: Any) -> datetime | None:
    """Raises: ExecutionFailed when an element's date is no moment."""
    if isinstance(written, datetime):
        return written
    if written is None or written == NEVER:
        return None
    try:
        moment = datetime.fromisoformat(str(written))
    except ValueError as error:
        raise ExecutionFailed(element_id, f"not a moment: {written!r}") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=clock.now().tzinfo)
