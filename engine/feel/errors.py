"""What can go wrong with an expression: it cannot be read, it does too much, or it cannot be used here."""

from __future__ import annotations

from engine.errors import CasewayError


class FeelError(CasewayError):
    """This expression cannot be evaluated."""


class FeelSyntaxError(FeelError):
    """This expression cannot be read."""

    def __init__(self, message: str = "", position: int = 0, source: str = "") -> None:
        self.position = position
        self.source = source
        super().__init__(message)


class FeelLimit(FeelError):
    """This expression is too large or does too much work."""
