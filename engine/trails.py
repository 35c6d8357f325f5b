"""The trail of an instance: every element it passed, in order, and when. Written with each advance, never rewritten.

A trail is text: a line for each advance that passed something, the whole seconds since the start of the instance and the ids
of the elements, tabs between. It says nothing about data, so it may be kept and counted long after.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, bindparam, case, func

from engine.models import Instance

#: Characters after which nothing is added: thousands of elements, so that a process that runs in circles stays as quick.
LONGEST = 60_000
_CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")


@dataclass(frozen=True)
class Passage:
    """An element, and when it was passed."""

    element_id: str
    at: datetime


def line(element_ids: Iterable[str], passed: timedelta) -> str:
    """What one advance adds, `passed` after the start of its instance; nothing when it passed no element."""
    told = "\t".join(plain(one) for one in element_ids)
    return f"{passed // timedelta(seconds=1)}\t{told}\n" if told else ""


def plain(element_id: str) -> str:
    """An id as a trail says it: on one line, in one piece."""
    return _CONTROL.sub(" ", element_id)


def lengthened(column: Any, parameter: str) -> ColumnElement[str]:
    """The trail with a line more, unless it is too long already."""
    return case((func.octet_length(column) < LONGEST, column + bindparam(parameter)), else_=column)


def of(instance: Instance) -> list[Passage]:
    """What an instance passed, in order; without its newest elements when it went on for thousands of them."""
    return read(instance.trail, instance.started_at)


def visited(instance: Instance) -> list[str]:
    """The elements it passed, each once, in the order it came to them first."""
    return list(dict.fromkeys(one.element_id for one in of(instance)))


def read(trail: str, started_at: datetime) -> list[Passage]:
    """The passages of a trail."""
    found: list[Passage] = []
    for one in trail.split("\n")[:-1]:
        seconds, *element_ids = one.split("\t")
        at = started_at + timedelta(seconds=int(seconds))
        found += [Passage(element_id, at) for element_id in element_ids]
    return found
