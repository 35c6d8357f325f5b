"""By which ways cases went: the sequences of steps people were asked for, and how they differ from the usual one."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from cases.process_view.reading import Steps
from engine.models import TaskState

Path = tuple[str, ...]
_MINUTE = 60_000_000


@dataclass(frozen=True)
class Variant:
    """A way that cases went: its steps in order, how many, how long the half of them took from the first step to the last."""

    path: Path
    cases: int
    share: float
    median_minutes: float
    late_share: float
    instances: tuple[int, ...]

    @property
    def code(self) -> str:
        """A short name for the address."""
        return code_of(self.path)


@dataclass(frozen=True)
class Deviation:
    """How many cases left a step of the usual way out, did it again, or did it though it is not on the usual way."""

    element_id: str
    skipped: int
    repeated: int
    additional: int


@dataclass(frozen=True)
class Ways:
    """All ways, the most travelled first (the first one is the expected one), what differs from it, what followed what."""

    cases: int
    variants: Sequence[Variant]
    deviations: Sequence[Deviation]
    transitions: Mapping[tuple[str, str], int]
    backwards: Mapping[tuple[str, str], int]  # of these, to a step the case had been at before

    @property
    def expected(self) -> Path:
        return self.variants[0].path if self.variants else ()


def code_of(path: Path) -> str:
    """A short name for a way."""
    return hashlib.sha256("\0".join(path).encode()).hexdigest()[:12]


def ways(rows: Steps) -> Ways:
    """The ways of cases without open tasks; those under way have not gone theirs to the end."""
    walks = _walks(rows)
    by_path: dict[Path, list[int]] = defaultdict(list)
    for instance, places in walks.items():
        by_path[tuple(rows.elements[place] for place in places)].append(instance)
    order = sorted(by_path, key=lambda path: (-len(by_path[path]), path))
    variants = [_variant(rows, path, by_path[path], walks) for path in order]
    forward, backward = _followed(by_path)
    return Ways(len(walks), variants, _deviations(by_path, order[0]) if order else [], forward, backward)


def _walks(rows: Steps) -> dict[int, list[int]]:
    """The places of the tasks of each finished instance, in their order; tasks the diagram took back are no steps."""
    found: dict[int, list[int]] = defaultdict(list)
    is_open: set[int] = set()
    for place, (instance, state) in enumerate(zip(rows.instances.tolist(), rows.states, strict=True)):
        if state == TaskState.OPEN:
            is_open.add(instance)
        elif state == TaskState.COMPLETED:
            found[instance].append(place)
    return {instance: places for instance, places in found.items() if instance not in is_open}


def _variant(rows: Steps, path: Path, instances: list[int], walks: Mapping[int, list[int]]) -> Variant:
    places = [walks[instance] for instance in instances]
    took = [(rows.ended[one[-1]] - rows.created[one[0]]) / _MINUTE for one in places]
    late = [any(0 <= rows.due[place] < rows.ended[place] for place in one) for one in places]
    share = len(instances) / len(walks)
    return Variant(path, len(instances), share, float(np.median(took)), sum(late) / len(late), tuple(instances))


def _followed(by_path: Mapping[Path, list[int]]) -> tuple[Counter[tuple[str, str]], Counter[tuple[str, str]]]:
    forward: Counter[tuple[str, str]] = Counter()
    backward: Counter[tuple[str, str]] = Counter()
    for path, instances in by_path.items():
        for number in range(1, len(path)):
            step = path[number - 1], path[number]
            forward[step] += len(instances)
            if path[number] in path[:number]:
                backward[step] += len(instances)
    return forward, backward


def _deviations(by_path: Mapping[Path, list[int]], expected: Path) -> list[Deviation]:
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    usual = Counter(expected)
    for path, instances in by_path.items():
        went = Counter(path)
        for element in went.keys() | usual.keys():
            what = _differs(went[element], usual[element])
            if what:
                counted[element][what] += len(instances)
    found = [
        Deviation(element, counts["skipped"], counts["repeated"], counts["additional"])
        for element, counts in counted.items()
    ]
    return sorted(found, key=lambda one: (-(one.skipped + one.repeated + one.additional), one.element_id))


def _differs(went: int, usual: int) -> str:
    if went == usual:
        return ""
    if went < usual:
        return "skipped"
    return "repeated" if usual or went > 1 else "additional"
