"""What can go wrong when a decision is made."""

from __future__ import annotations

from engine.feel import FeelError


class DecisionError(FeelError):
    """This decision contradicts itself."""

    def __init__(self, where: str = "", message: str = "") -> None:
        self.where = where
        super().__init__(f"{where}: {message}" if where and message else message)
