"""How a process may begin by itself: start events that bear a message's name, or a moment that is written out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from lxml import etree

from engine.spiff.elements import BPMN, CASEWAY
from engine.spiff.intervals import Cycle, Duration, parse_moment

KINDS = ("timeDate", "timeDuration", "timeCycle")
#: More often would keep the machine busy.
SHORTEST = timedelta(minutes=1)
_WRITTEN_OUT = re.compile(r'=?\s*"?([^"\\]+)"?')


@dataclass(frozen=True)
class Entry:
    """A start event: `message` is the name it bears, `time` the kind and text of its moment."""

    element_id: str
    message: str | None = None
    time: tuple[str, str] | None = None
    every_one: bool = False

    def first(self, now: datetime) -> Cycle:
        """The moments still to come, seen from `now`; none left when the last has passed.

        Raises: ValueError, OverflowError when nothing of the kind is written there; nobody has set variables yet.
        """
        kind, text = self.time or ("", "")
        if kind == "timeDate":
            moment = parse_moment(text)
            return Cycle(int(moment > now), moment, Duration.parse("PT1M"), "PT1M", 0)
        if kind == "timeDuration":
            return Cycle(1, now, Duration.parse(text), text, 1)
        cycle = Cycle.parse(text, now)
        if cycle.every.after(now) - now < SHORTEST:
            raise ValueError(text)
        return cycle.past(now)


def read(trees: Iterable[etree._Element], key: str) -> tuple[Entry, ...]:
    """The start events of the main process that can let it begin by itself."""
    return tuple(
        entry
        for tree in trees
        for start in tree.iterfind(f"{BPMN}process[@id='{key}']/{BPMN}startEvent")
        for entry in [*_by_message(tree, start), *of_moment(start)]
    )


def of_moment(start: etree._Element) -> Iterator[Entry]:
    """The moment of a start event, if one is written out."""
    times = [time for kind in KINDS for time in start.iterfind(f"{BPMN}timerEventDefinition/{BPMN}{kind}")]
    written = _WRITTEN_OUT.fullmatch((times[0].text or "").strip()) if len(times) == 1 else None
    if written is None:
        return
    kind = etree.QName(times[0]).localname
    every_one = start.get(CASEWAY + "catchUp") == "all"
    entry = Entry(start.get("id") or "", time=(kind, written[1].strip()), every_one=every_one)
    try:
        entry.first(datetime(2000, 1, 1, tzinfo=UTC))
    except (OverflowError, ValueError):
        return
    yield entry


def _by_message(tree: etree._Element, start: etree._Element) -> Iterator[Entry]:
    names = {one.get("id"): one.get("name") or "" for one in tree.iter(f"{BPMN}message")}
    for awaited in start.iterfind(f"{BPMN}messageEventDefinition"):
        if name := names.get(awaited.get("messageRef")):
            yield Entry(start.get("id") or "", message=name)
