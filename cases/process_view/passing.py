"""What machines, gateways and events of a process cost, and how often each flow was taken, from the trails of its cases.

Catching events, event-based gateways and joins wait, from when a token came (to a join: the first one) until it was passed. Service and send tasks,
called processes and subprocesses work that long, with every pause between their tries. Whatever else is drawn takes no time.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from sqlalchemy import select

from cases.process_view.reading import Asked, instant, of_cases
from cases.process_view.replay import JOINS, Replayed, replay
from cases.process_view.steps import Step, minutes, quantiles
from cases.working_time import Calendar
from engine import definitions, drawing
from engine.base import session
from engine.drawing import Drawing, Flow
from engine.models import Instance, Job, JobState, Subscription, Timer

#: Cases whose trails are walked, the last ones; more would not change what one sees.
MOST_TRAILS = 50_000
PEOPLE = frozenset({"userTask", "manualTask"})
CATCHING = frozenset({"intermediateCatchEvent", "receiveTask", "eventBasedGateway"})
WAITING = CATCHING | JOINS
WORKING = frozenset({"serviceTask", "sendTask", "callActivity", "subProcess"})
_SECOND = 1_000_000
_OPEN = (JobState.WAITING, JobState.RUNNING, JobState.HELD, JobState.FAILED)
Moments = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Taken:
    """A flow: how often it was taken, and how often of these back to what the case had passed before."""

    flow: Flow
    times: int
    back: int


@dataclass(frozen=True)
class Passing:
    """The steps nobody is asked for, the costliest first, and the flows, the most travelled first."""

    cases: int
    steps: Sequence[Step]
    flows: Sequence[Taken]
    is_cut: bool


@dataclass
class _Counted:
    """What is known of one element."""

    kind: str = ""
    visits: int = 0
    cases: int = 0
    begins: list[Moments] = field(default_factory=list)
    ends: list[Moments] = field(default_factory=list)


@dataclass(frozen=True)
class _Way:
    """The cases of one version that passed the same elements in the same order: when, in seconds since their start."""

    elements: tuple[str, ...]
    started: list[int]
    seconds: list[list[int]]


def passing(asked: Asked, calendar: Calendar | None) -> Passing:
    """Of the cases asked for, in working time of a calendar or, without one, in clock time.

    Raises: Invalid (`unit`, `category`, `area` unknown).
    """
    columns = Instance.definition_id, Instance.started_at, Instance.trail
    query = of_cases(select(*columns), asked).where(Instance.trail != "").order_by(Instance.id.desc())
    rows = session().execute(query.limit(MOST_TRAILS + 1)).all()
    counted: dict[str, _Counted] = defaultdict(_Counted)
    flows: dict[str, Taken] = {}
    drawn: dict[int, Drawing] = {}
    kinds: dict[str, str] = {}
    for (version, _), way in _ways([(row[0], instant(row[1]), row[2]) for row in rows[:MOST_TRAILS]]).items():
        if version not in drawn:
            drawn[version] = drawing.of(definitions.get(version))
            kinds |= {one.id: one.kind for one in definitions.process_of(version).elements.values()}
        walked = replay(way.elements, drawn[version])
        _count(way, walked, kinds, counted)
        _count_flows(way, walked, drawn[version], flows)
    open_now = _open_now(asked, [one for one, kind in kinds.items() if kind in CATCHING])
    steps = [
        _step(name, counted[name], open_now[name], calendar)
        for name in {**counted, **open_now}
        if kinds.get(name) not in PEOPLE
    ]
    return Passing(
        min(len(rows), MOST_TRAILS),
        sorted(steps, key=lambda step: (-step.total_waiting, -step.visits, step.element_id)),
        sorted(flows.values(), key=lambda one: (-one.times, one.flow.id)),
        len(rows) > MOST_TRAILS,
    )  # fmt: skip


def _ways(rows: Sequence[tuple[int, int, str]]) -> dict[tuple[int, tuple[str, ...]], _Way]:
    found: dict[tuple[int, tuple[str, ...]], _Way] = {}
    for version, started, trail in rows:
        elements: list[str] = []
        seconds: list[int] = []
        for line in trail.split("\n")[:-1]:
            after, *passed = line.split("\t")
            elements += passed
            seconds += [int(after)] * len(passed)
        key = version, tuple(elements)
        if key not in found:
            found[key] = _Way(key[1], [], [])
        found[key].started.append(started)
        found[key].seconds.append(seconds)
    return found


def _count(way: _Way, walked: Replayed, kinds: Mapping[str, str], counted: dict[str, _Counted]) -> None:
    cases = len(way.started)
    moments = np.array(way.seconds, np.int64).T * _SECOND + np.array(way.started, np.int64)
    for element, visits in Counter(way.elements).items():
        one = counted[element]
        one.kind = kinds.get(element, "")
        one.visits += visits * cases
        one.cases += cases
    for place, element in enumerate(way.elements):
        before = walked.came_from[place]
        if before is not None and counted[element].kind in WAITING | WORKING:
            counted[element].begins.append(moments[before])
            counted[element].ends.append(moments[place])


def _count_flows(way: _Way, walked: Replayed, drawn: Drawing, flows: dict[str, Taken]) -> None:
    cases = len(way.started)
    for flow in drawn.flows:
        if walked.taken.get(flow.id):
            known = flows.get(flow.id, Taken(flow, 0, 0))
            times, back = walked.taken[flow.id] * cases, walked.back.get(flow.id, 0) * cases
            flows[flow.id] = Taken(flow, known.times + times, known.back + back)


def _step(name: str, of: _Counted, open_now: int, calendar: Calendar | None) -> Step:
    none = np.array([], np.float64)
    spent = minutes(calendar, np.concatenate(of.begins), np.concatenate(of.ends)) if of.begins else none
    is_waiting = of.kind in WAITING
    waited, worked = (spent, none) if is_waiting else (none, spent)
    return Step(
        element_id=name,
        visits=of.visits,
        cases=of.cases,
        open_now=open_now,
        again=of.visits - of.cases,
        late=0,
        with_due=0,
        waiting=quantiles(waited),
        working=quantiles(worked),
        both=quantiles(spent),
        measured=len(spent),
        total_waiting=float(spent.sum()) if of.kind in WAITING or of.kind in ("serviceTask", "sendTask") else 0.0,
    )


def _open_now(asked: Asked, catching: Sequence[str]) -> Counter[str]:
    """How many cases rest at each element that nobody is asked for; boundary events only listen."""
    found: set[tuple[str, int]] = set()
    for model, condition in (
        (Job, Job.state.in_(_OPEN)),
        (Timer, Timer.element_id.in_(catching)),
        (Subscription, Subscription.element_id.in_(catching)),
    ):
        query = (
            select(model.element_id, Instance.id).select_from(model).join(Instance, Instance.id == model.instance_id)
        )
        query = of_cases(query.where(condition, model.element_id.is_not(None)), asked)
        found.update((str(element), instance) for element, instance in session().execute(query))
    return Counter(element for element, _ in found)
