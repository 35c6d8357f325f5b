"""A number that a process and those it divides into see alike."""

from __future__ import annotations

import mmap
import struct


class SharedNumber:
    """64 bits with a sign, 0 at first. Written in one go; whoever reads sees the old number or the new one."""

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, struct.calcsize("q"))

    @property
    def value(self) -> int:
        """The number."""
        return int(struct.unpack("q", self._memory[:])[0])

    @value.setter
    def value(self, number: int) -> None:
        self._memory[:] = struct.pack("q", number)
