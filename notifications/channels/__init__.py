"""Ways a letter leaves the house, one file each: a channel is called with a finished mail and returns or raises."""

from __future__ import annotations

from collections.abc import Callable
from email.message import EmailMessage

Channel = Callable[[EmailMessage], None]


class TransportError(Exception):
    """A letter could not be handed over; `is_permanent` when trying again cannot help."""

    def __init__(self, message: str, *, is_permanent: bool) -> None:
        self.is_permanent = is_permanent
        super().__init__(message)
