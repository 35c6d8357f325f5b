"""What an uploader says where a diagram leaves something open."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Answers:
    """`accept` says yes to everything that is proposed; `people` is the group for tasks that name nobody."""

    accept: bool = False
    people: str = ""


#: Nobody was asked.
NONE = Answers()
